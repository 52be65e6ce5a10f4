"""Framing in the window: the preview is the export, and keys, drags and defaults change it."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.framing import (
    CropKey,
    FramingKind,
    FramingOverride,
    FramingStudy,
    Pane,
    StudiedShot,
)
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.domain.order import decode
from clipforge_desktop.domain.pipeline import FramingTask, framing_job
from clipforge_desktop.faces.ways import Canvas, Shot, fill, fit, screen, split, wide
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.media.probe import probe
from clipforge_desktop.paths import Home
from clipforge_desktop.stages.export import soundtrack
from clipforge_desktop.stages.export.clock import clip_clock
from clipforge_desktop.stages.export.picture import Colour
from clipforge_desktop.stages.export.render import Render, RenderOutput, render_arguments
from clipforge_desktop.store import Store
from clipforge_desktop.ui.main_window import MainWindow
from tests import media_maker
from tests.gui import furnishing as f
from tests.stage_context import RecordingContext

PATIENCE_MS = 15_000
SIZE = (640, 360)
FRAMES_S = 25
DURATION_S = 1.6
PIECES = (Piece(0.0, DURATION_S),)
CUT_S = 0.8
SHAPES = {"9:16": 9 / 16, "1:1": 1.0, "4:5": 4 / 5, "16:9": 16 / 9}
OpenWindow = Callable[..., MainWindow]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Soft shapes that move a little, every frame another, in pale colours.

    Strong ones differ by what Qt and ffmpeg take for BT.709 without a graphics card.
    """
    path = tmp_path_factory.mktemp("media") / "scene.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi(f"testsrc2=size={SIZE[0]}x{SIZE[1]}:rate={FRAMES_S}:duration={DURATION_S}"),
        *media_maker.lavfi(f"sine=frequency=440:sample_rate=48000:duration={DURATION_S}"),
        "-vf", "hue=s=0.2,gblur=sigma=3,scale=out_color_matrix=bt709,format=yuv420p",
        *media_maker.H264, "-crf", "8", "-colorspace", "bt709", "-color_primaries", "bt709",
        "-color_trc", "bt709", "-color_range", "tv", *media_maker.AAC, path,
    )  # fmt: skip
    return path


def study_of(aspect: str, pieces: tuple[Piece, ...] = PIECES) -> FramingStudy:
    """Two shots with all five framings; Fill pans through the first one."""
    canvas = Canvas(*SIZE, SHAPES[aspect])
    shots = []
    end_s = sum(piece.duration_s for piece in pieces)
    for start_s, stop_s in ((0.0, CUT_S), (CUT_S, end_s)):
        shot = Shot(start_s, stop_s, ())
        filled = fill(canvas, shot, ())[0]
        if start_s == 0.0:
            pan = (CropKey(0.0, 150.0, 180.0), CropKey(CUT_S, 480.0, 180.0))
            filled = replace(filled, panes=(moved(filled.panes[0], pan),))
        ways = (
            replace(filled, confidence=0.9, reason="One face is followed."),
            fit(canvas, shot),
            split(canvas, shot, ())[0],
            screen(canvas, shot, None, None)[0],
            wide(canvas, shot),
        )
        scene = Piece(pieces[0].start_s + start_s, pieces[0].start_s + stop_s)
        shots.append(StudiedShot(scene, (scene,), FramingKind.FILL, ways))
    return FramingStudy(SIZE, aspect, pieces, tuple(shots))


def moved(pane: Pane, keys: Sequence[CropKey]) -> Pane:
    width = pane.crop_size_px[0]
    inside = (min(max(key.center_x, width / 2), SIZE[0] - width / 2) for key in keys)
    return replace(
        pane, keys=tuple(replace(key, center_x=x) for key, x in zip(keys, inside, strict=True))
    )


STUDIES = tuple(study_of(aspect) for aspect in SHAPES)


