"""The pictures around the faces: the room out of focus, the microphones, the slide.

Everything here is drawn once per shot, or, on the slide, with the seconds since it came up.
"""

import random

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QLinearGradient, QPainter, QPen, QRadialGradient

WIDTH_PX, HEIGHT_PX = 1280, 720
SHOP_COLOURS = ("#c8663f", "#e0b068", "#5f8a83", "#d9cdb8", "#7d4f3a", "#3f5f75")


def _glow(painter: QPainter, x: float, y: float, radius: float, colour: str, opacity: int) -> None:
    light = QRadialGradient(QPointF(x, y), radius)
    middle = QColor(colour)
    middle.setAlpha(opacity)
    rim = QColor(colour)
    rim.setAlpha(0)
    light.setColorAt(0, middle)
    light.setColorAt(1, rim)
    painter.setBrush(light)
    painter.drawEllipse(QPointF(x, y), radius, radius)


def _shelf(painter: QPainter, chance: random.Random, y: float) -> None:
    """A board with books and boxes standing on it."""
    painter.setBrush(QColor("#4a3426"))
    painter.drawRect(QRectF(700, y, 520, 13))
    x = 716.0
    while x < 1180:
        width, height = chance.uniform(13, 30), chance.uniform(52, 92)
        painter.setBrush(QColor(chance.choice(SHOP_COLOURS)).darker(chance.randint(105, 165)))
        painter.drawRect(QRectF(x, y - height, width, height))
        x += width + (chance.uniform(30, 70) if chance.random() < 0.16 else 2)


def _wheel(painter: QPainter, x: float, y: float, radius: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor("#171c20"), radius * 0.10))
    painter.drawEllipse(QPointF(x, y), radius, radius)
    painter.setPen(QPen(QColor("#8e969b"), 1.6))
    for spoke in range(18):
        painter.save()
        painter.translate(x, y)
        painter.rotate(spoke * 20)
        painter.drawLine(QPointF(0, 0), QPointF(radius, 0))
        painter.restore()
    painter.setPen(Qt.PenStyle.NoPen)


def _room() -> QImage:
    """The workshop in focus: wall, lamp, shelves, a wheel on a hook, a plant."""
    chance = random.Random(7)
    room = QImage(WIDTH_PX, HEIGHT_PX, QImage.Format.Format_RGB32)
    painter = QPainter(room)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    wall = QLinearGradient(0, 0, WIDTH_PX, HEIGHT_PX)
    wall.setColorAt(0, QColor("#37555a"))
    wall.setColorAt(0.55, QColor("#274046"))
    wall.setColorAt(1, QColor("#16262c"))
    painter.fillRect(room.rect(), wall)
    painter.setPen(Qt.PenStyle.NoPen)
    for column in range(0, WIDTH_PX, 80):
        painter.fillRect(QRectF(column, 0, 3, HEIGHT_PX), QColor(0, 0, 0, 34))
    for y in (210.0, 372.0, 534.0):
        _shelf(painter, chance, y)
    _wheel(painter, 250, 250, 150)
    painter.setBrush(QColor("#4b3a2c"))
    painter.drawRect(QRectF(0, 560, WIDTH_PX, 160))
    for leaf in range(16):
        painter.save()
        painter.translate(590, 545)
        painter.rotate(-80 + leaf * 10.5)
        painter.setBrush(QColor("#3f7a4b").darker(100 + (leaf * 37) % 60))
        painter.drawEllipse(QPointF(0, -88), 15, 62)
        painter.restore()
    painter.setBrush(QColor("#c8663f"))
    painter.drawRect(QRectF(553, 535, 74, 70))
    _glow(painter, 60, 30, 520, "#ffd9a0", 120)
    _glow(painter, 1190, 60, 330, "#ffb56b", 105)
    _glow(painter, 1195, 70, 46, "#fff1d6", 255)
    painter.end()
    return room


