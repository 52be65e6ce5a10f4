"""The bar under the transcript: how tight the clip is, or what can be done with selected words."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedLayout, QWidget

from clipforge_desktop.ui import phrases
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, icon_button, label, panel


class CutBar(QWidget):
    """One row of 40 points; its menus are filled by whoever knows the clip."""

    cut_wanted = Signal()
    restore_wanted = Signal()
    correct_wanted = Signal()
    as_recognised_wanted = Signal()
    end_wanted = Signal(str)  # "start" or "end" of the clip, at the selection

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Cuts")
        self.tighten_menu, self.more_menu = QMenu(self), QMenu(self)
        self.tighten = button("Tighten…", self._open_tighten, "flat", name="Tighten")
        self.tighten.setToolTip("Shorten pauses and cut fillers")
        self.saved = label("", "secondary")
        self.more = icon_button("more", "More for this clip", self._open_more, theme)
        self.count = label("", "secondary")
        self.cut = _small(
            "Cut", "Cut the selected words out of the clip (Delete)", self.cut_wanted.emit
        )
        self.restore = _small("Restore", "Bring the selected words back", self.restore_wanted.emit)
        self.correct = _small("Correct", "Correct the word (F2, Enter)", self.correct_wanted.emit)
        self.as_recognised = _small(
            "As recognised",
            "Take corrections of the selected words back",
            self.as_recognised_wanted.emit,
        )
        self.start = button("Start", lambda: self.end_wanted.emit("start"), "flat")
        self.start.setToolTip("Start the clip here (I)")
        self.start.setAccessibleName("Start the clip at the selected words")
        self.end = button("End", lambda: self.end_wanted.emit("end"), "flat")
        self.end.setToolTip("End the clip here (O)")
        self.end.setAccessibleName("End the clip at the selected words")
        self._pages = QStackedLayout(self)
        self._pages.addWidget(_row([self.tighten, self.saved, None, self.more]))
        chosen = [self.cut, self.restore, self.correct, self.as_recognised, self.start, self.end]
        self._pages.addWidget(_row([self.count, None, *chosen]))
        self.setFixedHeight(42)
        self.show_clip(False, 0, 0.0)

    def show_clip(self, has_clip: bool, cuts: int, saved_s: float) -> None:
        """How much of the clip is cut out; without a clip there is nothing to tighten."""
        self.tighten.setEnabled(has_clip)
        text = phrases.joined(phrases.count(cuts, "cut"), phrases.less(saved_s)) if cuts else ""
        self.saved.setText(text)
        self.saved.setAccessibleName(text or "Nothing is cut out")

    def show_selection(
        self, number: int, *, can_cut: bool, can_restore: bool, is_corrected: bool, has_clip: bool
    ) -> None:
        """What can be done with `number` selected words; 0 shows the clip again."""
        self._pages.setCurrentIndex(1 if number else 0)
        self.count.setText(phrases.count(number, "word"))
        self.cut.setVisible(can_cut)
        self.restore.setVisible(can_restore)
        self.correct.setVisible(number == 1 and not is_corrected)
        self.as_recognised.setVisible(is_corrected)
        self.start.setVisible(has_clip)
        self.end.setVisible(has_clip)

    def _open_tighten(self) -> None:
        self.tighten_menu.popup(self.tighten.mapToGlobal(self.tighten.rect().topLeft()))

    def _open_more(self) -> None:
        self.more_menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()))


def _small(text: str, tip: str, clicked: Callable[[], object]) -> QPushButton:
    made = button(text, clicked, "flat", name=tip.split(" (")[0])
    made.setToolTip(tip)
    return made


def _row(widgets: list[QWidget | None]) -> QWidget:
    row = panel("strip")
    layout = QHBoxLayout(row)
    layout.setContentsMargins(10, 0, 8, 0)
    layout.setSpacing(2)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget)
    return row
