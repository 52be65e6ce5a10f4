"""The transcript: every word a way to its moment, to be selected, corrected and struck.

Words are selected by dragging or with Shift and corrected in place; what a strike means is up
to whoever listens. The text follows the play head until the reader scrolls away.
"""

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.ui.cutting.word_field import WordField
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.word_area import WordArea
from clipforge_desktop.ui.word_painting import tip

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_LINES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class TranscriptView(WordArea):
    word_chosen = Signal(float)  # source time
    strike_wanted = Signal()  # what is selected, or the active word
    pause_chosen = Signal(int)  # the cut pause after this word was clicked
    corrected = Signal(int, str)  # how this word should read

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._anchor = -1
        self._pressed: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.field = WordField(self.viewport())
        self.field.given.connect(self.corrected)
        self.field.step_wanted.connect(self._edit_beside)
        self.field.left.connect(self.setFocus)

    @property
    def is_busy(self) -> bool:
        return self._pressed is not None or self.field.isVisible()

    def show_transcript(self, transcript: Transcript | None, sentence: str = "") -> None:
        """The words, or `sentence` in their place when there are none."""
        self.field.close_now(keeps=False)
        self._anchor = -1
        super().show_transcript(transcript, sentence)

    # -- selecting ----------------------------------------------------------------------

    def select(self, first: int, end: int) -> None:
        """Select words; none when `end` is not beyond `first`."""
        if (first, end) == self._marks.selected:
            return
        self._marks.selected = (first, end) if end > first else (0, 0)
        if end > first:
            words = " ".join(self._texts[first : min(end, first + 30)])
            self.setAccessibleDescription(f"Selected: {words}")
        self.viewport().update()
        self.selection_changed.emit()

    def clear_selection(self) -> None:
        self._anchor = -1
        self.select(0, 0)

    def _select_to(self, index: int) -> None:
        if self._anchor < 0:
            self._anchor = max(self._marks.active, 0)
        self.select(min(self._anchor, index), max(self._anchor, index) + 1)
        rect = self.word_rect(index)
        if not QRectF(self.viewport().rect()).contains(rect):
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + round(rect.center().y()) - self.viewport().height() // 2)

    # -- correcting ------------------------------------------------------------------------

    def edit_word(self, index: int) -> None:
        """Open the field in the place of a word."""
        if self._transcript is None or not 0 <= index < len(self._texts):
            return
        self._follows = False
        if not self.viewport().rect().contains(self.word_rect(index).toRect()):
            self._show_word(index)
        heard = self._recognised or self._transcript
        text = self._transcript.words[index].text
        self.field.open(index, text, heard.words[index].text, self.word_rect(index).toRect())

    def edit_here(self) -> None:
        """Correct the first selected word, or the active one."""
        self.edit_word(self.selection[0] if self.selection else self._marks.active)

    def _edit_beside(self, step: int) -> None:
        index = self.field.index + step
        self.field.close_now(keeps=True)
        self.edit_word(min(max(index, 0), len(self._texts) - 1))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.field.close_now(keeps=True)
        super().scrollContentsBy(dx, dy)

    # -- the mouse -------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self._word_at(point)
        if event.button() is not Qt.MouseButton.LeftButton or self._transcript is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._select_to(self._word_near(point))
        else:
            self._pressed = point
            self._anchor = index

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._pressed is None:
            return
        way = (point - self._pressed).manhattanLength()
        if self.selection is None and way < QApplication.startDragDistance():
            return
        if self._anchor < 0:
            self._anchor = self._word_near(self._pressed)
        self._follows = False
        self._select_to(self._word_near(point))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        index = self._word_at(event.position().toPoint())
        if pressed is None or (self.selection is not None and index != self._word_at(pressed)):
            return
        self.select(0, 0)
        if index < 0:
            return
        pause = self._pause_at(event.position().toPoint(), index)
        self._follows = True
        if pause >= 0:
            self.pause_chosen.emit(pause)
        elif index in self._marks.struck:
            self._anchor = index
            self.select(index, index + 1)
        else:
            self.word_chosen.emit(self._starts[index])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        index = self._word_at(event.position().toPoint())
        if index >= 0:
            self.edit_word(index)

    def _pause_at(self, point: QPoint, index: int) -> int:
        """The word whose cut pause is marked there, or -1."""
        for number in (index - 1, index):
            right = self.word_rect(number).right()
            is_there = right - 1 <= point.x() <= right + self._words.space + 1
            if number in self._marks.pauses and is_there:
                return number
        return -1

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            index = self._word_at(event.pos())
            heard = self._recognised or self._transcript
            text = "" if index < 0 or heard is None else tip(self._marks, index, heard.words[index])
            if index >= 0 and self._pause_at(event.pos(), index) >= 0:
                text = "A pause is shortened here. Click to bring it back."
            QToolTip.showText(event.globalPos(), text, self.viewport())
            return True
        return super().viewportEvent(event)

    # -- the keys --------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Escape ends a selection before it means anything to the window."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.selection is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from word to word, with Shift they select; Enter corrects."""
        key = Qt.Key(event.key())
        if not self._starts:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and (
            key in _STEPS or key in _LINES
        ):
            self._extend(key)
        elif key in _STEPS:
            self._go_beside(_STEPS[key])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.strike_wanted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_here()
        elif key is Qt.Key.Key_Escape:
            self.clear_selection()
        else:
            super().keyPressEvent(event)

    def _extend(self, key: Qt.Key) -> None:
        first, end = self.selection or (self._marks.active, self._marks.active + 1)
        at = end - 1 if self._anchor <= first else first
        if self.selection is None:
            self._anchor = at = max(self._marks.active, 0)
        step = at + _STEPS[key] if key in _STEPS else self._words.word_beside(at, _LINES[key])
        self._select_to(min(max(step, 0), len(self._starts) - 1))

    def _go_beside(self, step: int) -> None:
        self.clear_selection()
        index = min(max(self._marks.active + step, 0), len(self._starts) - 1)
        while index in self._marks.struck and 0 < index < len(self._starts) - 1:
            index += step
        self._follows = True
        self.word_chosen.emit(self._starts[index])
