"""Two drawn people with faces that move: lids, brows, gaze, and a mouth that follows the voice.

Drawn in head units: the cheekbones lie at x = -1 and 1, the eyes at y = 0, the chin at y = 1.42.
Shading is by soft blobs of light and shadow, enough that a face detector made for photographs
finds them.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QRadialGradient,
)


@dataclass(frozen=True)
class Look:
    """The colours and shapes that tell one person from the other."""

    skin_light: str
    skin: str
    skin_shadow: str
    blush: str
    lip: str
    lip_dark: str
    hair: str
    hair_light: str
    iris: str
    brow_width: float
    jaw: float  # half width of the jaw
    has_long_hair: bool
    stubble: int  # opacity, 0 to 255
    garment: str
    garment_shadow: str
    shirt: str


HOST = Look(
    skin_light="#f3c8a2",
    skin="#dda37b",
    skin_shadow="#9a6146",
    blush="#d57f63",
    lip="#b96f5c",
    lip_dark="#84463c",
    hair="#2a1d17",
    hair_light="#5b4334",
    iris="#5a3d22",
    brow_width=0.105,
    jaw=0.80,
    has_long_hair=False,
    stubble=70,
    garment="#2f5d73",
    garment_shadow="#183645",
    shirt="#e9e4da",
)
GUEST = Look(
    skin_light="#ffdcc3",
    skin="#efb795",
    skin_shadow="#ad7156",
    blush="#e98770",
    lip="#c8504f",
    lip_dark="#8c2f35",
    hair="#6e2c17",
    hair_light="#b9603a",
    iris="#3f6d54",
    brow_width=0.07,
    jaw=0.70,
    has_long_hair=True,
    stubble=0,
    garment="#b5563c",
    garment_shadow="#6f2c20",
    shirt="#f1e6d3",
)


@dataclass(frozen=True)
class Pose:
    """One moment of a face: openings 0 to 1, turns in head units, tilt in degrees."""

    mouth_open: float = 0.0
    mouth_wide: float = 0.0  # -1 rounded, 1 spread
    smile: float = 0.3
    lids: float = 1.0  # 1 open, 0 shut
    brows: float = 0.0
    gaze: float = 0.0
    turn_x: float = 0.0
    turn_y: float = 0.0
    tilt_deg: float = 0.0


def _tint(colour: str, opacity: int) -> QColor:
    tinted = QColor(colour)
    tinted.setAlpha(opacity)
    return tinted


def _blob(
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


def _path(*points: tuple[float, ...]) -> QPainterPath:
    """Moves to the first point; six numbers are a curve, two a line."""
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        if len(point) == 6:
            path.cubicTo(*point)
        else:
            path.lineTo(*point)
    return path


def _mirrored(path: QPainterPath) -> QPainterPath:
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


def _face_outline(look: Look) -> QPainterPath:
    jaw = look.jaw
    half = _path(
        (-0.02, -1.28),
        (0.62, -1.28, 1.0, -0.86, 1.0, -0.16),
        (1.0, 0.36, jaw + 0.16, 0.76, jaw - 0.08, 1.04),
        (jaw - 0.26, 1.28, 0.28, 1.44, -0.02, 1.44),
    )
    return _mirrored(half)


def draw_body(painter: QPainter, look: Look) -> None:
    """Neck, shoulders and clothes; they do not move."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    if look.has_long_hair:
        _back_hair(painter, look)
    neck = QLinearGradient(0, 1.0, 0, 2.3)
    neck.setColorAt(0, QColor(look.skin_shadow).darker(112))
    neck.setColorAt(0.45, QColor(look.skin_shadow).lighter(118))
    neck.setColorAt(1, QColor(look.skin))
    painter.setBrush(neck)
    width = 0.50 if look.has_long_hair else 0.62
    painter.drawPath(
        _mirrored(
            _path(
                (-0.02, 0.8),
                (width, 0.8),
                (width, 1.4, width, 1.75, width + 0.35, 1.98),
                (width, 2.6),
                (-0.02, 2.75),
            )
        )
    )
    cloth = QLinearGradient(-2.4, 1.8, 2.6, 4.6)
    cloth.setColorAt(0, QColor(look.garment).lighter(118))
    cloth.setColorAt(0.5, QColor(look.garment))
    cloth.setColorAt(1, QColor(look.garment_shadow))
    painter.setBrush(QColor(look.shirt))
    painter.drawPath(
        _mirrored(
            _path((-0.02, 2.42), (width + 0.05, 1.80), (width + 0.5, 2.1), (0.9, 4.0), (-0.02, 4.0))
        )
    )
    painter.setBrush(cloth)
    shoulder = 2.25 if look.has_long_hair else 2.6
    side = _path(
        (width + 0.16, 1.74),
        (1.2, 2.02, shoulder - 0.35, 2.10, shoulder, 2.75),
        (shoulder + 0.3, 3.5, shoulder + 0.35, 5.0, shoulder + 0.4, 7.0),
        (-0.02, 7.0),
        (-0.02, 3.3),
        (0.28, 2.75, width + 0.02, 2.3, width + 0.16, 1.74),
    )
    painter.drawPath(_mirrored(side))
    fold = QPen(_tint(look.garment_shadow, 150), 0.035)
    fold.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(fold)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(
        _mirrored(_path((width + 0.18, 1.78), (width + 0.1, 2.4, 0.34, 2.85, 0.02, 3.36)))
    )
    painter.drawPath(_mirrored(_path((1.55, 3.3), (1.45, 4.0, 1.5, 4.6, 1.62, 5.4))))
    painter.drawLine(QPointF(0, 3.36), QPointF(0, 7))
    painter.setPen(Qt.PenStyle.NoPen)
    _blob(painter, 0.0, 1.42, 0.8, 0.42, _tint("#2a0f08", 90))
    painter.restore()


