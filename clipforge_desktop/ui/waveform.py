"""The sound around the clip: its cut as an outline, the play head as a line, a click seeks.

The ends of the outline are handles: dragged, they trim or lengthen the clip.
"""

from itertools import pairwise

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
HANDLE, DRAG_FROM = 7, 3
TICKS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


class WaveformStrip(QWidget):
    sought = Signal(float)  # source time
    trimmed = Signal(str, float)  # "start" or "end" was dragged to that source time

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._peaks = b""
        self._pieces: tuple[Piece, ...] = ()
        self._duration_s = 0.0
        self._now_s = 0.0
        self._heights: list[int] = []
        self._pressed_x = 0.0
        self._dragged: tuple[str, float] | None = None
        self.setMouseTracking(True)
        self.setAccessibleName("Waveform")
        self.setAccessibleDescription(
            "Sound around the clip; click to go to a moment, drag its ends, or use I and O."
        )
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
        if self._pieces:
            self._paint_clip(painter)
        self._paint_times(painter, start_s, end_s)
        x = self._x(self._now_s)
        painter.setPen(QPen(self._theme.color("text"), 2))
        painter.drawLine(QPointF(x, 2), QPointF(x, self.height() - 2))
        painter.end()

    def _ends_s(self) -> tuple[float, float]:
        """Of the clip, as they are dragged."""
        start_s, end_s = self._pieces[0].start_s, self._pieces[-1].end_s
        if self._dragged is not None:
            which, at_s = self._dragged
            return (at_s, end_s) if which == "start" else (start_s, at_s)
        return start_s, end_s

    def _paint_clip(self, painter: QPainter) -> None:
        """One outline with its two handles; what is cut out lies in the shade."""
        for before, after in pairwise(self._pieces):
            left, right = self._x(before.end_s), self._x(after.start_s)
            gone = QRectF(left, 11, right - left, 50)
            painter.fillRect(gone, self._theme.color("accent", 0.16))
        left, right = sorted(self._x(end_s) for end_s in self._ends_s())
        accent = self._theme.color("accent")
        painting.draw_ring(painter, QRectF(left, 9, right - left, 54), 8, accent)
        for x in (left, right):
            painting.fill_round(painter, QRectF(x - 2.5, 26, 5, 20), 2.5, accent)

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
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        handle = self._handle_at(event.position().x())
        if handle:
            self._pressed_x = event.position().x()
            self._dragged = (handle, self._ends_s()[0 if handle == "start" else 1])
        else:
            self.sought.emit(self._time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._dragged is not None:
            self._dragged = (self._dragged[0], self._time_at(x))
            self.update()
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(self._time_at(x))
        else:
            over = Qt.CursorShape.SizeHorCursor, Qt.CursorShape.PointingHandCursor
            self.setCursor(over[0 if self._handle_at(x) else 1])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, self._dragged = self._dragged, None
        if dragged is None:
            return
        self.update()
        if abs(event.position().x() - self._pressed_x) >= DRAG_FROM:
            self.trimmed.emit(*dragged)
        else:
            self.sought.emit(self._time_at(event.position().x()))

    def handle_x(self, which: str) -> float:
        """Where the handle of the clip's "start" or "end" is."""
        return self._x(self._ends_s()[0 if which == "start" else 1])

    def _handle_at(self, x: float) -> str:
        """The handle that is there, "" for none."""
        if not self._pieces:
            return ""
        which = min(("start", "end"), key=lambda which: abs(self.handle_x(which) - x))
        return which if abs(self.handle_x(which) - x) <= HANDLE else ""

    def _time_at(self, x: float) -> float:
        start_s, end_s = self.span_s()
        share = (x - SIDE) / max(self.width() - 2 * SIDE, 1)
        return start_s + min(max(share, 0.0), 1.0) * (end_s - start_s)
