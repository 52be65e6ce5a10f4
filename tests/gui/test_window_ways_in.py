"""Ways into the window: drops, folders, the keyboard, search, a second window; and the way out."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from clipforge_desktop.app.folders import videos_in
from clipforge_desktop.domain.job import FINISHED_STATES, JobState, Queue
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.ui.application import Session, hand_over
from clipforge_desktop.ui.choices import Choices, load_choices, save_choices
from clipforge_desktop.ui.main_window import MainWindow
from clipforge_desktop.ui.theme import DARK, LIGHT
from tests.gui import furnishing as f

PATIENCE_MS = 60_000
OpenWindow = Callable[..., MainWindow]
CONTROL = Qt.KeyboardModifier.ControlModifier


def drop(window: MainWindow, paths: list[Path]) -> None:
    """What the system does when files are let go over the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(300, 300).toPoint(), copy, data, left, none)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(QDropEvent(QPointF(300, 300), copy, data, left, none))


def names(window: MainWindow) -> list[str]:
    cards = window.library.cards
    return [cards.card(cards.id_at(row)).name for row in range(cards.rowCount())]


def test_dropped_files_and_folders_are_taken_in_their_order(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow
) -> None:
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    for name in ("b.mp4", "a.MOV", "notes.txt", ".hidden.mp4", "inner/c.mkv"):
        (folder / name).write_bytes(b"video")
    odd = tmp_path / "no ending"
    odd.write_bytes(b"video")
    window = open_window()
    drop(window, [odd, folder])
    qtbot.waitUntil(lambda: window.library.cards.rowCount() == 4, timeout=PATIENCE_MS)
    assert names(window) == ["no ending", "a", "b", "c"]


def test_five_hundred_videos_at_once_keep_their_order(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow
) -> None:
    paths = []
    for number in range(500):
        path = tmp_path / f"{(number * 37) % 500:03d}.mp4"
        path.write_bytes(b"video %d" % number)
        paths.append(path)
    window = open_window()
    drop(window, paths)
    assert window.library.cards.rowCount() == 0, "the drop itself waits for nothing"
    qtbot.waitUntil(lambda: window.library.cards.rowCount() == 500, timeout=PATIENCE_MS)
    assert names(window) == [path.stem for path in paths]
    assert "500" in window.top.chip.text()


def test_a_folder_of_ten_thousand_files_is_scanned_without_the_window(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"{number:05d}{'.mp4' if number % 1000 == 0 else '.txt'}").touch()
    found = list(videos_in([tmp_path]))
    assert [path.stem for path in found] == [f"{number:05d}" for number in range(0, 10_000, 1000)]


def test_a_folder_without_videos_says_so(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow
) -> None:
    window = open_window()
    drop(window, [tmp_path])
    qtbot.waitUntil(lambda: "no videos" in window.notice.text.text(), timeout=PATIENCE_MS)


def test_a_file_that_is_not_there_is_refused_in_words(
    qtbot: QtBot, tmp_path: Path, open_window: OpenWindow
) -> None:
    window = open_window()
    drop(window, [tmp_path / "gone.mp4"])
    qtbot.waitUntil(lambda: "no file gone.mp4" in window.notice.text.text(), timeout=PATIENCE_MS)


def test_filling_the_window_opens_no_other_window(open_window: OpenWindow) -> None:
    window = open_window()
    assert [one for one in QApplication.topLevelWidgets() if one.isVisible()] == [window]


def test_search_goes_to_the_moment_in_its_source(
    qtbot: QtBot, store: Store, home: Home, video: Path, open_window: OpenWindow
) -> None:
    for key in ("first", "second"):
        media = f.media_of(home, video, key, 6.0, (320, 180))
        source_id, order_id = f.add_source(store, video, f"{key}.mp4", media)
        f.add_clips(store, source_id, order_id, [f.found(0, [(0.0, 2.5)])])
    store.library.save_transcript("first", "p", f.transcript_of([(0.0, 2.0, "Nothing here")]))
    lines = [(0.0, 2.0, "Something else"), (3.0, 5.0, "A purple elephant walks in")]
    store.library.save_transcript("second", "p", f.transcript_of(lines))
    window = open_window()
    qtbot.waitUntil(lambda: window.library.cards.rowCount() == 2, timeout=PATIENCE_MS)
    qtbot.keyClick(window, Qt.Key.Key_K, CONTROL)
    QTest.keyClicks(window.search, "purple eleph")
    qtbot.waitUntil(window.search.popup.isVisible, timeout=PATIENCE_MS)
    assert window.search.hits.rowCount() == 1
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.library.chosen_id() == source_id, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: 2.9 <= window.player.playback.position_s <= 6.0, timeout=PATIENCE_MS)
    assert window.shelf.current_clip() is None, "no clip holds that moment"


