"""What is to be said of an export before it is made, each with its remedy, above the button."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from clipforge_desktop.ui.icons import icon_pixmap
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, label, set_role

if TYPE_CHECKING:
    from clipforge_desktop.domain.preflight import Finding

MOST_HEIGHT = 196
MOST_BESIDE = 90  # a wider button stands below its sentence


@dataclass(frozen=True)
class Plan:
    """What a press of the button would make, in words. `reason`: why it cannot be pressed."""

    button: str
    summary: str
    reason: str = ""


class FindingRow(QWidget):
    """One finding: its sentence, and one click that puts it right."""

    remedy_wanted = Signal(object)  # Finding

    def __init__(self, finding: "Finding", theme: Theme) -> None:
        super().__init__()
        self.finding = finding
        mark = QLabel()
        tone = theme.tokens.bad if finding.is_blocking else theme.tokens.warn
        mark.setPixmap(icon_pixmap("alert", tone, 16, max(self.devicePixelRatioF(), 1.0)))
        mark.setFixedSize(QSize(16, 18))
        text = label(finding.message, "bad" if finding.is_blocking else "secondary", wraps=True)
        text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.remedy = button("", lambda: self.remedy_wanted.emit(finding), "small")
        if finding.remedy is not None:
            self.remedy.setText(finding.remedy.label)
            self.remedy.setAccessibleName(f"{finding.remedy.label}: {finding.message}")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        top, left = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignLeft
        grid.addWidget(mark, 0, 0, top)
        grid.addWidget(text, 0, 1, top)
        if self.remedy.sizeHint().width() > MOST_BESIDE:
            grid.addWidget(self.remedy, 1, 1, left)
        else:
            grid.addWidget(self.remedy, 0, 2, top)
        self.remedy.setVisible(finding.remedy is not None)  # with a parent: no window of its own


class ExportFooter(QWidget):
    """Findings, what comes out, and the button."""

    remedy_wanted = Signal(object)  # Finding
    export_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.rows: list[FindingRow] = []
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(8)
        self._area = QScrollArea()
        self._area.setWidget(self._list)
        self._area.setWidgetResizable(True)
        self._list.setAutoFillBackground(False)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.hide()
        self.summary = label("", "secondary", wraps=True)
        self.export = button("Export", self.export_wanted.emit, "accent")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self._area)
        layout.addWidget(self.summary)
        layout.addWidget(self.export)
        theme.changed.connect(lambda: self.show_findings([row.finding for row in self.rows]))

    def show_findings(self, findings: "Sequence[Finding]") -> None:
        """Blocking ones first."""
        for old in self.rows:
            self._column.removeWidget(old)
            old.deleteLater()
        ordered = sorted(findings, key=lambda one: not one.is_blocking)
        self.rows = [FindingRow(finding, self._theme) for finding in ordered]
        for row in self.rows:
            row.remedy_wanted.connect(self.remedy_wanted)
            self._column.addWidget(row)
        self._area.setVisible(bool(self.rows))
        self._fit()

    def show_plan(self, plan: Plan) -> None:
        self.export.setText(plan.button)
        self.export.setAccessibleName(plan.button)
        self.export.setEnabled(not plan.reason)
        self.export.setToolTip(plan.reason)
        set_role(self.summary, "secondary")
        self.summary.setText(plan.summary)

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def _fit(self) -> None:
        """As tall as the findings are, up to a limit."""
        if self.rows:
            height = self._column.heightForWidth(max(self.width() - 36, 100))
            self._area.setFixedHeight(min(max(height, 20), MOST_HEIGHT))
