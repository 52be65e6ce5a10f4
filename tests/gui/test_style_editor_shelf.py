"""What the style editor keeps with the clip and on the shelf as files, and what it gives a clip's
headline, in the real window.
"""

import json
import pathlib
from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot

from clipforge_desktop.captions.own_styles import mark_of, save
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.shelf import load_style, read_style
from clipforge_desktop.captions.travel import SUFFIX
from clipforge_desktop.domain.job import Queue
from clipforge_desktop.domain.order import decode
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import OwnStyle
from clipforge_desktop.ui.clip_canvas import ClipCanvas
from clipforge_desktop.ui.main_window import MainWindow
from tests.gui import furnishing as f

PATIENCE_MS = 60_000
OpenWindow = Callable[..., MainWindow]
GREEN = ("#00FF00",)


@pytest.fixture
def clips(store: Store, home: Home, video: pathlib.Path) -> list[int]:
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    store.library.save_transcript("talk", "p", f.transcript_of(f.spoken(6.0)))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    found = [f.found(place, [(place, place + 2.5)]) for place in range(3)]
    return f.add_clips(store, source_id, order_id, found)


@pytest.fixture
def window(qtbot: QtBot, clips: list[int], open_window: OpenWindow) -> MainWindow:
    window = open_window()
    qtbot.waitUntil(lambda: window.shelf.current_clip() is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: bool(window.side.styles.style_name()), timeout=PATIENCE_MS)
    open_editor(qtbot, window)
    return window


def open_editor(qtbot: QtBot, window: MainWindow) -> None:
    window.side.tabs.buttons()[1].click()
    window.style_desk.corner.edit.click()
    qtbot.waitUntil(lambda: window.style_desk.is_open, timeout=PATIENCE_MS)


def make_green(window: MainWindow) -> None:
    assert window.style_desk.draft.set_value(("fill", "colors"), GREEN, "Colours") == ""


def own_of(store: Store, clip_id: int) -> OwnStyle | None:
    return store.library.clip(clip_id).own_style


def save_as(qtbot: QtBot, window: MainWindow, name: str) -> None:
    panel = window.style_desk.panel
    panel.save_as.click()
    panel.name.setText(name)
    qtbot.keyClick(panel.name, Qt.Key.Key_Return)


def test_an_edit_stays_with_its_clip_and_only_its_export_has_it(
    qtbot: QtBot, store: Store, clips: list[int], window: MainWindow, tmp_path: pathlib.Path
) -> None:
    make_green(window)
    qtbot.waitUntil(lambda: own_of(store, clips[0]) is not None, timeout=PATIENCE_MS)
    assert own_of(store, clips[1]) is None
    window.side.export.set_folder(str(tmp_path / "out"))
    window.shelf.selectAll()
    with qtbot.waitSignal(window.actions_.exported, timeout=PATIENCE_MS):
        window.export_selected()
    tasks = {
        job.clip_id: decode(ExportTask, job.request)
        for job in store.jobs.all()
        if job.clip_id and job.queue is Queue.EXPORT
    }
    colors = [style.fill.colors for c in clips if (style := tasks[c].options.style) is not None]
    assert colors == [GREEN, ("#FFFFFF",), ("#FFFFFF",)]


def test_undone_to_the_shelfs_style_the_clip_has_no_copy(
    qtbot: QtBot, store: Store, clips: list[int], window: MainWindow
) -> None:
    make_green(window)
    qtbot.waitUntil(lambda: own_of(store, clips[0]) is not None, timeout=PATIENCE_MS)
    window.style_desk.undo()
    qtbot.waitUntil(lambda: own_of(store, clips[0]) is None, timeout=PATIENCE_MS)


def test_another_clip_shows_its_own_style_and_coming_back_the_first_ones(
    qtbot: QtBot, clips: list[int], window: MainWindow
) -> None:
    make_green(window)
    desk = window.style_desk
    window.shelf.choose(clips[1])
    qtbot.waitUntil(lambda: desk.clip_id == clips[1], timeout=PATIENCE_MS)
    assert desk.draft.style == desk.draft.saved.style
    window.shelf.choose(clips[0])
    qtbot.waitUntil(lambda: desk.clip_id == clips[0], timeout=PATIENCE_MS)
    assert desk.draft.style.fill.colors == GREEN


