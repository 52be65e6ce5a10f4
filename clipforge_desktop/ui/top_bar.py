"""The bar at the top: search, what is running and how long it takes, add, export."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpacerItem, QWidget

from clipforge_desktop.ui import phrases
from clipforge_desktop.ui.icons import icon_pixmap
from clipforge_desktop.ui.search_box import SearchBox
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, icon_button, label

HEIGHT = 52


class TopBar(QWidget):
    add_wanted = Signal()
    export_wanted = Signal()
    jobs_wanted = Signal()
    theme_wanted = Signal()
    panel_wanted = Signal()

    def __init__(self, search: SearchBox, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._mark = QLabel()
        self._mark.setPixmap(icon_pixmap("clipforge", theme.tokens.accent, 22, 2.0))
        self._mark.setFixedSize(QSize(22, 22))
        self._mark.setScaledContents(True)
        self._name = label("ClipForge", "title")
        self.search = search
        self.search.setMaximumWidth(360)
        self.search.setMinimumWidth(120)
        self.chip = button("", self.jobs_wanted.emit, "chip", name="Jobs")
        self.chip.setToolTip("Show the jobs (Ctrl J)")
        self.theme_button = icon_button("sun", "Light or dark", self.theme_wanted.emit, theme)
        self.panel_button = button("Transcript", self.panel_wanted.emit)
        self.panel_button.hide()
        self.add = button("Add videos", self.add_wanted.emit)
        self.export = button("Export", self.export_wanted.emit, "accent")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(self._mark)
        row.addWidget(self._name)
        self._gap = QSpacerItem(88, 0)
        row.addSpacerItem(self._gap)
        row.addWidget(self.search, 2)
        row.addStretch(1)
        for widget in (self.theme_button, self.chip, self.panel_button, self.add, self.export):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row = row
        self.show_workload(0, 0, None)
        self.show_selected(0)

    def set_narrow(self, is_narrow: bool, is_rail: bool) -> None:
        """Give way: the word mark first, then the gap beside it."""
        self.panel_button.setVisible(is_narrow)
        self._name.setVisible(not is_rail)
        self._gap.changeSize(0 if is_narrow else 88, 0)
        self._row.invalidate()

    def show_workload(self, running: int, waiting: int, left_s: float | None) -> None:
        parts = [
            f"{running} running" if running else "",
            f"{waiting} waiting" if waiting else "",
            phrases.time_left(left_s),
        ]
        text = phrases.joined(*parts) or "Jobs"
        self.chip.setText(text)
        self.chip.setAccessibleName(f"Jobs: {text}" if text != "Jobs" else text)

    def show_selected(self, number: int) -> None:
        self.export.setEnabled(number > 0)
        text = f"Export {phrases.count(number, 'clip')}" if number else "Export"
        self.export.setText(text)
        self.export.setAccessibleName(text)
