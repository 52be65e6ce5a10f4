"""Logo and headline of one clip in one frame size, each with the painter that draws it.

Preview, export and preflight ask the same function, so all three agree. Captions come first: what
stands beside them keeps out of their way for as long as both are seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QImage

from clipforge_desktop.captions.corners import gap_px, logo_area, nearest_free, zone_area
from clipforge_desktop.captions.headline import FADE_S, headline_style, headline_words
from clipforge_desktop.captions.layout import Area, CaptionLayout
from clipforge_desktop.captions.logo import LogoPainter
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.domain.branding import Branding, Headline, Logo
from clipforge_desktop.domain.caption_style import CaptionStyle, SafeZone
from clipforge_desktop.domain.transcript import Word

MarkPainter = LogoPainter | CaptionPainter

NO_ROOM_LOGO = "The captions leave no room for the logo, so this file is without it."
NO_ROOM_HEADLINE = "The captions leave no room for the headline, so this file is without it."

_SCALES = (1.0, 0.85, 0.7)
_UPPER = 0.3  # of the zone: a headline further down is no headline, unless it must be


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
    """What marks are placed in; `times_s` as for `CaptionPainter`."""

    size_px: tuple[int, int]
    zone: SafeZone
    duration_s: float
    times_s: Sequence[float] = ()


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
    room = zone_area(frame.zone, frame.size_px)
    for lowest in (_UPPER, 1.0):
        for scale in _SCALES:
            look = headline_style(style, scale, fades=fades)
            found = [
                placed
                for zone, others in _rooms(logo, frame)
                if (placed := _placed(words, look, until_s, frame.size_px, zone, areas + others))
            ]
            best = min(found, key=lambda placed: placed.bottom_px, default=None)
            if best is not None and best.bottom_px <= room.y + lowest * room.height:
                return CaptionPainter(
                    words,
                    best.style,
                    frame.size_px,
                    until_s,
                    best.zone,
                    stands=True,
                    times_s=frame.times_s,
                )
    return None


@dataclass(frozen=True)
class _Placed:
    """A headline's look with its place in it, the part of the zone it has, and where it ends."""

    style: CaptionStyle
    zone: SafeZone
    bottom_px: float


def _placed(
    words: tuple[Word, ...],
    look: CaptionStyle,
    until_s: float,
    size_px: tuple[int, int],
    zone: SafeZone,
    taken: list[Area],
) -> _Placed | None:
    layout = CaptionLayout(words, look, size_px, until_s, zone, stands=True)
    if not layout.boxes:
        return None
    box, room = layout.boxes[0], zone_area(zone, size_px)
    if box.height > room.height or layout.captions[0].em_px < layout.em_px:
        return None  # it had to be made smaller than it was asked for
    top = nearest_free(box.x, box.width, box.height, False, room, taken, gap_px(size_px))
    if top is None:
        return None
    share = (top + layout.captions[0].block.y - box.y - room.y) / room.height
    position = look.position.model_copy(update={"y": min(max(share, 0.0), 1.0)})
    return _Placed(look.model_copy(update={"position": position}), zone, top + box.height)


def _rooms(logo: Area | None, frame: Frame) -> list[tuple[SafeZone, list[Area]]]:
    """Where a headline may go, and what is in the way: the whole zone, or that beside the logo."""
    zone, width = frame.zone, frame.size_px[0]
    if logo is None:
        return [(zone, [])]
    room = zone_area(zone, frame.size_px)
    side = "left" if logo.x - room.x < room.width / 2 else "right"
    share = getattr(zone, side) + (logo.width + gap_px(frame.size_px)) / width
    beside = SafeZone.model_construct(**{**zone.model_dump(), side: share})
    return [(zone, [logo]), (beside, [])]
