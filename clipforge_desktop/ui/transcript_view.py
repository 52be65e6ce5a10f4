"""The transcript: every word where it was said, the active one lit, each a way to that moment.

Lines are broken here, word by word, in slices of a few milliseconds, so that hours of talk
never hold the window up; only the visible lines are painted. The text follows the play head
until the reader scrolls away.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from time import perf_counter

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.ui import painting, phrases
from clipforge_desktop.ui.theme import Theme, font

MARGIN, LINE, TIME_LINE, GAP = 16, 24, 18, 8
SLICE_S = 0.003
TIME_EVERY_S = 20.0
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "sd", "ug"})


@dataclass
class _Line:
    """A line of words, or of one time when `time_s` is set. `xs` are left edges."""

    y: int
    first: int = 0
    xs: list[float] = field(default_factory=list)
    time_s: float | None = None


class TranscriptView(QAbstractScrollArea):
    word_chosen = Signal(float)  # source time

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._face = font(14)
        self._metrics = QFontMetricsF(self._face)
        self._space = self._metrics.horizontalAdvance(" ")
        self._widths: dict[str, float] = {}
        self._transcript: Transcript | None = None
        self._sentence = ""
        self._pieces: tuple[Piece, ...] = ()
        self._starts: list[float] = []
        self._lines: list[_Line] = []
        self._line_of: list[int] = []
        self._next_sentence = 0
        self._last_time_s = -1e9
        self._active = -1
        self._follows = True
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._lay_out_slice)
        self.setAccessibleName("Transcript")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.viewport().update)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    @property
    def active_word(self) -> int:
        """Index of the word under the play head, -1 for none."""
        return self._active

    def show_transcript(self, transcript: Transcript | None, sentence: str = "") -> None:
        """The words, or `sentence` in their place when there are none."""
        self._transcript = transcript if transcript is not None and transcript.words else None
        self._sentence = sentence
        words = self._transcript.words if self._transcript is not None else ()
        self._starts = [word.start_s for word in words]
        self._active = -1
        self._follows = True
        self._lay_out()

    def show_pieces(self, pieces: tuple[Piece, ...]) -> None:
        """Words outside of the clip's pieces stand back."""
        self._pieces = pieces
        self._follows = True
        self.viewport().update()

    def show_time(self, source_s: float) -> None:
        """Light the word that is spoken at that time."""
        index = bisect_right(self._starts, source_s) - 1
        if index == self._active:
            return
        self._active = index
        if self._transcript is not None and index >= 0:
            self.setAccessibleDescription(f"Now: {self._transcript.words[index].text}")
        self._follow()
        self.viewport().update()

    def follow_again(self) -> None:
        self._follows = True
        self._follow()

    def word_rect(self, index: int) -> QRectF:
        """Where a word stands, in viewport points; empty while it is not laid out."""
        if not 0 <= index < len(self._line_of):
            return QRectF()
        line = self._lines[self._line_of[index]]
        x = line.xs[index - line.first]
        y = line.y - self.verticalScrollBar().value()
        return QRectF(x, y, self._width_of(index), LINE)

    # -- laying out ---------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._lines = []
        self._line_of = []
        self._next_sentence = 0
        self._last_time_s = -1e9
        self._timer.start()
        self._lay_out_slice()

    def _lay_out_slice(self) -> None:
        transcript = self._transcript
        sentences = transcript.sentences if transcript is not None else ()
        until = perf_counter() + SLICE_S
        while self._next_sentence < len(sentences) and perf_counter() < until:
            sentence = sentences[self._next_sentence]
            self._next_sentence += 1
            if sentence.end > sentence.first:
                self._lay_out_sentence(sentence.first, sentence.end)
        is_done = self._next_sentence >= len(sentences)
        if is_done:
            self._timer.stop()
        self._set_range(len(sentences))
        if is_done:
            self._follow()
        self.viewport().update()

    def _set_range(self, sentences: int) -> None:
        height = self._bottom() + MARGIN
        if 0 < self._next_sentence < sentences:
            height = round(height * sentences / self._next_sentence)
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(LINE)
        bar.setRange(0, max(0, height - self.viewport().height()))

    def _bottom(self) -> int:
        if not self._lines:
            return 0
        last = self._lines[-1]
        return last.y + (TIME_LINE if last.time_s is not None else LINE)

    def _lay_out_sentence(self, first: int, end: int) -> None:
        assert self._transcript is not None
        words = self._transcript.words
        y = self._bottom() + (GAP if self._lines else MARGIN - 4)
        if words[first].start_s - self._last_time_s >= TIME_EVERY_S:
            self._last_time_s = words[first].start_s
            self._lines.append(_Line(y, time_s=self._last_time_s))
            y += TIME_LINE
        right = self.viewport().width() - MARGIN
        line = _Line(y, first)
        x = float(MARGIN)
        for index in range(first, end):
            width = self._width_of(index)
            lead = 0.0 if words[index].joined or not line.xs else self._space
            if line.xs and x + lead + width > right:
                self._close(line)
                line, x, lead = _Line(line.y + LINE, index), float(MARGIN), 0.0
            line.xs.append(x + lead)
            self._line_of.extend([len(self._lines)] * (index + 1 - len(self._line_of)))
            x += lead + width
        self._close(line)

    def _close(self, line: _Line) -> None:
        """Add a full line; mirrored in languages that are read from right to left."""
        if self._transcript is not None and self._transcript.language in RIGHT_TO_LEFT:
            width = self.viewport().width()
            line.xs = [
                width - x - self._width_of(line.first + place) for place, x in enumerate(line.xs)
            ]
        self._lines.append(line)

    def _width_of(self, index: int) -> float:
        assert self._transcript is not None
        text = self._transcript.words[index].text
        width = self._widths.get(text)
        if width is None:
            width = self._widths[text] = self._metrics.horizontalAdvance(text)
        return width

    # -- painting -----------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._transcript is None:
            rect = self.viewport().rect().adjusted(MARGIN, 14, -MARGIN, 0)
            muted = self._theme.color("muted")
            painting.draw_wrapped(painter, rect, self._sentence, font(13), muted, 20, 12)
        else:
            self._paint_lines(painter, self._transcript)
        if self.hasFocus():
            ring = QRectF(self.viewport().rect()).adjusted(2, 2, -2, -2)
            painting.draw_ring(painter, ring, 8, self._theme.color("accent"))
        painter.end()

    def _paint_lines(self, painter: QPainter, transcript: Transcript) -> None:
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        place = max(bisect_right(self._lines, top, key=lambda line: line.y) - 1, 0)
        text, muted = self._theme.color("text"), self._theme.color("muted")
        for line in self._lines[place:]:
            if line.y > bottom:
                break
            y = line.y - top
            if line.time_s is not None:
                painter.setFont(font(12))
                painter.setPen(muted)
                painter.drawText(MARGIN, y + 13, phrases.clock(line.time_s))
                continue
            painter.setFont(self._face)
            baseline = y + (LINE - self._metrics.height()) / 2 + self._metrics.ascent()
            for offset, x in enumerate(line.xs):
                index = line.first + offset
                word = transcript.words[index]
                if index == self._active:
                    lit = QRectF(x - 3, y + 1, self._width_of(index) + 6, LINE - 2)
                    painting.fill_round(painter, lit, 4, self._theme.color("accent", 0.3))
                painter.setPen(text if self._is_heard(word.start_s, word.end_s) else muted)
                painter.drawText(
                    QRectF(x, 0, 0, 0).topLeft() + QPoint(0, round(baseline)), word.text
                )

    def _is_heard(self, start_s: float, end_s: float) -> bool:
        middle_s = (start_s + end_s) / 2
        return not self._pieces or any(p.start_s <= middle_s < p.end_s for p in self._pieces)

    # -- reading along ------------------------------------------------------------------

    def _follow(self) -> None:
        if not self._follows or not 0 <= self._active < len(self._line_of):
            return
        y = self._lines[self._line_of[self._active]].y
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        if not bar.value() + LINE <= y <= bar.value() + height - 3 * LINE:
            bar.setValue(y - height // 3)

    def _word_at(self, point: QPoint) -> int:
        y = point.y() + self.verticalScrollBar().value()
        place = bisect_right(self._lines, y, key=lambda line: line.y) - 1
        if place < 0 or self._lines[place].time_s is not None:
            return -1
        line = self._lines[place]
        if y > line.y + LINE:
            return -1
        for offset, x in enumerate(line.xs):
            index = line.first + offset
            if x - self._space / 2 <= point.x() <= x + self._width_of(index) + self._space / 2:
                return index
        return -1

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._word_at(event.position().toPoint())
        if index >= 0:
            self._follows = True
            self.word_chosen.emit(self._starts[index])

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._follows = False
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from word to word; up and down scroll."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self._starts:
            index = min(max(self._active + step, 0), len(self._starts) - 1)
            self._follows = True
            self.word_chosen.emit(self._starts[index])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._lay_out()
        else:
            sentences = self._transcript.sentences if self._transcript is not None else ()
            self._set_range(len(sentences))
