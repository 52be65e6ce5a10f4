"""The views of the window by name, so that its parts know each other's types.

They exist once the window is furnished, right after the first paint: nothing is loaded here.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QWidget

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
    from clipforge_desktop.ui.side_panel import SidePanel
    from clipforge_desktop.ui.stage import Stage
    from clipforge_desktop.ui.top_bar import TopBar


class Views(QMainWindow):
    """A window with these views."""

    background: "Background"
    pictures: "Pictures"
    engine: "EngineBanner"
    intake: "Intake"
    actions_: "Actions"
    stage: "Stage"
    cutting: "CuttingDesk"
    framing: "FramingDesk"
    people: "PeopleDesk"
    style_desk: "StyleDesk"
    exporting: "ExportDesk"
    batches: "BatchDesk"
    search: "SearchBox"
    top: "TopBar"
    library: "LibraryView"
    player: "PlayerPage"
    shelf: "ShelfView"
    side: "SidePanel"
    jobs: "JobsPage"
    empty: "EmptyPage"
    working: "WorkingPage"
    notice: "Notice"
    keys: "KeysOverlay"
    middle: "QStackedWidget"
    row: "QHBoxLayout"
    rest: "QPushButton"
    library_label: "QLabel"
    drop_area: "QLabel"
    left: "QWidget"
    blank: "QWidget"
    play_side: "QWidget"
    sample: Path
