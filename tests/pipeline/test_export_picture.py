"""Pictures of every kind come out upright, in shape, in colour, and where the plan says."""

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
from clipforge_desktop.stages import exporting
from clipforge_desktop.stages.export import soundtrack
from clipforge_desktop.stages.export.clock import clip_clock
from clipforge_desktop.stages.export.picture import Colour
from clipforge_desktop.stages.export.render import Render, RenderOutput, render_arguments
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

FLASH = "geq=lum='if(between(T,{at},{end}),235,16)':cb=128:cr=128"


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


def quadrants(path: Path, size: str = "320x180") -> Path:
    """Red, green, blue and white corners, read from the left top clockwise: r, g, w, b."""
    width, height = (int(side) // 2 for side in size.split("x"))
    graph = (
        f"color=c=red:s={width}x{height}:r=25:d=1[a];color=c=green:s={width}x{height}:r=25:d=1[b];"
        f"color=c=blue:s={width}x{height}:r=25:d=1[c];color=c=white:s={width}x{height}:r=25:d=1[d];"
        "[a][b]hstack[t];[c][d]hstack[u];[t][u]vstack"
    )
    media_maker.ffmpeg("-filter_complex", graph, *media_maker.H264, path)
    return path


def corners(frame: np.ndarray) -> str:
    height, width = frame.shape[:2]
    found = ""
    for y, x in ((0.25, 0.25), (0.25, 0.75), (0.75, 0.75), (0.75, 0.25)):
        red, green, blue = (int(v) > 90 for v in frame[int(height * y), int(width * x)])
        found += {(1, 0, 0): "r", (0, 1, 0): "g", (0, 0, 1): "b", (1, 1, 1): "w"}.get(
            (red, green, blue), "?"
        )
    return found


@pytest.mark.parametrize(
    ("degrees", "size", "seen"),
    [
        (0, "320x180", "rgwb"),
        (90, "180x320", "gwbr"),
        (180, "320x180", "wbrg"),
        (-90, "180x320", "brgw"),
    ],
)
def test_a_turned_picture_comes_out_upright(
    tmp_path: Path, context: RecordingContext, degrees: int, size: str, seen: str
) -> None:
    plain = quadrants(tmp_path / "plain.mp4")
    source = (
        media_maker.with_rotation(plain, tmp_path / "turned.mp4", degrees) if degrees else plain
    )
    asked = maker.request(
        source, tmp_path / "out", pieces=[(0, 1)], aspects=(size,), framing="auto"
    )
    (file,) = exporting.run(asked, context).files
    assert corners(maker.decoded(file.video)[12]) == seen


def test_pixels_that_are_not_square_come_out_in_the_right_shape(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = tmp_path / "wide.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi("color=c=gray:s=320x360:r=25:d=1"),
        "-vf", "drawbox=x=110:y=80:w=100:h=200:color=white:t=fill,setsar=2/1",
        *media_maker.H264, source,
    )  # fmt: skip
    asked = maker.request(
        source, tmp_path / "out", pieces=[(0, 1)], aspects=("360x360",), framing="fill"
    )
    (file,) = exporting.run(asked, context).files
    light = maker.decoded(file.video)[12].mean(axis=2) > 200
    assert light.any(axis=0).sum() == pytest.approx(200, abs=4)
    assert light.any(axis=1).sum() == pytest.approx(200, abs=4)


@pytest.mark.parametrize("transfer", ["arib-std-b67", "smpte2084"])
def test_hdr_is_mapped_to_what_every_screen_shows(
    tmp_path: Path, context: RecordingContext, transfer: str
) -> None:
    source = tmp_path / "hdr.mp4"
    level = 0.75 if transfer == "arib-std-b67" else 0.58  # the white of a page in each of them
    light = round(64 + level * 876)
    media_maker.ffmpeg(
        *media_maker.lavfi("color=c=black:s=320x180:r=25:d=1,format=yuv420p10le"),
        "-vf", f"geq=lum='if(lt(X,160),{light},64)':cb=512:cr=512,"
        f"setparams=color_primaries=bt2020:color_trc={transfer}:colorspace=bt2020nc:range=tv",
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le",
        "-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc", source,
    )  # fmt: skip
    assert probe(source).video is not None
    asked = maker.request(source, tmp_path / "out", pieces=[(0, 1)], aspects=("320x180",))
    (file,) = exporting.run(asked, context).files
    assert "yuv420p(tv, bt709" in maker.streams(file.video)
    assert "bt2020" not in maker.streams(file.video)
    frame = maker.decoded(file.video)[12]
    assert frame[90, 80].min() > 145, "white is light"
    assert frame[90, 240].max() < 30, "black is black"


@pytest.mark.parametrize(("size", "matrix"), [("1280x720", "bt709"), ("320x180", "smpte170m")])
def test_colours_without_a_tag_are_read_as_players_read_them(
    tmp_path: Path, context: RecordingContext, size: str, matrix: str
) -> None:
    source = tmp_path / "untagged.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi(f"color=c=0x20C040:s={size}:r=25:d=0.4,format=gbrp"),
        "-vf", f"scale=out_color_matrix={matrix}:out_range=tv,format=yuv420p,"
        "setparams=colorspace=unknown:color_primaries=unknown:color_trc=unknown:range=unknown",
        *media_maker.H264, "-crf", "5", source,
    )  # fmt: skip
    asked = maker.request(source, tmp_path / "out", pieces=[(0, 0.4)], aspects=("320x180",))
    (file,) = exporting.run(asked, context).files
    shown = maker.decoded(file.video)[5][90, 160].astype(int)
    assert np.abs(shown - [0x20, 0xC0, 0x40]).max() <= 8


