"""Many clips at once: one progress, one end, and every item can still be steered by itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.order import ExportedFile
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.job_work import ProgressReport
from clipforge_desktop.ui.application import Session
from clipforge_desktop.ui.jobs_model import ROW_ROLE, Heading
from clipforge_desktop.ui.main_window import MainWindow
from tests.gui import furnishing as f
from tests.pipeline.export_maker import media_of

PATIENCE_MS = 60_000
WORKING_MS = 90_000
OpenWindow = Callable[..., MainWindow]
FAILURE = Failure("source_missing", "The video is gone.", "Find it.")
FULL = Failure("disk_full", "The disk is full.", "Free some space, then press Retry.")


@pytest.fixture
def clips(store: Store, home: Home, video: Path) -> list[int]:
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    found = [f.found(place, [(place, place + 2.0)]) for place in range(3)]
    return f.add_clips(store, source_id, order_id, found)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the system was asked to show; there is a tray, as it were."""
    messages: list[str] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda: True)
    monkeypatch.setattr(
        QSystemTrayIcon, "showMessage", lambda _icon, _title, text, *_: messages.append(text)
    )
    return messages


@pytest.fixture
def window(
    qtbot: QtBot, store: Store, clips: list[int], tmp_path: Path, open_window: OpenWindow
) -> MainWindow:
    """All three clips are on their way in three shapes; nobody works on them."""
    opened = open_window()
    export_all(qtbot, opened, tmp_path / "out")
    qtbot.waitUntil(lambda: opened.top.chip.text() == "0 of 9 files", timeout=PATIENCE_MS)
    return opened


def export_all(
    qtbot: QtBot, window: MainWindow, folder: Path, shapes: tuple[str, ...] = ("9:16", "1:1", "4:5")
) -> None:
    qtbot.waitUntil(lambda: window.shelf.cards.rowCount() == 3, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.side.styles.style_name() is not None, timeout=PATIENCE_MS)
    window.side.export.set_folder(str(folder))
    window.side.export.shapes.choose(list(shapes))
    window.shelf.selectAll()
    with qtbot.waitSignal(window.actions_.exported, timeout=PATIENCE_MS):
        qtbot.keyClick(window, Qt.Key.Key_E)


def exports(store: Store) -> list[Job]:
    return [job for job in store.jobs.all() if job.queue is Queue.EXPORT]


def finish(store: Store, job: Job, folder: Path) -> None:
    """As a worker leaves it, with one file."""
    f.move_job(store, job.id, JobState.DONE)
    video = folder / f"{job.id}.mp4"
    video.parent.mkdir(exist_ok=True)
    video.write_bytes(b"video")
    assert job.clip_id is not None
    recipe = str(video.with_suffix(".json"))
    file = ExportedFile("9:16", str(video), None, recipe, 1000, 2.0, -14.0)
    store.library.save_export(job.id, job.clip_id, file)


def test_a_batch_is_one_progress_in_the_top_bar_and_over_its_jobs(
    qtbot: QtBot, store: Store, window: MainWindow, tmp_path: Path
) -> None:
    first, second, _ = exports(store)
    finish(store, first, tmp_path / "out")
    job = store.jobs.claim(second.id, "worker")
    assert job is not None
    store.jobs.report([ProgressReport(job.id, job.token or "", 0.5, "Rendering", None)])
    qtbot.waitUntil(lambda: window.top.chip.share == 0.5, timeout=PATIENCE_MS)
    assert window.top.chip.text() == "3 of 9 files"
    window.top.chip.click()
    assert window.is_showing_jobs
    model = window.jobs.list.jobs
    rows = [model.index(row).data(ROW_ROLE) for row in range(model.rowCount())]
    heading = next(r for r in rows if isinstance(r, Heading) and r.queue is Queue.EXPORT)
    assert heading.text.endswith("3 of 9 files")
    row = window.jobs.list.row()
    assert row is not None
    assert row.job.id == second.id, "what is worked on is in sight"


