"""Sources that are not as a camera should make them, as finished files."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.domain.order import ExportedFile
from clipforge_desktop.media.probe import probe
from clipforge_desktop.stages import exporting
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

REAL = (
    "dolbyVision-hdr.MOV",
    "hdr10-av1.mp4",
    "sample_edit_list.mp4",
    "sample_rotate_and_reflect.mp4",
)


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def exported(
    source: Path, folder: Path, context: RecordingContext, aspect: str, end_s: float = 1.0
) -> ExportedFile:
    asked = maker.request(source, folder, pieces=[(0, end_s)], aspects=(aspect,))
    (file,) = exporting.run(asked, context).files
    return file


def test_a_mirrored_picture_comes_out_as_it_was_seen(
    tmp_path: Path, context: RecordingContext
) -> None:
    plain, mirrored = tmp_path / "plain.mp4", tmp_path / "mirrored.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi("color=c=black:s=320x180:r=25:d=1"),
        "-vf", "drawbox=x=0:y=0:w=160:h=90:color=white:t=fill", *media_maker.H264, plain,
    )  # fmt: skip
    media_maker.ffmpeg("-display_hflip", "-i", plain, "-c", "copy", mirrored)
    info = probe(mirrored)
    assert info.video is not None
    assert info.video.is_mirrored
    frame = maker.decoded(exported(mirrored, tmp_path / "out", context, "320x180").video)[12]
    assert frame[45, 240].min() > 200
    assert frame[45, 80].max() < 50


@pytest.mark.parametrize("aspect", ["9:16", "source", "321x241"])
def test_odd_sizes_become_even_ones(tmp_path: Path, context: RecordingContext, aspect: str) -> None:
    source = tmp_path / "odd.mkv"
    media_maker.ffmpeg(
        *media_maker.lavfi("testsrc2=s=321x181:r=25:d=1"), *media_maker.lavfi("sine=d=1"),
        "-c:v", "ffv1", "-pix_fmt", "yuv444p", *media_maker.AAC, source,
    )  # fmt: skip
    asked = maker.request(source, tmp_path / "out", pieces=[(0, 1)], aspects=(aspect,))
    delivery = replace(asked.options.deliveries[0], short_side_px=242)
    asked = replace(asked, options=replace(asked.options, deliveries=(delivery,)))
    (file,) = exporting.run(asked, context).files
    frames = maker.decoded(file.video)
    assert len(frames) == 25
    assert all(side % 2 == 0 for side in frames.shape[1:3])


def test_interlaced_pictures_come_out_without_combs(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = tmp_path / "interlaced.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi("color=c=black:s=320x240:r=50:d=2"),
        *media_maker.lavfi("color=c=white:s=40x240:r=50:d=2"),
        "-filter_complex", "overlay=x=n*3:y=0,tinterlace=interleave_top",
        *media_maker.H264, "-flags", "+ildct+ilme", source,
    )  # fmt: skip
    frames = maker.decoded(exported(source, tmp_path / "out", context, "320x240").video)
    rows = frames[:, 100:140].astype(int).mean(axis=3)
    assert rows.max() > 200  # the moving bar is there
    assert np.abs(np.diff(rows, axis=1)).max() < 60  # each of its edges is one upright line


@pytest.mark.parametrize("has_sound", [True, False])
def test_a_source_of_one_frame_is_shown_as_long_as_it_is(
    tmp_path: Path, context: RecordingContext, has_sound: bool
) -> None:
    source = tmp_path / "one.mp4"
    sound = (*media_maker.lavfi("sine=d=2"), *media_maker.AAC) if has_sound else ()
    media_maker.ffmpeg(
        *media_maker.lavfi("testsrc2=s=320x180:r=25:d=1"), *sound,
        "-frames:v", "1", *media_maker.H264, source,
    )  # fmt: skip
    length_s = probe(source).duration_s
    file = exported(source, tmp_path / "out", context, "320x180", length_s)
    frames = maker.decoded(file.video)
    assert len(frames) / 25 == pytest.approx(length_s, abs=0.05)
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() < 3


def test_an_edit_list_keeps_picture_and_sound_in_step(
    tmp_path: Path, context: RecordingContext
) -> None:
    whole, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi("color=c=white:s=160x90:r=25:d=5"),
        *media_maker.lavfi("sine=frequency=1000:duration=5:sample_rate=48000"),
        "-vf", "drawbox=c=black:t=fill:enable='not(between(t,2.999,3.199))'",
        "-af", "volume=0:enable='not(between(t,3,3.2))'",
        *media_maker.H264, "-g", "100", *media_maker.AAC, whole,
    )  # fmt: skip
    media_maker.ffmpeg("-ss", "1.4", "-i", whole, "-c", "copy", cut)  # hides what lies before
    asked = maker.request(cut, tmp_path / "out", pieces=[(0.4, 3.0)], aspects=("160x144",))
    (file,) = exporting.run(asked, context).files
    lit = maker.decoded(file.video).max(axis=(1, 2, 3)) > 150
    heard = np.abs(maker.samples(file.video)[:, 0].astype(int))
    loud = heard > 0.2 * heard.max()
    assert lit.any()
    assert np.argmax(lit) / 25 == pytest.approx(np.argmax(loud) / 48_000, abs=0.045)


def test_a_clip_at_the_end_of_twelve_hours_is_sought_and_not_read_to(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = tmp_path / "long.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi("testsrc2=s=160x90:r=1:d=60"),
        "-vf", "setpts=PTS*720", "-fps_mode", "passthrough", *media_maker.H264, "-g", "2", source,
    )  # fmt: skip
    length_s = probe(source).duration_s
    assert length_s > 11.5 * 3600
    end_s = length_s - 1.0
    asked = maker.request(
        source, tmp_path / "out", pieces=[(end_s - 2.0, end_s)], aspects=("160x144",)
    )
    (file,) = exporting.run(asked, context).files
    assert file.duration_s == pytest.approx(2.0, abs=0.05)
    frames = maker.decoded(file.video)
    assert frames.max() > 150, "the picture that was on screen there"


@pytest.mark.real_media
@pytest.mark.parametrize("name", REAL)
def test_real_ones_are_upright_plain_and_whole(
    shared: Path, tmp_path: Path, context: RecordingContext, name: str
) -> None:
    source = shared / "media" / "odd" / name
    end_s = min(1.0, probe(source).duration_s)
    file = exported(source, tmp_path / "out", context, maker.SMALL, end_s)
    described = maker.streams(file.video)
    assert "yuv420p(tv, bt709" in described
    assert "rotation" not in maker.ffmpeg_says("-i", file.video)
    frames = maker.decoded(file.video)
    assert len(frames) >= round(20 * end_s)
    assert 8 < frames[len(frames) // 2].mean() < 240