def backdrop(zoom: float, center: tuple[float, float], blur: int) -> QImage:
    """The room seen with `zoom` around `center` (0 to 1), out of focus by a factor `blur`."""
    room = _room()
    width, height = WIDTH_PX / zoom, HEIGHT_PX / zoom
    left = min(max(center[0] * WIDTH_PX - width / 2, 0), WIDTH_PX - width)
    top = min(max(center[1] * HEIGHT_PX - height / 2, 0), HEIGHT_PX - height)
    smooth = Qt.TransformationMode.SmoothTransformation
    ignore = Qt.AspectRatioMode.IgnoreAspectRatio
    part = room.copy(QRectF(left, top, width, height).toRect())
    for divisor in (blur // 2, blur, blur):
        small = part.scaled(WIDTH_PX // divisor, HEIGHT_PX // divisor, ignore, smooth)
        part = small.scaled(WIDTH_PX, HEIGHT_PX, ignore, smooth)
    painter = QPainter(part)
    edge = QRadialGradient(QPointF(WIDTH_PX / 2, HEIGHT_PX * 0.42), WIDTH_PX * 0.68)
    edge.setColorAt(0.45, QColor(0, 0, 0, 0))
    edge.setColorAt(1, QColor(0, 0, 0, 120))
    painter.fillRect(part.rect(), edge)
    painter.end()
    return part


def draw_microphone(painter: QPainter, x: float, y: float, size: float, side: int) -> None:
    """A studio microphone on an arm that comes in from the `side` (-1 left, 1 right)."""
    painter.save()
    painter.translate(x, y)
    painter.scale(size, size)
    arm = QPen(QColor("#14171b"), 0.13)
    arm.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(arm)
    painter.drawLine(QPointF(0, 0.55), QPointF(side * 1.1, 2.6))
    painter.setPen(Qt.PenStyle.NoPen)
    body = QLinearGradient(-0.36, 0, 0.36, 0)
    body.setColorAt(0, QColor("#565d66"))
    body.setColorAt(0.35, QColor("#2a2e34"))
    body.setColorAt(1, QColor("#0f1114"))
    painter.setBrush(body)
    painter.drawRoundedRect(QRectF(-0.34, -0.55, 0.68, 1.2), 0.34, 0.34)
    painter.fillRect(QRectF(-0.34, 0.12, 0.68, 0.07), QColor("#ff7a45"))
    painter.setPen(QPen(QColor(255, 255, 255, 26), 0.02))
    for line in range(7):
        painter.drawLine(QPointF(-0.30, -0.42 + line * 0.075), QPointF(0.30, -0.42 + line * 0.075))
    painter.restore()


def draw_table(painter: QPainter) -> None:
    """The near edge of the table, for the shot of both."""
    top = QLinearGradient(0, 628, 0, HEIGHT_PX)
    top.setColorAt(0, QColor("#9a6a43"))
    top.setColorAt(0.12, QColor("#7a4f30"))
    top.setColorAt(1, QColor("#3f2717"))
    painter.fillRect(QRectF(0, 628, WIDTH_PX, HEIGHT_PX - 628), top)


def _font(family_px: int, weight: QFont.Weight) -> QFont:
    font = QFont(["Inter", "DejaVu Sans"])
    font.setPixelSize(family_px)
    font.setWeight(weight)
    return font


def _eased(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return 1 - (1 - share) ** 3


def draw_slide(painter: QPainter, seconds: float, bars: tuple[float, float]) -> None:
    """Two bars, each growing from the second given in `bars` on."""
    ground = QLinearGradient(0, 0, WIDTH_PX, HEIGHT_PX)
    ground.setColorAt(0, QColor("#fbf4e9"))
    ground.setColorAt(1, QColor("#f0e2cd"))
    painter.fillRect(QRectF(QPointF(0, 0), QSizeF(WIDTH_PX, HEIGHT_PX)), ground)
    painter.setPen(QColor("#2a1d17"))
    painter.setFont(_font(52, QFont.Weight.Bold))
    left = int(Qt.AlignmentFlag.AlignLeft)
    painter.drawText(QRectF(96, 64, 1100, 70), left, "Who never came back")
    painter.setFont(_font(27, QFont.Weight.Normal))
    painter.setPen(QColor("#7a6653"))
    painter.drawText(QRectF(96, 136, 1100, 44), left, "of 100 customers, first winter")
    rows = (("No call", 61, "#c8502d", bars[0]), ("One short call", 9, "#3d7a68", bars[1]))
    for index, (label, count, colour, from_s) in enumerate(rows):
        grown = _eased((seconds - from_s) / 0.9)
        y = 236 + index * 200
        painter.setPen(QColor("#2a1d17"))
        painter.setFont(_font(34, QFont.Weight.DemiBold))
        painter.drawText(QRectF(96, y, 700, 46), left, label)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#e6d5bc"))
        painter.drawRoundedRect(QRectF(96, y + 54, 900, 76), 12, 12)
        painter.setBrush(QColor(colour))
        if grown > 0:
            painter.drawRoundedRect(QRectF(96, y + 54, 24 + 876 * count / 61 * grown, 76), 12, 12)
            painter.setPen(QColor(colour))
            painter.setFont(_font(76, QFont.Weight.ExtraBold))
            painter.drawText(
                QRectF(1020, y + 42, 220, 100), left, str(round(count * min(grown * 1.02, 1)))
            )
