"""Boxes behind words, lines and blocks, and underlines: drawn directly, they are cheap."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from clipforge_desktop.captions.layout import SHAPE_REACH_EM
from clipforge_desktop.captions.operations import BoxOp, LineOp
from clipforge_desktop.captions.raster import blurred
from clipforge_desktop.captions.sprites import css_color, fill_brush
from clipforge_desktop.domain.caption_style import Box, CaptionStyle, Shadow, WordLook


def draw_box(painter: QPainter, op: BoxOp) -> None:
    """Shadow, surface and border around the box's centre, in that order."""
    area, outline = _placed(painter, op)
    box, em_px = op.box, op.em_px
    if box.shadow is not None:
        _draw_shadow(painter, op, area, outline, box.shadow)
    painter.fillPath(outline, fill_brush(box.fill, area))
    if box.shape == "window":
        _draw_title_bar(painter, outline, area, em_px)
    if box.border is not None and box.border.width_em:
        offset_x, offset_y = box.border.offset_x_em * em_px, box.border.offset_y_em * em_px
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(css_color(box.border.color), box.border.width_em * em_px))
        painter.drawPath(outline.translated(offset_x, offset_y))


def draw_glass(painter: QPainter, op: BoxOp) -> None:
    """Where the box lies, in white."""
    _, outline = _placed(painter, op)
    painter.fillPath(outline, Qt.GlobalColor.white)


def box_reach(op: BoxOp) -> QRectF:
    """All that `draw_box` covers, around the origin, before its scale and tilt."""
    area = QRectF(-op.width / 2, -op.height / 2, op.width, op.height)
    box, em_px = op.box, op.em_px
    covered = _outline(box.shape, area, _radius_px(op), em_px).boundingRect()
    outline = QRectF(covered)
    if box.shadow is not None:
        blur_px = 1.5 * box.shadow.blur_em * em_px + 3
        cast = area.adjusted(-blur_px, -blur_px, blur_px, blur_px)
        across, down = box.shadow.offset_x_em * em_px, box.shadow.offset_y_em * em_px
        covered = covered.united(cast.translated(across, down))
    if box.border is not None:
        width_px = box.border.width_em * em_px
        line = outline.adjusted(-width_px, -width_px, width_px, width_px)
        across, down = box.border.offset_x_em * em_px, box.border.offset_y_em * em_px
        covered = covered.united(line.translated(across, down))
    return covered


def _placed(painter: QPainter, op: BoxOp) -> tuple[QRectF, QPainterPath]:
    """The box's area and outline around the origin, to which the painter is moved."""
    painter.translate(op.center_x, op.center_y)
    painter.rotate(op.tilt_deg)
    painter.scale(op.scale, op.scale)
    area = QRectF(-op.width / 2, -op.height / 2, op.width, op.height)
    return area, _outline(op.box.shape, area, _radius_px(op), op.em_px)


def _radius_px(op: BoxOp) -> float:
    return min(op.box.radius_em * op.em_px, op.height / 2, op.width / 2)


def _draw_shadow(
    painter: QPainter, op: BoxOp, area: QRectF, outline: QPainterPath, shadow: Shadow
) -> None:
    """Under the surface; glass, which one can see through, casts it around itself only."""
    image, margin_px = _shadow(op.width, op.height, _radius_px(op), op.em_px, shadow)
    offset = QPointF(shadow.offset_x_em * op.em_px, shadow.offset_y_em * op.em_px)
    corner = area.topLeft() - QPointF(margin_px, margin_px) + offset
    if not op.box.blur_em:
        painter.drawImage(corner, image)
        return
    around = QPainterPath()
    around.addRect(QRectF(corner, QSizeF(image.size())))
    painter.save()
    painter.setClipPath(around.subtracted(outline), Qt.ClipOperation.IntersectClip)
    painter.drawImage(corner, image)
    painter.restore()


