"""A sentence over a drawn picture, for styling captions before there is any clip."""

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QTimer
from PySide6.QtGui import QColor, QHideEvent, QImage, QLinearGradient, QPainter, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.ui.clip_canvas import ClipCanvas
from clipforge_desktop.ui.framing.layout import WHOLE_FRAME
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import label

SENTENCES = "Say it so they stay. The first 3 seconds decide, and Mira knows why."
WORD_S, GAP_S = 0.34, 0.7
FRAME_MS = 33
PICTURE = (540, 960)
WHY = "A sample sentence, until there is a clip. Every change shows here at once."


def sample_words(duration_s: float) -> tuple[Word, ...]:
    """The sample sentences, said again and again until `duration_s`."""
    words: list[Word] = []
    at_s = 0.3
    while at_s < max(duration_s, 1.0):
        for text in SENTENCES.split():
            words.append(Word(at_s, at_s + WORD_S * 0.92, text, speaker="Mira"))
            at_s += WORD_S + (GAP_S if text[-1] in ".?!" else 0.0)
    return tuple(words)


LOOP_S = sample_words(1.0)[-1].end_s + GAP_S


def picture() -> QImage:
    """Evening light over hills: bright above, dark below, so captions show on both."""
    width, height = PICTURE
    made = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    sky = QLinearGradient(QPointF(0, 0), QPointF(0, height))
    for place, tone in ((0.0, "#31466b"), (0.4, "#8d86a3"), (0.58, "#e8b089"), (1.0, "#5a4a56")):
        sky.setColorAt(place, QColor(tone))
    painter.fillRect(made.rect(), sky)
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(QColor("#ffe3bd"))
    painter.drawEllipse(QPointF(width * 0.66, height * 0.42), 46, 46)
    for top, tone, wide in ((0.56, "#5d5a78", 1.5), (0.64, "#41425e", 1.2), (0.74, "#262a3f", 1.7)):
        painter.setBrush(QColor(tone))
        for number in range(3):
            x = width * (number * 0.55 - 0.25 + wide / 10)
            painter.drawEllipse(QRectF(x, height * top, width * wide / 1.6, height * 0.9))
    painter.end()
    return made


class SamplePage(QWidget):
    """Plays the sample while it can be seen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.canvas = ClipCanvas(theme)
        self.canvas.setAccessibleName("Sample of the style")
        self.canvas.set_paused(False)
        note = label(WHY, "secondary", wraps=True)
        note.setContentsMargins(24, 0, 24, 16)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 8, 32, 8)
        column.addWidget(self.canvas, 1)
        column.addWidget(note)
        self._picture = picture()
        self._clock = QElapsedTimer()
        self._ticks = QTimer(self)
        self._ticks.setInterval(FRAME_MS)
        self._ticks.timeout.connect(self._tick)
        self.canvas.clicked.connect(self.toggle)

    def toggle(self) -> None:
        """Hold it still, or let it go on."""
        if self._ticks.isActive():
            self._ticks.stop()
        else:
            self._ticks.start()
        self.canvas.set_paused(not self._ticks.isActive())

    def show_at(self, clip_s: float) -> None:
        self.canvas.show_frame(self._picture, WHOLE_FRAME, clip_s)

    def _tick(self) -> None:
        self.show_at(self._clock.elapsed() / 1000 % LOOP_S)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()
        self._ticks.start()
        self._tick()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticks.stop()
