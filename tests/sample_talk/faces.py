"""Two drawn people: a body that stays, and a head that sways over it.

Shading is by soft blobs of light and shadow, enough that a face detector made for photographs
finds them. In head units, see `tests.sample_talk.strokes`.
"""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen, QRadialGradient

from tests.sample_talk.features import draw_features
from tests.sample_talk.hair import draw_back_hair, draw_front_hair
from tests.sample_talk.people import Look, Pose
from tests.sample_talk.strokes import blob, mirrored, path_of, tint


def draw_body(painter: QPainter, look: Look) -> None:
    """Neck, shoulders and clothes; they do not move."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    if look.has_long_hair:
        draw_back_hair(painter, look)
    neck = QLinearGradient(0, 1.0, 0, 2.3)
    neck.setColorAt(0, QColor(look.skin_shadow).darker(112))
    neck.setColorAt(0.45, QColor(look.skin_shadow).lighter(118))
    neck.setColorAt(1, QColor(look.skin))
    painter.setBrush(neck)
    width = 0.50 if look.has_long_hair else 0.62
    painter.drawPath(
        mirrored(
            path_of(
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
        mirrored(
            path_of(
                (-0.02, 2.42), (width + 0.05, 1.80), (width + 0.5, 2.1), (0.9, 4.0), (-0.02, 4.0)
            )
        )
    )
    painter.setBrush(cloth)
    shoulder = 2.25 if look.has_long_hair else 2.6
    side = path_of(
        (width + 0.16, 1.74),
        (1.2, 2.02, shoulder - 0.35, 2.10, shoulder, 2.75),
        (shoulder + 0.3, 3.5, shoulder + 0.35, 5.0, shoulder + 0.4, 7.0),
        (-0.02, 7.0),
        (-0.02, 3.3),
        (0.28, 2.75, width + 0.02, 2.3, width + 0.16, 1.74),
    )
    painter.drawPath(mirrored(side))
    fold = QPen(tint(look.garment_shadow, 150), 0.035)
    fold.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(fold)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(
        mirrored(path_of((width + 0.18, 1.78), (width + 0.1, 2.4, 0.34, 2.85, 0.02, 3.36)))
    )
    painter.drawPath(mirrored(path_of((1.55, 3.3), (1.45, 4.0, 1.5, 4.6, 1.62, 5.4))))
    painter.drawLine(QPointF(0, 3.36), QPointF(0, 7))
    painter.setPen(Qt.PenStyle.NoPen)
    blob(painter, 0.0, 1.42, 0.8, 0.42, tint("#2a0f08", 90))
    painter.restore()


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
    draw_features(painter, look, pose)
    painter.restore()
    draw_front_hair(painter, look)
    painter.restore()


def _face_outline(look: Look) -> QPainterPath:
    jaw = look.jaw
    half = path_of(
        (-0.02, -1.28),
        (0.62, -1.28, 1.0, -0.86, 1.0, -0.16),
        (1.0, 0.36, jaw + 0.16, 0.76, jaw - 0.08, 1.04),
        (jaw - 0.26, 1.28, 0.28, 1.44, -0.02, 1.44),
    )
    return mirrored(half)


def _ears(painter: QPainter, look: Look) -> None:
    if look.has_long_hair:
        return
    for side in (-1, 1):
        painter.setBrush(QColor(look.skin if side < 0 else look.skin_shadow))
        painter.drawEllipse(QPointF(side * 1.0, 0.08), 0.15, 0.32)
        blob(painter, side * 1.03, 0.08, 0.10, 0.22, tint(look.skin_shadow, 170))


def _shading(painter: QPainter, look: Look) -> None:
    blob(painter, 0.95, 0.4, 0.62, 1.5, tint(look.skin_shadow, 150))
    blob(painter, -1.12, 0.4, 0.45, 1.3, tint(look.skin_shadow, 110))
    blob(painter, 0.0, 1.52, 0.9, 0.36, tint(look.skin_shadow, 170))
    blob(painter, -0.12, -0.72, 0.62, 0.34, tint(look.skin_light, 190))
    if look.stubble:
        beard = tint(look.hair, look.stubble)
        blob(painter, 0.0, 1.12, 0.95, 0.62, beard)
        blob(painter, -0.72, 0.72, 0.34, 0.62, beard)
        blob(painter, 0.72, 0.72, 0.34, 0.62, beard)
        blob(painter, 0.0, 0.70, 0.46, 0.16, beard)
