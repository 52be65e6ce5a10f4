"""The words of a transcript to read: laid out, painted with their marks, following the play head.

Only the visible lines are painted; hours of talk are laid out in slices of a few milliseconds.
What the mouse and the keys do with words is in `transcript_view`.
"""

from bisect import bisect_right

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.ui import painting
from clipforge_desktop.ui.theme import Theme, font
from clipforge_desktop.ui.word_lines import LINE, MARGIN, WordLines
from clipforge_desktop.ui.word_painting import UNSURE_DRAFT_BELOW, Marks, WordPainting


class WordArea(QAbstractScrollArea):
    selection_changed = Signal()  # or what is known about the selected words

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = WordLines(font(14))
        self._painting = WordPainting(theme, self._words)
        self._transcript: Transcript | None = None
        self._recognised: Transcript | None = None
        self._sentence = ""
        self._texts: list[str] = []
        self._starts: list[float] = []
        self._marks = Marks()
        self._follows = True
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._lay_out_slice)
        self.setAccessibleName("Transcript")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self.viewport().update)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    @property
    def active_word(self) -> int:
        """Index of the word under the play head, -1 for none."""
        return self._marks.active

    @property
    def marks(self) -> Marks:
        """What is to be seen on the words."""
        return self._marks

    @property
    def selection(self) -> tuple[int, int] | None:
        """Numbers of the selected words (first, end exclusive); None without a selection."""
        first, end = self._marks.selected
        return (first, end) if end > first else None

    def show_transcript(self, transcript: Transcript | None, sentence: str = "") -> None:
        """The words, or `sentence` in their place when there are none."""
        self._marks = Marks(pieces=self._marks.pieces)
        self._sentence = sentence
        self._follows = True
        if transcript is not None and transcript.origin == "draft":
            self._marks.unsure_below = UNSURE_DRAFT_BELOW
        words = transcript.words if transcript is not None else ()
        self._transcript, self._recognised = transcript if words else None, None
        self._texts = [word.text for word in words]
        self._starts = [word.start_s for word in words]
        self._lay_out()
        self.selection_changed.emit()

    def show_corrected(self, transcript: Transcript, recognised: Transcript) -> None:
        """The same words as they read now; those that were recognised otherwise are marked."""
        changed = zip(transcript.words, recognised.words, strict=True)
        self._marks.corrected = frozenset(
            n for n, (word, heard) in enumerate(changed) if word.text != heard.text
        )
        if not transcript.words:
            return
        before = self._texts
        self._texts = [
            word.text or f"({heard.text})"
            for word, heard in zip(transcript.words, recognised.words, strict=True)
        ]
        self._transcript, self._recognised = transcript, recognised
        pairs = enumerate(zip(before, self._texts, strict=True))
        first = next((n for n, (was, text) in pairs if was != text), -1)
        if first >= 0:
            self._words.start_at(transcript, self._texts, first)
            self._timer.start()
            self._lay_out_slice()
        self.selection_changed.emit()

    def show_pieces(self, pieces: tuple[Piece, ...]) -> None:
        """Words outside of the clip's pieces stand back."""
        self._marks.pieces = pieces
        self._follows = True
        self.viewport().update()

    def show_cuts(self, struck: frozenset[int], pauses: frozenset[int]) -> None:
        """Words that are cut out of the clip, and words after which a pause is."""
        self._marks.struck, self._marks.pauses = struck, pauses
        self.viewport().update()
        self.selection_changed.emit()

    def show_time(self, source_s: float) -> None:
        """Light the word that is spoken at that time."""
        index = bisect_right(self._starts, source_s) - 1
        if index == self._marks.active:
            return
        self._marks.active = index
        if index >= 0 and self.selection is None:
            self.setAccessibleDescription(f"Now: {self._texts[index]}")
        self._follow()
        self.viewport().update()

    def follow_again(self) -> None:
        self._follows = True
        self._follow()

    def word_rect(self, index: int) -> QRectF:
        """Where a word stands, in viewport points; empty while it is not laid out."""
        rect = self._words.rect(index)
        return rect.translated(0, -self.verticalScrollBar().value()) if rect.isValid() else rect

    # -- laying out and painting --------------------------------------------------------

    def _lay_out(self) -> None:
        self._words.start(self._transcript, self._texts, self.viewport().width())
        self._timer.start()
        self._lay_out_slice()

    def _lay_out_slice(self) -> None:
        is_done = self._words.go_on()
        if is_done:
            self._timer.stop()
        self._set_range()
        if is_done:
            self._follow()
        self.viewport().update()

    def _set_range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(LINE)
        bar.setRange(0, max(0, self._words.height - self.viewport().height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.viewport().rect()
        if self._transcript is None:
            rect = area.adjusted(MARGIN, 14, -MARGIN, 0)
            muted = self._theme.color("muted")
            painting.draw_wrapped(painter, rect, self._sentence, font(13), muted, 20, 12)
        else:
            top = self.verticalScrollBar().value()
            self._painting.paint(
                painter, self._transcript, self._texts, self._marks, top, area.height()
            )
        if self.hasFocus():
            ring = QRectF(area).adjusted(2, 2, -2, -2)
            painting.draw_ring(painter, ring, 8, self._theme.color("accent"))
        painter.end()

    # -- reading along ------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        """Somebody is doing something with a word: the text must stay where it is."""
        return False

    def _follow(self) -> None:
        if self._follows and not self.is_busy and self._words.rect(self._marks.active).isValid():
            self._show_word(self._marks.active)

    def _show_word(self, index: int) -> None:
        y = round(self._words.rect(index).top())
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        if not bar.value() + LINE <= y <= bar.value() + height - 3 * LINE:
            bar.setValue(y - height // 3)

    def _word_at(self, point: QPoint) -> int:
        return self._words.word_at(point.x(), point.y() + self.verticalScrollBar().value())

    def _word_near(self, point: QPoint) -> int:
        return self._words.word_near(point.x(), point.y() + self.verticalScrollBar().value())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._follows = False
        super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._lay_out()
        else:
            self._set_range()
