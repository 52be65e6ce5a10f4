"""The right side: transcript, caption styles or export settings, and the framing below."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.ui.choices import Choices
from clipforge_desktop.ui.cutting.bar import CutBar
from clipforge_desktop.ui.exporting.checks import ExportFooter
from clipforge_desktop.ui.exporting.panel import ExportSection, wish_of
from clipforge_desktop.ui.exporting.styles import StyleSection
from clipforge_desktop.ui.framing.section import FramingSection
from clipforge_desktop.ui.styling import ExportWish
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.transcript_view import TranscriptView
from clipforge_desktop.ui.widgets import label, panel

WIDTH = 348
TABS = ("Transcript", "Captions", "Export")
DRAFT = "Draft: recognised without a speech model, so many words are wrong."


class SidePanel(QWidget):
    """348 points wide; a drawer in a narrow window."""

    look_changed = Signal()
    tab_opened = Signal(str)  # its title, "" when none is to be seen

    def __init__(self, choices: Choices, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "right")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._choices = choices
        self.transcript = TranscriptView(theme)
        self.cuts = CutBar(theme)
        self.styles = StyleSection(choices)
        self.framing = FramingSection()
        self.export = ExportSection(choices, theme)
        self.export_footer = ExportFooter(theme)
        self.styles.changed.connect(self._on_styles)
        self.export.changed.connect(self.look_changed)
        self.export.styles_wanted.connect(lambda: self.open_tab("Captions"))
        self._notice = label("", "warn", wraps=True)
        self._notice.setContentsMargins(16, 10, 16, 0)
        self._notice.hide()
        self._is_draft = False
        self.pages = QStackedWidget()
        self.pages.addWidget(self._transcript_page())
        self.pages.addWidget(_scrolling(self.styles))
        self.pages.addWidget(self._export_page())
        self._below = below = panel("section")
        below_layout = QVBoxLayout(below)
        below_layout.setContentsMargins(0, 0, 0, 0)
        below_layout.addWidget(self.framing)
        below.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._usual = QWidget()
        layout = QVBoxLayout(self._usual)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._tabs())
        layout.addWidget(self.pages, 1)
        layout.addWidget(below)
        self._cover: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 0, 0, 0)
        self._layout.addWidget(self._usual)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tab_opened.emit(TABS[self.tabs.checkedId()])

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.tab_opened.emit("")

    def wish(self) -> ExportWish:
        return wish_of(self.styles, self.export, self._choices)

    def cover(self, cover: QWidget | None) -> None:
        """Put another panel, with a width of its own, over everything here; None: as usual."""
        if self._cover is not None and self._cover is not cover:
            self._layout.removeWidget(self._cover)
            self._cover.hide()
        self._cover = cover
        self._usual.setVisible(cover is None)
        if cover is not None:
            self._layout.addWidget(cover)
            cover.show()
        self.setFixedWidth(WIDTH if cover is None else cover.minimumWidth() + 1)

    @property
    def more_width(self) -> int:
        """By how much it is wider than usual."""
        return self.minimumWidth() - WIDTH

    @property
    def is_draft(self) -> bool:
        """The transcript is labelled as a draft."""
        return self._is_draft and not self._notice.isHidden()

    def show_transcript(self, transcript: Transcript | None, sentence: str) -> None:
        self._is_draft = transcript is not None and transcript.origin == "draft"
        notices = transcript.notices if transcript is not None and transcript.words else ()
        text = "\n".join([DRAFT] if self._is_draft else notices)
        self._notice.setText(text)
        self._notice.setToolTip("\n".join(notices))
        self._notice.setAccessibleName(text)
        self._notice.setVisible(bool(text))
        self.transcript.show_transcript(transcript, sentence)
        self.cuts.setVisible(transcript is not None)

    @property
    def is_exporting(self) -> bool:
        """The export settings are open."""
        return self.isVisible() and self.tabs.checkedId() == TABS.index("Export")

    def open_tab(self, title: str) -> None:
        self.tabs.button(TABS.index(title)).click()

    def _on_styles(self) -> None:
        self.export.show_captions(self.styles.in_words())
        self.look_changed.emit()

    def _show_page(self, place: int) -> None:
        """Exporting needs the whole height; the framing of a shot is looked at elsewhere."""
        self.pages.setCurrentIndex(place)
        self._below.setVisible(TABS[place] != "Export")
        self.tab_opened.emit(TABS[place])

    def _export_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(_scrolling(self.export), 1)
        layout.addWidget(self.export_footer)
        return page

    def _transcript_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._notice)
        layout.addWidget(self.transcript, 1)
        layout.addWidget(self.cuts)
        return page

    def _tabs(self) -> QWidget:
        bar = panel("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(18)
        self.tabs = QButtonGroup(self)
        for place, title in enumerate(TABS):
            tab = QPushButton(title)
            tab.setProperty("role", "tab")
            tab.setCheckable(True)
            tab.setChecked(place == 0)
            tab.setAccessibleName(title)
            tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            tab.setCursor(Qt.CursorShape.PointingHandCursor)
            self.tabs.addButton(tab, place)
            row.addWidget(tab)
        row.addStretch()
        self.tabs.idClicked.connect(self._show_page)
        return bar


def _scrolling(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    widget.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
