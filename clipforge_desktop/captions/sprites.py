"""Pictures of words, painted once and kept: shadows, glow, outlines and fill of one text.

A picture is made at its exact size, so it is never scaled at rest. Layers are separate where
one word's outline must not cover its neighbour's letters.
"""

import math
from functools import cache
from typing import Literal

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QGlyphRun,
    QGradient,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QTransform,
)

from clipforge_desktop.captions.fonts import REFERENCE_PX
from clipforge_desktop.captions.glyphs import Shape
from clipforge_desktop.captions.looks import Face, Faces
from clipforge_desktop.captions.raster import Softness, blurred
from clipforge_desktop.captions.spreads import Spreads
from clipforge_desktop.captions.sprite_cache import Sprite, SpriteCache
from clipforge_desktop.captions.typefaces import Typefaces
from clipforge_desktop.domain.caption_style import Fill, Outline

Layer = Literal["under", "outline", "fill", "face"]

MAX_CACHE_BYTES = 96 * 1024 * 1024
_PICTURE_MARGIN_PX = 8
_BLUR_REACH = 1.5  # of its radius, beyond which nothing is seen

_Key = tuple[str, Face, float, Layer, float]


class SpriteBook:
    """Sprites by text, face, size and layer; the longest unused go when memory is short."""

    def __init__(self, typefaces: Typefaces, faces: Faces) -> None:
        self._typefaces = typefaces
        self._faces = faces
        self._spreads = Spreads()
        self._sprites = SpriteCache[_Key](MAX_CACHE_BYTES, lambda key: self._made(*key))

    def sprite(
        self, text: str, face: Face, em_px: float, layer: Layer, phase: float = 0.0
    ) -> Sprite | None:
        """The picture of one layer, or None when the layer is empty."""
        return self._sprites[text, self._cast(face, layer), em_px, layer, phase]

    def has(self, text: str, face: Face, em_px: float, layer: Layer, phase: float) -> bool:
        return (text, self._cast(face, layer), em_px, layer, phase) in self._sprites

    def area(self, text: str, face: Face, em_px: float, layer: Layer) -> QRect | None:
        """What the picture covers, in pixels from the pen; None when the layer is empty."""
        if not is_drawn(face, layer):
            return None
        shape = self._typefaces.shaper(face.font).shape(text)
        if shape.ink.isEmpty():
            return None
        reach_em = face_margin_em(face) if layer == "under" else outline_margin_em(face)
        return _area(shape, reach_em, em_px)

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
        artist = _Artist(shape, face, em_px, area, self._spreads)
        if layer == "under":
            artist.paint_under(painter)
        if layer == "outline":
            artist.paint_outlines(painter)
        if layer == "face":
            outlines = self.sprite(text, face, em_px, "outline")
            if outlines is not None:
                painter.drawImage(QPointF(outlines.left_px, outlines.top_px), outlines.image)
        if layer in ("fill", "face"):
            plain = self._faces.outlines_only(face)
            paints_itself = face is plain or bool(shape.bitmaps)
            mask = None if paints_itself else self.sprite(text, plain, em_px, "fill")
            artist.paint_fill(painter, phase, mask)
        painter.end()
        return Sprite(image, area.left(), area.top())


def is_drawn(face: Face, layer: Layer) -> bool:
    """Whether the layer shows anything."""
    if layer == "under":
        return bool(face.shadows) or face.glow is not None
    return layer != "outline" or bool(face.outlines)


def _area(shape: Shape, reach_em: float, em_px: float) -> QRect:
    """The pixels that the letters cover when they are wider by `reach_em`, from their pen."""
    margin_px = reach_em * em_px + 2
    ink = QTransform.fromScale(em_px, em_px).mapRect(shape.ink)
    return ink.adjusted(-margin_px, -margin_px, margin_px, margin_px).toAlignedRect()


def face_margin_em(face: Face) -> float:
    """How far the face's picture reaches beyond the ink of its letters, in em."""
    shadows = [
        max(abs(shadow.offset_x_em), abs(shadow.offset_y_em)) + _BLUR_REACH * shadow.blur_em
        for shadow in face.shadows
    ]
    glow = _BLUR_REACH * face.glow.radius_em if face.glow else 0.0
    return outline_margin_em(face) + max([0.0, glow, *shadows])


