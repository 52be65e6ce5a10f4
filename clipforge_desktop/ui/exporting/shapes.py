"""The shapes that clips are exported in: the four usual ones, as filmed, and any typed size."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from clipforge_desktop.domain.formats import OWN_SHAPE, even_shape, made_even
from clipforge_desktop.ui.choices import Choices, is_shape
from clipforge_desktop.ui.framing.layout import ASPECT_USES, ASPECTS
from clipforge_desktop.ui.widgets import button, label, option, set_role

COLUMNS = 4
USUAL = [ASPECTS[0]]
NO_SHAPE = "Type a shape such as 5:4, or a size such as 720x1280."


class _Typed(QLineEdit):
    """Escape takes back what was typed, and nothing more."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ShapeSection(QWidget):
    """Without a chosen shape, every chosen platform has its own."""

    changed = Signal()

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self._choices = choices
        self._has_platforms = bool(choices.platforms)
        self._before: list[str] = choices.aspects or USUAL
        self.buttons: dict[str, QPushButton] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self.own = option("As each platform has it", "Each platform's own shape")
        self.own.clicked.connect(lambda: self.choose([]))
        self.other = button("Other…", self.ask, name="Another shape or size")
        self.other.setProperty("role", "option")
        self.typed = _Typed()
        self.typed.setAccessibleName("Shape or size")
        self.typed.setPlaceholderText("720x1280 or 5:4")
        self.typed.returnPressed.connect(self._take_typed)
        self.typed.left.connect(self._stop_typing)
        self.typed.hide()
        self.said = label(NO_SHAPE, "bad", wraps=True)
        self.said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label("SHAPES", "label"))
        column.addWidget(self.own)
        column.addLayout(self._grid)
        column.addWidget(self.typed)
        column.addWidget(self.said)
        self.own.hide()
        self._fill()

    def show_platforms(self, has_platforms: bool) -> None:
        """With platforms, their own shapes are the usual ones."""
        if has_platforms and not self._has_platforms and self._choices.aspects == USUAL:
            self._choices.aspects = []
        elif not has_platforms and not self._choices.aspects:
            self._choices.aspects = list(self._before)
        self._has_platforms = has_platforms
        self._show()

    def choose(self, shapes: list[str]) -> None:
        """Exactly these; none is each platform's own, where there are platforms."""
        if not shapes and not self._has_platforms:
            shapes = self._choices.aspects[:1] or USUAL  # a clip has at least one shape
        self._before = shapes or self._before
        self._choices.aspects = list(shapes)
        self._fill()
        self.changed.emit()

    def show_choices(self) -> None:
        """The choices were changed elsewhere."""
        self._fill()

    def ask(self) -> None:
        self.said.hide()
        self.typed.show()
        self.typed.setFocus()

    def _fill(self) -> None:
        """One button per shape: those one sees often, and those that were typed."""
        shapes = list(dict.fromkeys([*ASPECTS, OWN_SHAPE, *self._choices.aspects]))
        if shapes != list(self.buttons):
            for old in self.buttons.values():
                self._grid.removeWidget(old)
                old.deleteLater()
            self._grid.removeWidget(self.other)
            self.buttons = {shape: self._button(shape) for shape in shapes}
            row = [*self.buttons.values(), self.other]
            for place, made in enumerate(row):
                made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                self._grid.addWidget(made, place // COLUMNS, place % COLUMNS)
        self._show()

    def _button(self, shape: str) -> QPushButton:
        use = ASPECT_USES.get(shape, "")
        name = "As filmed" if shape == OWN_SHAPE else shape
        made = option(name, f"Shape {name}, {use}" if use else f"Shape {name}")
        made.setToolTip(use or ("The source's own shape and size" if shape == OWN_SHAPE else shape))
        made.clicked.connect(self._take)
        return made

    def _show(self) -> None:
        for shape, made in self.buttons.items():
            made.setChecked(shape in self._choices.aspects)
        self.own.setVisible(self._has_platforms)
        self.own.setChecked(not self._choices.aspects)

    def _take(self) -> None:
        self.choose([shape for shape, made in self.buttons.items() if made.isChecked()])

    def _take_typed(self) -> None:
        text = self.typed.text().strip().lower().replace("\N{MULTIPLICATION SIGN}", "x")
        text = text.replace(" ", "")
        if not is_shape(text):
            self._say(NO_SHAPE, "bad")
            return
        self._stop_typing()
        made = even_shape(text)
        if made != text:
            self._say(made_even(text, made), "secondary")
        self.choose(list(dict.fromkeys([*self._choices.aspects, made])))

    def _say(self, text: str, role: str) -> None:
        set_role(self.said, role)
        self.said.setText(text)
        self.said.show()

    def _stop_typing(self) -> None:
        self.typed.clear()
        self.typed.hide()
        self.said.hide()
        self.other.setFocus(Qt.FocusReason.OtherFocusReason)
