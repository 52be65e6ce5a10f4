"""The caption styles, each as it looks: one that clips have, and others they are exported in too.

A click chooses; Ctrl and a click, or + on the keyboard, exports every clip in that style as well.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from clipforge_desktop.domain.naming import NO_STYLE
from clipforge_desktop.ui.choices import Choices
from clipforge_desktop.ui.styling import StyleSample
from clipforge_desktop.ui.widgets import button, in_row, label, option

HOW_TO_ADD = "Ctrl click exports clips in another style as well."


class StyleButton(QPushButton):
    """Chosen by a click, added by Ctrl and a click or by +."""

    added = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.added.emit()
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Plus:
            self.added.emit()
        else:
            super().keyPressEvent(event)


class StyleSection(QWidget):
    """Samples are painted when they are first seen."""

    changed = Signal()
    samples_wanted = Signal(list)  # names

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self._choices = choices
        self._names: list[str] = []
        self._samples: dict[str, StyleSample] = {}
        self._buttons = QButtonGroup(self)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._also = label(HOW_TO_ADD, "secondary", wraps=True)
        self._drop_also = button("Only one", self._forget_further, "flat", name="Only one style")
        also = in_row(self._also, self._drop_also)
        self._also.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(label("CAPTION STYLE", "label"))
        self._column = layout
        layout.addWidget(also)
        layout.addLayout(self._grid)
        layout.addStretch()
        self._buttons.buttonClicked.connect(self._choose)

    def style_name(self) -> str | None:
        """The chosen style, the first on the shelf until one is chosen; None for no captions."""
        if self._choices.style is None:
            return None
        if self._choices.style in self._names:
            return self._choices.style
        return self._names[0] if self._names else None

    def further(self) -> tuple[str, ...]:
        """The other styles that clips are exported in, none twice."""
        chosen = self.style_name()
        kept = [name for name in self._choices.further_styles if name in self._names]
        return tuple(name for name in dict.fromkeys(kept) if name != chosen) if chosen else ()

    def in_words(self) -> str:
        """Ember, also in pill; without captions."""
        name, further = self.style_name(), self.further()
        if name is None:
            return "Without captions"
        return f"{name}, also in {', '.join(further)}" if further else name

    def show_names(self, names: list[str]) -> None:
        self._names = names
        self._fill()
        self.changed.emit()

    def show_samples(self, samples: list[StyleSample]) -> None:
        self._samples.update({sample.name: sample for sample in samples})
        self._fill()

    def choose(self, name: str) -> None:
        """By name; `NO_STYLE` for no captions."""
        self.button(name).click()

    def button(self, name: str) -> QPushButton:
        """Of the style, or `NO_STYLE`."""
        return next(
            made
            for made in self.findChildren(QPushButton)
            if made in self._buttons.buttons() and made.property("key") == name
        )

    def show_choices(self) -> None:
        """The choices were changed elsewhere."""
        self._fill()
        self.changed.emit()

    def toggle_further(self, name: str) -> None:
        """Export in this style as well, or no more."""
        if name == self.style_name():
            return
        further = list(self.further())
        if name in further:
            self.set_further([one for one in further if one != name])
        else:
            self.set_further([*further, name])

    def set_further(self, names: list[str]) -> None:
        self._choices.further_styles = names
        self._fill()
        self.changed.emit()

    def add_above(self, widget: QWidget) -> None:
        """Something more, between the head line and the styles."""
        self._column.insertWidget(1, widget)

    def forget(self, name: str) -> None:
        """The style looks different now: its sample is painted anew."""
        self._samples.pop(name, None)

    @property
    def has_samples(self) -> bool:
        """Every style is shown as it looks."""
        return bool(self._names) and all(name in self._samples for name in self._names)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        missing = [name for name in self._names if name not in self._samples]
        if missing:
            self.samples_wanted.emit(missing)

    def _fill(self) -> None:
        focused = next((made for made in self._buttons.buttons() if made.hasFocus()), None)
        focused_key = focused.property("key") if focused is not None else None
        for old in self._buttons.buttons():
            self._buttons.removeButton(old)
            old.deleteLater()
        chosen, further = self.style_name(), self.further()
        for place, name in enumerate(self._names):
            self._add(self._style_button(name, name in further), name, place, name == chosen)
        self._add(option("None", "No captions"), NO_STYLE, len(self._names), chosen is None)
        for made in self._buttons.buttons():
            if focused_key is not None and made.property("key") == focused_key:
                made.setFocus(Qt.FocusReason.OtherFocusReason)
        self._also.setText(f"Also in {', '.join(further)}." if further else HOW_TO_ADD)
        self._also.setVisible(chosen is not None)
        self._drop_also.setVisible(bool(further))

    def _style_button(self, name: str, is_further: bool) -> QPushButton:
        sample = self._samples.get(name)
        made = StyleButton("" if sample is not None else name)
        made.setCheckable(True)
        made.setProperty("role", "option")
        also = ", exported in this style as well" if is_further else ""
        made.setAccessibleName(f"Caption style: {name}{also}")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.setToolTip(f"{name}{also}")
        made.added.connect(lambda: self.toggle_further(name))
        if sample is not None:
            made.setIcon(QIcon(QPixmap.fromImage(sample.picture)))
            made.setIconSize(QSize(92, 39))
        looks = {"sample": sample is not None, "also": is_further}
        made.setProperty("look", " ".join(look for look, is_so in looks.items() if is_so))
        return made

    def _add(self, made: QPushButton, key: str, place: int, is_checked: bool) -> None:
        made.setProperty("key", key)
        made.setChecked(is_checked)
        self._buttons.addButton(made)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._grid.setRowMinimumHeight(place // 3, 51)
        self._grid.addWidget(made, place // 3, place % 3)

    def _choose(self, chosen: QPushButton) -> None:
        key = str(chosen.property("key"))
        self._choices.style = None if key == NO_STYLE else key
        if self._choices.further_styles:
            self._fill()
        self.changed.emit()

    def _forget_further(self) -> None:
        self.set_further([])
