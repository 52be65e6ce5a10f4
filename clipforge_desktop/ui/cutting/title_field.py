"""The field in which a clip's title is changed, over the place where it is shown."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

WIDTH = 280
LONGEST = 120


class TitleField(QLineEdit):
    """Enter or a click elsewhere keeps the title, Escape gives up; empty is the found title."""

    given = Signal(str)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._before = ""
        self.setMaxLength(LONGEST)
        self.setAccessibleName("Title of the clip")
        self.hide()

    def open(self, own: str, found: str, place: QRect) -> None:
        """Ask at `place` of the page; `own` is the title that the user gave, "" for none."""
        self._before = own
        self.setPlaceholderText(found)
        self.setText(own or found)
        x = min(max(place.left() - 8, 8), max(self._page.width() - WIDTH - 8, 8))
        self.setGeometry(x, place.top() - 8, WIDTH, max(34, place.height() + 16))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def event(self, event: QEvent) -> bool:
        """Every key is meant for the field while it is open."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._close(keeps=True)
        elif event.key() == Qt.Key.Key_Escape:
            self._close(keeps=False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._close(keeps=True)

    def _close(self, *, keeps: bool) -> None:
        if self.isHidden():
            return
        title = " ".join(self.text().split())
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._page.window().setFocus()
        if keeps and title != (self._before or self.placeholderText()):
            self.given.emit(title)
