"""What the captions tab says of the clip's own style, with the way into the editor."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clipforge_desktop.ui.widgets import button, label


def moved_on(name: str) -> str:
    return f"“{name}” on the shelf has changed since this clip took its copy."


def gone(name: str) -> str:
    return f"“{name}” is no longer on the shelf. This clip keeps its copy."


class MovedOn(QWidget):
    """The shelf's version moved on: take it, or keep the copy."""

    take_wanted = Signal()
    keep_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sentence = label("", "warn", wraps=True)
        self.take = button("Take the shelf's", self.take_wanted.emit, "small")
        self.keep = button("Keep mine", self.keep_wanted.emit, "small")
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.take)
        row.addWidget(self.keep)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.sentence)
        column.addLayout(row)
        self.hide()

    def say(self, sentence: str, *, can_take: bool) -> None:
        """Show why; "" hides it."""
        self.sentence.setText(sentence)
        self.take.setVisible(can_take)
        self.setVisible(bool(sentence))


class StyleCorner(QWidget):
    """Below the styles: edit this one; and, for a clip with its own copy, what that means."""

    edit_wanted = Signal()
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.edit = button("Edit style…", self.edit_wanted.emit)
        self.edit.setToolTip("Every setting of the style (Ctrl+Shift+E)")
        self.own = label("", "secondary", wraps=True)
        self.back = button("Use the shelf's", self.back_wanted.emit, "small")
        self.back.setToolTip("Drop this clip's own copy")
        self.moved = MovedOn()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.own, 1)
        row.addWidget(self.back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(8)
        column.addWidget(self.edit)
        column.addLayout(row)
        column.addWidget(self.moved)
        self.show_own("", is_edited=False)

    def show_own(self, name: str, *, is_edited: bool) -> None:
        """The style that the clip's copy was taken from; "" when it has no copy."""
        what = "its own version of" if is_edited else "its own copy of"
        self.own.setText(f"This clip has {what} “{name}”. Other clips keep theirs." if name else "")
        self.own.setVisible(bool(name))
        self.back.setVisible(bool(name))
        self.edit.setText("Edit this clip's style…" if name else "Edit style…")
