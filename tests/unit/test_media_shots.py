"""Cuts are found within two frames; flashes, dissolves, pans and changes of light are none."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.domain.errors import CancelledError
from clipforge_desktop.media.shots import Look, borders, find_cuts
from tests import media_maker
from tests.media_maker import H264, ffmpeg, lavfi

FPS = 25
FRAME_S = 1 / FPS


def nothing() -> None:
    return


def looks(*brightness: float) -> Iterator[Look]:
    """One flat picture per value, 25 a second; light alone counts for three tenths."""
    before = brightness[0]
    for index, value in enumerate(brightness):
        gray = np.full((36, 64), value, np.float32)
        yield Look(index * FRAME_S, gray, 0.3 * abs(value - before))
        before = value


def test_a_lasting_step_is_a_cut() -> None:
    assert [round(new_s / FRAME_S) for _, new_s in borders(looks(*[0.2] * 20, *[0.8] * 20))] == [20]


def test_a_flash_is_no_cut() -> None:
    assert not list(borders(looks(*[0.2] * 20, 1.0, 1.0, *[0.2] * 20)))


def test_a_fade_through_black_is_one_border_and_a_blink_is_none() -> None:
    down = [0.5 - 0.025 * step for step in range(20)]
    faded = [*[0.5] * 20, *down, *[0.0] * 5, *reversed(down), *[0.5] * 20]
    found = [round(new_s / FRAME_S) for _, new_s in borders(looks(*faded))]
    assert found == [45]
    assert not list(borders(looks(*[0.5] * 20, 0.0, 0.0, *[0.5] * 20)))


@pytest.mark.parametrize("codec", [H264, ("-c:v", "mpeg4"), ("-c:v", "libx264", "-bf", "7")])
def test_hard_cuts_are_found_within_two_frames(tmp_path: Path, codec: tuple[str, ...]) -> None:
    plain = media_maker.shots(tmp_path / "plain.mp4", [1.0, 1.2, 1.4, 1.0, 1.0])
    path = tmp_path / "shots.mkv"
    ffmpeg("-i", plain, *codec, "-sc_threshold", "0", "-g", "300", path)
    cuts_s = find_cuts(path, 0, 6, nothing)
    assert len(cuts_s) == 4
    assert np.abs(np.subtract(cuts_s, [1.0, 2.2, 3.6, 4.6])).max() <= 2 * FRAME_S + 0.002


def test_only_the_asked_stretch_is_searched(tmp_path: Path) -> None:
    path = media_maker.shots(tmp_path / "shots.mp4", [1.0, 1.2, 1.4, 1.0])
    assert [round(cut_s, 1) for cut_s in find_cuts(path, 1.5, 3.0, nothing)] == [2.2]


def test_a_flash_in_a_real_video_is_no_cut(tmp_path: Path) -> None:
    path = tmp_path / "flash.mp4"
    flash = "drawbox=0:0:iw:ih:white:fill:enable='between(n,30,32)'"
    ffmpeg(*lavfi("testsrc2=size=160x90:rate=25:duration=3"), "-vf", flash, *H264, path)
    assert find_cuts(path, 0, 3, nothing) == ()


def test_a_dissolve_is_no_cut(tmp_path: Path) -> None:
    path = tmp_path / "dissolve.mp4"
    ffmpeg(
        *lavfi("testsrc2=size=160x90:rate=25:duration=3"),
        *lavfi("smptebars=size=160x90:rate=25:duration=3"),
        "-filter_complex", "[0][1]xfade=fade:duration=1:offset=2", *H264, path,
    )  # fmt: skip
    assert find_cuts(path, 0, 5, nothing) == ()


def test_a_pan_and_a_change_of_light_are_no_cuts(tmp_path: Path) -> None:
    pan, light = tmp_path / "pan.mp4", tmp_path / "light.mp4"
    ffmpeg(
        *lavfi("mandelbrot=size=640x90:rate=25"), "-t", "3", "-vf",
        "crop=160:90:'min(480,n*8)':0", *H264, pan,
    )  # fmt: skip
    ffmpeg(
        *lavfi("testsrc2=size=160x90:rate=25:duration=3"), "-vf",
        "eq=brightness='if(gt(t,1.5),0.08,0)':eval=frame", *H264, light,
    )  # fmt: skip
    assert find_cuts(pan, 0, 3, nothing) == ()
    assert find_cuts(light, 0, 3, nothing) == ()


def test_the_search_stops_when_it_is_told_to(tmp_path: Path) -> None:
    def stop() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        find_cuts(media_maker.shots(tmp_path / "shots.mp4", [1, 1]), 0, 2, stop)


@pytest.mark.real_media
def test_the_cuts_of_real_videos_are_found(shared: Path) -> None:
    scenes = shared / "media" / "scenes"
    cuts_s = find_cuts(scenes / "testvideo.mp4", 0, 30, nothing)
    frames = np.array([30, 180, 394])
    assert len(cuts_s) == 3
    assert np.abs(np.array(cuts_s) * 30000 / 1001 - frames).max() <= 2
    faded_s = find_cuts(scenes / "fades.mp4", 0, 30, nothing)
    assert np.abs(np.array(faded_s) * 25 - np.array([84, 167])).max() <= 2
    assert find_cuts(scenes / "counter.mp4", 0, 30, nothing) == ()
