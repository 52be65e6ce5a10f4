"""Pictures of words, painted once and kept: shadows, glow, outlines and fill of one text.

A picture is made at its exact size, so it is never scaled at rest. Layers are separate where
one word's outline must not cover its neighbour's letters.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QGlyphRun,
    QGradient,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QTransform,
)

from clipforge_desktop.captions.fonts import REFERENCE_PX
from clipforge_desktop.captions.glyphs import Shape
from clipforge_desktop.captions.looks import Face, Faces
from clipforge_desktop.captions.raster import blurred
from clipforge_desktop.captions.typefaces import Typefaces
from clipforge_desktop.domain.caption_style import Fill, Outline

Layer = Literal["under", "outline", "fill", "face"]

MAX_CACHE_BYTES = 96 * 1024 * 1024
_PICTURE_MARGIN_PX = 8

_Key = tuple[str, Face, float, Layer, float]


@dataclass(frozen=True)
class Sprite:
    """A picture and the place of its top left corner relative to the pen at the baseline."""

    image: QImage
    left_px: int
    top_px: int


class SpriteBook:
    """Sprites by text, face, size and layer; the longest unused go when memory is short."""

    def __init__(self, typefaces: Typefaces, faces: Faces) -> None:
        self._typefaces = typefaces
        self._faces = faces
        self._sprites: OrderedDict[_Key, Sprite | None] = OrderedDict()
        self._bytes = 0

    def sprite(
        self, text: str, face: Face, em_px: float, layer: Layer, phase: float = 0.0
    ) -> Sprite | None:
        """The picture of one layer, or None when the layer is empty."""
        face = self._cast(face, layer)
        key = (text, face, em_px, layer, phase)
        if key in self._sprites:
            self._sprites.move_to_end(key)
            return self._sprites[key]
        made = self._made(*key)
        self._sprites[key] = made
        self._bytes += made.image.sizeInBytes() if made else 0
        while self._bytes > MAX_CACHE_BYTES and len(self._sprites) > 1:
            _, old = self._sprites.popitem(last=False)
            self._bytes -= old.image.sizeInBytes() if old else 0
        return made

    def has(self, text: str, face: Face, em_px: float, layer: Layer, phase: float) -> bool:
        return (text, self._cast(face, layer), em_px, layer, phase) in self._sprites

    def area(self, text: str, face: Face, em_px: float, layer: Layer) -> QRect | None:
        """What the picture covers, in pixels from the pen; None when the layer is empty."""
        if layer == "under" and not face.shadows and face.glow is None:
            return None
        if layer == "outline" and not face.outlines:
            return None
        shape = self._typefaces.shaper(face.font).shape(text)
        if shape.ink.isEmpty():
            return None
        reach_em = face_margin_em(face) if layer == "under" else outline_margin_em(face)
        margin_px = reach_em * em_px + 2
        ink = QTransform.fromScale(em_px, em_px).mapRect(shape.ink)
        return ink.adjusted(-margin_px, -margin_px, margin_px, margin_px).toAlignedRect()

    def _cast(self, face: Face, layer: Layer) -> Face:
        """The parts of the face that the layer shows, so that equal pictures are made once."""
        if layer == "under":
            return self._faces.under_only(face)
        return self._faces.outlines_only(face) if layer == "outline" else face

    def _made(
        self, text: str, face: Face, em_px: float, layer: Layer, phase: float
    ) -> Sprite | None:
        area = self.area(text, face, em_px, layer)
        if area is None:
            return None
        shape = self._typefaces.shaper(face.font).shape(text)
        image = QImage(area.size(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(-area.left(), -area.top())
        artist = _Artist(shape, face, em_px)
        if layer == "under":
            artist.paint_under(painter, area.left(), area.top(), image)
        if layer == "outline":
            artist.paint_outlines(painter)
        if layer == "face":
            outlines = self.sprite(text, face, em_px, "outline")
            if outlines is not None:
                painter.drawImage(QPointF(outlines.left_px, outlines.top_px), outlines.image)
        if layer in ("fill", "face"):
            artist.paint_fill(painter, phase)
        painter.end()
        return Sprite(image, area.left(), area.top())


def face_margin_em(face: Face) -> float:
    """How far the face's picture reaches beyond the ink of its letters, in em."""
    shadows = [
        max(abs(shadow.offset_x_em), abs(shadow.offset_y_em)) + 1.5 * shadow.blur_em
        for shadow in face.shadows
    ]
    glow = 1.5 * face.glow.radius_em if face.glow else 0.0
    return outline_margin_em(face) + max([0.0, glow, *shadows])


def outline_margin_em(face: Face) -> float:
    """How far the outlines reach beyond the letters, in em."""
    offsets = [max(abs(line.offset_x_em), abs(line.offset_y_em)) for line in face.outlines]
    return sum(line.width_em for line in face.outlines) + max(offsets, default=0.0)