def test_search_says_when_nothing_is_found(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    QTest.keyClicks(window.search, 'quo"te* NOT (')
    qtbot.waitUntil(window.search.popup.isVisible, timeout=PATIENCE_MS)
    assert window.search.hits.rowCount() == 0
    qtbot.keyClick(window.search, Qt.Key.Key_Escape)
    assert not window.search.popup.isVisible()


def test_the_keys_work_and_are_listed(
    qtbot: QtBot, store: Store, home: Home, video: Path, open_window: OpenWindow
) -> None:
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    ids = f.add_clips(store, source_id, order_id, [f.found(n, [(n, n + 2.0)]) for n in range(3)])
    window = open_window()
    qtbot.waitUntil(window.player.canvas.has_frame, timeout=PATIENCE_MS)
    playback = window.player.playback
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: playback.is_playing, timeout=PATIENCE_MS)
    qtbot.keyClick(window, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: not playback.is_playing, timeout=PATIENCE_MS)
    qtbot.keyClick(window, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: playback.is_playing, timeout=PATIENCE_MS)
    qtbot.keyClick(window, Qt.Key.Key_K)
    window.shelf.setFocus()
    qtbot.keyClick(window.shelf, Qt.Key.Key_Right)
    current = window.shelf.current_clip()
    assert current is not None
    assert current.id == ids[1]
    qtbot.keyClick(window, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: store.library.clip(ids[1]).verdict == "accepted", timeout=PATIENCE_MS)
    qtbot.keyClick(window, Qt.Key.Key_Question)
    assert window.keys.isVisible()
    qtbot.keyClick(window.keys, Qt.Key.Key_Escape)
    assert not window.keys.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_J, CONTROL)
    assert window.is_showing_jobs
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.is_showing_jobs


def test_letters_in_the_search_field_are_text_and_no_commands(
    qtbot: QtBot, store: Store, home: Home, video: Path, open_window: OpenWindow
) -> None:
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    ids = f.add_clips(store, source_id, order_id, [f.found(0, [(0.0, 2.0)])])
    window = open_window()
    qtbot.waitUntil(lambda: window.shelf.cards.rowCount() == 1, timeout=PATIENCE_MS)
    window.search.setFocus()
    QTest.keyClicks(window.search, "axe jkl")
    assert window.search.text() == "axe jkl"
    window.background.stop()
    assert store.library.clip(ids[0]).verdict == ""


def test_space_presses_the_button_that_has_the_focus(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    before = window.theme.tokens
    window.top.theme_button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(window.top.theme_button, Qt.Key.Key_Space)
    assert window.theme.tokens != before


def test_the_scheme_is_changed_by_a_click_and_remembered(
    qtbot: QtBot, home: Home, open_session: Callable[..., Session]
) -> None:
    save_choices(home, Choices(theme="dark"))
    session = open_session()
    assert session.theme.tokens is DARK
    qtbot.mouseClick(session.window.top.theme_button, Qt.MouseButton.LeftButton)
    assert session.theme.tokens is LIGHT
    with qtbot.waitSignal(session.ended, timeout=PATIENCE_MS):
        session.window.close()
    assert load_choices(home).theme == "light"
    assert load_choices(home).geometry


@pytest.mark.parametrize(
    "text",
    ["", "not json", "[]", '{"theme": 7, "aspects": ["9:1"], "music_level_lu": "loud"}'],
)
def test_a_damaged_choices_file_means_the_usual_choices(home: Home, text: str) -> None:
    (home.root / "window.json").write_text(text, encoding="utf-8")
    assert load_choices(home) == Choices()


def test_a_narrow_window_turns_the_side_into_a_drawer_and_the_library_into_a_rail(
    qtbot: QtBot, store: Store, home: Home, video: Path, open_window: OpenWindow
) -> None:
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    f.add_clips(store, source_id, order_id, [f.found(0, [(0.0, 2.0)])])
    window = open_window((1000, 760))
    qtbot.waitUntil(lambda: window.shelf.cards.rowCount() == 1, timeout=PATIENCE_MS)
    assert not window.side.isVisible()
    window.top.panel_button.click()
    assert window.side.isVisible()
    assert window.side.geometry().right() == window.body.rect().right()
    assert window.left.width() == 264
    window.resize(860, 760)
    qtbot.waitUntil(lambda: window.left.width() == 88, timeout=PATIENCE_MS)
    window.resize(1440, 900)
    qtbot.waitUntil(
        lambda: window.side.isVisible() and not window.top.panel_button.isVisible(),
        timeout=PATIENCE_MS,
    )
    assert window.middle.geometry().right() < window.side.geometry().left()


def test_everything_that_takes_the_focus_has_a_name(
    qtbot: QtBot, store: Store, home: Home, video: Path, open_window: OpenWindow
) -> None:
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    f.add_clips(store, source_id, order_id, [f.found(n, [(n, n + 2.0)]) for n in range(3)])
    window = open_window()
    qtbot.waitUntil(lambda: window.shelf.cards.rowCount() == 3, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.side.styles.style_name() is not None, timeout=PATIENCE_MS)
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.accessibleName()
    ]
    assert nameless == []
    assert [b for b in window.findChildren(QAbstractButton) if not b.accessibleName()] == []


