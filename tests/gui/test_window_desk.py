"""The window over real rows: cards, shelf, player, transcript, export, remedies, undo."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.domain.order import ExportOptions, decode
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.job_work import ProgressReport
from clipforge_desktop.ui.main_window import MainWindow
from clipforge_desktop.ui.shelf_view import CARD_ROLE
from tests.gui import furnishing as f

PATIENCE_MS = 60_000
OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def furnished(store: Store, home: Home, video: Path) -> list[int]:
    """One video with three clips on the shelf and one behind; their ids."""
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    store.library.save_transcript("talk", "p", f.transcript_of(f.spoken(6.0)))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    clips = [f.found(place, [(place, place + 2.0)]) for place in range(3)]
    return f.add_clips(
        store, source_id, order_id, [*clips, f.found(3, [(3.0, 5.5)], is_on_shelf=False)]
    )


def shelf_size(window: MainWindow) -> int:
    return window.shelf.cards.rowCount()


def test_an_empty_library_invites_a_drop_and_offers_the_sample(open_window: OpenWindow) -> None:
    window = open_window()
    assert window.middle.currentWidget() is window.empty
    assert window.empty.add.isVisible()
    assert window.empty.sample.isVisible() == window.sample.is_file()
    assert not window.side.isVisible()
    assert not window.top.export.isEnabled()


def test_a_card_follows_its_job_while_it_runs(
    qtbot: QtBot, store: Store, video: Path, open_window: OpenWindow
) -> None:
    window = open_window()
    source_id, order_id = f.add_source(store, video, "talk.mp4")
    job_id = f.add_job(store, Queue.IMPORT, source_id, order_id)
    qtbot.waitUntil(lambda: window.library.cards.rowCount() == 1, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.middle.currentWidget() is window.working, timeout=PATIENCE_MS)
    assert window.library.cards.card(source_id).state == "Waiting"
    job = store.jobs.claim(job_id, "worker")
    assert job is not None
    assert job.token is not None
    store.jobs.report([ProgressReport(job_id, job.token, 0.41, "Reading frame 7", 360.0)])
    expected = "Reading frame 7 · 41\N{NO-BREAK SPACE}% · 6 min left"
    qtbot.waitUntil(
        lambda: window.library.cards.card(source_id).state == expected, timeout=PATIENCE_MS
    )
    assert window.library.cards.card(source_id).progress == 0.41
    top, row = window.top.chip, window.working.rows[0]
    qtbot.waitUntil(lambda: expected in row.accessibleName(), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: top.text() == "1 running · 6 min left", timeout=PATIENCE_MS)


def test_the_shelf_fills_when_clips_are_found(
    qtbot: QtBot, store: Store, home: Home, video: Path, open_window: OpenWindow
) -> None:
    window = open_window()
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    f.add_clips(store, source_id, order_id, [f.found(n, [(n, n + 2.0)]) for n in range(3)])
    qtbot.waitUntil(lambda: shelf_size(window) == 3, timeout=PATIENCE_MS)
    assert window.middle.currentWidget() is window.play_side
    assert window.side.isVisible()
    assert window.shelf.current_clip() is not None
    assert window.top.export.text() == "Export 1 clip"


def test_clips_behind_the_shelf_come_with_one_click(
    qtbot: QtBot, furnished: list[int], open_window: OpenWindow
) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: shelf_size(window) == 3, timeout=PATIENCE_MS)
    assert "(1)" in window.rest.text()
    window.rest.click()
    assert shelf_size(window) == 4
    window.rest.click()
    assert shelf_size(window) == 3


def test_a_clip_plays_from_its_source_inside_its_own_piece(
    qtbot: QtBot, furnished: list[int], open_window: OpenWindow
) -> None:
    window = open_window()
    qtbot.waitUntil(window.player.canvas.has_frame, timeout=PATIENCE_MS)
    window.shelf.choose(furnished[1])
    seen: list[float] = []
    window.player.playback.frame_shown.connect(lambda _, time_s: seen.append(time_s))
    window.player.playback.play()
    qtbot.waitUntil(lambda: len(seen) > 60, timeout=PATIENCE_MS)
    assert min(seen) >= 0.8
    assert max(seen) <= 3.0
    assert any(later < earlier for earlier, later in pairwise(seen)), "no loop"


def test_the_transcript_follows_and_a_clicked_word_seeks(
    qtbot: QtBot, furnished: list[int], open_window: OpenWindow
) -> None:
    window = open_window()
    words = window.side.transcript
    qtbot.waitUntil(lambda: not words.word_rect(3).isEmpty(), timeout=PATIENCE_MS)
    qtbot.waitUntil(window.player.canvas.has_frame, timeout=PATIENCE_MS)
    place = words.word_rect(3).center().toPoint()
    with qtbot.waitSignal(words.word_chosen, timeout=PATIENCE_MS):
        qtbot.mouseClick(words.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: words.active_word == 3, timeout=PATIENCE_MS)


def test_captions_are_painted_by_the_painter_of_the_export(
    qtbot: QtBot, furnished: list[int], open_window: OpenWindow
) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: window.player.canvas.captions is not None, timeout=PATIENCE_MS)
    captions = window.player.canvas.captions
    assert captions is not None
    assert type(captions).__module__ == "clipforge_desktop.captions.painter"
    window.side.styles.choose("none")
    qtbot.waitUntil(lambda: window.player.canvas.captions is None, timeout=PATIENCE_MS)
    assert window.side.wish().style is None


def test_selected_clips_are_exported_as_the_panel_says(
    qtbot: QtBot, store: Store, furnished: list[int], tmp_path: Path, open_window: OpenWindow
) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: shelf_size(window) == 3, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.side.styles.style_name() is not None, timeout=PATIENCE_MS)
    window.side.export.set_folder(str(tmp_path / "out"))
    window.side.export.aspects["1:1"].click()
    window.shelf.setFocus()
    window.shelf.selectAll()
    assert window.top.export.text() == "Export 3 clips"
    with qtbot.waitSignal(window.actions_.exported, timeout=3000):
        qtbot.keyClick(window, Qt.Key.Key_E)
    jobs = [job for job in store.jobs.all() if job.queue is Queue.EXPORT]
    assert [job.clip_id for job in jobs] == furnished[:3]
    options: ExportOptions = decode(ExportTask, jobs[0].request).options
    assert options.out_dir == str(tmp_path / "out")
    assert options.aspects == ("9:16", "1:1")
    assert options.style is not None


def test_an_exported_clip_is_marked_played_and_revealed(
    qtbot: QtBot, store: Store, home: Home, furnished: list[int], tmp_path: Path,
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    video = tmp_path / "clip one.mp4"
    video.write_bytes(b"video")
    clip = store.library.clip(furnished[0])
    f.add_export(store, home, clip.source_id, clip.order_id, clip.id, video)
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    window = open_window()
    qtbot.waitUntil(lambda: shelf_size(window) == 3, timeout=PATIENCE_MS)
    assert window.shelf.cards.index(0).data(CARD_ROLE).mark == "exported"
    window.side.export.reveal_wanted.emit(str(video))
    qtbot.waitUntil(lambda: len(opened) == 1, timeout=PATIENCE_MS)
    assert Path(opened[0].toLocalFile()) == tmp_path
    window.side.export.play_wanted.emit(str(video))
    assert Path(opened[1].toLocalFile()) == video
    video.unlink()
    window.side.export.reveal_wanted.emit(str(video))
    qtbot.waitUntil(lambda: "not there any more" in window.notice.text.text(), timeout=PATIENCE_MS)


def test_a_failed_export_shows_on_its_card_with_the_reason(
    qtbot: QtBot, store: Store, home: Home, furnished: list[int], tmp_path: Path,
    open_window: OpenWindow,
) -> None:  # fmt: skip
    window = open_window()
    qtbot.waitUntil(lambda: shelf_size(window) == 3, timeout=PATIENCE_MS)
    window.shelf.choose(furnished[2])
    window.exporting.export([furnished[2]], window.side.wish())
    exports = lambda: [job for job in store.jobs.all() if job.queue is Queue.EXPORT]  # noqa: E731
    qtbot.waitUntil(lambda: bool(exports()), timeout=PATIENCE_MS)
    job = exports()[0]
    failure = Failure("disk_full", "The disk is full.", "Free 2.1 GB and retry.")
    f.move_job(store, job.id, JobState.FAILED, failure=failure)
    index = window.shelf.cards.index(2)
    qtbot.waitUntil(lambda: index.data(CARD_ROLE).mark == "failed", timeout=PATIENCE_MS)
    assert "Free 2.1 GB" in index.data(CARD_ROLE).reason


def test_accept_reject_and_remove_can_be_undone(
    qtbot: QtBot, store: Store, furnished: list[int], open_window: OpenWindow
) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: shelf_size(window) == 3, timeout=PATIENCE_MS)
    verdict = lambda: store.library.clip(furnished[0]).verdict  # noqa: E731 - read again and again
    qtbot.keyClick(window, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: verdict() == "rejected", timeout=PATIENCE_MS)
    current = window.shelf.current_clip()
    assert current is not None
    assert current.id == furnished[1], "rejecting goes on to the next clip"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: verdict() == "", timeout=PATIENCE_MS)
    window.library.setFocus()
    qtbot.keyClick(window.library, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: window.library.cards.rowCount() == 0, timeout=PATIENCE_MS)
    assert window.middle.currentWidget() is window.empty
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.library.cards.rowCount() == 1, timeout=PATIENCE_MS)


def test_a_failed_video_says_why_and_retries_in_place(
    qtbot: QtBot, store: Store, video: Path, open_window: OpenWindow
) -> None:
    source_id, order_id = f.add_source(store, video, "talk.mp4")
    failure = Failure("cut_off", "This file was cut off. Nothing fits.", "Copy it again.")
    job_id = f.add_job(store, Queue.IMPORT, source_id, order_id, JobState.FAILED, failure=failure)
    window = open_window()
    qtbot.waitUntil(lambda: window.working.remedy.isVisible(), timeout=PATIENCE_MS)
    assert window.working.message.text() == failure.message
    card = window.library.cards.card(source_id)
    assert (card.state, card.tone, card.remedy) == ("This file was cut off", "bad", "retry")
    place: QPoint = window.library.remedy_point(source_id)
    qtbot.mouseClick(window.library.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: store.jobs.get(job_id).state is JobState.QUEUED, timeout=PATIENCE_MS)


def test_a_moved_video_is_found_again(
    qtbot: QtBot, store: Store, video: Path, tmp_path: Path, open_window: OpenWindow
) -> None:
    gone = tmp_path / "gone.mp4"
    source_id, order_id = f.add_source(store, gone, "gone.mp4")
    failure = Failure("source_missing", "The video is not at its place.", "Find it.")
    job_id = f.add_job(store, Queue.IMPORT, source_id, order_id, JobState.FAILED, failure=failure)
    window = open_window()
    qtbot.waitUntil(lambda: window.library.cards.rowCount() == 1, timeout=PATIENCE_MS)
    assert window.library.cards.card(source_id).remedy == "relink"
    window.actions_.relink(source_id, video)
    qtbot.waitUntil(lambda: store.jobs.get(job_id).state is JobState.QUEUED, timeout=PATIENCE_MS)
    assert store.library.source(source_id).path == str(video)


def test_a_draft_transcript_is_called_a_draft(
    qtbot: QtBot, store: Store, home: Home, video: Path, open_window: OpenWindow
) -> None:
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    store.library.save_transcript("talk", "p", f.transcript_of(f.spoken(6.0), "draft"))
    source_id, order_id = f.add_source(store, video, "talk.mp4", media)
    f.add_clips(store, source_id, order_id, [f.found(0, [(1.0, 4.0)])])
    window = open_window()
    qtbot.waitUntil(lambda: window.player.facts.is_draft, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.side.is_draft, timeout=PATIENCE_MS)


def test_a_source_that_is_gone_says_so_instead_of_playing(
    qtbot: QtBot, store: Store, home: Home, video: Path, tmp_path: Path, open_window: OpenWindow
) -> None:
    media = f.media_of(home, video, "talk", 6.0, (320, 180))
    source_id, order_id = f.add_source(store, tmp_path / "gone.mp4", "gone.mp4", media)
    f.add_clips(store, source_id, order_id, [f.found(0, [(1.0, 4.0)])])
    window = open_window()
    qtbot.waitUntil(
        lambda: "not at its place" in window.player.canvas.accessibleDescription(),
        timeout=PATIENCE_MS,
    )
