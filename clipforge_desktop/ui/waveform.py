"""The sound around the clip: its cut as an outline, the play head as a line, a click seeks."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.ui import painting, phrases
from clipforge_desktop.ui.theme import Theme, font

PEAKS_A_SECOND = 50
BAR, GAP = 3, 2
SIDE = 16
AROUND = 0.35
TICKS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


class WaveformStrip(QWidget):
    sought = Signal(float)  # source time

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._peaks = b""
        self._pieces: tuple[Piece, ...] = ()
        self._duration_s = 0.0
        self._now_s = 0.0
        self._heights: list[int] = []
        self.setAccessibleName("Waveform")
        self.setAccessibleDescription("Sound around the clip; click to go to a moment.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(400, 84)

    def show_sound(self, peaks: bytes, duration_s: float) -> None:
        self._peaks, self._duration_s = peaks, duration_s
        self._heights = []
        self.update()

    def show_pieces(self, pieces: tuple[Piece, ...]) -> None:
        self._pieces = pieces
        self._heights = []
        self.update()

    def show_time(self, source_s: float) -> None:
        before = self._x(self._now_s)
        self._now_s = source_s
        after = self._x(source_s)
        for x in (before, after):
            self.update(round(x) - 3, 0, 7, self.height())

    def span_s(self) -> tuple[float, float]:
        """Source times at the left and right edge."""
        if not self._pieces:
            return 0.0, max(self._duration_s, 1.0)
        first, last = self._pieces[0].start_s, self._pieces[-1].end_s
        more_s = max((last - first) * AROUND, 3.0)
        return max(0.0, first - more_s), min(max(self._duration_s, last), last + more_s)

    def _x(self, source_s: float) -> float:
        start_s, end_s = self.span_s()
        return SIDE + (source_s - start_s) / (end_s - start_s) * (self.width() - 2 * SIDE)

    def _bars(self) -> list[int]:
        """Loudest peak per bar; worked out once per span and width."""
        number = max((self.width() - 2 * SIDE) // (BAR + GAP), 1)
        if len(self._heights) != number:
            start_s, end_s = self.span_s()
            step = (end_s - start_s) * PEAKS_A_SECOND / number
            first = start_s * PEAKS_A_SECOND
            self._heights = [
                max(self._peaks[int(first + step * n) : int(first + step * (n + 1)) + 1], default=0)
                for n in range(number)
            ]
        return self._heights

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(event.rect())
        middle, most = 36.0, 40.0
        inside, outside = self._theme.color("muted"), self._theme.color("muted", 0.45)
        bars = self._bars()
        loudest = max(max(bars, default=0), 24)
        start_s, end_s = self.span_s()
        for place, peak in enumerate(bars):
            time_s = start_s + (place + 0.5) / len(bars) * (end_s - start_s)
            is_in = any(piece.start_s <= time_s < piece.end_s for piece in self._pieces)
            height = max(2.0, most * peak / loudest)
            x = SIDE + place * (self.width() - 2 * SIDE) / len(bars)
            painter.fillRect(
                QRectF(x, middle - height / 2, BAR, height), inside if is_in else outside
            )
        for piece in self._pieces:
            left, right = self._x(piece.start_s), self._x(piece.end_s)
            box = QRectF(left, 9, right - left, 54)
            painting.draw_ring(painter, box, 8, self._theme.color("accent"))
        self._paint_times(painter, start_s, end_s)
        x = self._x(self._now_s)
        painter.setPen(QPen(self._theme.color("text"), 2))
        painter.drawLine(QPointF(x, 2), QPointF(x, self.height() - 2))
        painter.end()

    def _paint_times(self, painter: QPainter, start_s: float, end_s: float) -> None:
        room = max((self.width() - 2 * SIDE) / 72, 1)
        step = next((tick for tick in TICKS_S if tick >= (end_s - start_s) / room), TICKS_S[-1])
        painter.setFont(font(11))
        painter.setPen(self._theme.color("muted"))
        tick_s = (int(start_s // step) + 1) * step
        while tick_s < end_s:
            place = QRectF(self._x(tick_s) - 36, self.height() - 18, 72, 15)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, phrases.clock(tick_s))
            tick_s += step

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._seek_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._seek_to(event.position().x())

    def _seek_to(self, x: float) -> None:
        start_s, end_s = self.span_s()
        share = (x - SIDE) / max(self.width() - 2 * SIDE, 1)
        self.sought.emit(start_s + min(max(share, 0.0), 1.0) * (end_s - start_s))
