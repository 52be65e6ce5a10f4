"""Pictures of every kind come out upright, in shape and in colour."""

from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.media.probe import probe
from clipforge_desktop.stages import exporting
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

FLASH = "geq=lum='if(between(T,{at},{end}),235,16)':cb=128:cr=128"


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


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
