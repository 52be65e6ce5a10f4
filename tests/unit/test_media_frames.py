"""Pictures come upright, in shape, at the source's own time; cheap enough for hours."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from clipforge_desktop.domain.errors import CancelledError, InputError
from clipforge_desktop.media import frames
from clipforge_desktop.media.probe import probe
from tests import media_maker
from tests.media_maker import H264, ffmpeg, lavfi

Pixels = npt.NDArray[np.uint8]


def nothing() -> None:
    return


def marked(path: Path, *options: str, size: str = "320x180") -> Path:
    """Gray, with a red top left corner, a green top right and a blue bottom left one."""
    boxes = "drawbox=0:0:iw/4:ih/4:red:fill,drawbox=iw*3/4:0:iw/4:ih/4:lime:fill"
    boxes += ",drawbox=0:ih*3/4:iw/4:ih/4:blue:fill"
    ffmpeg(*lavfi(f"color=gray:size={size}:duration=0.4"), "-vf", boxes, *H264, *options, path)
    return path


def corners(picture: Pixels) -> str:
    """Names of the colours at top left, top right, bottom left, bottom right."""
    height, width = picture.shape[:2]
    named = ""
    for row, column in ((0.12, 0.12), (0.12, 0.88), (0.88, 0.12), (0.88, 0.88)):
        blue, green, red = picture[int(row * height), int(column * width)].astype(int)
        strongest = max(blue, green, red)
        is_gray = strongest - min(blue, green, red) < 60
        named += "-" if is_gray else {red: "R", green: "G", blue: "B"}[strongest]
    return named


@pytest.mark.parametrize("degrees", [0, 90, 180, -90])
@pytest.mark.parametrize("mirror", ["", "-display_hflip", "-display_vflip"])
def test_pictures_are_seen_as_ffmpeg_itself_shows_them(
    tmp_path: Path, degrees: int, mirror: str
) -> None:
    turned, shown = tmp_path / "turned.mp4", tmp_path / "shown.png"
    options = ["-display_rotation", str(degrees), *([mirror] if mirror else [])]
    ffmpeg(*options, "-i", marked(tmp_path / "plain.mp4"), "-c", "copy", turned)
    ffmpeg("-i", turned, "-frames:v", "1", shown)
    expected = cv2.imread(str(shown))
    assert expected is not None
    ours = frames.frame_at(turned, 0.0)
    assert ours.shape == expected.shape
    assert corners(ours) == corners(expected.astype(np.uint8))


def test_pixels_that_are_not_square_and_odd_sizes_come_in_shape_and_even(tmp_path: Path) -> None:
    path = tmp_path / "odd.mkv"
    ffmpeg(
        *lavfi("testsrc2=duration=0.2"), "-vf", "format=yuv444p,scale=181:91,setsar=2/1",
        "-c:v", "ffv1", path,
    )  # fmt: skip
    picture = frames.frame_at(path, 0.0)
    assert picture.shape == (92, 362, 3)


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_hdr_pictures_come_out_neither_gray_nor_blown_out(tmp_path: Path, transfer: str) -> None:
    path = tmp_path / "hdr.mkv"
    tags = f"color_trc={transfer}:color_primaries=bt2020:colorspace=bt2020nc:range=tv"
    # Reference white: 58 % of the PQ signal, 75 % of the HLG one (ITU-R BT.2408).
    level = 58 if transfer == "smpte2084" else 75
    luma = 64 + 876 * level / 100
    ffmpeg(
        *lavfi("color=size=64x64:duration=0.2"),
        "-vf", f"format=yuv420p10le,lutyuv=y={luma}:u=512:v=512,setparams={tags}",
        "-c:v", "ffv1", path,
    )  # fmt: skip
    info = probe(path)
    assert info.video is not None
    assert info.video.is_hdr
    white = frames.frame_at(path, 0.0).reshape(-1, 3)
    assert white.std(axis=0).max() < 2
    assert 200 < white.mean() < 250
    assert np.ptp(white.mean(axis=0)) < 4


def test_thumbnails_fill_a_sheet_in_rows_of_ten_with_their_times(tmp_path: Path) -> None:
    path = media_maker.talk(tmp_path / "talk.mp4", 30, size="160x90", fps=10)
    info = probe(path)
    drawn = frames.thumbnails(path, info, nothing)
    width, height = drawn.tile_px
    assert (width, height) == (160, 90)
    assert 10 < len(drawn.times_s) <= 120
    assert list(drawn.times_s) == sorted(set(drawn.times_s))
    rows = -(-len(drawn.times_s) // 10)
    assert drawn.sheet.shape == (rows * height, 10 * width, 3)
    # The tile of a time is the picture of that time.
    index = len(drawn.times_s) - 1
    row, column = divmod(index, 10)
    tile = drawn.sheet[row * height : (row + 1) * height, column * width : (column + 1) * width]
    same = frames.frame_at(path, drawn.times_s[index], width_px=160)
    assert np.abs(tile.astype(int) - same).mean() < 3


def test_a_short_video_has_few_thumbnails_and_one_frame_has_one(tmp_path: Path) -> None:
    short = media_maker.picture_only(tmp_path / "short.mp4", 3)
    assert len(frames.thumbnails(short, probe(short), nothing).times_s) == 6
    one = tmp_path / "one.mp4"
    ffmpeg(*lavfi("testsrc2=size=64x64"), "-frames:v", "1", *H264, one)
    assert frames.thumbnails(one, probe(one), nothing).times_s == (0.0,)
    assert frames.poster(one, probe(one), nothing).shape == (64, 64, 3)


def test_the_poster_is_not_the_black_beginning(tmp_path: Path) -> None:
    path = tmp_path / "late.mp4"
    ffmpeg(
        *lavfi("testsrc2=size=160x90:rate=10:duration=8"), "-vf",
        "drawbox=0:0:iw:ih:black:fill:enable='lt(t,1.5)'", *H264, "-g", "10", path,
    )  # fmt: skip
    assert frames.poster(path, probe(path), nothing).std() > 20


def test_a_jpeg_is_written(tmp_path: Path) -> None:
    frames.write_jpeg(np.full((20, 30, 3), 200, np.uint8), tmp_path / "x.jpg.part")
    assert (tmp_path / "x.jpg.part").read_bytes().startswith(b"\xff\xd8\xff")


def test_frames_in_step_have_the_times_that_were_asked_for(tmp_path: Path) -> None:
    path = media_maker.picture_only(tmp_path / "p.mp4", 4, fps=25)
    got = list(frames.frames(path, 1.0, 3.0, 0.5, 64))
    assert [round(at_s, 1) for at_s, _ in got] == [1.0, 1.5, 2.0, 2.5]
    assert all(picture.shape == (36, 64, 3) for _, picture in got)
    every = list(frames.frames(path, 1.0, 2.0, 0.0, 64))
    assert len(every) == 25


@pytest.mark.parametrize("name", ["offset.nut", "offset.ts"])
def test_time_is_the_sources_own_wherever_the_container_starts(tmp_path: Path, name: str) -> None:
    plain = media_maker.picture_only(tmp_path / "plain.mkv", 3, size="160x90", fps=25)
    moved = tmp_path / name
    ffmpeg(
        "-i", plain, "-c", "copy", "-output_ts_offset", "10",
        moved,
    )  # fmt: skip
    expected = frames.frame_at(plain, 2.0)
    assert np.array_equal(frames.frame_at(moved, 2.0), expected)
    assert not np.array_equal(frames.frame_at(moved, 2.04), expected)


def test_at_a_variable_rate_the_frame_that_stands_is_shown(tmp_path: Path) -> None:
    plain = media_maker.picture_only(tmp_path / "plain.mp4", 4, size="160x90", fps=25)
    sparse = tmp_path / "sparse.mkv"
    ffmpeg(
        "-i", plain, "-vf", "select='lt(t,1)+gte(t,3)'", "-fps_mode", "vfr", *H264, "-qp", "0",
        sparse,
    )  # fmt: skip
    standing = frames.frame_at(sparse, 2.5).astype(int)
    assert np.abs(standing - frames.frame_at(plain, 0.96)).mean() < 4
    assert np.abs(standing - frames.frame_at(plain, 3.0)).mean() > 4


def test_an_edit_list_that_leaves_out_the_beginning_is_kept_to(tmp_path: Path) -> None:
    plain = media_maker.picture_only(tmp_path / "plain.mp4", 4, size="160x90", fps=25)
    edited = tmp_path / "edited.mp4"
    ffmpeg("-ss", "1.2", "-i", plain, "-c", "copy", edited)
    info = probe(edited)
    assert info.duration_s == pytest.approx(2.8, abs=0.05)
    assert np.abs(frames.frame_at(edited, 0.0).astype(int) - frames.frame_at(plain, 1.2)).max() < 2


def test_reading_stops_when_it_is_told_to(tmp_path: Path) -> None:
    path = media_maker.picture_only(tmp_path / "p.mp4", 2)
    asked: Iterator[int] = iter(range(1000))

    def check() -> None:
        if next(asked) > 60:
            raise CancelledError

    with pytest.raises(CancelledError):
        list(frames.frames(path, 0, 2, 0, 64, check=check))


def test_a_source_without_a_picture_is_refused_in_plain_words(tmp_path: Path) -> None:
    path = media_maker.sound_only(tmp_path / "s.wav", 1)
    with pytest.raises(InputError) as caught:
        frames.frame_at(path, 0)
    assert caught.value.failure.code == "no_picture"