def _back_hair(painter: QPainter, look: Look) -> None:
    shade = QLinearGradient(0, -1.4, 0, 2.8)
    shade.setColorAt(0, QColor(look.hair))
    shade.setColorAt(1, QColor(look.hair).darker(135))
    painter.setBrush(shade)
    painter.drawPath(
        _mirrored(
            _path(
                (-0.02, -1.55),
                (0.95, -1.60, 1.34, -0.85, 1.30, 0.0),
                (1.27, 0.8, 1.52, 1.3, 1.44, 2.05),
                (1.40, 2.45, 1.0, 2.55, 0.72, 2.30),
                (-0.02, 2.2),
            )
        )
    )


def draw_head(painter: QPainter, look: Look, pose: Pose) -> None:
    """The head with everything that moves, over a body drawn before."""
    painter.save()
    painter.translate(pose.turn_x * 0.35, pose.turn_y * 0.5)
    painter.translate(0, 1.3)
    painter.rotate(pose.tilt_deg)
    painter.translate(0, -1.3)
    painter.setPen(Qt.PenStyle.NoPen)
    _ears(painter, look)
    outline = _face_outline(look)
    skin = QRadialGradient(QPointF(-0.28 + pose.turn_x, -0.25), 1.75)
    skin.setColorAt(0, QColor(look.skin_light))
    skin.setColorAt(0.52, QColor(look.skin))
    skin.setColorAt(1, QColor(look.skin_shadow))
    painter.setBrush(skin)
    painter.drawPath(outline)
    painter.save()
    painter.setClipPath(outline)
    _shading(painter, look)
    painter.translate(pose.turn_x, pose.turn_y)
    _features(painter, look, pose)
    painter.restore()
    _front_hair(painter, look)
    painter.restore()


def _ears(painter: QPainter, look: Look) -> None:
    if look.has_long_hair:
        return
    for side in (-1, 1):
        painter.setBrush(QColor(look.skin if side < 0 else look.skin_shadow))
        painter.drawEllipse(QPointF(side * 1.0, 0.08), 0.15, 0.32)
        _blob(painter, side * 1.03, 0.08, 0.10, 0.22, _tint(look.skin_shadow, 170))


def _shading(painter: QPainter, look: Look) -> None:
    _blob(painter, 0.95, 0.4, 0.62, 1.5, _tint(look.skin_shadow, 150))
    _blob(painter, -1.12, 0.4, 0.45, 1.3, _tint(look.skin_shadow, 110))
    _blob(painter, 0.0, 1.52, 0.9, 0.36, _tint(look.skin_shadow, 170))
    _blob(painter, -0.12, -0.72, 0.62, 0.34, _tint(look.skin_light, 190))
    if look.stubble:
        beard = _tint(look.hair, look.stubble)
        _blob(painter, 0.0, 1.12, 0.95, 0.62, beard)
        _blob(painter, -0.72, 0.72, 0.34, 0.62, beard)
        _blob(painter, 0.72, 0.72, 0.34, 0.62, beard)
        _blob(painter, 0.0, 0.70, 0.46, 0.16, beard)


def _features(painter: QPainter, look: Look, pose: Pose) -> None:
    for side in (-1, 1):
        _blob(painter, side * 0.43, -0.07, 0.36, 0.26, _tint(look.skin_shadow, 150))
        _blob(painter, side * 0.52, 0.50, 0.36, 0.28, _tint(look.blush, 105))
        _blob(painter, side * 0.47, 0.32, 0.32, 0.20, _tint(look.skin_light, 110))
        _eye(painter, look, pose, side)
        _brow(painter, look, pose, side)
    _nose(painter, look)
    _mouth(painter, look, pose)


