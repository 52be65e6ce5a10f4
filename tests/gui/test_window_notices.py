"""What results say beside their clips, and an engine that cannot start: shown where one looks."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clipforge_desktop.domain.job import NewJob, Queue
from clipforge_desktop.domain.order import encode
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.ui.jobs_model import ROW_ROLE, JobRow
from clipforge_desktop.ui.library_view import CARD_ROLE
from clipforge_desktop.ui.main_window import MainWindow
from tests.gui import furnishing as f

PATIENCE_MS = 60_000
OpenWindow = Callable[..., MainWindow]
STOPS = "The file stops after 0:12 of 0:20; only the part that is there is used."
LETTER = 'The letter "漢" is missing in the font Inter.'


@dataclass(frozen=True)
class Left:
    """The shape of what a worker leaves on a finished job's row."""

    parameters: str
    notices: tuple[str, ...]


def finish_with(store: Store, new: NewJob, *notices: str) -> int:
    """A job that was done and had something to say."""
    job_id = store.jobs.add(new)
    job = store.jobs.claim(job_id, "worker")
    assert job is not None
    store.jobs.finish(job_id, job.token or "", encode(Left("p", notices)))
    return job_id


def test_what_an_import_says_is_on_its_card_and_in_the_jobs_view(
    qtbot: QtBot, store: Store, home: Home, video: Path, open_window: OpenWindow
) -> None:
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    done = finish_with(store, NewJob(Queue.IMPORT, source_id, order_id, "import", "{}"), STOPS)
    window = open_window()
    qtbot.waitUntil(lambda: window.library.cards.rowCount() == 1, timeout=PATIENCE_MS)
    index = window.library.cards.index(0)
    assert index.data(CARD_ROLE).notice == STOPS
    assert STOPS in index.data(Qt.ItemDataRole.ToolTipRole)
    assert STOPS.rstrip(".") in index.data(Qt.ItemDataRole.AccessibleTextRole)
    qtbot.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    model = window.jobs.list.jobs
    qtbot.waitUntil(lambda: model.row_of(done) >= 0, timeout=PATIENCE_MS)
    row = model.index(model.row_of(done))
    assert isinstance(row.data(ROW_ROLE), JobRow)
    assert row.data(ROW_ROLE).notice == STOPS
    assert STOPS in row.data(Qt.ItemDataRole.AccessibleTextRole)


def test_what_an_export_says_is_beside_its_clip(
    qtbot: QtBot, store: Store, home: Home, video: Path, open_window: OpenWindow
) -> None:
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    clip_ids = f.add_clips(store, source_id, order_id, [f.found(n, [(n, n + 2)]) for n in range(2)])
    export = NewJob(Queue.EXPORT, source_id, order_id, "export", "{}", clip_id=clip_ids[1])
    finish_with(store, export, LETTER)
    window = open_window()
    qtbot.waitUntil(lambda: window.shelf.cards.rowCount() == 2, timeout=PATIENCE_MS)
    assert window.player.facts.notices == ""
    window.shelf.choose(clip_ids[1])
    qtbot.waitUntil(lambda: window.player.facts.notices == LETTER, timeout=PATIENCE_MS)
    shown = window.shelf.cards.index(1)
    assert LETTER in shown.data(Qt.ItemDataRole.ToolTipRole)
    assert LETTER in shown.data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize("size", [(1440, 900), (1000, 640)])
def test_a_notice_hides_neither_shelf_nor_wave_whatever_size_the_window_has(
    qtbot: QtBot, framed_clips: list[int], size: tuple[int, int], open_window: OpenWindow
) -> None:
    window = open_window(size)
    notice, hints = window.notice, window.player.hints
    notice.say("1 clip on the way to the folder of clips.", is_error=True)
    qtbot.waitUntil(hints.isVisible, timeout=PATIENCE_MS)

    def is_at_the_hints() -> bool:
        foot = hints.mapTo(window.body, hints.rect().bottomLeft()).y()
        return 0 <= notice.geometry().bottom() - foot < 8 and hides(window, hints)

    qtbot.waitUntil(is_at_the_hints, timeout=PATIENCE_MS)
    assert not hides(window, window.shelf)
    assert not hides(window, window.player.wave)
    assert window.body.rect().contains(notice.geometry())
    window.resize(size[0] + 160, size[1] + 100)
    qtbot.waitUntil(is_at_the_hints, timeout=PATIENCE_MS)
    qtbot.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.jobs.isVisible, timeout=PATIENCE_MS)
    assert notice.geometry().bottom() == window.body.height() - 21


def hides(window: MainWindow, view: QWidget) -> bool:
    place = QRect(view.mapTo(window.body, QPoint(0, 0)), view.size())
    return window.notice.geometry().intersects(place)


@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no mark for programs")
def test_an_engine_that_cannot_start_is_named_until_it_can(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_window: OpenWindow,
    is_there: bool,
) -> None:  # fmt: skip
    engine = tmp_path / "engine"
    if is_there:
        engine.write_text("not marked as a program")
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(engine))
    window = open_window()
    banner = window.engine
    qtbot.waitUntil(banner.isVisible, timeout=60_000)
    assert str(engine) in banner.message.text()
    assert banner.next_step.text()
    monkeypatch.delenv("IMAGEIO_FFMPEG_EXE")
    qtbot.mouseClick(banner.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not banner.isVisible(), timeout=PATIENCE_MS)
