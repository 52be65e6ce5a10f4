"""The shots of the clip in one thin row below the sound: cuts as gaps, each shot in the tint of
its framing. It lies on the same time axis as the waveform; a click goes to a shot's start.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import FramingKind
from clipforge_desktop.ui import painting, phrases
from clipforge_desktop.ui.framing.section import ShotState, described
from clipforge_desktop.ui.theme import Theme, font
from clipforge_desktop.ui.waveform import SIDE, WaveformStrip

HEIGHT = 18
TINTS = {
    FramingKind.FILL: "#4f8fe8",
    FramingKind.FIT: "#8b93a3",
    FramingKind.SPLIT: "#a873e0",
    FramingKind.SCREEN: "#2fa39a",
    FramingKind.WIDE: "#b8923c",
}
LABEL_FROM = 44
CURRENT, OTHERS = 0.7, 0.3  # opacity


@dataclass(frozen=True)
class StripShot:
    """`spans` are the source times that the shot shows."""

    spans: tuple[Piece, ...]
    state: ShotState


class ShotStrip(QWidget):
    chosen = Signal(float)  # source time

    def __init__(self, theme: Theme, wave: WaveformStrip) -> None:
        super().__init__()
        self._theme = theme
        self._wave = wave
        self._shots: tuple[StripShot, ...] = ()
        self._current: int | None = None
        self.setMouseTracking(True)
        self.setAccessibleName("Shots")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    @property
    def shots(self) -> tuple[StripShot, ...]:
        return self._shots

    def show_shots(self, shots: tuple[StripShot, ...]) -> None:
        self._shots = shots
        self._current = None
        titles = ", ".join(described(shot.state) for shot in shots)
        self.setAccessibleDescription(f"{len(shots)} shots: {titles}" if shots else "")
        self.update()

    def show_current(self, number: int | None) -> None:
        """The shot under the play head."""
        if number != self._current:
            self._current = number
            self.update()

    def shot_rect(self, number: int) -> QRectF:
        """Where the shot's first stretch is drawn, in points."""
        return next(self._rects(self._shots[number]))

    def _rects(self, shot: StripShot) -> Iterator[QRectF]:
        start_s, end_s = self._wave.span_s()
        scale = (self.width() - 2 * SIDE) / (end_s - start_s)
        for span in shot.spans:
            left = SIDE + (span.start_s - start_s) * scale
            width = max((span.end_s - span.start_s) * scale - 2, 1)  # the gap is the cut
            yield QRectF(left + 1, 3, width, HEIGHT - 4)

    def _at(self, x: float) -> int | None:
        for number, shot in enumerate(self._shots):
            if any(rect.left() - 1 <= x <= rect.right() + 1 for rect in self._rects(shot)):
                return number
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, shot in enumerate(self._shots):
            tint = QColor(TINTS[shot.state.kind])
            is_current = number == self._current
            tint.setAlphaF(CURRENT if is_current else OTHERS)
            for place, rect in enumerate(self._rects(shot)):
                painting.fill_round(painter, rect, 3, tint)
                if place == 0 and rect.width() >= LABEL_FROM:
                    self._write(painter, rect, shot.state, is_current)
        painter.end()

    def _write(self, painter: QPainter, rect: QRectF, state: ShotState, is_current: bool) -> None:
        """The framing's name; an asterisk where a person chose it."""
        text = state.kind.value.capitalize() + (" *" if state.is_touched else "")
        inner, color = rect.adjusted(6, 0, -4, 0).toRect(), self._theme.color("text")
        painting.draw_line(painter, inner, text, font(11, 600 if is_current else 400), color)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            number = self._at(event.pos().x())
            QToolTip.showText(event.globalPos(), "" if number is None else self.tip(number), self)
            return True
        return super().event(event)

    def tip(self, number: int) -> str:
        """What a shot says when the mouse rests on it."""
        shot = self._shots[number]
        start, end = shot.spans[0].start_s, shot.spans[-1].end_s
        times = f"{phrases.clock(start)} to {phrases.clock(end)}"
        return f"Shot {number + 1} of {len(self._shots)}, {times}\n{described(shot.state)}"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_over = self._at(event.position().x()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position().x())
        if number is not None:
            self.chosen.emit(self._shots[number].spans[0].start_s)