def _outline(shape: str, area: QRectF, radius_px: float, em_px: float) -> QPainterPath:
    path = QPainterPath()
    reach_px = SHAPE_REACH_EM[shape] * em_px
    if shape == "tape":
        path.addPolygon(_torn(area, em_px))
        path.closeSubpath()
        return path
    if shape == "window":
        area = area.adjusted(0, -reach_px, 0, 0)
    path.addRoundedRect(area, radius_px, radius_px)
    if shape == "bubble":
        base = QPointF(area.center().x() - 0.1 * area.width(), area.bottom() - 1)
        tail = QPainterPath(base)
        tail.lineTo(base + QPointF(-0.25 * em_px, reach_px + 1))
        tail.lineTo(base + QPointF(0.5 * em_px, 0))
        tail.closeSubpath()
        path = path.united(tail)
    return path


def _torn(area: QRectF, em_px: float) -> QPolygonF:
    """A rectangle whose left and right ends are a row of small teeth."""
    teeth, depth = 5, 0.09 * em_px
    step = area.height() / (2 * teeth)
    right = [
        QPointF(area.right() - depth * (n % 2), area.top() + n * step) for n in range(2 * teeth + 1)
    ]
    left = [
        QPointF(area.left() + depth * (n % 2), area.bottom() - n * step)
        for n in range(2 * teeth + 1)
    ]
    return QPolygonF(right + left)


def _draw_title_bar(painter: QPainter, outline: QPainterPath, area: QRectF, em_px: float) -> None:
    """A lighter strip with three buttons, above the box's own area."""
    height_px = SHAPE_REACH_EM["window"] * em_px
    bar = QPainterPath()
    bar.addRect(QRectF(area.left(), area.top() - height_px, area.width(), height_px))
    painter.fillPath(outline.intersected(bar), QColor(255, 255, 255, 34))
    painter.setPen(Qt.PenStyle.NoPen)
    for number, color in enumerate(("#FF5F57", "#FEBC2E", "#28C840")):
        painter.setBrush(QColor(color))
        center_x = area.left() + (0.38 + 0.34 * number) * em_px
        center = QPointF(center_x, area.top() - height_px / 2)
        painter.drawEllipse(center, 0.1 * em_px, 0.1 * em_px)


@lru_cache(64)
def _shadow(
    width: float, height: float, radius_px: float, em_px: float, shadow: Shadow
) -> tuple[QImage, int]:
    margin_px = int(1.5 * shadow.blur_em * em_px) + 2
    image = QImage(
        int(width) + 2 * margin_px + 1,
        int(height) + 2 * margin_px + 1,
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.black)
    painter.drawRoundedRect(QRectF(margin_px, margin_px, width, height), radius_px, radius_px)
    painter.end()
    soft = blurred(image, shadow.blur_em * em_px)
    return soft.tinted(css_color(shadow.color), 1), margin_px


def draw_underline(painter: QPainter, op: LineOp) -> None:
    """A bar with round ends."""
    painter.translate(op.center_x, op.center_y)
    painter.rotate(op.tilt_deg)
    painter.scale(op.scale, op.scale)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(css_color(op.color))
    radius_px = min(op.height, op.width) / 2
    painter.drawRoundedRect(QRectF(op.left, op.top, op.width, op.height), radius_px, radius_px)


def boxes_of(style: CaptionStyle) -> list[Box]:
    """Every box of the style, whatever shows it."""
    boxes = [style.block_box, style.line_box, style.word_box, *(look.box for look in _looks(style))]
    return [box for box in boxes if box is not None]


def _looks(style: CaptionStyle) -> list[WordLook]:
    states = (style.active, style.spoken, style.unspoken, style.keywords.first)
    looks = (*states, style.keywords.second, style.text.sound_look, style.text.speaker_look)
    return [look for look in looks if look is not None]


def surface_reach_em(style: CaptionStyle) -> float:
    """How far boxes and underlines reach above and below the text, in em."""
    reaches = [_box_reach_em(box) for box in boxes_of(style)]
    reaches += [
        look.underline.gap_em + look.underline.thickness_em
        for look in _looks(style)
        if look.underline
    ]
    return max([0.0, *reaches])


def _box_reach_em(box: Box) -> float:
    reach = box.pad_y_em + abs(box.tilt_deg) * 0.1 + SHAPE_REACH_EM[box.shape]
    if box.border is not None:
        reach += box.border.width_em + abs(box.border.offset_y_em)
    if box.shadow is not None:
        reach += abs(box.shadow.offset_y_em) + 1.5 * box.shadow.blur_em
    return reach
