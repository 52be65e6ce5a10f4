"""Logo and headline of one clip in one frame size, each with the painter that draws it.

Preview, export and preflight ask the same function, so all three agree. Captions come first: what
stands beside them keeps out of their way for as long as both are seen.
"""

from dataclasses import dataclass

from PySide6.QtGui import QImage

from clipforge_desktop.captions.corners import gap_px, logo_area, nearest_free, zone_area
from clipforge_desktop.captions.headline import FADE_S, headline_style, headline_words
from clipforge_desktop.captions.layout import Area, CaptionLayout, optical_height_px
from clipforge_desktop.captions.logo import LogoPainter
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.domain.branding import Branding, Headline, Logo
from clipforge_desktop.domain.caption_style import CaptionStyle, SafeZone

MarkPainter = LogoPainter | CaptionPainter

NO_ROOM_LOGO = "The captions leave no room for the logo, so this file is without it."
NO_ROOM_HEADLINE = "The captions leave no room for the headline, so this file is without it."

_SCALES = (1.0, 0.85, 0.7)
_LINE = 0.45  # of the height that type is measured by: about twenty letters of a headline
_UPPER = 0.4  # of the zone: a headline further down is no headline, unless it must be


@dataclass(frozen=True)
class Taken:
    """Where a caption is, and from when on."""

    from_s: float
    area: Area


@dataclass(frozen=True)
class Marks:
    """`logo` and `headline` are where they are in the frame; None for what is not drawn.

    `painters` draw them; `until_s` is when the headline goes.
    """

    painters: tuple[MarkPainter, ...] = ()
    logo: Area | None = None
    headline: Area | None = None
    until_s: float = 0.0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """What marks are placed in."""

    size_px: tuple[int, int]
    zone: SafeZone
    duration_s: float


def taken_by(captions: CaptionPainter | CaptionLayout | None) -> tuple[Taken, ...]:
    if captions is None:
        return ()
    pairs = zip(captions.track.captions, captions.boxes, strict=True)
    return tuple(Taken(caption.start_s, area) for caption, area in pairs)


def marks_of(
    branding: Branding,
    picture: QImage | None,
    style: CaptionStyle | None,
    taken: tuple[Taken, ...],
    frame: Frame,
) -> Marks:
    """Logo and headline beside captions in `style`, which lie where `taken` says.

    `picture` is the logo's, see `logo_file.read_logo`.
    """
    painters: list[MarkPainter] = []
    notices: list[str] = []
    logo = headline = None
    if branding.logo is not None and picture is not None:
        logo = _logo(branding.logo, picture, taken, frame)
        if logo is None:
            notices.append(NO_ROOM_LOGO)
        else:
            painters.append(LogoPainter(picture, logo, branding.logo.opacity, frame.size_px))
    until_s = 0.0
    if branding.headline is not None and branding.headline.text.strip():
        until_s = min(branding.headline.for_s or frame.duration_s, frame.duration_s)
        painter = _headline(branding.headline, until_s, style, taken, logo, frame)
        if painter is None:
            notices.append(NO_ROOM_HEADLINE)
        else:
            painters.append(painter)
            headline = painter.boxes[0]
            notices += painter.notices
    return Marks(tuple(painters), logo, headline, until_s, tuple(notices))


def _logo(logo: Logo, picture: QImage, taken: tuple[Taken, ...], frame: Frame) -> Area | None:
    return logo_area(
        (picture.width(), picture.height()),
        logo.corner,
        logo.size,
        frame.size_px,
        zone_area(frame.zone, frame.size_px),
        [one.area for one in taken],
    )


def _headline(
    headline: Headline,
    until_s: float,
    style: CaptionStyle | None,
    taken: tuple[Taken, ...],
    logo: Area | None,
    frame: Frame,
) -> CaptionPainter | None:
    """As large as may be in the upper part of the zone, else wherever there is room."""
    words = headline_words(headline.text, until_s)
    fades = until_s < frame.duration_s - FADE_S
    areas = [one.area for one in taken if one.from_s < until_s]
    zone, others = _beside(logo, frame)
    areas += others
    room = zone_area(zone, frame.size_px)
    for lowest in (_UPPER, 1.0):
        for scale in _SCALES:
            look = headline_style(style, scale, fades=fades)
            layout = CaptionLayout(words, look, frame.size_px, until_s, zone, stands=True)
            if not layout.boxes:
                return None
            box = layout.boxes[0]
            gap = gap_px(frame.size_px)
            top = nearest_free(box.x, box.width, box.height, False, room, areas, gap)
            if top is not None and top + box.height <= room.y + lowest * room.height:
                inset = layout.captions[0].block.y - box.y
                share = min(max((top + inset - room.y) / room.height, 0.0), 1.0)
                position = look.position.model_copy(update={"y": share})
                placed = look.model_copy(update={"position": position})
                return CaptionPainter(words, placed, frame.size_px, until_s, zone, stands=True)
    return None


def _beside(logo: Area | None, frame: Frame) -> tuple[SafeZone, list[Area]]:
    """The zone beside the logo where that leaves room for a line; else all of it, and the logo."""
    zone, room = frame.zone, zone_area(frame.zone, frame.size_px)
    width = frame.size_px[0]
    if logo is None:
        return zone, []
    is_high = logo.y < room.y + _UPPER * room.height
    aside = logo.width + gap_px(frame.size_px)
    if not is_high or room.width - aside < _LINE * optical_height_px(frame.size_px):
        return zone, [logo]
    side = "left" if logo.x - room.x < room.width / 2 else "right"
    share = getattr(zone, side) + aside / width
    return SafeZone.model_construct(**{**zone.model_dump(), side: share}), []
