"""One row of the editor: a title, its control, and a button that takes the change back.

`control_for` picks the control of a plain field. A row says in place why a value cannot be.
"""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from clipforge_desktop.ui.editor import fields as f
from clipforge_desktop.ui.editor.colors import ColorControl
from clipforge_desktop.ui.editor.controls import (
    ChoiceControl,
    Control,
    FamilyControl,
    NumberControl,
    SwitchControl,
    TextControl,
)
from clipforge_desktop.ui.editor.draft import Draft
from clipforge_desktop.ui.editor.tables import TableControl
from clipforge_desktop.ui.editor.values import Missing, Path, at
from clipforge_desktop.ui.icons import icon
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import label

TITLE_WIDTH = 128


@dataclass(frozen=True)
class Bench:
    """What every row works on."""

    draft: Draft
    theme: Theme
    families: list[str]


def control_for(shape: f.Shape, name: str, title: str, bench: Bench) -> Control:
    """The control of a value that is no part and no short list."""
    if isinstance(shape, f.Number):
        return NumberControl(shape, title)
    if isinstance(shape, f.Switch):
        return SwitchControl(bench.theme, title)
    if isinstance(shape, f.Choice):
        return ChoiceControl(shape, title)
    if isinstance(shape, f.Color):
        return ColorControl(bench.theme, title)
    if isinstance(shape, f.Text):
        is_family = name == "family"
        return FamilyControl(bench.families, title) if is_family else TextControl(shape, title)
    assert isinstance(shape, f.Several), shape
    return TableControl(shape, bench.theme, title)


class ResetButton(QPushButton):
    """Keeps its place in the row while there is nothing to reset."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self._theme = theme
        self._is_wanted = False
        self.setProperty("role", "reset")
        self.setFixedSize(24, 24)
        self.setIconSize(QSize(14, 14))
        self.setToolTip("Back to the shelf's value")
        self.setAccessibleName(f"{title}: back to the shelf's value")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._tint)
        self._tint()
        self.hide()

    @property
    def is_wanted(self) -> bool:
        return self._is_wanted

    def set_wanted(self, is_wanted: bool) -> None:
        if is_wanted != self._is_wanted:
            self._is_wanted = is_wanted
            self.setVisible(is_wanted)

    def _tint(self) -> None:
        self.setIcon(icon("retry", self._theme.tokens.accent, 14))


class Node(QWidget):
    """A place of the style on the page; `nodes` are those in it that are there now."""

    def __init__(self, field: f.Field, path: Path, bench: Bench) -> None:
        super().__init__()
        self.field, self.path, self.bench = field, path, bench
        self.reset = ResetButton(bench.theme, field.title)
        self.reset.clicked.connect(self._reset)
        self._problem = label("", "bad", wraps=True)
        self._problem.hide()
        self._gesture = ""
        self._shown: tuple[f.Plain, f.Plain | Missing] | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)

    def nodes(self) -> list["Node"]:
        return []

    def show_value(self, value: f.Plain, saved: f.Plain | Missing) -> None:
        """The draft's value here, and the shelf's (or that the shelf has no such place)."""
        if self._shown is not None and self._shown == (value, saved):
            return
        self._shown = (value, saved)
        before = self.field.usual if isinstance(saved, Missing) else saved
        self.reset.set_wanted(value != before)
        self._say("")
        self.fill(value, saved)

    def fill(self, value: f.Plain, saved: f.Plain | Missing) -> None:
        """Show it in the widgets."""

    def put(self, value: f.Plain, is_dragging: bool = False) -> None:
        """The user wants another value here."""
        gesture = f"{self.path}" if is_dragging else ""
        self._say(self.bench.draft.set_value(self.path, value, self.field.title, gesture))

    def show_found(self, wanted: str) -> bool:
        """Show only what is called like `wanted` (everything for ""); False: nothing is."""
        is_found = f.is_found(self.field, wanted)
        self.setVisible(is_found)
        return is_found

    @property
    def problem(self) -> str:
        return self._problem.text()

    def _say(self, problem: str) -> None:
        if problem != self._problem.text():
            self._problem.setText(problem)
            self._problem.setVisible(bool(problem))

    def _reset(self) -> None:
        self.bench.draft.settle()
        problem = self.bench.draft.reset(self.path, self.field.usual, f"reset {self.field.title}")
        self._shown = None  # the control may show what was refused
        value = at(self.bench.draft.data, self.path)
        if not isinstance(value, Missing):
            self.show_value(value, self.bench.draft.saved_value(self.path))
        self._say(problem)

    def head(self, *widgets: QWidget, is_strong: bool = False) -> QLabel:
        """The line with title, what is given, and the reset button; the problem below it."""
        title = label(self.field.title, "subtitle" if is_strong else "secondary")
        title.setToolTip(self.field.about)
        if not is_strong:
            title.setFixedWidth(TITLE_WIDTH)
            title.setWordWrap(True)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(title, 1 if is_strong else 0)
        for widget in widgets:
            line.addWidget(widget, 0 if is_strong else 1)
        line.addWidget(self.reset)
        self.column.addLayout(line)
        self.column.addWidget(self._problem)
        return title


class Row(Node):
    """A plain value."""

    def __init__(self, field: f.Field, path: Path, bench: Bench) -> None:
        super().__init__(field, path, bench)
        self.control = control_for(field.shape, field.name, field.title, bench)
        if isinstance(self.control, TableControl):
            title = self.head(is_strong=True)
            self.column.addWidget(self.control)
        else:
            title = self.head(self.control)
        title.setBuddy(self.control)
        if isinstance(self.control, NumberControl):
            tip = f"{field.title}: {self.control.range_text}"
            self.control.setToolTip(tip)
            self.control.slider.setAccessibleDescription(self.control.range_text)
        self.control.edited.connect(self.put)
        self.control.settled.connect(bench.draft.settle)

    def fill(self, value: f.Plain, saved: f.Plain | Missing) -> None:
        self.control.show_value(value)
