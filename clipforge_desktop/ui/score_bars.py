"""The parts of a clip's score as bars, and one sentence of advice below them."""

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clipforge_desktop.domain.clip import FoundClip
from clipforge_desktop.ui import painting
from clipforge_desktop.ui.theme import Theme, font

ROW = 22


class ScoreBars(QWidget):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clip: FoundClip | None = None
        self.setAccessibleName("Score")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_clip(self, clip: FoundClip | None) -> None:
        self._clip = clip
        if clip is not None:
            parts = ", ".join(f"{part.name} {round(part.value * 100)} %" for part in clip.reasons)
            self.setAccessibleDescription(f"Score {clip.score}. {parts}. {clip.advice}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows = len(self._clip.reasons) if self._clip is not None else 0
        return QSize(272, rows * ROW + 78)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._clip is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width()
        names, track = round(width * 0.54), self._theme.color("line")
        top = 0
        for part in self._clip.reasons:
            row = QRect(0, top, names, ROW)
            painting.draw_line(painter, row, part.name, font(12), self._theme.color("muted"))
            bar = QRectF(names + 8, top + ROW / 2 - 2, width - names - 8, 4)
            tone = "ok" if part.value >= 0.5 else "warn" if part.value >= 0.25 else "muted"
            painting.draw_bar(painter, bar, part.value, track, self._theme.color(tone))
            top += ROW
        advice = QRect(0, top + 8, width, 64)
        muted = self._theme.color("muted")
        painting.draw_wrapped(painter, advice, self._clip.advice, font(12), muted, 16, 4)
        painter.end()