def test_the_last_change_is_kept_when_the_editor_closes_and_shows_after_it(
    qtbot: QtBot, store: Store, clips: list[int], window: MainWindow
) -> None:
    make_green(window)
    window.style_desk.close()
    qtbot.waitUntil(lambda: own_of(store, clips[0]) is not None, timeout=PATIENCE_MS)
    corner = window.style_desk.corner
    qtbot.waitUntil(lambda: "its own version of “clean”" in corner.own.text(), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: painted_colors(window) == GREEN, timeout=PATIENCE_MS)
    corner.back.click()
    qtbot.waitUntil(lambda: own_of(store, clips[0]) is None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: painted_colors(window) == ("#FFFFFF",), timeout=PATIENCE_MS)
    window.actions_.undo_stack.undo()
    qtbot.waitUntil(lambda: own_of(store, clips[0]) is not None, timeout=PATIENCE_MS)


def painted_colors(window: MainWindow) -> tuple[str, ...]:
    style = getattr(window.player.canvas.captions, "style", None)
    return style.fill.colors if style is not None else ()


def test_choosing_another_style_takes_the_place_of_the_clips_copy(
    qtbot: QtBot, store: Store, clips: list[int], window: MainWindow
) -> None:
    make_green(window)
    window.style_desk.close()
    qtbot.waitUntil(lambda: own_of(store, clips[0]) is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(
        lambda: (clip := window.shelf.current_clip()) is not None and clip.own_style is not None,
        timeout=PATIENCE_MS,
    )
    window.side.styles.choose("pill")
    qtbot.waitUntil(lambda: own_of(store, clips[0]) is None, timeout=PATIENCE_MS)


def test_save_as_new_writes_a_file_that_the_shelf_reads(
    qtbot: QtBot, home: Home, store: Store, clips: list[int], window: MainWindow
) -> None:
    make_green(window)
    file = home.styles / "mine.json"
    save_as(qtbot, window, "mine")
    qtbot.waitUntil(file.is_file, timeout=PATIENCE_MS)
    style = read_style(file)
    assert (style.name, style.fill.colors) == ("mine", GREEN)
    assert "entrance" not in json.loads(file.read_text(encoding="utf-8")), "only what differs"
    desk = window.style_desk
    qtbot.waitUntil(lambda: desk.draft.saved.is_own, timeout=PATIENCE_MS)
    assert not desk.draft.is_edited
    kept = "mine"
    qtbot.waitUntil(
        lambda: (own := own_of(store, clips[0])) is not None and own.shelf_name == kept,
        timeout=PATIENCE_MS,
    )


def test_a_shipped_style_cannot_be_overwritten(
    qtbot: QtBot, home: Home, window: MainWindow
) -> None:
    make_green(window)
    panel = window.style_desk.panel
    assert not panel.save.isVisible()
    save_as(qtbot, window, "Pill")
    said = "There is a style that comes with ClipForge called pill."
    qtbot.waitUntil(lambda: said in window.notice.text.text(), timeout=PATIENCE_MS)
    assert list(home.styles.glob("*.json")) == []


def test_an_own_style_is_saved_renamed_deleted_and_brought_back(
    qtbot: QtBot, home: Home, window: MainWindow
) -> None:
    save_as(qtbot, window, "mine")
    desk = window.style_desk
    qtbot.waitUntil(lambda: desk.draft.saved.is_own, timeout=PATIENCE_MS)
    make_green(window)
    desk.panel.save.click()
    qtbot.waitUntil(
        lambda: read_style(home.styles / "mine.json").fill.colors == GREEN, timeout=PATIENCE_MS
    )
    assert desk.draft.set_value(("name",), "ours", "Name") == ""
    assert desk.panel.save.text() == "Rename"
    desk.panel.save.click()
    qtbot.waitUntil((home.styles / "ours.json").is_file, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: desk.draft.saved.name == "ours", timeout=PATIENCE_MS)
    assert not (home.styles / "mine.json").exists()
    desk.shelving.delete()
    qtbot.waitUntil(lambda: not (home.styles / "ours.json").exists(), timeout=PATIENCE_MS)
    qtbot.waitUntil(
        lambda: "ours is off the shelf." in window.notice.text.text(), timeout=PATIENCE_MS
    )
    window.notice.action.click()
    qtbot.waitUntil((home.styles / "ours.json").is_file, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: desk.draft.saved.is_own, timeout=PATIENCE_MS)


def test_the_clip_keeps_its_copy_when_the_shelf_changes_and_the_window_says_so(
    qtbot: QtBot, home: Home, store: Store, clips: list[int], open_window: OpenWindow
) -> None:
    mine = load_style("clean").model_copy(update={"name": "mine"})
    save(home, mine, replaces=False)
    copy = mine.model_copy(update={"description": "this clip's"})
    own = OwnStyle(copy.model_dump_json(), "mine", mark_of(mine))
    store.library.set_own_style(clips[:1], own)
    window = open_window()
    corner = window.style_desk.corner
    qtbot.waitUntil(lambda: "“mine”" in corner.own.text(), timeout=PATIENCE_MS)
    assert corner.moved.isHidden()
    save(home, mine.model_copy(update={"purpose": "other"}), replaces=True)
    window.style_desk.on_styles()
    qtbot.waitUntil(lambda: not corner.moved.isHidden(), timeout=PATIENCE_MS)
    assert "“mine” on the shelf has changed" in corner.moved.sentence.text()
    assert own_of(store, clips[0]) == own
    open_editor(qtbot, window)
    desk = window.style_desk
    assert not desk.panel.moved.isHidden()
    assert desk.draft.style == copy
    desk.panel.moved.keep.click()
    qtbot.waitUntil(lambda: own_of(store, clips[0]) != own, timeout=PATIENCE_MS)
    kept = own_of(store, clips[0])
    assert kept is not None
    assert kept.json == own.json
    qtbot.waitUntil(lambda: desk.panel.moved.isHidden(), timeout=PATIENCE_MS)


def test_the_shelfs_newer_version_is_taken_on_wish_and_undone(
    qtbot: QtBot, home: Home, store: Store, clips: list[int], open_window: OpenWindow
) -> None:
    mine = load_style("clean").model_copy(update={"name": "mine"})
    copy = mine.model_copy(update={"description": "this clip's"})
    save(home, mine.model_copy(update={"purpose": "newer"}), replaces=False)
    own = OwnStyle(copy.model_dump_json(), "mine", mark_of(mine))
    store.library.set_own_style(clips[:1], own)
    window = open_window()
    qtbot.waitUntil(lambda: window.shelf.current_clip() is not None, timeout=PATIENCE_MS)
    open_editor(qtbot, window)
    desk = window.style_desk
    desk.panel.moved.take.click()
    qtbot.waitUntil(lambda: desk.draft.style.purpose == "newer", timeout=PATIENCE_MS)
    desk.undo()
    assert desk.draft.style == copy


def test_a_dropped_style_file_is_imported_and_a_broken_one_is_refused_by_its_field(
    qtbot: QtBot, home: Home, window: MainWindow, tmp_path: pathlib.Path
) -> None:
    good, bad = tmp_path / "theirs.json", tmp_path / "bad.json"
    good.write_text('{"version": 1, "name": "theirs", "font": {"weight": 500}}', encoding="utf-8")
    bad.write_text('{"version": 1, "name": "bad", "font": {"weight": 50}}', encoding="utf-8")
    drop(window, bad)
    qtbot.waitUntil(lambda: "font.weight" in window.notice.text.text(), timeout=PATIENCE_MS)
    drop(window, good)
    qtbot.waitUntil(lambda: window.style_desk.draft.saved.name == "theirs", timeout=PATIENCE_MS)
    assert window.style_desk.draft.style.font.weight == 500
    assert [file.name for file in home.styles.glob("*")] == ["theirs.json"]
    plain = '{"version": 1, "name": "fancy", "font": {"family": "Nobodys Hand"}}'
    (tmp_path / "fancy.json").write_text(plain, encoding="utf-8")
    drop(window, tmp_path / "fancy.json")
    said = "The font Nobodys Hand is not installed, so Inter is used instead."
    shown = window.notice.text
    qtbot.waitUntil(lambda: shown.text().endswith(said), timeout=PATIENCE_MS)
    assert shown.text().startswith("fancy is on the shelf.")


def drop(window: MainWindow, file: pathlib.Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    panel = window.style_desk.panel
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    entering = QDragEnterEvent(panel.rect().center(), copy, data, left, none.NoModifier)
    panel.dragEnterEvent(entering)
    assert entering.isAccepted()
    place = QPointF(panel.rect().center())
    panel.dropEvent(QDropEvent(place, copy, data, left, none.NoModifier))


def test_an_exported_style_is_a_file_that_the_shelf_reads(
    qtbot: QtBot, window: MainWindow, tmp_path: pathlib.Path
) -> None:
    make_green(window)
    file = tmp_path / "shared.json"
    window.style_desk.shelving.export(file)
    qtbot.waitUntil(file.is_file, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: "shared.json is in" in window.notice.text.text(), timeout=PATIENCE_MS)
    assert read_style(file) == window.style_desk.draft.style


def test_a_style_travels_with_its_fonts_out_of_one_window_and_into_the_next(
    qtbot: QtBot, home: Home, window: MainWindow, tmp_path: pathlib.Path
) -> None:
    save_as(qtbot, window, "mine")
    desk = window.style_desk
    qtbot.waitUntil(lambda: desk.draft.saved.is_own, timeout=PATIENCE_MS)
    file = tmp_path / f"mine{SUFFIX}"
    desk.shelving.export(file)
    qtbot.waitUntil(file.is_file, timeout=PATIENCE_MS)
    desk.shelving.delete()
    qtbot.waitUntil(lambda: not (home.styles / "mine.json").exists(), timeout=PATIENCE_MS)
    drop(window, file)
    qtbot.waitUntil((home.styles / "mine.json").is_file, timeout=PATIENCE_MS)


def test_the_headline_wears_the_style_that_is_edited_and_the_saved_one_while_it_is_held(
    qtbot: QtBot, window: MainWindow
) -> None:
    desk, canvas = window.style_desk, window.player.canvas
    second = desk.preview.second.canvas

    def families(shown: ClipCanvas = canvas) -> list[str]:
        marks = [mark for mark in shown.marks if isinstance(mark, CaptionPainter)]
        return [mark.style.font.family for mark in marks]

    saved, other = desk.draft.style.font.family, "Bangers"
    assert saved != other
    window.side.export.more.branding.headline.click()
    qtbot.waitUntil(lambda: families() == [saved], timeout=PATIENCE_MS)
    assert desk.draft.set_value(("font", "family"), other, "x") == ""
    qtbot.waitUntil(lambda: families() == [other], timeout=PATIENCE_MS)
    desk.panel.compare.click()
    qtbot.waitUntil(lambda: families(second) == [saved], timeout=PATIENCE_MS)
    assert families() == [other]
    desk.panel.hold.pressed.emit()
    qtbot.waitUntil(lambda: families() == [saved], timeout=PATIENCE_MS)
    desk.panel.hold.released.emit()
    qtbot.waitUntil(lambda: families() == [other], timeout=PATIENCE_MS)
    assert desk.draft.set_value(("font", "family"), saved, "x") == ""
    qtbot.waitUntil(lambda: families() == [saved], timeout=PATIENCE_MS)
    window.side.export.more.branding.headline.click()
    qtbot.waitUntil(lambda: canvas.marks == second.marks == (), timeout=PATIENCE_MS)
