"""Words grown on all sides, as a silhouette: for outlines, shadows and glows.

To widen lines is by far the slowest thing that captions ask of Qt. Words share their letters, so
each letter is widened once in every size, and words are put together of such pictures.
"""

import math
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform

from clipforge_desktop.captions.glyphs import Glyph, Shape
from clipforge_desktop.captions.sprite_cache import Sprite, SpriteCache

_MOST_BYTES = 24 * 1024 * 1024
_PLACES = 4  # in a pixel, at which a letter may begin
_BLACK = QColor("black")


class _Spread(NamedTuple):
    """A glyph in a size, widened by `reach_px`, its pen so far right of and below a pixel."""

    glyph: Glyph
    em_px: float
    reach_px: float
    across_px: float
    down_px: float


class Spreads:
    """Makes silhouettes; keeps the letters that they are made of."""

    def __init__(self) -> None:
        self._letters = SpriteCache(_MOST_BYTES, _painted)

    def silhouette(
        self, shape: Shape, em_px: float, reach_px: float, pen: QPointF, area: QRect
    ) -> QImage:
        """The letters of `shape` in black, wider by `reach_px`, the pen at `pen`, within `area`.

        ARGB32_Premultiplied, of the area's size. `reach_px` is more than nothing (to Qt a pen
        without width is one of a pixel).
        """
        image = QImage(area.size(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        for glyph, at in shape.glyphs:
            x, across = _placed(at.x() * em_px + pen.x())
            y, down = _placed(at.y() * em_px + pen.y())
            letter = self._letters[_Spread(glyph, em_px, reach_px, across, down)]
            if letter is not None:
                place = QPoint(x + letter.left_px, y + letter.top_px) - area.topLeft()
                painter.drawImage(place, letter.image)
        painter.end()
        return image


def _placed(at_px: float) -> tuple[int, float]:
    """The pixel of a place, and the part of it after which a letter begins."""
    nearest = math.floor(at_px * _PLACES + 0.5)
    return nearest // _PLACES, nearest % _PLACES / _PLACES


def _painted(wanted: _Spread) -> Sprite | None:
    bounds = wanted.glyph.path.boundingRect()
    size = QTransform(wanted.em_px, 0, 0, wanted.em_px, wanted.across_px, wanted.down_px)
    margin_px = wanted.reach_px + 2
    area = size.mapRect(bounds).adjusted(-margin_px, -margin_px, margin_px, margin_px)
    pixels = area.toAlignedRect()
    image = QImage(pixels.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-pixels.topLeft())
    for contour in wanted.glyph.contours:  # many short lines are faster than a long one
        painter.strokePath(size.map(contour), _round_pen(2 * wanted.reach_px))
    painter.fillPath(size.map(wanted.glyph.path), _BLACK)
    painter.end()
    return Sprite(image, pixels.left(), pixels.top())


def _round_pen(width_px: float) -> QPen:
    line, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(_BLACK, width_px, line, cap, join)