def _eye(painter: QPainter, look: Look, pose: Pose, side: int) -> None:
    painter.save()
    painter.translate(side * 0.43, 0.0)
    painter.scale(side, 1)
    top, bottom = -0.155 * pose.lids + 0.03 * (1 - pose.lids), 0.085
    almond = _path(
        (-0.245, 0.025),
        (-0.14, top - 0.02, 0.10, top - 0.04, 0.255, -0.015),
        (0.16, bottom + 0.02, -0.10, bottom + 0.03, -0.245, 0.025),
    )
    if pose.lids > 0.15:
        painter.setBrush(QColor("#f6efe8"))
        painter.drawPath(almond)
        painter.save()
        painter.setClipPath(almond)
        middle = QPointF(side * pose.gaze * 0.09, -0.035)
        iris = QRadialGradient(middle, 0.135)
        iris.setColorAt(0.25, QColor(look.iris).darker(140))
        iris.setColorAt(0.75, QColor(look.iris).lighter(130))
        iris.setColorAt(1, QColor(look.iris).darker(220))
        painter.setBrush(iris)
        painter.drawEllipse(middle, 0.132, 0.132)
        painter.setBrush(QColor("#120b08"))
        painter.drawEllipse(middle, 0.062, 0.062)
        _blob(painter, 0.0, -0.15, 0.3, 0.11, _tint("#2b1510", 150))
        painter.setBrush(QColor(255, 255, 255, 235))
        painter.drawEllipse(QPointF(middle.x() - side * 0.04, -0.08), 0.030, 0.030)
        painter.restore()
    thick = 0.062 if look.has_long_hair else 0.045
    wing = 0.07 if look.has_long_hair else 0.01
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.hair).darker(170))
    painter.drawPath(
        _path(
            (-0.25, 0.035),
            (-0.14, top - 0.02, 0.10, top - 0.04, 0.26 + wing, -0.03 - wing),
            (0.12, top - 0.02 - thick, -0.12, top - thick, -0.25, 0.035),
        )
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_tint(look.skin_shadow, 130), 0.018))
    painter.drawPath(_path((-0.22, -0.09), (-0.10, -0.235, 0.12, -0.25, 0.28, -0.115)))
    painter.drawPath(_path((-0.16, 0.13), (-0.04, 0.165, 0.08, 0.16, 0.17, 0.115)))
    painter.restore()


def _brow(painter: QPainter, look: Look, pose: Pose, side: int) -> None:
    painter.save()
    painter.translate(side * 0.43, -0.335 - 0.09 * pose.brows)
    painter.scale(side, 1)
    thick = look.brow_width
    painter.setBrush(_tint(look.hair, 225))
    painter.drawPath(
        _path(
            (-0.27, 0.03),
            (-0.12, -0.07, 0.12, -0.10, 0.34, 0.03),
            (0.14, -0.10 + thick, -0.10, -0.05 + thick, -0.25, 0.03 + thick),
            (-0.28, 0.09, -0.29, 0.06, -0.27, 0.03),
        )
    )
    painter.restore()


def _nose(painter: QPainter, look: Look) -> None:
    _blob(painter, 0.145, 0.16, 0.09, 0.42, _tint(look.skin_shadow, 105))
    _blob(painter, -0.02, 0.06, 0.095, 0.46, _tint(look.skin_light, 215))
    _blob(painter, 0.0, 0.545, 0.24, 0.10, _tint(look.skin_shadow, 190))
    _blob(painter, -0.02, 0.40, 0.13, 0.11, _tint("#fff4e8", 150))
    painter.setBrush(_tint(look.lip_dark, 215))
    for side in (-1, 1):
        painter.drawEllipse(QPointF(side * 0.095, 0.515), 0.052, 0.026)
    wing = QPen(_tint(look.skin_shadow, 220), 0.026)
    wing.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(wing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_mirrored(_path((0.185, 0.40), (0.235, 0.45, 0.23, 0.52, 0.165, 0.53))))
    painter.setPen(Qt.PenStyle.NoPen)


