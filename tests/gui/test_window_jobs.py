"""The jobs view: every row's buttons do what they say, on the real rows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.ui.jobs_model import ROW_ROLE, Heading, JobRow
from clipforge_desktop.ui.main_window import MainWindow
from clipforge_desktop.ui.overlays import LogDialog
from tests.gui import furnishing as f

PATIENCE_MS = 60_000
OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def jobs(store: Store, video: Path) -> list[int]:
    """A running, two waiting, a failed and a done import."""
    states = [JobState.RUNNING, JobState.QUEUED, JobState.QUEUED, JobState.FAILED, JobState.DONE]
    ids = []
    for place, state in enumerate(states):
        source_id, order_id = f.add_source(store, video, f"video {place}.mp4")
        failure = Failure("no_moov", "The file is cut off.", "Copy it again.")
        ids.append(
            f.add_job(
                store, Queue.IMPORT, source_id, order_id, state,
                progress=0.5, note="Reading", failure=failure,
            )
        )  # fmt: skip
    return ids


@pytest.fixture
def window(qtbot: QtBot, jobs: list[int], open_window: OpenWindow) -> MainWindow:
    opened = open_window()
    qtbot.waitUntil(lambda: opened.library.cards.rowCount() == len(jobs), timeout=PATIENCE_MS)
    qtbot.keyClick(opened, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: opened.jobs.list.jobs.rowCount() == len(jobs) + 1, timeout=PATIENCE_MS)
    return opened


def press(qtbot: QtBot, window: MainWindow, job_id: int, action: str) -> None:
    """Click one button of one row."""
    jobs_list = window.jobs.list
    index = jobs_list.jobs.index(jobs_list.jobs.row_of(job_id))
    jobs_list.scrollTo(index)
    point = jobs_list.delegate.action_point(
        jobs_list.visualRect(index), index.data(ROW_ROLE), action
    )
    qtbot.mouseClick(jobs_list.viewport(), Qt.MouseButton.LeftButton, pos=point)


def shown(window: MainWindow) -> list[int]:
    model = window.jobs.list.jobs
    rows = [model.index(place).data(ROW_ROLE) for place in range(model.rowCount())]
    return [row.job.id for row in rows if isinstance(row, JobRow)]


def test_rows_stand_under_their_queue_what_runs_first(window: MainWindow, jobs: list[int]) -> None:
    heading = window.jobs.list.jobs.index(0).data(ROW_ROLE)
    assert isinstance(heading, Heading)
    assert heading.text == "Import · 1 running · 2 waiting · 1 failed · 1 done"
    assert shown(window) == jobs
    failed = window.jobs.list.jobs.index(4).data(ROW_ROLE)
    assert failed.error == "The file is cut off. Copy it again."


@pytest.mark.parametrize(
    ("place", "action", "state"),
    [
        (0, "pause", JobState.PAUSED),
        (0, "cancel", JobState.CANCELLING),
        (1, "pause", JobState.PAUSED),
        (1, "cancel", JobState.CANCELLED),
        (3, "retry", JobState.QUEUED),
    ],
)
def test_a_rows_button_moves_its_job(
    qtbot: QtBot, store: Store, window: MainWindow, jobs: list[int],
    place: int, action: str, state: JobState,
) -> None:  # fmt: skip
    press(qtbot, window, jobs[place], action)
    qtbot.waitUntil(lambda: store.jobs.get(jobs[place]).state is state, timeout=PATIENCE_MS)
    model = window.jobs.list.jobs
    qtbot.waitUntil(
        lambda: model.index(model.row_of(jobs[place])).data(ROW_ROLE).job.state is state,
        timeout=PATIENCE_MS,
    )


def test_a_paused_job_goes_on(
    qtbot: QtBot, store: Store, window: MainWindow, jobs: list[int]
) -> None:
    press(qtbot, window, jobs[1], "pause")
    model = window.jobs.list.jobs
    qtbot.waitUntil(
        lambda: "resume" in model.index(model.row_of(jobs[1])).data(ROW_ROLE).actions,
        timeout=PATIENCE_MS,
    )
    press(qtbot, window, jobs[1], "resume")
    qtbot.waitUntil(lambda: store.jobs.get(jobs[1]).state is JobState.QUEUED, timeout=PATIENCE_MS)


def test_waiting_jobs_change_places_by_button_and_by_key(
    qtbot: QtBot, store: Store, window: MainWindow, jobs: list[int]
) -> None:
    swapped = [jobs[0], jobs[2], jobs[1], *jobs[3:]]
    press(qtbot, window, jobs[2], "up")
    qtbot.waitUntil(lambda: shown(window) == swapped, timeout=PATIENCE_MS)
    waiting = [job.id for job in store.jobs.all() if job.state is JobState.QUEUED]
    assert waiting == [jobs[2], jobs[1]]
    jobs_list = window.jobs.list
    jobs_list.setCurrentIndex(jobs_list.jobs.index(jobs_list.jobs.row_of(jobs[1])))
    jobs_list.setFocus()
    qtbot.keyClick(jobs_list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: shown(window) == jobs, timeout=PATIENCE_MS)


def test_delete_cancels_the_chosen_job(
    qtbot: QtBot, store: Store, window: MainWindow, jobs: list[int]
) -> None:
    jobs_list = window.jobs.list
    jobs_list.setCurrentIndex(jobs_list.jobs.index(jobs_list.jobs.row_of(jobs[2])))
    jobs_list.setFocus()
    qtbot.keyClick(jobs_list, Qt.Key.Key_Delete)
    qtbot.waitUntil(
        lambda: store.jobs.get(jobs[2]).state is JobState.CANCELLED, timeout=PATIENCE_MS
    )


def test_clear_finished_never_takes_what_runs_or_waits(
    qtbot: QtBot, window: MainWindow, jobs: list[int]
) -> None:
    window.jobs.clear.click()
    qtbot.waitUntil(lambda: shown(window) == jobs[:3], timeout=PATIENCE_MS)


def test_pause_all_holds_every_queue_and_go_on_frees_it(
    qtbot: QtBot, store: Store, window: MainWindow
) -> None:
    window.jobs.pause_all.click()
    qtbot.waitUntil(
        lambda: all(store.jobs.is_paused(queue) for queue in Queue), timeout=PATIENCE_MS
    )
    qtbot.waitUntil(lambda: window.jobs.pause_all.text() == "Go on with all", timeout=PATIENCE_MS)
    window.jobs.pause_all.click()
    qtbot.waitUntil(
        lambda: not any(store.jobs.is_paused(queue) for queue in Queue), timeout=PATIENCE_MS
    )


def test_the_log_of_a_job_is_shown(
    qtbot: QtBot, home: Home, window: MainWindow, jobs: list[int]
) -> None:
    (home.logs / f"job-{jobs[3]}.log").write_text("moov atom not found\n", encoding="utf-8")
    press(qtbot, window, jobs[3], "log")
    qtbot.waitUntil(lambda: bool(window.findChildren(LogDialog)), timeout=PATIENCE_MS)
    dialog = window.findChildren(LogDialog)[0]
    assert "moov atom" in dialog.findChildren(QPlainTextEdit)[0].toPlainText()
    dialog.close()