class _Artist:
    """Paints one shape in one face at one size; the painter's origin is the pen."""

    def __init__(self, shape: Shape, face: Face, em_px: float) -> None:
        self.shape = shape
        self.face = face
        self.em_px = em_px
        self.size = QTransform.fromScale(em_px, em_px)
        self.path: QPainterPath = self.size.map(shape.path)
        self.path.setFillRule(Qt.FillRule.WindingFill)

    def paint_fill(self, painter: QPainter, phase: float) -> None:
        box = QRectF(0, -0.72 * self.em_px, self.shape.advance_em * self.em_px, 0.72 * self.em_px)
        painter.fillPath(self.path, fill_brush(self.face.fill, box, phase))
        self._paint_bitmaps(painter)

    def paint_outlines(self, painter: QPainter) -> None:
        """Outermost first. Each outline's width counts from the edge of the one inside it."""
        reach_em = sum(line.width_em for line in self.face.outlines)
        for line in reversed(self.face.outlines):
            self._stroke(painter, line, reach_em)
            reach_em -= line.width_em

    def _stroke(self, painter: QPainter, line: Outline, reach_em: float) -> None:
        painter.save()
        painter.translate(line.offset_x_em * self.em_px, line.offset_y_em * self.em_px)
        self._spread(painter, css_color(line.color), reach_em)
        painter.restore()

    def _spread(self, painter: QPainter, color: QColor, reach_em: float) -> None:
        """The letters, wider by `reach_em` on all sides."""
        pen = _round_pen(color, 2 * reach_em * self.em_px)
        if reach_em == 0:  # to Qt a pen without width is one of a pixel
            pass
        elif color.alpha() < 255:  # where parts overlap they would be seen twice
            painter.strokePath(self.path, pen)
        else:
            for contour in self.shape.contours:  # many short lines are faster than a long one
                painter.strokePath(self.size.map(contour), pen)
        painter.fillPath(self.path, color)

    def paint_under(self, painter: QPainter, left: int, top: int, image: QImage) -> None:
        """Shadows, then glow, all cast by the letters with their outlines."""
        silhouette = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
        silhouette.fill(0)
        caster = QPainter(silhouette)
        caster.setRenderHint(QPainter.RenderHint.Antialiasing)
        caster.translate(-left, -top)
        reach_em = sum(line.width_em for line in self.face.outlines)
        self._spread(caster, QColor("black"), reach_em)
        self._paint_bitmaps(caster)
        caster.end()
        soft = cache(lambda blur_em: blurred(silhouette, blur_em * self.em_px))
        for shadow in self.face.shadows:
            cast = soft(shadow.blur_em).tinted(css_color(shadow.color), 1)
            across, down = shadow.offset_x_em * self.em_px, shadow.offset_y_em * self.em_px
            painter.drawImage(QPointF(left + round(across), top + round(down)), cast)
        glow = self.face.glow
        if glow is not None:
            light = soft(glow.radius_em).tinted(css_color(glow.color), glow.strength)
            painter.drawImage(QPointF(left, top), light)

    def _paint_bitmaps(self, painter: QPainter) -> None:
        scale = self.em_px / REFERENCE_PX
        for run in self.shape.bitmaps:
            picture, corner = _picture(run)
            size = picture.size() * scale
            shown = picture.scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            painter.drawImage(corner * scale, shown)


def _picture(run: QGlyphRun) -> tuple[QImage, QPointF]:
    """Letters that are pictures at REFERENCE_PX, and where their left upper corner lies.

    Drawn in their own size first: Qt draws scaled ones at times not at all.
    """
    raw, places = run.rawFont(), run.positions()
    advances = raw.advancesForGlyphIndexes(run.glyphIndexes())
    left = min(place.x() for place in places)
    right = max(place.x() + step.x() for place, step in zip(places, advances, strict=True))
    top = min(place.y() for place in places) - raw.ascent() - _PICTURE_MARGIN_PX
    bottom = max(place.y() for place in places) + raw.descent() + _PICTURE_MARGIN_PX
    width, height = max(1, math.ceil(right - left)), max(1, math.ceil(bottom - top))
    picture = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    painter.drawGlyphRun(QPointF(-left, -top), run)
    painter.end()
    return picture, QPointF(left, top)


def _round_pen(color: QColor, width_px: float) -> QPen:
    return QPen(
        QBrush(color),
        width_px,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


def css_color(text: str) -> QColor:
    """#RRGGBB or #RRGGBBAA (opacity last, as on the web) as Qt's colour."""
    channels = [int(text[index : index + 2], 16) for index in range(1, len(text), 2)]
    return QColor(*channels)


def fill_brush(fill: Fill, box: QRectF, phase: float = 0.0) -> QBrush:
    """A brush for the box: plain, or a gradient along the fill's angle over its whole extent.

    A shimmering gradient ends in its first colour, repeats, and is moved on by `phase` of it.
    """
    if len(fill.colors) == 1:
        return QBrush(css_color(fill.colors[0]))
    angle = np.deg2rad(fill.angle_deg)
    across, down = float(np.cos(angle)), float(np.sin(angle))
    half = (abs(across) * box.width() + abs(down) * box.height()) / 2
    reach = QPointF(across * half, down * half)
    moved, colors = reach * (2 * phase), fill.colors
    gradient = QLinearGradient(box.center() - reach + moved, box.center() + reach + moved)
    if fill.shimmer_s:
        colors = (*colors, colors[0])
        gradient.setSpread(QGradient.Spread.RepeatSpread)
    for number, color in enumerate(colors):
        gradient.setColorAt(number / (len(colors) - 1), css_color(color))
    return QBrush(gradient)
