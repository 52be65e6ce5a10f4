"""Clips go from the real window to a video editor: the menu, the folder, the files."""

from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.ui.exchanging import FORMATS
from clipforge_desktop.ui.main_window import MainWindow
from tests.gui import furnishing as f
from tests.gui.conftest import PATIENCE_MS, OpenWindow

EXPECTED = (("edl", "edl", 3), ("fcpxml", "fcpxml", 1), ("otio", "otio", 3), ("premiere", "xml", 1))


@pytest.fixture
def window(
    qtbot: QtBot, store: Store, home: Home, video: Path, open_window: OpenWindow
) -> MainWindow:
    """The window with three clips of a video on the shelf, the first one in the player."""
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    f.add_clips(store, source_id, order_id, [f.found(n, [(n + 0.1, n + 1.9)]) for n in range(3)])
    opened = open_window()
    qtbot.waitUntil(lambda: opened.shelf.cards.rowCount() == 3, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: len(opened.shelf.selected_ids()) == 1, timeout=PATIENCE_MS)
    return opened


def formats(window: MainWindow) -> tuple[QMenu, dict[str, QAction]]:
    menu = window.side.cuts.more_menu
    menu.aboutToShow.emit()
    [action] = [one for one in menu.actions() if "to editor" in one.text()]
    submenu = action.menu()
    assert isinstance(submenu, QMenu)
    texts = dict(FORMATS)
    return submenu, {
        kind: one for kind, text in texts.items() for one in submenu.actions() if one.text() == text
    }


def is_said(window: MainWindow, text: str) -> bool:
    return text in window.notice.text.text()


def test_the_selected_clips_are_sent_in_each_format(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "to edit"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    window.shelf.selectAll()
    menu, actions = formats(window)
    assert menu.title() == "Send 3 clips to editor"
    for kind, ending, number in EXPECTED:
        actions[kind].trigger()
        said = "3 files" if number == 3 else f"talk-clips.{ending}"
        qtbot.waitUntil(partial(is_said, window, said), timeout=PATIENCE_MS)
        assert len([*out.glob(f"*.{ending}")]) == number
    [made] = out.glob("*.fcpxml")
    assert len(list(ElementTree.parse(made).iter("project"))) == 3


def test_one_clip_goes_alone_and_replaces_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    menu, actions = formats(window)
    assert menu.title() == "Send to editor"
    actions["edl"].trigger()
    qtbot.waitUntil(lambda: len([*tmp_path.glob("*.edl")]) == 1, timeout=PATIENCE_MS)
    [first] = tmp_path.glob("*.edl")
    first.write_text("mine")
    actions["edl"].trigger()
    second = first.with_name(f"{first.stem} (2).edl")
    qtbot.waitUntil(second.is_file, timeout=PATIENCE_MS)
    assert first.read_text() == "mine"


def test_no_folder_chosen_sends_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*.edl"))
    formats(window)[1]["edl"].trigger()
    assert not window.notice.isVisible()
    assert sorted(tmp_path.rglob("*.edl")) == before