@pytest.fixture
def clips(store: Store, home: Home, scene: Path) -> list[int]:
    """Two clips of one silent video, not looked at yet; their ids."""
    media = f.media_of(home, scene, "scene", DURATION_S, SIZE)
    video = replace(f.video_stream(SIZE), fps=float(FRAMES_S))
    media = replace(media, info=replace(media.info, video=video))
    source_id, order_id = f.add_source(store, scene, "scene.mp4", media)
    found = [f.found(0, [(0.0, DURATION_S)]), f.found(1, [(0.4, 1.5)])]
    return f.add_clips(store, source_id, order_id, found)


@pytest.fixture
def window(qtbot: QtBot, store: Store, clips: list[int], open_window: OpenWindow) -> MainWindow:
    """The first clip is open and was looked at; its first shot is under the play head."""
    store.library.save_studies(clips[0], STUDIES)
    opened = open_window()
    qtbot.waitUntil(opened.player.canvas.has_frame, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: opened.framing.shown is not None, timeout=PATIENCE_MS)
    return opened


def go_to(qtbot: QtBot, window: MainWindow, source_s: float) -> None:
    """Until the frame of that moment, or the one before, is on the screen."""
    window.player.playback.seek(source_s)
    qtbot.waitUntil(lambda: abs(window.player.frame_s - source_s) < 0.05, timeout=PATIENCE_MS)


def kinds(window: MainWindow) -> list[FramingKind]:
    assert window.framing.shown is not None
    return [shot.kind for shot in window.framing.shown.plan.shots]


# -- the preview is the export --------------------------------------------------------------


def exported(source: Path, study: FramingStudy, kind: FramingKind, folder: Path) -> Path:
    """The finished file of the whole clip in one framing."""
    context = RecordingContext(folder)
    info = probe(source)
    clock = clip_clock(PIECES, Fraction(25), 48_000)
    soundtrack.make(source, info, clock, context)
    output = RenderOutput(study.plan(kind), (1080, 1920), "draft", context.job_dir / "out.mp4")
    wanted = Render(source, info, clock, Colour(None, False), (output,), None)
    arguments = render_arguments(wanted, context.job_dir)
    ffmpeg.run(arguments, context=context, working_dir=context.job_dir, total_s=DURATION_S)
    return output.file


