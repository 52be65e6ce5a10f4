"""Builds every view of the window and puts it in its place; keys are bound here too.

Loaded after the first paint: this module brings all views with it.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clipforge_desktop.paths import resources
from clipforge_desktop.ui.actions import Actions
from clipforge_desktop.ui.background import Background
from clipforge_desktop.ui.cutting.desk import CuttingDesk
from clipforge_desktop.ui.editor.style_desk import StyleDesk
from clipforge_desktop.ui.engine_banner import EngineBanner
from clipforge_desktop.ui.exporting.batch_desk import BatchDesk
from clipforge_desktop.ui.exporting.desk import ExportDesk
from clipforge_desktop.ui.framing.desk import FramingDesk
from clipforge_desktop.ui.intake import Intake
from clipforge_desktop.ui.jobs_view import JobsPage
from clipforge_desktop.ui.library_view import LibraryView
from clipforge_desktop.ui.overlays import KeysOverlay, Notice
from clipforge_desktop.ui.pages import EmptyPage, WorkingPage
from clipforge_desktop.ui.people_desk import PeopleDesk
from clipforge_desktop.ui.pictures import Pictures
from clipforge_desktop.ui.player_page import PlayerPage
from clipforge_desktop.ui.search_box import SearchBox
from clipforge_desktop.ui.shelf_view import ShelfView
from clipforge_desktop.ui.shortcuts import bind_keys
from clipforge_desktop.ui.side_panel import SidePanel
from clipforge_desktop.ui.skeleton import LIBRARY_WIDTH
from clipforge_desktop.ui.stage import Stage
from clipforge_desktop.ui.top_bar import TopBar
from clipforge_desktop.ui.widgets import button, label, panel

if TYPE_CHECKING:
    from clipforge_desktop.ui.main_window import MainWindow

__all__ = ["bind_keys", "build"]


def build(window: "MainWindow") -> None:
    """Make the views, in the order of the focus, and compose them."""
    window.background = Background(window.home, window)
    window.pictures = Pictures(window)
    window.intake = Intake(window)
    window.sample = resources() / "sample" / "talk.mp4"
    window.body = panel("desk")
    window.search = SearchBox(window.background, window.theme, window.body)
    window.top = TopBar(window.search, window.theme)
    window.engine = EngineBanner(window.home)
    left = _library_side(window)
    window.player = PlayerPage(window.home, window.theme, window.pictures)
    window.player.playback.set_muted(window.choices.is_muted)
    window.empty = EmptyPage(window.theme, window.sample.is_file())
    window.working = WorkingPage(window.theme)
    window.jobs = JobsPage(window.desk, window.theme)
    window.blank = QWidget()
    window.middle = QStackedWidget()
    play_side = _player_side(window)
    for page in (window.blank, window.empty, window.working, play_side, window.jobs):
        window.middle.addWidget(page)
    window.side = SidePanel(window.choices, window.theme, window.body)
    window.row = QHBoxLayout()
    window.row.setContentsMargins(0, 0, 0, 0)
    window.row.setSpacing(0)
    window.row.addWidget(left)
    window.row.addWidget(window.middle, 1)
    window.row.addWidget(window.side)
    layout = QVBoxLayout(window.body)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(window.top)
    layout.addWidget(window.engine)
    layout.addLayout(window.row, 1)
    window.notice = Notice(window.theme, window.body, window.player.hints)
    window.keys = KeysOverlay(window.body)
    window.setCentralWidget(window.body)
    window.actions_ = Actions(
        window.background, window.desk, window.notice, window.is_offline, window
    )
    window.stage = Stage(window)
    window.framing = FramingDesk(window)
    window.people = PeopleDesk(window)
    window.cutting = CuttingDesk(window)
    window.style_desk = StyleDesk(window)
    window.exporting = ExportDesk(window)
    window.batches = BatchDesk(window)


def _library_side(window: "MainWindow") -> QWidget:
    window.left = panel("left")
    window.left.setFixedWidth(LIBRARY_WIDTH)
    window.library = LibraryView(
        window.desk, window.home, window.theme, window.pictures, window.left
    )
    window.library_label = label("LIBRARY", "label")
    window.library_label.setContentsMargins(16, 16, 0, 8)
    window.drop_area = label("Drop videos or folders anywhere", "drop", wraps=True)
    window.drop_area.setAlignment(Qt.AlignmentFlag.AlignCenter)
    window.drop_area.setFixedHeight(56)
    layout = QVBoxLayout(window.left)
    layout.setContentsMargins(8, 0, 9, 12)
    layout.setSpacing(0)
    layout.addWidget(window.library_label)
    layout.addWidget(window.library, 1)
    layout.addSpacing(8)
    layout.addWidget(window.drop_area)
    return window.left


def _player_side(window: "MainWindow") -> QWidget:
    window.play_side = QWidget()
    bar = panel("shelf")
    window.shelf = ShelfView(window.desk, window.home, window.theme, window.pictures, bar)
    window.rest = button("", window.toggle_rest, "shelf-rest", name="Show the rest")
    window.rest.setFixedWidth(92)
    row = QHBoxLayout(bar)
    row.setContentsMargins(12, 7, 16, 0)
    row.setSpacing(8)
    row.addWidget(window.shelf, 1)
    row.addWidget(window.rest, 0, Qt.AlignmentFlag.AlignTop)
    layout = QVBoxLayout(window.play_side)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(window.player, 1)
    layout.addWidget(bar)
    return window.play_side
