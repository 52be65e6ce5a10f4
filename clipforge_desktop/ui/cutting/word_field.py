"""The field in which one word is corrected, in its place among the others."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QWidget

from clipforge_desktop.ui.cutting.in_place import InPlaceField
from clipforge_desktop.ui.theme import font

ROOM = 22


class WordField(InPlaceField):
    """Tab keeps the text and goes to the word after."""

    given = Signal(int, str)
    step_wanted = Signal(int)  # 1 for the word after this one, -1 for the one before
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.index = -1
        self._before = ""
        self.setProperty("role", "word")
        self.setAccessibleName("Word")
        self.setFont(font(14))
        self.textChanged.connect(lambda _: self._fit())
        self.hide()

    def open(self, index: int, text: str, recognised: str, place: QRect) -> None:
        """Correct word `index`, which stands at `place` in the parent."""
        self.index, self._before = index, text
        self.setAccessibleName(f"Word: {recognised}")
        self.setAccessibleDescription("Enter keeps it, Escape gives up, empty hides the word.")
        self.setPlaceholderText(recognised)
        self.setText(text)
        self.move(place.left() - 9, place.top() - 2)
        self._fit()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def close_now(self, *, keeps: bool) -> None:
        """Hide, and hand over what was typed if it `keeps` it."""
        if self.index < 0:
            return
        index, self.index = self.index, -1
        text = " ".join(self.text().split())
        self.hide()
        if keeps and text != self._before:
            self.given.emit(index, text)

    def _fit(self) -> None:
        metrics = QFontMetrics(self.font())
        text = self.text() or self.placeholderText()
        parent = self.parentWidget()
        room = max((parent.width() if parent is not None else 0) - self.x() - 4, 60)
        width = min(max(metrics.horizontalAdvance(text) + ROOM, 48), room)
        self.resize(width, 28)

    def leave(self) -> None:
        self.left.emit()

    def event(self, event: QEvent) -> bool:
        """Tab goes on from word to word."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
            step = steps.get(Qt.Key(event.key()), 0)
            if step:
                self.step_wanted.emit(step)
                return True
        return super().event(event)
