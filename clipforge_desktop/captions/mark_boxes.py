"""Where logo and headline will stand, and whether the logo can be drawn, before any painting.

By the very functions that place them for the painters; what was asked once is remembered.
"""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QImage

from clipforge_desktop.captions.layout import Area, CaptionLayout
from clipforge_desktop.captions.logo_file import read_logo
from clipforge_desktop.captions.marks import Frame, marks_of, taken_by
from clipforge_desktop.domain.branding import Branding
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.errors import Failure, InputError
from clipforge_desktop.domain.framing import Rect
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Word

_LONG_SIDE_PX = 400  # only the shape of the logo counts


@dataclass(frozen=True)
class MarkBoxes:
    """Boxes in pixels of the frame, None for what is not drawn; `until_s` the headline is shown."""

    logo: Rect | None
    headline: Rect | None
    until_s: float
    notices: tuple[str, ...]


def logo_shape(path: str) -> tuple[int, int] | Failure:
    """The shape of the logo in the file, or why it cannot be drawn."""
    try:
        image = read_logo(path).image
    except InputError as error:
        return error.failure
    scale = _LONG_SIDE_PX / max(image.width(), image.height())
    return max(round(image.width() * scale), 1), max(round(image.height() * scale), 1)


@lru_cache(maxsize=512)
def mark_boxes(
    branding: Branding,
    shape: tuple[int, int] | None,
    style: CaptionStyle | None,
    words: tuple[Word, ...],
    frame: Frame,
    grounds: tuple[Ground, ...] = (),
) -> MarkBoxes:
    """For a clip with these words on its clock; `boxes.ready` must have been called."""
    captions = None
    if style is not None and words:
        captions = CaptionLayout(
            words, style, frame.size_px, frame.duration_s, frame.zone, grounds=grounds
        )
    picture = None
    if shape is not None:
        picture = QImage(*shape, QImage.Format.Format_ARGB32_Premultiplied)
        picture.fill(0)
    marks = marks_of(branding, picture, style, taken_by(captions), frame)
    return MarkBoxes(_rect(marks.logo), _rect(marks.headline), marks.until_s, marks.notices)


def _rect(area: Area | None) -> Rect | None:
    return None if area is None else Rect(area.x, area.y, area.width, area.height)
