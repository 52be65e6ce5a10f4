"""The few strokes that faces are drawn with: soft blobs of light, and mirrored paths.

Lengths are head units: the cheekbones lie at x = -1 and 1, the eyes at y = 0, the chin at 1.44.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QRadialGradient


def tint(colour: str, opacity: int) -> QColor:
    tinted = QColor(colour)
    tinted.setAlpha(opacity)
    return tinted


def blob(
    painter: QPainter, x: float, y: float, width: float, height: float, colour: QColor
) -> None:
    """A soft ellipse: full colour in the middle, nothing at the rim."""
    painter.save()
    painter.translate(x, y)
    painter.scale(width, height)
    glow = QRadialGradient(QPointF(0, 0), 1)
    glow.setColorAt(0, colour)
    middle = QColor(colour)
    middle.setAlpha(colour.alpha() * 55 // 100)
    glow.setColorAt(0.5, middle)
    rim = QColor(colour)
    rim.setAlpha(0)
    glow.setColorAt(1, rim)
    painter.fillRect(QRectF(-1, -1, 2, 2), glow)
    painter.restore()


def path_of(*points: tuple[float, ...]) -> QPainterPath:
    """Moves to the first point; six numbers are a curve, two a line."""
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        if len(point) == 6:
            path.cubicTo(*point)
        else:
            path.lineTo(*point)
    return path


def mirrored(path: QPainterPath) -> QPainterPath:
    """The path and its mirror image in x = 0; what lies over the axis leaves no seam."""
    whole = QPainterPath(path)
    mirror = QPainterPath()
    for index in range(path.elementCount()):
        element = path.elementAt(index)
        if index == 0:
            mirror.moveTo(-element.x, element.y)
        elif element.isLineTo():
            mirror.lineTo(-element.x, element.y)
        elif element.isCurveTo():
            first, second = path.elementAt(index + 1), path.elementAt(index + 2)
            mirror.cubicTo(-element.x, element.y, -first.x, first.y, -second.x, second.y)
    whole.addPath(mirror.toReversed())
    whole.setFillRule(Qt.FillRule.WindingFill)
    return whole
