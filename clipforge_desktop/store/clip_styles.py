"""A clip's own caption style: a copy that it keeps, whatever becomes of the shelf's.

The copy stays JSON text here. Reading a shelf of clips then costs nothing more, and neither
this room nor the window's start needs the style's model; `captions.shelf.parse_style` makes a
style of it, of older versions too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from clipforge_desktop.domain.wire import decode, encode
from clipforge_desktop.store.connection import Room


@dataclass(frozen=True)
class OwnStyle:
    """`json` is the style; the other two name what it was taken from.

    `shelf_fingerprint` marks how the shelf's style looked at that moment; when it has
    another mark now, the shelf has moved on.
    """

    json: str
    shelf_name: str
    shelf_fingerprint: str


class ClipStyles(Room):
    """Clips' own styles on one connection."""

    def set_own_style(self, clip_ids: Sequence[int], own: OwnStyle | None) -> None:
        """Give clips a copy of their own; None gives them back to the shelf's style."""
        text = "" if own is None else encode(own)
        with self._store.transaction():
            for clip_id in clip_ids:
                self._db.execute(
                    "UPDATE clips SET own_style = ?, changed = ? WHERE id = ? AND own_style <> ?",
                    (text, self._store.next_change(), clip_id, text),
                )


def own_style_of(text: str) -> OwnStyle | None:
    """What the column `own_style` says."""
    return decode(OwnStyle, text) if text else None
