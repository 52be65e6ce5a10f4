"""A style at a glance: a small picture of it, or a whole frame, painted by the painter itself."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPolygonF

from clipforge_desktop.captions.composing import lay_over
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.caption_style import CaptionStyle, Position, SafeZone
from clipforge_desktop.domain.transcript import Word

SAMPLE_TEXT = "Say it so they stay."
_BARS = (QColor(232, 176, 137, 150), QColor(108, 134, 200, 150))
_BACKGROUND = (QColor("#4A5468"), QColor("#20242E"))


def style_thumbnail(
    style: CaptionStyle, size_px: tuple[int, int], text: str = SAMPLE_TEXT
) -> QImage:
    """`text` in `style`, its middle word active, over a plain background; RGB32.

    The type is as large as in a vertical video of about the picture's width.
    """
    width, height = size_px
    centered = style.model_copy(
        update={"position": Position(y=0.5, alignment=style.position.alignment)}
    )
    canvas = (width, width * 16 // 9)
    zone = SafeZone(top=0.02, bottom=0.02, left=0.04, right=0.04)
    painter = _painter(text, centered, canvas, zone)
    return _over_background(painter, size_px, painter.strip.y_px - (canvas[1] - height) // 2)


@dataclass(frozen=True)
class Still:
    """A picture, and in sentences what could not be as the style asks, e.g. a missing font."""

    picture: QImage
    notices: tuple[str, ...]


def style_still(style: CaptionStyle, size_px: tuple[int, int], text: str = SAMPLE_TEXT) -> Still:
    """A whole frame with `text` in `style` at its own place, a word active; RGB32."""
    painter = _painter(text, style, size_px, safe_zone(size_px))
    return Still(_over_background(painter, size_px, painter.strip.y_px), painter.notices)


def _painter(
    text: str, style: CaptionStyle, frame_px: tuple[int, int], zone: SafeZone
) -> CaptionPainter:
    """`text` spoken at two words a second."""
    words = tuple(
        Word(n * 0.5, n * 0.5 + 0.45, word, speaker="Mira") for n, word in enumerate(text.split())
    )
    return CaptionPainter(words, style, frame_px, len(words) * 0.5 + 1, zone)


def _over_background(painter: CaptionPainter, size_px: tuple[int, int], y_px: int) -> QImage:
    """The strip, complete and in the middle of a word, with its top at `y_px`."""
    width, height = size_px
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    gradient = QLinearGradient(QPointF(0, 0), QPointF(width, height))
    gradient.setColorAt(0, _BACKGROUND[0])
    gradient.setColorAt(1, _BACKGROUND[1])
    brush = QPainter(picture)
    try:
        brush.fillRect(QRect(0, 0, width, height), gradient)
        if painter.glass is not None:
            _draw_bars(brush, width, height)
    finally:
        brush.end()
    lay_over(picture, painter, _middle_s(painter), y_px)
    return picture


def _draw_bars(brush: QPainter, width: int, height: int) -> None:
    """Something to be seen out of focus through glass."""
    step = width / 6
    brush.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number in range(-1, 7):
        left = number * step
        tone = _BARS[number % len(_BARS)]
        corners = [QPointF(left + step, 0), QPointF(left + 1.45 * step, 0)]
        corners += [QPointF(left + 0.45 * step, height), QPointF(left, height)]
        path = QPainterPath()
        path.addPolygon(QPolygonF(corners))
        brush.fillPath(path, tone)


def _middle_s(painter: CaptionPainter) -> float:
    """A time at which the first caption is complete and a word of it is being spoken."""
    if not painter.track.captions:
        return 0.0
    caption = painter.track.captions[0]
    token = painter.track.tokens[caption.end - 1]
    return token.start_s * 0.3 + token.end_s * 0.7
