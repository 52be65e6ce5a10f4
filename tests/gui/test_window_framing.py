"""Framing in the window: keys, drags and defaults change it, and studies arrive in their time."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.framing import (
    FramingKind,
    FramingOverride,
)
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.domain.order import decode
from clipforge_desktop.domain.pipeline import FramingTask, framing_job
from clipforge_desktop.store import Store
from clipforge_desktop.ui.main_window import MainWindow
from tests.gui import furnishing as f
from tests.gui.framed import (
    CUT_S,
    DURATION_S,
    PATIENCE_MS,
    PIECES,
    SHAPES,
    SIZE,
    STUDIES,
    go_to,
    painted,
    study_of,
)

OpenWindow = Callable[..., MainWindow]


def kinds(window: MainWindow) -> list[FramingKind]:
    assert window.framing.shown is not None
    return [shot.kind for shot in window.framing.shown.plan.shots]


# -- keys, drags and defaults ---------------------------------------------------------------


def override_kinds(store: Store, clip_id: int) -> list[FramingKind | None]:
    return [one.kind for one in store.library.clip(clip_id).edit.overrides]


def test_a_key_frames_the_shot_under_the_play_head_and_undo_takes_it_back(
    qtbot: QtBot, store: Store, framed_clips: list[int], framed_window: MainWindow
) -> None:
    window = framed_window
    go_to(qtbot, window, 1.2)
    qtbot.keyClick(window, Qt.Key.Key_2)
    assert kinds(window) == [FramingKind.FILL, FramingKind.FIT]
    section = window.side.framing
    assert section.head.text() == "FRAMING OF SHOT 2 OF 2"
    assert section.buttons[FramingKind.FIT].isChecked()
    assert section.sentence.text().startswith("Fit. Your choice.")
    qtbot.waitUntil(
        lambda: override_kinds(store, framed_clips[0]) == [FramingKind.FIT], timeout=PATIENCE_MS
    )
    (override,) = store.library.clip(framed_clips[0]).edit.overrides
    assert CUT_S <= override.source_s < DURATION_S
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert kinds(window) == [FramingKind.FILL, FramingKind.FILL]
    qtbot.waitUntil(lambda: override_kinds(store, framed_clips[0]) == [], timeout=PATIENCE_MS)


@pytest.mark.parametrize("back", [Qt.Key.Key_5, Qt.Key.Key_0])
def test_the_same_key_or_zero_gives_a_shot_back_to_auto(
    qtbot: QtBot, store: Store, framed_clips: list[int], framed_window: MainWindow, back: Qt.Key
) -> None:
    window = framed_window
    qtbot.keyClick(window, Qt.Key.Key_5)
    assert kinds(window)[0] is FramingKind.WIDE
    assert window.side.framing.auto.isVisible()
    qtbot.keyClick(window, back)
    assert kinds(window)[0] is FramingKind.FILL
    assert not window.side.framing.auto.isVisible()
    assert window.side.framing.sentence.text() == "Fill, very sure (90 %). One face is followed."
    qtbot.waitUntil(lambda: override_kinds(store, framed_clips[0]) == [], timeout=PATIENCE_MS)


def drag(window: MainWindow, start: QPoint, way: QPoint) -> None:
    canvas = window.player.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for share in (1, 2, 3, 4):
        QTest.mouseMove(canvas, start + way * share / 4)
        QTest.qWait(1)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + way)


def test_a_drag_moves_the_crop_of_the_pane_under_the_mouse_as_one_step(
    qtbot: QtBot, store: Store, framed_clips: list[int], framed_window: MainWindow
) -> None:
    window = framed_window
    qtbot.keyClick(window, Qt.Key.Key_3)
    shown = window.framing.shown
    assert shown is not None
    (_, upper), (_, lower) = shown.plan.panes_at(0.2)
    rect = window.player.canvas.picture_rect()
    steps = window.actions_.undo_stack.count()
    start = QPoint(round(rect.center().x()), round(rect.bottom() - rect.height() / 4))
    drag(window, start, QPoint(round(rect.width() / 10), 0))
    shown = window.framing.shown
    assert shown is not None
    (_, upper_now), (_, lower_now) = shown.plan.panes_at(0.2)
    assert upper_now == upper
    assert lower.x - lower_now.x == pytest.approx(0.1 * lower.width, abs=2)
    assert window.actions_.undo_stack.count() == steps + 1
    assert not window.player.playback.is_playing, "a drag is no click"
    qtbot.waitUntil(
        lambda: (
            [one.pane for one in store.library.clip(framed_clips[0]).edit.overrides] == [None, 1]
        ),
        timeout=PATIENCE_MS,
    )
    window.actions_.undo_stack.undo()
    assert window.framing.shown is not None
    assert window.framing.shown.plan.panes_at(0.2)[1][1] == lower
    window.actions_.undo_stack.redo()
    QTest.mouseDClick(window.player.canvas, Qt.MouseButton.LeftButton, pos=start)
    assert window.framing.shown.plan.panes_at(0.2)[1][1] == lower
    assert kinds(window)[0] is FramingKind.SPLIT, "only the drag is taken back"


def test_a_drag_stops_where_the_picture_ends(qtbot: QtBot, framed_window: MainWindow) -> None:
    window = framed_window
    go_to(qtbot, window, 1.2)
    rect = window.player.canvas.picture_rect()
    drag(window, rect.center().toPoint(), QPoint(round(rect.width() * 3), 0))
    assert window.framing.shown is not None
    crop = window.framing.shown.plan.crop_at(1.2)
    assert crop.x == pytest.approx(0, abs=0.5)
    (one,) = window.framing.shown.study.shots[1].way(FramingKind.FILL).panes
    middle = (SIZE[0] - one.crop_size_px[0]) / 2
    drag(window, rect.center().toPoint(), QPoint(-round(rect.width() / 4), 0))
    assert 0 < window.framing.shown.plan.crop_at(1.2).x < middle, "no way was lost at the edge"


def test_the_whole_clip_and_all_clips_have_a_default_that_spares_chosen_shots(
    qtbot: QtBot, store: Store, framed_clips: list[int], framed_window: MainWindow
) -> None:
    window = framed_window

    def defaults() -> list[FramingKind | None]:
        return [store.library.clip(clip_id).edit.framing for clip_id in framed_clips]

    qtbot.keyClick(window, Qt.Key.Key_3)
    section = window.side.framing
    section.default_wanted.emit(FramingKind.WIDE)
    assert kinds(window) == [FramingKind.SPLIT, FramingKind.WIDE]
    assert section.clip_default.text() == "This clip: Wide"
    assert section.all_default.text() == "All clips: mixed"
    qtbot.waitUntil(lambda: defaults() == [FramingKind.WIDE, None], timeout=PATIENCE_MS)
    steps = window.actions_.undo_stack.count()
    section.default_for_all_wanted.emit(FramingKind.FIT)
    assert kinds(window) == [FramingKind.SPLIT, FramingKind.FIT]
    assert section.all_default.text() == "All clips: Fit"
    assert window.actions_.undo_stack.count() == steps + 1
    qtbot.waitUntil(lambda: defaults() == [FramingKind.FIT] * 2, timeout=PATIENCE_MS)
    window.actions_.undo_stack.undo()
    qtbot.waitUntil(lambda: defaults() == [FramingKind.WIDE, None], timeout=PATIENCE_MS)
    assert kinds(window) == [FramingKind.SPLIT, FramingKind.WIDE]


# -- what is shown beside it ----------------------------------------------------------------


def test_the_shot_strip_tells_each_shot_and_goes_to_it(
    qtbot: QtBot, framed_window: MainWindow
) -> None:
    window = framed_window
    strip = window.player.shots
    qtbot.keyClick(window, Qt.Key.Key_4)
    assert [shot.state.kind for shot in strip.shots] == [FramingKind.SCREEN, FramingKind.FILL]
    assert strip.tip(1).splitlines() == [
        "Shot 2 of 2, 0:00 to 0:01",
        "Fill, very sure (90 %). One face is followed.",
    ]
    place = strip.shot_rect(1).center().toPoint()
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(
        lambda: window.side.framing.head.text() == "FRAMING OF SHOT 2 OF 2", timeout=PATIENCE_MS
    )


def test_another_shape_shows_its_own_study(qtbot: QtBot, framed_window: MainWindow) -> None:
    window = framed_window
    for aspect, study in zip(SHAPES, STUDIES, strict=True):
        window.player.looks.aspects[aspect].click()
        assert window.framing.shown is not None
        assert window.framing.shown.study == study
        rect = window.player.canvas.picture_rect()
        assert rect.width() / rect.height() == pytest.approx(SHAPES[aspect], rel=0.01)


def test_the_source_large_outlines_every_pane_where_it_is(
    qtbot: QtBot, framed_window: MainWindow
) -> None:
    window = framed_window
    small = window.player.source_view.width()
    qtbot.keyClick(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: window.player.source_view.width() > small, timeout=PATIENCE_MS)
    qtbot.keyClick(window, Qt.Key.Key_3)
    assert window.framing.shown is not None
    crops = [crop for _, crop in window.framing.shown.plan.panes_at(window.player.frame_s)]
    outlined = window.player.source_view.outlined
    assert [round(part.x() * SIZE[0]) for part in outlined] == [round(crop.x) for crop in crops]
    qtbot.keyClick(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: window.player.source_view.width() <= small, timeout=PATIENCE_MS)


def test_a_clip_that_begins_between_two_frames_is_framed_from_its_first_picture_on(
    qtbot: QtBot, store: Store, framed_clips: list[int], framed_window: MainWindow
) -> None:
    window = framed_window
    study = study_of("9:16", (Piece(0.39, 1.5),))
    edit = replace(store.library.clip(framed_clips[1]).edit, start_s=0.39)
    store.library.set_edit(framed_clips[1], edit)
    store.library.save_studies(framed_clips[1], (study,))
    window.shelf.choose(framed_clips[1])
    qtbot.waitUntil(lambda: 0 < window.player.frame_s < 0.39, timeout=PATIENCE_MS)
    qtbot.waitUntil(
        lambda: window.side.framing.head.text() == "FRAMING OF SHOT 1 OF 2", timeout=PATIENCE_MS
    )
    left = study.plan().crop_at(0.0).x / SIZE[0]
    (outlined,) = window.player.source_view.outlined
    assert outlined.x() == pytest.approx(left, abs=0.01)


# -- before there is a study ----------------------------------------------------------------


def test_a_clip_is_looked_at_when_it_is_opened_and_a_late_study_changes_the_picture(
    qtbot: QtBot, store: Store, framed_clips: list[int], open_window: OpenWindow
) -> None:
    window = open_window()
    qtbot.waitUntil(window.player.canvas.has_frame, timeout=PATIENCE_MS)

    def asked() -> list[int | None]:
        return [job.clip_id for job in store.jobs.all() if job.queue is Queue.FRAMING]

    qtbot.waitUntil(lambda: asked() == [framed_clips[0]], timeout=PATIENCE_MS)
    (job,) = (job for job in store.jobs.all() if job.queue is Queue.FRAMING)
    assert decode(FramingTask, job.request).pieces == PIECES
    section = window.side.framing
    assert section.note.text().startswith("Looking for faces …")
    assert not section.buttons[FramingKind.FIT].isEnabled()
    before = painted(window)
    qtbot.keyClick(window, Qt.Key.Key_2)
    assert "still being looked for" in window.notice.text.text()
    store.library.save_studies(framed_clips[0], STUDIES)
    qtbot.waitUntil(lambda: window.framing.shown is not None, timeout=PATIENCE_MS)
    assert section.note.isHidden()
    assert section.buttons[FramingKind.FILL].isEnabled()
    assert np.abs(painted(window).astype(int) - before).mean() > 5


def test_a_failed_look_says_why_and_is_tried_again(
    qtbot: QtBot, store: Store, framed_clips: list[int], open_window: OpenWindow
) -> None:
    clip = store.library.clip(framed_clips[0])
    job_id = store.jobs.add(framing_job(clip.source_id, clip.order_id, clip.id, clip.pieces))
    failure = Failure("broken", "The video breaks off.", "Copy it again.")
    f.move_job(store, job_id, JobState.FAILED, failure=failure)
    window = open_window()
    section = window.side.framing
    qtbot.waitUntil(
        lambda: section.note.text() == "The video breaks off. Copy it again.", timeout=PATIENCE_MS
    )
    section.retry.click()
    qtbot.waitUntil(lambda: store.jobs.get(job_id).state is JobState.QUEUED, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: section.note.text().startswith("Looking"), timeout=PATIENCE_MS)
    assert section.retry.isHidden()


def test_an_old_study_is_used_at_its_times_until_the_new_cut_was_looked_at(
    qtbot: QtBot, store: Store, framed_clips: list[int], framed_window: MainWindow
) -> None:
    window = framed_window
    edit = replace(
        store.library.clip(framed_clips[0]).edit,
        start_s=0.4,
        overrides=(FramingOverride(1.2, FramingKind.WIDE),),
    )
    store.library.set_edit(framed_clips[0], edit)
    note = window.side.framing.note
    qtbot.waitUntil(lambda: "in the new cut" in note.text(), timeout=PATIENCE_MS)
    assert kinds(window) == [FramingKind.FILL, FramingKind.WIDE]
    assert window.framing.shown is not None
    assert window.framing.shown.number_at(0.6) == 0
    assert window.framing.shown.number_at(1.2) == 1
    store.library.save_studies(framed_clips[0], STUDIES[1:])  # neither this cut nor shape
    qtbot.waitUntil(lambda: window.framing.shown is None, timeout=PATIENCE_MS)
