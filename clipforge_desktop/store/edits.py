"""What people change of what was found: clips' edits, and how clips can be framed once looked at.

Edits are kept as JSON beside the found clip, which is never changed.
"""

import zlib
from collections.abc import Sequence

from clipforge_desktop.domain.edit import NO_EDIT, ClipEdit
from clipforge_desktop.domain.framing import FramingStudy
from clipforge_desktop.domain.job import Queue
from clipforge_desktop.domain.stage import VERSIONS
from clipforge_desktop.domain.wire import decode, encode
from clipforge_desktop.store.connection import Room

_VERSION = VERSIONS[Queue.FRAMING]


class Edits(Room):
    """Clips' edits and studies on one connection."""

    def set_edit(self, clip_id: int, edit: ClipEdit) -> None:
        """Replaces the clip's edit; `NO_EDIT` takes everything back."""
        text = "" if edit == NO_EDIT else encode(edit)
        with self._store.transaction():
            self._db.execute(
                "UPDATE clips SET edit = ?, changed = ? WHERE id = ? AND edit <> ?",
                (text, self._store.next_change(), clip_id, text),
            )

    def save_studies(self, clip_id: int, studies: Sequence[FramingStudy]) -> None:
        """How the clip can be framed; whoever shows it is told that it changed."""
        with self._store.transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO studies (clip_id, studies, version) VALUES (?, ?, ?)",
                (clip_id, zlib.compress(encode(tuple(studies)).encode(), 6), _VERSION),
            )
            self._db.execute(
                "UPDATE clips SET changed = ? WHERE id = ?", (self._store.next_change(), clip_id)
            )

    def forget_studies(self) -> None:
        """Faces are found by other means now: clips are looked at again when they are shown."""
        with self._store.transaction():
            self._db.execute("DELETE FROM studies")

    def studies(self, clip_id: int) -> tuple[FramingStudy, ...]:
        """One per shape, as last looked at; none before that, or without a picture.

        Nor when that was by an older version, which would frame otherwise than an export does.
        """
        row = self._db.execute(
            "SELECT studies FROM studies WHERE clip_id = ? AND version = ?", (clip_id, _VERSION)
        ).fetchone()
        if row is None:
            return ()
        return decode(tuple[FramingStudy, ...], zlib.decompress(row[0]).decode())


def edit_of(text: str) -> ClipEdit:
    """What the column `edit` says."""
    return decode(ClipEdit, text) if text else NO_EDIT
