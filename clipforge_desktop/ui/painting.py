"""Small strokes that painted views share: elided and wrapped text, chips, rings, a shadow."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QPixmap,
    QRadialGradient,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle

from clipforge_desktop.ui.theme import Theme

Align = Qt.AlignmentFlag


def draw_line(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    color: QColor,
    align: Align | None = None,
) -> None:
    """One line of text, cut with an ellipsis where it does not fit."""
    painter.setFont(font)
    painter.setPen(color)
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, (align or Align.AlignLeft) | Align.AlignVCenter, shown)


def draw_wrapped(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    color: QColor,
    line_height_px: int,
    most_lines: int,
) -> int:
    """Text in at most `most_lines` lines, the last one elided; returns the height in points."""
    painter.setPen(color)
    painter.setFont(font)
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    ascent = QFontMetricsF(font).ascent()
    lead = (line_height_px - QFontMetricsF(font).height()) / 2
    drawn = 0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(rect.width())
        start, end = line.textStart(), line.textStart() + line.textLength()
        piece = text[start:end].rstrip()
        is_cut = drawn == most_lines - 1 and end < len(text)
        if is_cut:
            piece = QFontMetricsF(font).elidedText(
                text[start:], Qt.TextElideMode.ElideRight, rect.width()
            )
        y = rect.top() + drawn * line_height_px + lead + ascent
        painter.drawText(QPointF(rect.left(), y), piece)
        drawn += 1
        if drawn == most_lines:
            break
    layout.endLayout()
    return drawn * line_height_px


def draw_ring(
    painter: QPainter, rect: QRectF, radius: float, color: QColor, width: float = 2
) -> None:
    """A rounded outline whose outer edge is `rect`."""
    inset = width / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, width))
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def fill_round(painter: QPainter, rect: QRectF, radius: float, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(rect, radius, radius)


def draw_ground(
    painter: QPainter, rect: QRectF, radius: float, state: QStyle.StateFlag, theme: Theme
) -> None:
    """What lies under a row or a card: one tone for selected, one for under the mouse."""
    if state & QStyle.StateFlag.State_Selected:
        fill_round(painter, rect, radius, theme.color("hover"))
    elif state & QStyle.StateFlag.State_MouseOver:
        fill_round(painter, rect, radius, theme.color("raised"))


def draw_bar(painter: QPainter, rect: QRectF, fraction: float, track: QColor, fill: QColor) -> None:
    """A thin bar filled from the left to `fraction` (0 to 1)."""
    radius = rect.height() / 2
    fill_round(painter, rect, radius, track)
    width = rect.width() * min(max(fraction, 0.0), 1.0)
    if width > 0:
        done = QRectF(rect.left(), rect.top(), max(width, rect.height()), rect.height())
        fill_round(painter, done, radius, fill)


def draw_chip(
    painter: QPainter, rect: QRectF, text: str, font: QFont, back: QColor, front: QColor
) -> None:
    fill_round(painter, rect, 6, back)
    painter.setFont(font)
    painter.setPen(front)
    painter.drawText(rect, Align.AlignCenter, text)


def soft_shadow(size: QSize, spread: int) -> QPixmap:
    """A rounded rectangle's shadow, `spread` points wide on every side."""
    small = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    small.fill(Qt.GlobalColor.transparent)
    painter = QPainter(small)
    gradient = QRadialGradient(32, 32, 32)
    for place, alpha in ((0.0, 130), (0.3, 95), (0.6, 40), (0.85, 8), (1.0, 0)):
        gradient.setColorAt(place, QColor(0, 0, 0, alpha))
    painter.fillRect(small.rect(), gradient)
    painter.end()
    whole = QPixmap(size + QSize(2 * spread, 2 * spread))
    whole.fill(Qt.GlobalColor.transparent)
    painter = QPainter(whole)
    edge = 2 * spread
    for row, (y, height, source_y, source_h) in enumerate(_thirds(whole.height(), edge)):
        for column, (x, width, source_x, source_w) in enumerate(_thirds(whole.width(), edge)):
            if (row, column) != (1, 1):
                painter.drawImage(
                    QRectF(x, y, width, height),
                    small,
                    QRectF(source_x, source_y, source_w, source_h),
                )
    painter.end()
    return whole


def _thirds(length: int, edge: int) -> list[tuple[float, float, float, float]]:
    """(place, length, place in the small picture, length there) of the nine-patch's rows."""
    return [
        (0, edge, 0, 31.5),
        (edge, max(length - 2 * edge, 0), 31.5, 1),
        (length - edge, edge, 32.5, 31.5),
    ]