def frame_of(file: Path, number: int, width: int, height: int) -> NDArray[np.uint8]:
    """One frame of a finished file, made smaller: (height, width, 3)."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", f"file:{file}", "-vf"]
    command += [f"select=eq(n\\,{number}),scale={width}:{height}:flags=area", "-frames:v", "1"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(height, width, 3)


def painted(window: MainWindow) -> NDArray[np.uint8]:
    """What the player shows, without the sign that it is paused: (height, width, 3)."""
    canvas = window.player.canvas
    canvas.set_paused(False)
    place = canvas.picture_rect().toRect()
    image = canvas.grab(place).toImage().convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return lines[:, : image.width() * 3].reshape(image.height(), -1, 3).copy()


def steepest(picture: NDArray[np.float32]) -> float:
    """The hardest edge across the blurred ground above the picture."""
    row = picture[10:90].mean(axis=(0, 2))
    return float(np.abs(row[3:] - row[:-3]).max())


@pytest.mark.parametrize("kind", list(FramingKind))
def test_the_preview_is_the_picture_of_the_export(
    qtbot: QtBot, window: MainWindow, scene: Path, tmp_path: Path, kind: FramingKind
) -> None:
    file = exported(scene, STUDIES[0], kind, tmp_path / "export")
    window.framing.choose_for_clip(kind)
    for at_s in (0.36, 0.76, 0.84):  # while it pans, and on both sides of the cut
        go_to(qtbot, window, at_s)
        shown = painted(window)
        height, width, _ = shown.shape
        wanted = frame_of(file, round(window.player.frame_s * FRAMES_S), width, height)
        inside = (slice(16, -16), slice(16, -16))  # the corners are round
        ours, theirs = shown[inside].astype(np.float32), wanted[inside].astype(np.float32)
        shift, _ = cv2.phaseCorrelate(ours.mean(axis=2), theirs.mean(axis=2))
        assert max(abs(shift[0]), abs(shift[1])) < 1.0, at_s
        assert np.abs(ours - theirs).mean() < 4.0, at_s
        assert np.percentile(np.abs(ours - theirs), 95) < 16.0, at_s
        if kind is FramingKind.FIT:
            assert steepest(ours) == pytest.approx(steepest(theirs), rel=0.15), "as blurred"


# -- keys, drags and defaults ---------------------------------------------------------------


def override_kinds(store: Store, clip_id: int) -> list[FramingKind | None]:
    return [one.kind for one in store.library.clip(clip_id).edit.overrides]


def test_a_key_frames_the_shot_under_the_play_head_and_undo_takes_it_back(
    qtbot: QtBot, store: Store, clips: list[int], window: MainWindow
) -> None:
    go_to(qtbot, window, 1.2)
    qtbot.keyClick(window, Qt.Key.Key_2)
    assert kinds(window) == [FramingKind.FILL, FramingKind.FIT]
    section = window.side.framing
    assert section.head.text() == "FRAMING OF SHOT 2 OF 2"
    assert section.buttons[FramingKind.FIT].isChecked()
    assert section.sentence.text().startswith("Fit. Your choice.")
    qtbot.waitUntil(
        lambda: override_kinds(store, clips[0]) == [FramingKind.FIT], timeout=PATIENCE_MS
    )
    (override,) = store.library.clip(clips[0]).edit.overrides
    assert CUT_S <= override.source_s < DURATION_S
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert kinds(window) == [FramingKind.FILL, FramingKind.FILL]
    qtbot.waitUntil(lambda: override_kinds(store, clips[0]) == [], timeout=PATIENCE_MS)


@pytest.mark.parametrize("back", [Qt.Key.Key_5, Qt.Key.Key_0])
def test_the_same_key_or_zero_gives_a_shot_back_to_auto(
    qtbot: QtBot, store: Store, clips: list[int], window: MainWindow, back: Qt.Key
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_5)
    assert kinds(window)[0] is FramingKind.WIDE
    assert window.side.framing.auto.isVisible()
    qtbot.keyClick(window, back)
    assert kinds(window)[0] is FramingKind.FILL
    assert not window.side.framing.auto.isVisible()
    assert window.side.framing.sentence.text() == "Fill, very sure (90 %). One face is followed."
    qtbot.waitUntil(lambda: override_kinds(store, clips[0]) == [], timeout=PATIENCE_MS)


def drag(window: MainWindow, start: QPoint, way: QPoint) -> None:
    canvas = window.player.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for share in (1, 2, 3, 4):
        QTest.mouseMove(canvas, start + way * share / 4)
        QTest.qWait(1)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + way)


def test_a_drag_moves_the_crop_of_the_pane_under_the_mouse_as_one_step(
    qtbot: QtBot, store: Store, clips: list[int], window: MainWindow
) -> None:
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
        lambda: [one.pane for one in store.library.clip(clips[0]).edit.overrides] == [None, 1],
        timeout=PATIENCE_MS,
    )
    window.actions_.undo_stack.undo()
    assert window.framing.shown is not None
    assert window.framing.shown.plan.panes_at(0.2)[1][1] == lower
    window.actions_.undo_stack.redo()
    QTest.mouseDClick(window.player.canvas, Qt.MouseButton.LeftButton, pos=start)
    assert window.framing.shown.plan.panes_at(0.2)[1][1] == lower
    assert kinds(window)[0] is FramingKind.SPLIT, "only the drag is taken back"


def test_a_drag_stops_where_the_picture_ends(qtbot: QtBot, window: MainWindow) -> None:
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
    qtbot: QtBot, store: Store, clips: list[int], window: MainWindow
) -> None:
    def defaults() -> list[FramingKind | None]:
        return [store.library.clip(clip_id).edit.framing for clip_id in clips]

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


def test_the_shot_strip_tells_each_shot_and_goes_to_it(qtbot: QtBot, window: MainWindow) -> None:
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


def test_another_shape_shows_its_own_study(qtbot: QtBot, window: MainWindow) -> None:
    for aspect, study in zip(SHAPES, STUDIES, strict=True):
        window.player.looks.aspects[aspect].click()
        assert window.framing.shown is not None
        assert window.framing.shown.study == study
        rect = window.player.canvas.picture_rect()
        assert rect.width() / rect.height() == pytest.approx(SHAPES[aspect], rel=0.01)


def test_the_source_large_outlines_every_pane_where_it_is(qtbot: QtBot, window: MainWindow) -> None:
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
    qtbot: QtBot, store: Store, clips: list[int], window: MainWindow
) -> None:
    study = study_of("9:16", (Piece(0.39, 1.5),))
    edit = replace(store.library.clip(clips[1]).edit, start_s=0.39)
    store.library.set_edit(clips[1], edit)
    store.library.save_studies(clips[1], (study,))
    window.shelf.choose(clips[1])
    qtbot.waitUntil(lambda: 0 < window.player.frame_s < 0.39, timeout=PATIENCE_MS)
    qtbot.waitUntil(
        lambda: window.side.framing.head.text() == "FRAMING OF SHOT 1 OF 2", timeout=PATIENCE_MS
    )
    left = study.plan().crop_at(0.0).x / SIZE[0]
    (outlined,) = window.player.source_view.outlined
    assert outlined.x() == pytest.approx(left, abs=0.01)


# -- before there is a study ----------------------------------------------------------------


def test_a_clip_is_looked_at_when_it_is_opened_and_a_late_study_changes_the_picture(
    qtbot: QtBot, store: Store, clips: list[int], open_window: OpenWindow
) -> None:
    window = open_window()
    qtbot.waitUntil(window.player.canvas.has_frame, timeout=PATIENCE_MS)

    def asked() -> list[int | None]:
        return [job.clip_id for job in store.jobs.all() if job.queue is Queue.FRAMING]

    qtbot.waitUntil(lambda: asked() == [clips[0]], timeout=PATIENCE_MS)
    (job,) = (job for job in store.jobs.all() if job.queue is Queue.FRAMING)
    assert decode(FramingTask, job.request).pieces == PIECES
    section = window.side.framing
    assert section.note.text().startswith("Looking for faces …")
    assert not section.buttons[FramingKind.FIT].isEnabled()
    before = painted(window)
    qtbot.keyClick(window, Qt.Key.Key_2)
    assert "still being looked for" in window.notice.text.text()
    store.library.save_studies(clips[0], STUDIES)
    qtbot.waitUntil(lambda: window.framing.shown is not None, timeout=PATIENCE_MS)
    assert section.note.isHidden()
    assert section.buttons[FramingKind.FILL].isEnabled()
    assert np.abs(painted(window).astype(int) - before).mean() > 5


def test_a_failed_look_says_why_and_is_tried_again(
    qtbot: QtBot, store: Store, clips: list[int], open_window: OpenWindow
) -> None:
    clip = store.library.clip(clips[0])
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
    qtbot: QtBot, store: Store, clips: list[int], window: MainWindow
) -> None:
    edit = replace(
        store.library.clip(clips[0]).edit,
        start_s=0.4,
        overrides=(FramingOverride(1.2, FramingKind.WIDE),),
    )
    store.library.set_edit(clips[0], edit)
    note = window.side.framing.note
    qtbot.waitUntil(lambda: "in the new cut" in note.text(), timeout=PATIENCE_MS)
    assert kinds(window) == [FramingKind.FILL, FramingKind.WIDE]
    assert window.framing.shown is not None
    assert window.framing.shown.number_at(0.6) == 0
    assert window.framing.shown.number_at(1.2) == 1
    store.library.save_studies(clips[0], STUDIES[1:])  # not for this cut either, nor this shape
    qtbot.waitUntil(lambda: window.framing.shown is None, timeout=PATIENCE_MS)
