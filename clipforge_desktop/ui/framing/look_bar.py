"""Above the clip: the shape it is looked at in, and whether its source is shown large beside it."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from clipforge_desktop.ui.framing.layout import ASPECT_USES, ASPECTS
from clipforge_desktop.ui.widgets import button


class LookBar(QWidget):
    """One row: four shapes, and "Source"."""

    aspect_wanted = Signal(str)
    source_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addStretch()
        self._group = QButtonGroup(self)
        self.aspects: dict[str, QPushButton] = {}
        for aspect in ASPECTS:
            made = button(aspect, partial(self.aspect_wanted.emit, aspect), "flat")
            made.setCheckable(True)
            made.setToolTip(f"See the clip in {aspect}: {ASPECT_USES[aspect]}")
            made.setAccessibleName(f"See the clip in {aspect}")
            self._group.addButton(made)
            self.aspects[aspect] = made
            row.addWidget(made)
        row.addSpacing(12)
        self.source = button("Source", self._toggle, "flat", name="Show the source large")
        self.source.setCheckable(True)
        self.source.setToolTip("The whole source with what is shown of it (key S)")
        row.addWidget(self.source)
        row.addStretch()
        self.show_aspect(ASPECTS[0])

    def show_aspect(self, aspect: str) -> None:
        self.aspects[aspect].setChecked(True)

    def _toggle(self) -> None:
        self.source_wanted.emit(self.source.isChecked())