def outline_margin_em(face: Face) -> float:
    """How far the outlines reach beyond the letters, in em."""
    offsets = [max(abs(line.offset_x_em), abs(line.offset_y_em)) for line in face.outlines]
    return sum(line.width_em for line in face.outlines) + max(offsets, default=0.0)


class _Artist:
    """Paints one shape in one face at one size; the painter's origin is the pen."""

    def __init__(
        self, shape: Shape, face: Face, em_px: float, area: QRect, spreads: Spreads
    ) -> None:
        self.shape = shape
        self.face = face
        self.em_px = em_px
        self.area = area
        self.spreads = spreads

    def paint_fill(self, painter: QPainter, phase: float, mask: Sprite | None) -> None:
        """The letters themselves; `mask` has them in another fill, where that is known."""
        box = QRectF(0, -0.72 * self.em_px, self.shape.advance_em * self.em_px, 0.72 * self.em_px)
        brush = fill_brush(self.face.fill, box, phase)
        if mask is not None:
            letters = _tinted(mask.image, brush, QPoint(mask.left_px, mask.top_px))
            painter.drawImage(QPoint(mask.left_px, mask.top_px), letters)
            return
        painter.fillPath(self._path(), brush)
        self._paint_bitmaps(painter)

    def _path(self) -> QPainterPath:
        path = QTransform.fromScale(self.em_px, self.em_px).map(self.shape.path)
        path.setFillRule(Qt.FillRule.WindingFill)
        return path

    def paint_outlines(self, painter: QPainter) -> None:
        """Outermost first. Each outline's width counts from the edge of the one inside it."""
        reach_em = sum(line.width_em for line in self.face.outlines)
        for line in reversed(self.face.outlines):
            self._stroke(painter, line, reach_em)
            reach_em -= line.width_em

    def _stroke(self, painter: QPainter, line: Outline, reach_em: float) -> None:
        offset = QPointF(line.offset_x_em, line.offset_y_em) * self.em_px
        color = QBrush(css_color(line.color))
        spread = _tinted(self._silhouette(reach_em, offset), color, self.area.topLeft())
        painter.drawImage(self.area.topLeft(), spread)

    def _silhouette(self, reach_em: float, offset: QPointF) -> QImage:
        reach_px = reach_em * self.em_px
        if reach_px > 0:
            return self.spreads.silhouette(self.shape, self.em_px, reach_px, offset, self.area)
        image = QImage(self.area.size(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(offset - self.area.topLeft())
        painter.fillPath(self._path(), QColor("black"))
        painter.end()
        return image

    def paint_under(self, painter: QPainter) -> None:
        """Shadows, then glow, all cast by the letters with their outlines."""
        reach_em = sum(line.width_em for line in self.face.outlines)
        silhouette = self._silhouette(reach_em, QPointF())
        caster = QPainter(silhouette)
        caster.translate(-self.area.topLeft())
        self._paint_bitmaps(caster)
        caster.end()
        soft = cache(lambda blur_em: self._soft(silhouette, blur_em))
        for shadow in self.face.shadows:
            cast, at = soft(shadow.blur_em)
            across, down = shadow.offset_x_em * self.em_px, shadow.offset_y_em * self.em_px
            offset = QPoint(round(across), round(down))
            painter.drawImage(at + offset, cast.tinted(css_color(shadow.color), 1))
        glow = self.face.glow
        if glow is not None:
            light, at = soft(glow.radius_em)
            painter.drawImage(at, light.tinted(css_color(glow.color), glow.strength))

    def _soft(self, silhouette: QImage, blur_em: float) -> tuple[Softness, QPoint]:
        """The silhouette blurred, as much of it as that reaches, and where its corner lies."""
        reach_em = outline_margin_em(self.face) + _BLUR_REACH * blur_em
        seen = _area(self.shape, reach_em, self.em_px) & self.area
        part = silhouette.copy(seen.translated(-self.area.topLeft()))
        return blurred(part, blur_em * self.em_px), seen.topLeft()

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


def _tinted(silhouette: QImage, brush: QBrush, at: QPoint) -> QImage:
    """The shape in a brush, whose origin is the pen, when its corner lies `at`."""
    image = silhouette.copy()
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.translate(-at)
    painter.fillRect(image.rect().translated(at), brush)
    painter.end()
    return image


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