def test_a_batch_is_held_and_goes_on_by_one_button(
    qtbot: QtBot, store: Store, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = lambda: {job.state for job in exports(store)}  # noqa: E731 - asked again and again
    told: list[str] = []
    monkeypatch.setattr(window.notice, "tell", _noting(told, window.notice.tell))
    window.top.pause.click()
    qtbot.waitUntil(lambda: states() == {JobState.PAUSED}, timeout=PATIENCE_MS)
    qtbot.waitUntil(window.top.go_on.isVisible, timeout=PATIENCE_MS)
    assert window.top.chip.text() == "0 of 9 files · paused"
    assert told == [], "who paused it knows"
    window.top.go_on.click()
    qtbot.waitUntil(lambda: states() == {JobState.QUEUED}, timeout=PATIENCE_MS)
    qtbot.waitUntil(window.top.pause.isVisible, timeout=PATIENCE_MS)


def test_items_of_a_batch_change_places_and_one_is_retried_by_itself(
    qtbot: QtBot, store: Store, window: MainWindow
) -> None:
    first, second, third = exports(store)
    window.toggle_jobs()
    model = window.jobs.list.jobs
    qtbot.waitUntil(lambda: model.row_of(third.id) >= 0, timeout=PATIENCE_MS)
    window.jobs.list.action_wanted.emit(third, "up")
    qtbot.waitUntil(
        lambda: [job.id for job in exports(store)] == [first.id, third.id, second.id],
        timeout=PATIENCE_MS,
    )
    f.move_job(store, first.id, JobState.FAILED, failure=FAILURE)
    qtbot.waitUntil(lambda: "1 failed" in window.top.chip.text(), timeout=PATIENCE_MS)
    window.jobs.list.action_wanted.emit(store.jobs.get(first.id), "retry")
    qtbot.waitUntil(lambda: window.top.chip.text() == "0 of 9 files", timeout=PATIENCE_MS)
    assert store.jobs.get(first.id).state is JobState.QUEUED


def test_a_batch_ends_with_one_notice_that_leads_to_folder_and_failure(
    qtbot: QtBot, store: Store, window: MainWindow, tmp_path: Path, said: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    first, second, third = exports(store)
    told: list[str] = []
    monkeypatch.setattr(window.notice, "tell", _noting(told, window.notice.tell))
    revealed: list[str] = []
    monkeypatch.setattr(window.actions_, "reveal", revealed.append)
    finish(store, first, tmp_path / "out")
    finish(store, second, tmp_path / "out")
    qtbot.waitUntil(lambda: "6 of 9 files" in window.top.chip.text(), timeout=PATIENCE_MS)
    assert told == []
    f.move_job(store, third.id, JobState.FAILED, failure=FAILURE)
    qtbot.waitUntil(lambda: told == ["2 clips are ready, 1 failed."], timeout=PATIENCE_MS)
    assert said == [], "the window is looked at"
    assert "files" not in window.top.chip.text()
    assert not window.top.pause.isVisible()
    assert (window.notice.action.text(), window.notice.second.text()) == (
        "Show folder", "Show failed",
    )  # fmt: skip
    window.notice.action.click()
    qtbot.waitUntil(
        lambda: revealed == [str(tmp_path / "out" / f"{first.id}.mp4")], timeout=PATIENCE_MS
    )
    window.notice.second.click()
    assert window.is_showing_jobs
    row = window.jobs.list.row()
    assert row is not None
    assert row.job.id == third.id


def test_what_is_left_paused_is_told_once_with_the_reason_and_goes_on_by_itself(
    qtbot: QtBot, store: Store, window: MainWindow, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    first, second, third = exports(store)
    told: list[str] = []
    monkeypatch.setattr(window.notice, "tell", _noting(told, window.notice.tell))
    f.move_job(store, third.id, JobState.PAUSED, failure=FULL)
    finish(store, first, tmp_path / "out")
    qtbot.waitUntil(lambda: "3 of 9 files" in window.top.chip.text(), timeout=PATIENCE_MS)
    assert told == [], "one is still to be made"
    finish(store, second, tmp_path / "out")
    sentence = "2 clips are ready, 1 is paused: The disk is full."
    qtbot.waitUntil(lambda: told == [sentence], timeout=PATIENCE_MS)
    assert window.notice.second.text() == "Show paused"
    assert window.top.chip.text() == "0 of 3 files · paused"
    assert window.top.go_on.isVisible()
    store.jobs.retry(third.id)
    f.move_job(store, third.id, JobState.PAUSED, failure=FULL)  # still full
    store.jobs.retry(third.id)
    qtbot.waitUntil(window.top.pause.isVisible, timeout=PATIENCE_MS)
    finish(store, third, tmp_path / "out")
    qtbot.waitUntil(lambda: told == [sentence, "1 clip is ready."], timeout=PATIENCE_MS)
    assert "files" not in window.top.chip.text()


def _noting(told: list[str], tell: Callable[..., None]) -> Callable[..., None]:
    def noted(sentence: str, ways: object) -> None:
        told.append(sentence)
        tell(sentence, ways)

    return noted


def test_the_system_tells_the_end_while_one_looks_elsewhere_and_the_window_does_not(
    qtbot: QtBot, store: Store, window: MainWindow, tmp_path: Path, said: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    window.notice.hide()
    for job in exports(store):
        finish(store, job, tmp_path / "out")
    qtbot.waitUntil(lambda: said == ["3 clips are ready."], timeout=PATIENCE_MS)
    assert not window.notice.isVisible()
    revealed: list[str] = []
    monkeypatch.setattr(window.actions_, "reveal", revealed.append)
    tray = window.findChildren(QSystemTrayIcon)[0]
    tray.messageClicked.emit()
    qtbot.waitUntil(lambda: len(revealed) == 1, timeout=PATIENCE_MS)


def test_a_cancelled_batch_ends_without_a_word(
    qtbot: QtBot, store: Store, window: MainWindow
) -> None:
    window.notice.hide()
    for job in exports(store):
        store.jobs.cancel(job.id)
    qtbot.waitUntil(lambda: "files" not in window.top.chip.text(), timeout=PATIENCE_MS)
    assert not window.notice.isVisible()


def test_a_batch_left_by_the_last_session_goes_on_where_it_was(
    qtbot: QtBot, store: Store, window: MainWindow, open_window: OpenWindow
) -> None:
    again = open_window()
    qtbot.waitUntil(lambda: again.top.chip.text() == "0 of 9 files", timeout=PATIENCE_MS)


def test_three_clips_in_three_shapes_are_really_made_and_told_once(
    qtbot: QtBot, store: Store, video: Path, tmp_path: Path,
    open_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    media = media_of(video)
    words = f.transcript_of(f.spoken(6.0))
    store.library.save_transcript(media.content_key, "p", words)
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    ids = f.add_clips(store, source_id, order_id, [f.found(n, [(n, n + 1.0)]) for n in range(3)])
    window = open_session(works=True).window
    told: list[str] = []
    monkeypatch.setattr(window.notice, "tell", _noting(told, window.notice.tell))
    window.side.export.more.quality.choose("draft")
    export_all(qtbot, window, tmp_path / "out", ("180x320", "240x240", "320x180"))
    qtbot.waitUntil(lambda: bool(told), timeout=WORKING_MS)
    assert told == ["3 clips are ready."], [job.failure for job in exports(store)]
    assert len(list((tmp_path / "out").glob("*.mp4"))) == 9
    qtbot.waitUntil(
        lambda: all(len(window.desk.exports(one)) == 3 for one in ids), timeout=PATIENCE_MS
    )