def test_tab_goes_round_the_whole_window(
    qtbot: QtBot, store: Store, home: Home, video: Path, open_window: OpenWindow
) -> None:
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    f.add_clips(store, source_id, order_id, [f.found(0, [(0.0, 2.0)])])
    window = open_window()
    qtbot.waitUntil(lambda: window.shelf.cards.rowCount() == 1, timeout=PATIENCE_MS)
    window.activateWindow()
    window.search.setFocus()
    reached = set()
    for _ in range(60):
        focused = window.focusWidget()
        assert focused is not None
        reached.add(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    for widget in (
        window.search, window.library, window.shelf, window.side.transcript,
        window.top.add, window.top.export, window.top.chip,
    ):  # fmt: skip
        assert widget in reached, widget.accessibleName()


def test_a_second_window_hands_its_files_over_and_the_first_comes_to_the_front(
    qtbot: QtBot, home: Home, video: Path, open_window: OpenWindow
) -> None:
    window = open_window()
    window.setWindowState(Qt.WindowState.WindowMinimized)
    hand_over(home, [video], True)
    qtbot.waitUntil(lambda: names(window) == ["talk"], timeout=PATIENCE_MS)
    qtbot.waitUntil(
        lambda: not window.windowState() & Qt.WindowState.WindowMinimized, timeout=PATIENCE_MS
    )


def test_a_second_program_on_the_same_home_ends_and_leaves_its_file_behind(
    home: Home, video: Path, store: Store
) -> None:
    from PySide6.QtCore import QLockFile

    lock = QLockFile(str(home.locks / "window.lock"))
    assert lock.tryLock(0)
    code = (
        "import sys; from pathlib import Path; from clipforge_desktop.paths import Home;"
        "from clipforge_desktop.ui.application import run_window;"
        "sys.exit(run_window(Home(Path(sys.argv[1])), [Path(sys.argv[2])], True))"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(home.root), str(video)],
        env=environment, timeout=60, check=False,
    )  # fmt: skip
    lock.unlock()
    assert done.returncode == 0
    assert [source.path for source in store.library.sources()] == [str(video)]
    assert [kind for _, kind, _ in store.library.messages_after(0)] == ["raise"]


def test_the_first_window_loads_no_heavy_engine() -> None:
    code = (
        "import sys; from pathlib import Path; from PySide6.QtWidgets import QApplication;"
        "from clipforge_desktop.paths import Home;"
        "from clipforge_desktop.ui.application import Session;"
        "app = QApplication([]); home = Home(Path(sys.argv[1])).create();"
        "session = Session(home, [], True, works=False);"
        "session.window.painted.connect(lambda: app.exit(0)); session.window.show(); app.exec();"
        "heavy = {'cv2', 'faster_whisper', 'av', 'ctranslate2', 'sqlite_utils', 'onnxruntime',"
        " 'pydantic', 'numpy', 'huey', 'PySide6.QtMultimedia'} & set(sys.modules);"
        "print(sorted(heavy)); session.work.wait(); session.window.close_now();"
        "session.live.stop()"
    )
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", code, folder], capture_output=True, text=True, timeout=60,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, check=False,
        )  # fmt: skip
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_closing_while_work_runs_gives_it_back_for_the_next_start(
    qtbot: QtBot, store: Store, video: Path, open_session: Callable[..., Session]
) -> None:
    """The real supervisor and its real worker; whatever was done stays done."""
    session = open_session([video], works=True)
    qtbot.waitUntil(
        lambda: any(job.state is not JobState.QUEUED for job in store.jobs.all()),
        timeout=PATIENCE_MS,
    )
    with qtbot.waitSignal(session.ended, timeout=PATIENCE_MS):
        session.window.close()
    assert all(
        job.state in FINISHED_STATES | {JobState.QUEUED, JobState.RETRY_WAIT}
        for job in store.jobs.all()
    )
    assert store.jobs.all()[0].queue is Queue.IMPORT
