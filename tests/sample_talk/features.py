"""What moves in a face: eyes, brows, nose, and a mouth that follows the voice.

In head units, see `tests.sample_talk.strokes`.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPen, QRadialGradient

from tests.sample_talk.people import Look, Pose
from tests.sample_talk.strokes import blob, mirrored, path_of, tint


def draw_features(painter: QPainter, look: Look, pose: Pose) -> None:
    for side in (-1, 1):
        blob(painter, side * 0.43, -0.07, 0.36, 0.26, tint(look.skin_shadow, 150))
        blob(painter, side * 0.52, 0.50, 0.36, 0.28, tint(look.blush, 105))
        blob(painter, side * 0.47, 0.32, 0.32, 0.20, tint(look.skin_light, 110))
        _eye(painter, look, pose, side)
        _brow(painter, look, pose, side)
    _nose(painter, look)
    _mouth(painter, look, pose)


def _eye(painter: QPainter, look: Look, pose: Pose, side: int) -> None:
    painter.save()
    painter.translate(side * 0.43, 0.0)
    painter.scale(side, 1)
    top, bottom = -0.155 * pose.lids + 0.03 * (1 - pose.lids), 0.085
    almond = path_of(
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
        blob(painter, 0.0, -0.15, 0.3, 0.11, tint("#2b1510", 150))
        painter.setBrush(QColor(255, 255, 255, 235))
        painter.drawEllipse(QPointF(middle.x() - side * 0.04, -0.08), 0.030, 0.030)
        painter.restore()
    thick = 0.062 if look.has_long_hair else 0.045
    wing = 0.07 if look.has_long_hair else 0.01
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.hair).darker(170))
    painter.drawPath(
        path_of(
            (-0.25, 0.035),
            (-0.14, top - 0.02, 0.10, top - 0.04, 0.26 + wing, -0.03 - wing),
            (0.12, top - 0.02 - thick, -0.12, top - thick, -0.25, 0.035),
        )
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(tint(look.skin_shadow, 130), 0.018))
    painter.drawPath(path_of((-0.22, -0.09), (-0.10, -0.235, 0.12, -0.25, 0.28, -0.115)))
    painter.drawPath(path_of((-0.16, 0.13), (-0.04, 0.165, 0.08, 0.16, 0.17, 0.115)))
    painter.restore()


def _brow(painter: QPainter, look: Look, pose: Pose, side: int) -> None:
    painter.save()
    painter.translate(side * 0.43, -0.335 - 0.09 * pose.brows)
    painter.scale(side, 1)
    thick = look.brow_width
    painter.setBrush(tint(look.hair, 225))
    painter.drawPath(
        path_of(
            (-0.27, 0.03),
            (-0.12, -0.07, 0.12, -0.10, 0.34, 0.03),
            (0.14, -0.10 + thick, -0.10, -0.05 + thick, -0.25, 0.03 + thick),
            (-0.28, 0.09, -0.29, 0.06, -0.27, 0.03),
        )
    )
    painter.restore()


def _nose(painter: QPainter, look: Look) -> None:
    blob(painter, 0.145, 0.16, 0.09, 0.42, tint(look.skin_shadow, 105))
    blob(painter, -0.02, 0.06, 0.095, 0.46, tint(look.skin_light, 215))
    blob(painter, 0.0, 0.545, 0.24, 0.10, tint(look.skin_shadow, 190))
    blob(painter, -0.02, 0.40, 0.13, 0.11, tint("#fff4e8", 150))
    painter.setBrush(tint(look.lip_dark, 215))
    for side in (-1, 1):
        painter.drawEllipse(QPointF(side * 0.095, 0.515), 0.052, 0.026)
    wing = QPen(tint(look.skin_shadow, 220), 0.026)
    wing.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(wing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(mirrored(path_of((0.185, 0.40), (0.235, 0.45, 0.23, 0.52, 0.165, 0.53))))
    painter.setPen(Qt.PenStyle.NoPen)


def _mouth(painter: QPainter, look: Look, pose: Pose) -> None:
    half = 0.335 + 0.05 * pose.mouth_wide + 0.03 * pose.smile
    gap = 0.19 * pose.mouth_open
    corner = 0.915 - 0.11 * pose.smile
    upper, lower = 0.875 - gap * 0.25, 0.885 + gap
    if gap > 0.012:
        inside = path_of(
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
        blob(painter, 0.0, lower + 0.05, half * 0.7, 0.09, tint("#c35a58", 230))
        painter.restore()
    painter.setBrush(QColor(look.lip_dark if look.stubble else look.lip).lighter(104))
    painter.drawPath(
        path_of(
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
        path_of(
            (-half, corner),
            (-half / 2, lower + 0.035, half / 2, lower + 0.035, half, corner),
            (half * 0.55, lower + 0.155, -half * 0.55, lower + 0.155, -half, corner),
        )
    )
    blob(painter, 0.0, lower + 0.20, 0.28, 0.06, tint(look.skin_shadow, 170))
    blob(painter, -0.03, 1.24, 0.26, 0.14, tint(look.skin_light, 70))
    for side in (-1, 1):
        blob(painter, side * (half + 0.05), corner, 0.07, 0.10, tint(look.skin_shadow, 150))
