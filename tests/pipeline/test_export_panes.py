"""The finished picture shows what the plan says, where it says: panes, pans, cuts and grounds."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import (
    EVERYWHERE,
    Backdrop,
    CropKey,
    FramingKind,
    FramingPlan,
    FramingShot,
    Pane,
    Rect,
)
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.media.probe import probe
from clipforge_desktop.stages.export import soundtrack
from clipforge_desktop.stages.export.clock import clip_clock
from clipforge_desktop.stages.export.picture import Colour
from clipforge_desktop.stages.export.render import Render, RenderOutput, render_arguments
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def marked(path: Path, seconds: float) -> Path:
    """A white bar, 8 pixels wide around x = 400, on grey: where it is shown tells the crop."""
    media_maker.ffmpeg(
        *media_maker.lavfi(f"color=c=gray:size=800x450:rate=25:duration={seconds}"),
        "-vf", "drawbox=x=396:y=0:w=8:h=450:color=white:t=fill",
        *media_maker.H264, "-crf", "10", path,
    )  # fmt: skip
    return path


def render(
    source: Path,
    plan: FramingPlan,
    size: tuple[int, int],
    seconds: float,
    context: RecordingContext,
) -> maker.Frames:
    """The finished picture of a plan of our own."""
    info = probe(source)
    clock = clip_clock((Piece(0.0, seconds),), Fraction(25), 48_000)
    soundtrack.make(source, info, clock, context)
    output = RenderOutput(plan, size, "draft", context.job_dir / "out.mp4")
    wanted = Render(source, info, clock, Colour(None, False), (output,), None)
    arguments = render_arguments(wanted, context.job_dir)
    ffmpeg.run(arguments, context=context, working_dir=context.job_dir, total_s=seconds)
    return maker.decoded(output.file)


def bar_x(frame: np.ndarray) -> float:
    """Centre of the white bar, in pixels of the output."""
    light = frame.astype(float).mean(axis=(0, 2)) - 150
    light[light < 0] = 0
    assert light.sum() > 0
    return float((light * (np.arange(light.size) + 0.5)).sum() / light.sum())


def fill(
    start_s: float,
    end_s: float,
    keys: Sequence[tuple[float, float]],
    kind: FramingKind = FramingKind.FILL,
) -> FramingShot:
    corners = tuple(CropKey(clip_s, x, 225.0) for clip_s, x in keys)
    size = (253.125, 450.0) if kind is FramingKind.FILL else (800.0, 450.0)
    backdrop = Backdrop.BLUR if kind is FramingKind.FIT else Backdrop.NONE
    place = Rect(0, 0.34, 1, 0.3164) if kind is FramingKind.FIT else EVERYWHERE
    return FramingShot(start_s, end_s, kind, 1.0, "", (Pane(place, size, corners),), backdrop)


def test_the_crop_in_the_file_follows_the_plan_within_two_pixels(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = marked(tmp_path / "bar.mp4", 4.0)
    keys = [(0.0, 380.0), (0.8, 380.0), (1.3, 395.0), (2.2, 460.0), (3.1, 350.0), (4.0, 345.0)]
    plan = FramingPlan((800, 450), "9:16", (fill(0, 4, keys),))
    frames = render(source, plan, (360, 640), 4.0, context)
    assert len(frames) == 100
    scale = 360 / 253.125
    off = [bar_x(frame) - (400 - plan.crop_at(n / 25).x) * scale for n, frame in enumerate(frames)]
    assert np.abs(off).max() < 2.0
    assert np.abs(np.diff(off)).max() < 1.6, "no step is larger than a pixel"


def test_a_slow_pan_moves_in_steps_finer_than_a_pixel(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = marked(tmp_path / "bar.mp4", 3.0)
    plan = FramingPlan((800, 450), "9:16", (fill(0, 3, [(0.0, 400.0), (3.0, 410.0)]),))
    frames = render(source, plan, (360, 640), 3.0, context)
    scale = 360 / 253.125
    off = [bar_x(frame) - (400 - plan.crop_at(n / 25).x) * scale for n, frame in enumerate(frames)]
    assert np.ptp(off) < 0.75, "whole pixels would be off by one"


def pane(place: Rect, size: tuple[float, float], *keys: tuple[float, float]) -> Pane:
    return Pane(place, size, tuple(CropKey(at_s, x, 225.0) for at_s, x in keys))


def grey_rows(frame: np.ndarray, first: int, last: int) -> float:
    return float(frame[first:last].astype(float).mean())


def test_two_panes_are_stacked_and_each_moves_on_its_own(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = marked(tmp_path / "bar.mp4", 2.0)
    size = (400.0, 355.55)
    upper = pane(Rect(0, 0, 1, 0.5), size, (0, 400.0))
    lower = pane(Rect(0, 0.5, 1, 0.5), size, (0, 320.0), (2, 480.0))
    shot = FramingShot(0, 2, FramingKind.SPLIT, 1.0, "", (upper, lower))
    frames = render(source, FramingPlan((800, 450), "9:16", (shot,)), (360, 640), 2.0, context)
    for n in (0, 24, 48):
        assert bar_x(frames[n][:320]) == pytest.approx(180, abs=1.0)
        assert bar_x(frames[n][320:]) == pytest.approx(
            180 + (400 - (320 + 80 * n / 25)) * 0.9, abs=1.5
        )


def test_panes_beside_each_other_keep_their_order(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = marked(tmp_path / "bar.mp4", 1.0)
    left = pane(Rect(0, 0, 0.66, 1), (534.6, 450.0), (0, 400.0))
    right = pane(Rect(0.66, 0, 0.34, 1), (275.4, 450.0), (0, 700 - 275.4 / 2))
    shot = FramingShot(0, 1, FramingKind.SCREEN, 1.0, "", (left, right))
    frames = render(source, FramingPlan((800, 450), "16:9", (shot,)), (640, 360), 1.0, context)
    assert frames[12].shape == (360, 640, 3)
    assert bar_x(frames[12]) == pytest.approx(422 / 2, abs=2)
    assert frames[12][:, 430:].max() < 160


def test_one_from_close_by_and_the_whole_picture_lie_over_a_blurred_copy(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = marked(tmp_path / "bar.mp4", 1.0)
    close = pane(Rect(0, 0, 1, 0.5), (500.0, 250.0), (0, 400.0))
    whole = pane(Rect(1 / 18, 0.5, 8 / 9, 0.5), (800.0, 450.0), (0, 400.0))
    shot = FramingShot(0, 1, FramingKind.SPLIT, 1.0, "", (close, whole), Backdrop.BLUR)
    frame = render(source, FramingPlan((800, 450), "1:1", (shot,)), (360, 360), 1.0, context)[12]
    for half, width_px in ((frame[:180], 8 * 360 / 500), (frame[180:], 8 * 320 / 800)):
        assert bar_x(half) == pytest.approx(180, abs=1)
        bright = (half[90].mean(axis=1).astype(float) - 128).clip(0).sum() / 127
        assert bright == pytest.approx(width_px, rel=0.3), "each in its own size"
    assert frame[200:340, 5:15].mean() < 0.75 * frame[200:340, 40:100].mean(), "darker beside it"


def test_wide_lies_on_dark_ground_with_room_below(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = marked(tmp_path / "bar.mp4", 1.0)
    whole = pane(Rect(0, 0.25, 1, 0.3164), (800.0, 450.0), (0, 400.0))
    shot = FramingShot(0, 1, FramingKind.WIDE, 1.0, "", (whole,), Backdrop.DARK)
    frames = render(source, FramingPlan((800, 450), "9:16", (shot,)), (360, 640), 1.0, context)
    assert grey_rows(frames[12], 0, 150) < 30
    assert grey_rows(frames[12], 380, 640) < 30
    assert bar_x(frames[12][165:355]) == pytest.approx(180, abs=1)


def test_all_framings_follow_each_other_in_one_clip(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = marked(tmp_path / "bar.mp4", 4.0)
    half = (400.0, 355.55)
    moving = fill(0, 1, [(0, 380), (1, 420)])
    split = FramingShot(
        1, 2, FramingKind.SPLIT, 1.0, "",
        (pane(Rect(0, 0, 1, 0.5), half, (1, 400)), pane(Rect(0, 0.5, 1, 0.5), half, (1, 400))),
    )  # fmt: skip
    whole = pane(Rect(0, 0.25, 1, 0.3164), (800.0, 450.0), (2, 400.0))
    wide = FramingShot(2, 3, FramingKind.WIDE, 1.0, "", (whole,), Backdrop.DARK)
    fit = fill(3, 4, [(3, 400)], FramingKind.FIT)
    plan = FramingPlan((800, 450), "9:16", (moving, split, wide, fit))
    frames = render(source, plan, (360, 640), 4.0, context)
    assert len(frames) == 100
    widths = [int((frame[320].mean(axis=1) > 200).sum()) for frame in frames[[12, 37, 87]]]
    assert widths[0] == pytest.approx(11, abs=2)
    assert widths[1] == pytest.approx(7, abs=2)
    assert widths[2] == pytest.approx(3.6, abs=2)
    assert grey_rows(frames[62], 380, 640) < 30


def test_a_cut_snaps_on_its_frame_and_framings_change_with_the_shots(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = marked(tmp_path / "bar.mp4", 3.0)
    shots = (
        fill(0, 1, [(0, 380)]),
        fill(1, 2, [(1, 470)]),
        fill(2, 3, [(2, 400)], FramingKind.FIT),
    )
    frames = render(source, FramingPlan((800, 450), "9:16", shots), (360, 640), 3.0, context)
    assert len(frames) == 75
    scale = 360 / 253.125
    for n, frame in enumerate(frames[:50]):
        center = 380 if n < 25 else 470
        assert bar_x(frame) == pytest.approx((400 - center + 253.125 / 2) * scale, abs=1.5)
    whole = frames[60][320]
    assert whole.max() > 200
    assert np.argmax(whole.mean(axis=1)) == pytest.approx(180, abs=3), "the whole width is shown"
    assert frames[60][40].mean() < frames[60][320].mean() * 0.75, "the backdrop is darker"