def _mouth(painter: QPainter, look: Look, pose: Pose) -> None:
    half = 0.335 + 0.05 * pose.mouth_wide + 0.03 * pose.smile
    gap = 0.19 * pose.mouth_open
    corner = 0.915 - 0.11 * pose.smile
    upper, lower = 0.875 - gap * 0.25, 0.885 + gap
    if gap > 0.012:
        inside = _path(
            (-half + 0.03, corner),
            (-half / 2, upper, half / 2, upper, half - 0.03, corner),
            (half / 2, lower + 0.05, -half / 2, lower + 0.05, -half + 0.03, corner),
        )
        painter.setBrush(QColor("#3a1212"))
        painter.drawPath(inside)
        painter.save()
        painter.setClipPath(inside)
        painter.setBrush(QColor("#f4ece4"))
        painter.drawRoundedRect(
            QRectF(-half * 0.62, upper - 0.03, half * 1.24, 0.055 + gap * 0.25), 0.03, 0.03
        )
        _blob(painter, 0.0, lower + 0.05, half * 0.7, 0.09, _tint("#c35a58", 230))
        painter.restore()
    painter.setBrush(QColor(look.lip_dark if look.stubble else look.lip).lighter(104))
    painter.drawPath(
        _path(
            (-half, corner),
            (-half * 0.5, upper - 0.09, -0.11, upper - 0.135, 0.0, upper - 0.085),
            (0.11, upper - 0.135, half * 0.5, upper - 0.09, half, corner),
            (half / 2, upper + 0.012, -half / 2, upper + 0.012, -half, corner),
        )
    )
    lip = QLinearGradient(0, lower - 0.02, 0, lower + 0.13)
    lip.setColorAt(0, QColor(look.lip))
    lip.setColorAt(0.45, QColor(look.lip).lighter(122))
    lip.setColorAt(1, QColor(look.lip_dark))
    painter.setBrush(QBrush(lip))
    painter.drawPath(
        _path(
            (-half, corner),
            (-half / 2, lower + 0.035, half / 2, lower + 0.035, half, corner),
            (half * 0.55, lower + 0.155, -half * 0.55, lower + 0.155, -half, corner),
        )
    )
    _blob(painter, 0.0, lower + 0.20, 0.28, 0.06, _tint(look.skin_shadow, 170))
    _blob(painter, -0.03, 1.24, 0.26, 0.14, _tint(look.skin_light, 70))
    for side in (-1, 1):
        _blob(painter, side * (half + 0.05), corner, 0.07, 0.10, _tint(look.skin_shadow, 150))


def _front_hair(painter: QPainter, look: Look) -> None:
    shade = QLinearGradient(-1.0, -1.6, 1.1, 0.2)
    shade.setColorAt(0, QColor(look.hair_light))
    shade.setColorAt(0.45, QColor(look.hair))
    shade.setColorAt(1, QColor(look.hair).darker(130))
    painter.setBrush(shade)
    painter.setPen(Qt.PenStyle.NoPen)
    for lock in _long_hair() if look.has_long_hair else (_short_hair(),):
        painter.drawPath(lock)
    strand = QPen(_tint(look.hair_light, 120), 0.022)
    strand.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(strand)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for index in range(7):
        shift = index * 0.12
        if look.has_long_hair:
            painter.drawPath(
                _path(
                    (-0.22 + shift * 0.5, -1.50),
                    (-0.72 - shift * 0.28, -1.25, -1.08 - shift * 0.2, -0.7, -1.10, 0.1 + shift),
                )
            )
        else:
            painter.drawPath(
                _path(
                    (-0.80 + shift * 1.8, -1.02 - 0.05 * index * (6 - index) / 3),
                    (
                        -0.72 + shift * 1.8,
                        -1.45,
                        -0.45 + shift * 1.7,
                        -1.58,
                        -0.15 + shift * 1.5,
                        -1.60,
                    ),
                )
            )


def _short_hair() -> QPainterPath:
    path = _path(
        (-1.05, 0.05),
        (-1.22, -0.75, -1.10, -1.45, -0.35, -1.62),
        (0.35, -1.86, 1.22, -1.48, 1.12, -0.55),
        (1.11, -0.30, 1.08, -0.10, 1.04, 0.05),
        (0.99, -0.12, 0.96, -0.30, 0.90, -0.50),
        (0.84, -0.72, 0.74, -0.84, 0.56, -0.92),
        (0.30, -1.00, 0.05, -0.92, -0.22, -1.02),
        (-0.55, -0.98, -0.80, -0.80, -0.88, -0.50),
        (-0.94, -0.30, -0.97, -0.12, -1.05, 0.05),
    )
    path.closeSubpath()
    return path


def _long_hair() -> tuple[QPainterPath, QPainterPath]:
    left = _path(
        (0.12, -1.60),
        (-0.75, -1.72, -1.36, -1.05, -1.30, -0.10),
        (-1.27, 0.55, -1.48, 1.10, -1.36, 1.75),
        (-1.28, 2.10, -1.02, 2.10, -0.92, 1.85),
        (-0.98, 1.20, -0.92, 0.70, -1.00, 0.20),
        (-1.02, -0.45, -0.60, -0.92, 0.12, -1.18),
    )
    left.closeSubpath()
    right = _path(
        (0.05, -1.60),
        (0.80, -1.70, 1.34, -1.05, 1.30, -0.10),
        (1.27, 0.55, 1.48, 1.10, 1.38, 1.75),
        (1.30, 2.10, 1.04, 2.10, 0.94, 1.85),
        (1.00, 1.20, 0.95, 0.70, 1.00, 0.20),
        (0.98, -0.45, 0.62, -0.95, 0.05, -1.18),
    )
    right.closeSubpath()
    return right, left