def test_sound_alone_becomes_captions_on_a_plain_background(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = media_maker.sound_only(tmp_path / "sound.wav", 3.0)
    words = [(1.0, 2.0, "Hello")]
    asked = maker.request(
        source, tmp_path / "out", pieces=[(0.5, 2.5)], words=words, style=maker.PLAIN
    )
    (file,) = exporting.run(asked, context).files
    frames = maker.decoded(file.video)
    assert len(frames) == 60
    assert frames[0].max() < 50
    assert frames[20].max() > 200


@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"])
@pytest.mark.parametrize("late_s", [0.0, 3.0])
def test_picture_and_sound_keep_step_wherever_the_source_begins(
    tmp_path: Path, context: RecordingContext, ending: str, late_s: float
) -> None:
    source = tmp_path / f"flash.{ending}"
    media_maker.ffmpeg(
        *media_maker.lavfi("color=c=black:s=160x90:r=25:d=6"),
        *media_maker.lavfi("sine=frequency=1000:duration=6:sample_rate=48000"),
        "-filter_complex", f"[0]{FLASH.format(at=2.999, end=3.1)}[v];"
        "[1]volume=0:enable='not(between(t,3,3.1))'[a]",
        "-map", "[v]", "-map", "[a]", *media_maker.H264, "-g", "100", *media_maker.AAC,
        "-output_ts_offset", str(late_s), source,
    )  # fmt: skip
    asked = maker.request(
        source, tmp_path / "out", pieces=[(1.0, 2.0), (2.52, 4.0)], aspects=("160x144",)
    )
    (file,) = exporting.run(asked, context).files
    frames, sound = maker.decoded(file.video), maker.samples(file.video)
    lit = frames.max(axis=(1, 2, 3)) > 150
    loud = np.abs(sound[:, 0].astype(int)) > 0.2 * np.abs(sound).max()
    assert len(frames) == 62
    assert np.argmax(lit) / 25 == pytest.approx(1.48, abs=0.041)
    assert np.argmax(loud) / 48_000 == pytest.approx(1.48, abs=0.04)


@pytest.mark.parametrize(
    ("fps", "frames"), [("1", 48), ("120", 120), ("30000/1001", 60), ("10", 60)]
)
def test_any_rate_lasts_as_long_as_its_sound(
    tmp_path: Path, context: RecordingContext, fps: str, frames: int
) -> None:
    source = tmp_path / "rate.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi(f"testsrc2=s=160x90:r={fps}:d=4"), *media_maker.lavfi("sine=d=4"),
        *media_maker.H264, *media_maker.AAC, source,
    )  # fmt: skip
    asked = maker.request(source, tmp_path / "out", pieces=[(1.0, 3.0)], aspects=("160x160",))
    (file,) = exporting.run(asked, context).files
    assert len(maker.decoded(file.video)) == frames
    assert len(maker.samples(file.video)) / 48_000 == pytest.approx(2.0, abs=0.05)


def test_a_picture_shorter_than_its_sound_holds_its_last_frame(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = tmp_path / "short.mkv"
    media_maker.ffmpeg(
        *media_maker.lavfi("testsrc2=s=160x90:r=25:d=2"), *media_maker.lavfi("sine=d=4"),
        *media_maker.H264, *media_maker.AAC, source,
    )  # fmt: skip
    asked = maker.request(source, tmp_path / "out", pieces=[(1.0, 3.5)], aspects=("160x160",))
    (file,) = exporting.run(asked, context).files
    assert len(maker.decoded(file.video)) == round(file.duration_s * 25)
    assert len(maker.samples(file.video)) / 48_000 == pytest.approx(file.duration_s, abs=0.05)


def test_frames_of_a_variable_rate_are_shown_at_their_times(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = tmp_path / "variable.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi("color=c=black:s=160x90:r=30:d=4"),
        "-vf", f"{FLASH.format(at=1.499, end=9)},select='not(mod(n,15))+between(n,45,60)'",
        "-fps_mode", "vfr", *media_maker.H264, source,
    )  # fmt: skip
    info = probe(source)
    assert info.video is not None
    assert info.video.is_variable_rate
    asked = maker.request(source, tmp_path / "out", pieces=[(0.7, 3.0)], aspects=("160x160",))
    (file,) = exporting.run(asked, context).files
    lit = maker.decoded(file.video).max(axis=(1, 2, 3)) > 150
    rate = len(lit) / file.duration_s
    assert np.argmax(lit) / rate == pytest.approx(0.8, abs=1 / rate + 0.01)
    assert lit[int(np.argmax(lit)) :].all()
