"""What lies over one clip as it is looked at: its captions, and logo and headline beside them.

Laid out in the background, by the same functions as the export's, in the size of the preview.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clipforge_desktop.domain.branding import Branding
from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.delivery import Covered
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.store import Store
from clipforge_desktop.ui import styling

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from clipforge_desktop.captions.marks import Frame, MarkPainter
    from clipforge_desktop.captions.painter import CaptionPainter
    from clipforge_desktop.domain.caption_style import CaptionStyle
    from clipforge_desktop.store.library import OwnStyle


@dataclass(frozen=True)
class Wanted:
    """One clip as it is looked at. `style` None: no captions; `own` goes before it.

    `covered` is what the platform's buttons cover, None: what any platform's do.
    """

    transcript: Transcript | None
    pieces: tuple[Piece, ...]
    title: str
    style: str | None
    size_px: tuple[int, int]
    own: "OwnStyle | None" = None
    grounds: tuple[Ground, ...] = ()
    branding: Branding | None = None
    covered: Covered | None = None


@dataclass(frozen=True)
class ClipLook:
    captions: "CaptionPainter | None" = None
    marks: "tuple[MarkPainter, ...]" = ()


def clip_look(store: Store, wanted: Wanted) -> ClipLook:
    captions = None
    if wanted.transcript is not None and wanted.style is not None:
        captions = styling.clip_captions(
            store,
            wanted.transcript,
            wanted.pieces,
            wanted.style,
            wanted.size_px,
            wanted.own,
            wanted.grounds,
            wanted.covered,
        )
    return ClipLook(captions, _marks(store, wanted, captions))


def _marks(
    store: Store, wanted: Wanted, captions: "CaptionPainter | None"
) -> "tuple[MarkPainter, ...]":
    branding = wanted.branding.of_clip(wanted.title, "") if wanted.branding is not None else None
    if branding is None:
        return ()
    from clipforge_desktop.captions.marks import Frame
    from clipforge_desktop.captions.zones import safe_zone

    style = captions.style if captions is not None else None
    if style is None and wanted.style is not None:
        style = styling.style_of(store, wanted.style, wanted.own)
    duration_s = TimeMap(wanted.pieces).duration_s
    frame = Frame(wanted.size_px, safe_zone(wanted.size_px, wanted.covered), duration_s)
    return marks_beside(store, branding, style, captions, frame)


def marks_beside(
    store: Store,
    branding: Branding,
    style: "CaptionStyle | None",
    captions: "CaptionPainter | None",
    frame: "Frame",
) -> "tuple[MarkPainter, ...]":
    """Logo and headline in the look of `style`; `branding` is the clip's own, see `of_clip`."""
    from clipforge_desktop.captions.fonts import load_fonts
    from clipforge_desktop.captions.marks import marks_of, taken_by

    load_fonts(store.home)
    return marks_of(branding, _picture(branding), style, taken_by(captions), frame).painters


def _picture(branding: Branding) -> "QImage | None":
    """None for a logo that is gone: what is said before an export says so, not every look."""
    from clipforge_desktop.captions.logo_file import read_logo

    if branding.logo is None:
        return None
    try:
        return read_logo(branding.logo.path).image
    except InputError:
        return None
