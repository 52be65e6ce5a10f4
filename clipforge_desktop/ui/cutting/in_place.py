"""A field that lies over what it changes: Enter keeps what was typed, Escape gives up."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit


class InPlaceField(QLineEdit):
    """Hidden until it is opened; going elsewhere keeps what was typed, as Enter does."""

    def close_now(self, *, keeps: bool) -> None:
        """Hide; hand over what was typed if it `keeps` it."""
        self.hide()

    def leave(self) -> None:
        """A key closed the field: the focus goes back to where it was."""

    def event(self, event: QEvent) -> bool:
        """Every key is meant for the field while it is open, Tab and Escape too."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.close_now(keeps=event.key() != Qt.Key.Key_Escape)
            self.leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.close_now(keeps=True)
