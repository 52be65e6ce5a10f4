"""A style at a glance: a small picture of it, or a whole frame, painted by the painter itself.

The text is spoken at two words a second; what is seen is a moment of that.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPolygonF

from clipforge_desktop.captions.composing import lay_over
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.tokens import boundary_pieces
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.caption_style import CaptionStyle, Position, SafeZone
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.transcript import Word

SAMPLE_TEXT = "Say it so they stay."
WORD_S, SPOKEN_S = 0.5, 0.45
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
    top_px = painter.strip.y_px - (canvas[1] - height) // 2
    return _over_background(painter, painter.typical_s(), size_px, top_px)


@dataclass(frozen=True)
class Still:
    """A moment of a text: `at_s` of `duration_s`. `goes_on`: more text comes after what is shown.

    `notices` are sentences on what could not be as the style asks, e.g. a missing font.
    """

    picture: QImage
    at_s: float
    duration_s: float
    goes_on: bool
    notices: tuple[str, ...]


def style_still(
    style: CaptionStyle,
    size_px: tuple[int, int],
    text: str = SAMPLE_TEXT,
    at_s: float | None = None,
) -> Still:
    """A whole frame with `text` in `style` at its own place; RGB32.

    At `at_s`, else when a word in the middle of the first caption is active. Raises InputError
    `moment_outside` when the text is over by then.
    """
    duration_s = len(_words(text)) * WORD_S
    if at_s is not None and not 0 <= at_s <= duration_s:
        raise InputError(
            "moment_outside",
            f"The text is over by then: at two words a second it takes {duration_s:g} s.",
            f"Choose a moment from 0 to {duration_s:g}.",
        )
    painter = _painter(text, style, size_px, safe_zone(size_px))
    shown_s = painter.typical_s() if at_s is None else at_s
    picture = _over_background(painter, shown_s, size_px, painter.strip.y_px)
    is_blank = not painter.key_at(shown_s)
    blank = (f"No caption is on screen at {shown_s:g} s.",) if is_blank and duration_s else ()
    goes_on = not is_blank and _goes_on(painter, shown_s)
    return Still(picture, shown_s, duration_s, goes_on, (*painter.notices, *blank))


def _goes_on(painter: CaptionPainter, shown_s: float) -> bool:
    """Whether a later moment has text that this one has not."""
    style, track = painter.style, painter.track
    comes_when_spoken = style.entrance.at_word or style.unspoken.opacity == 0
    later = track.tokens if comes_when_spoken else track.captions
    return any(one.start_s > shown_s for one in later)


def _painter(
    text: str, style: CaptionStyle, frame_px: tuple[int, int], zone: SafeZone
) -> CaptionPainter:
    words = _words(text)
    return CaptionPainter(words, style, frame_px, len(words) * WORD_S + 1, zone)


def _words(text: str) -> tuple[Word, ...]:
    """The words of `text`, also of scripts without spaces, as a transcript has them."""
    pieces = [
        (piece, number > 0)
        for word in text.split()
        for number, piece in enumerate(boundary_pieces(word))
    ]
    return tuple(
        Word(n * WORD_S, n * WORD_S + SPOKEN_S, piece, joined=is_joined, speaker="Mira")
        for n, (piece, is_joined) in enumerate(pieces)
    )


def _over_background(
    painter: CaptionPainter, at_s: float, size_px: tuple[int, int], y_px: int
) -> QImage:
    """The strip at `at_s`, with its top at `y_px`."""
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
    lay_over(picture, painter, at_s, y_px)
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
