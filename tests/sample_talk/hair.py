"""Hair: short for the host, long for the guest, with a few lighter strands.

In head units, see `tests.sample_talk.strokes`.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen

from tests.sample_talk.people import Look
from tests.sample_talk.strokes import mirrored, path_of, tint


def draw_back_hair(painter: QPainter, look: Look) -> None:
    shade = QLinearGradient(0, -1.4, 0, 2.8)
    shade.setColorAt(0, QColor(look.hair))
    shade.setColorAt(1, QColor(look.hair).darker(135))
    painter.setBrush(shade)
    painter.drawPath(
        mirrored(
            path_of(
                (-0.02, -1.55),
                (0.95, -1.60, 1.34, -0.85, 1.30, 0.0),
                (1.27, 0.8, 1.52, 1.3, 1.44, 2.05),
                (1.40, 2.45, 1.0, 2.55, 0.72, 2.30),
                (-0.02, 2.2),
            )
        )
    )


def draw_front_hair(painter: QPainter, look: Look) -> None:
    shade = QLinearGradient(-1.0, -1.6, 1.1, 0.2)
    shade.setColorAt(0, QColor(look.hair_light))
    shade.setColorAt(0.45, QColor(look.hair))
    shade.setColorAt(1, QColor(look.hair).darker(130))
    painter.setBrush(shade)
    painter.setPen(Qt.PenStyle.NoPen)
    for lock in _long_hair() if look.has_long_hair else (_short_hair(),):
        painter.drawPath(lock)
    strand = QPen(tint(look.hair_light, 120), 0.022)
    strand.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(strand)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for index in range(7):
        shift = index * 0.12
        if look.has_long_hair:
            painter.drawPath(
                path_of(
                    (-0.22 + shift * 0.5, -1.50),
                    (-0.72 - shift * 0.28, -1.25, -1.08 - shift * 0.2, -0.7, -1.10, 0.1 + shift),
                )
            )
        else:
            painter.drawPath(
                path_of(
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
    path = path_of(
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
    left = path_of(
        (0.12, -1.60),
        (-0.75, -1.72, -1.36, -1.05, -1.30, -0.10),
        (-1.27, 0.55, -1.48, 1.10, -1.36, 1.75),
        (-1.28, 2.10, -1.02, 2.10, -0.92, 1.85),
        (-0.98, 1.20, -0.92, 0.70, -1.00, 0.20),
        (-1.02, -0.45, -0.60, -0.92, 0.12, -1.18),
    )
    left.closeSubpath()
    right = path_of(
        (0.05, -1.60),
        (0.80, -1.70, 1.34, -1.05, 1.30, -0.10),
        (1.27, 0.55, 1.48, 1.10, 1.38, 1.75),
        (1.30, 2.10, 1.04, 2.10, 0.94, 1.85),
        (1.00, 1.20, 0.95, 0.70, 1.00, 0.20),
        (0.98, -0.45, 0.62, -0.95, 0.05, -1.18),
    )
    right.closeSubpath()
    return right, left
