"""The bar at the top: search, what is running and how long it takes, add, export."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpacerItem, QWidget

from clipforge_desktop.ui import painting, phrases
from clipforge_desktop.ui.icons import icon_pixmap
from clipforge_desktop.ui.search_box import SearchBox
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, icon_button, in_row, label, set_role

if TYPE_CHECKING:
    from clipforge_desktop.ui.exporting.batch import Progress

HEIGHT = 52
CHIP_HINT = "Show the jobs (Ctrl J)"


class WorkChip(QPushButton):
    """What is being done, in words; a batch of exports also as a line below them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.share: float | None = None
        self.setProperty("role", "chip")
        self.setToolTip(CHIP_HINT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def say(self, text: str, hint: str, share: float | None) -> None:
        self.share = share
        self.setText(text)
        self.setToolTip(hint)
        self.setAccessibleName(f"Jobs: {text}" if text != "Jobs" else text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.share is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(self.rect()).adjusted(12, self.height() - 5, -12, -2)
        track, fill = self._theme.color("line"), self._theme.color("accent")
        painting.draw_bar(painter, bar, self.share, track, fill)
        painter.end()


class TopBar(QWidget):
    add_wanted = Signal()
    export_wanted = Signal()
    jobs_wanted = Signal()
    theme_wanted = Signal()
    panel_wanted = Signal()
    pause_wanted = Signal()  # or go on

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
        self.chip = WorkChip(theme)
        self.chip.clicked.connect(self.jobs_wanted)
        self._work, self._batch = "Jobs", ""
        self.pause = icon_button("pause", "Pause the exports", self.pause_wanted.emit, theme)
        self.go_on = icon_button("play", "Go on exporting", self.pause_wanted.emit, theme)
        self.pause.hide()
        self.go_on.hide()
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
        row.addWidget(self.theme_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(in_row(self.pause, self.go_on, self.chip, spacing=2))
        for widget in (self.panel_button, self.add, self.export):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row = row
        self._selected, self._reason = 0, ""
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
        self._work = phrases.joined(*parts) or "Jobs"
        if not self._batch:
            self.chip.say(self._work, CHIP_HINT, None)

    def show_batch(self, progress: "Progress | None") -> None:
        """How far the exports are; None when there are none under way."""
        is_paused = progress is not None and progress.is_paused
        self.pause.setVisible(progress is not None and not is_paused)
        self.go_on.setVisible(is_paused)
        self._batch = progress.text if progress is not None else ""
        if progress is None:
            self.chip.say(self._work, CHIP_HINT, None)
        else:
            hint = f"Exporting {self._batch}\nAll work: {self._work}\n{CHIP_HINT}"
            self.chip.say(self._batch, hint, progress.share)

    def refuse(self, reason: str, *, is_main: bool) -> None:
        """Why nothing can be exported now, "" when it can; `is_main`: there is no other button."""
        self._reason = reason
        set_role(self.export, "accent" if is_main else "")
        self._refuse()

    def _refuse(self) -> None:
        self.export.setEnabled(self._selected > 0 and not self._reason)
        self.export.setToolTip(self._reason)

    def show_selected(self, number: int) -> None:
        self._selected = number
        self._refuse()
        text = f"Export {phrases.count(number, 'clip')}" if number else "Export"
        self.export.setText(text)
        self.export.setAccessibleName(text)
