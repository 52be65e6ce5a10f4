"""Probing: what is in a file, by its content alone, and a code of its own for each refusal."""

import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.domain.errors import CancelledError, InputError
from clipforge_desktop.media.content_key import content_key
from clipforge_desktop.media.probe import probe
from tests import media_maker
from tests.media_maker import AAC, H264, ffmpeg, lavfi

HDR10 = "setparams=color_trc=smpte2084:color_primaries=bt2020:colorspace=bt2020nc"
posix = pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")


def code_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        probe(path)
    failure = caught.value.failure
    assert failure.message.endswith(".")
    assert failure.next_step.endswith(".")
    return failure.code


def test_an_ordinary_video_is_described(tmp_path: Path) -> None:
    info = probe(media_maker.talk(tmp_path / "talk.mp4", 2, size="320x180", fps=25))
    assert info.video is not None
    assert (info.video.codec, info.video.width_px, info.video.height_px) == ("h264", 320, 180)
    assert info.video.fps == pytest.approx(25)
    assert not info.video.is_variable_rate
    assert not info.video.is_hdr
    assert info.duration_s == pytest.approx(2, abs=0.05)
    assert info.start_s == pytest.approx(0, abs=1e-6)
    assert [(track.codec, track.channels) for track in info.audio] == [("aac", 1)]
    assert info.notices == ()


@pytest.mark.parametrize("name", ["film.MP4", "film", "film.txt", "film.m3u8", "film.jpg", "film."])
def test_a_wrong_missing_or_upper_case_ending_plays_no_part(tmp_path: Path, name: str) -> None:
    source = media_maker.talk(tmp_path / "talk.mp4", 1)
    path = source.rename(tmp_path / name)
    info = probe(path)
    assert info.video is not None
    assert info.audio


@pytest.mark.parametrize("ending", ["mkv", "mov", "avi", "webm", "ts", "flv"])
def test_common_containers_are_taken(tmp_path: Path, ending: str) -> None:
    codecs = ("-c:v", "libvpx", "-c:a", "libvorbis") if ending == "webm" else (*H264, *AAC)
    path = tmp_path / f"talk.{ending}"
    ffmpeg(
        *lavfi("testsrc2=size=160x90:rate=25:duration=2"),
        *lavfi("sine=duration=2"), *codecs, path,
    )  # fmt: skip
    info = probe(path)
    assert info.video is not None
    assert info.duration_s == pytest.approx(2, abs=0.15)
    assert len(info.audio) == 1
    assert info.notices == ()


@pytest.mark.parametrize(("degrees", "turn"), [(0, 0), (90, 270), (180, 180), (-90, 90)])
def test_the_turn_that_puts_a_picture_upright_is_known(
    tmp_path: Path, degrees: int, turn: int
) -> None:
    source = media_maker.picture_only(tmp_path / "plain.mp4", 0.4)
    info = probe(media_maker.with_rotation(source, tmp_path / "turned.mp4", degrees))
    assert info.video is not None
    assert info.video.rotation_deg == turn
    assert not info.video.is_mirrored
    sideways = turn in (90, 270)
    assert info.video.display_size_px == ((180, 320) if sideways else (320, 180))


def test_a_mirrored_picture_and_pixels_that_are_not_square_are_known(tmp_path: Path) -> None:
    source = tmp_path / "wide.mp4"
    ffmpeg(*lavfi("testsrc2=size=180x144:duration=0.4"), "-vf", "setsar=16/11", *H264, source)
    mirrored = tmp_path / "mirrored.mp4"
    ffmpeg("-display_hflip", "-i", source, "-c", "copy", mirrored)
    info = probe(mirrored)
    assert info.video is not None
    assert info.video.is_mirrored
    assert info.video.sample_aspect == (16, 11)
    assert info.video.display_size_px == (262, 144)


def test_hdr_and_odd_sizes_are_known(tmp_path: Path) -> None:
    path = tmp_path / "hdr.mkv"
    ffmpeg(
        *lavfi("testsrc2=duration=0.4"), "-c:v", "ffv1", "-pix_fmt", "yuv444p10le",
        "-vf", f"format=yuv444p10le,scale=161:91,setsar=1,{HDR10}", path,
    )  # fmt: skip
    info = probe(path)
    assert info.video is not None
    assert info.video.is_hdr
    assert info.video.transfer == "smpte2084"
    assert info.video.display_size_px == (161, 91)


def test_a_cover_picture_is_no_video(tmp_path: Path) -> None:
    cover, song = tmp_path / "cover.png", tmp_path / "song.mp3"
    ffmpeg(*lavfi("testsrc2=size=64x64"), "-frames:v", "1", cover)
    ffmpeg(
        *lavfi("sine=duration=2"), "-i", cover, "-map", "0", "-map", "1", "-c:v", "copy",
        "-disposition:v", "attached_pic", song,
    )  # fmt: skip
    info = probe(song)
    assert info.video is None
    assert info.audio[0].codec == "mp3"
    assert info.duration_s == pytest.approx(2, abs=0.1)


def test_picture_only_is_fine_and_time_starts_at_the_first_frame(tmp_path: Path) -> None:
    late = tmp_path / "late.mkv"
    ffmpeg(
        *lavfi("testsrc2=size=160x90:rate=25:duration=2"), *H264, "-output_ts_offset", "10", late
    )
    info = probe(late)
    assert not info.notices  # nothing is missing: its length counts from zero
    assert info.audio == ()
    assert info.start_s == pytest.approx(10, abs=0.01)
    assert info.duration_s == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("ending", ["mov", "mp4", "mkv"])
def test_the_timecode_of_the_camera_is_known(tmp_path: Path, ending: str) -> None:
    said = "01:00:00;02"
    tag = ("-timecode", said) if ending != "mkv" else ("-metadata", f"TIMECODE={said}")
    options = ("-r", "30000/1001", *H264, *tag)
    file = tmp_path / f"a.{ending}"
    ffmpeg(*lavfi("testsrc2=size=64x64:rate=30000/1001:duration=0.2"), *options, file)
    assert probe(file).timecode == said
    assert probe(media_maker.talk(tmp_path / "b.mp4", 0.2)).timecode == ""


def test_a_variable_rate_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "variable.mp4"
    ffmpeg(
        *lavfi("testsrc2=size=160x90:rate=30:duration=4"),
        "-vf", "select='if(lt(t,2),1,not(mod(n,5)))'", "-fps_mode", "vfr", *H264, path,
    )  # fmt: skip
    info = probe(path)
    assert info.video is not None
    assert info.video.is_variable_rate


def test_one_frame_has_a_length(tmp_path: Path) -> None:
    path = tmp_path / "one.mp4"
    ffmpeg(*lavfi("testsrc2=size=160x90:rate=25"), "-frames:v", "1", *H264, path)
    info = probe(path)
    assert info.duration_s == pytest.approx(0.04, abs=0.005)


@pytest.mark.parametrize("fps", [1, 120])
def test_slow_and_fast_rates_are_known(tmp_path: Path, fps: int) -> None:
    info = probe(media_maker.picture_only(tmp_path / "rate.mp4", 3, size="64x64", fps=fps))
    assert info.video is not None
    assert info.video.fps == pytest.approx(fps)
    assert info.duration_s == pytest.approx(3, abs=0.01)


def test_a_cut_off_video_reports_the_seconds_that_are_there(tmp_path: Path) -> None:
    whole = media_maker.talk(tmp_path / "whole.mp4", 12, options=("-movflags", "+faststart"))
    info = probe(media_maker.truncated(whole, tmp_path / "cut.mp4", 0.5))
    assert 3 < info.duration_s < 9
    assert len(info.notices) == 1
    assert "of 0:12" in info.notices[0]


def test_a_recording_without_a_length_in_its_header_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "live.webm"
    ffmpeg(
        *lavfi("testsrc2=size=160x90:rate=25:duration=3"), "-c:v", "libvpx",
        "-live", "1", "-f", "webm", path,
    )  # fmt: skip
    info = probe(path)
    assert info.duration_s == pytest.approx(3, abs=0.1)
    assert info.notices == ()


def test_the_default_track_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "tracks.mkv"
    ffmpeg(
        *lavfi("sine=duration=1"), *lavfi("sine=duration=1"), "-map", "0", "-map", "1",
        "-c:a", "flac", "-disposition:a:0", "0", "-disposition:a:1", "default",
        "-metadata:s:a:1", "language=deu", path,
    )  # fmt: skip
    info = probe(path)
    assert [track.index for track in info.audio] == [1, 0]
    assert info.audio[0].language in ("deu", "ger")


def _no_moov(folder: Path) -> Path:
    return media_maker.truncated(media_maker.talk(folder / "t.mp4", 2), folder / "cut.mp4", 0.7)


def _empty(folder: Path) -> Path:
    (folder / "empty.mp4").touch()
    return folder / "empty.mp4"


def _text(folder: Path) -> Path:
    (folder / "text.mp4").write_text("This is not a video.\n" * 50)
    return folder / "text.mp4"


def _picture(folder: Path) -> Path:
    ffmpeg(*lavfi("testsrc2=size=64x64"), "-frames:v", "1", folder / "still.png")
    return folder / "still.png"


def _noise(folder: Path) -> Path:
    (folder / "noise.bin").write_bytes(np.random.default_rng(7).bytes(20_000))
    return folder / "noise.bin"


def _garbled(folder: Path) -> Path:
    (folder / "garbled.mkv").write_bytes(b"\x1aE\xdf\xa3" + bytes(4000))
    return folder / "garbled.mkv"


def _subtitles_only(folder: Path) -> Path:
    (folder / "s.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
    ffmpeg("-i", folder / "s.srt", folder / "subtitles.mkv")
    return folder / "subtitles.mkv"


def _encrypted(folder: Path) -> Path:
    source = media_maker.talk(folder / "t.mp4", 1)
    ffmpeg(
        "-i", source, "-c", "copy", "-encryption_scheme", "cenc-aes-ctr",
        "-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb",
        "-encryption_kid", "a7e61c373e219033c21091fa607bf3b8", folder / "encrypted.mp4",
    )  # fmt: skip
    return folder / "encrypted.mp4"


def _bomb(folder: Path) -> Path:
    """A small file whose container and picture both say that they are 16384 x 16384."""
    path = folder / "bomb.mkv"
    ffmpeg(*lavfi("color=size=320x320:rate=1"), "-frames:v", "1", "-c:v", "mjpeg", path)
    data = path.read_bytes()
    real, huge = (320).to_bytes(2), (16384).to_bytes(2)
    for before in (b"\xb0\x82", b"\xba\x82"):
        assert before + real in data
        data = data.replace(before + real, before + huge)
    assert real + real in data
    path.write_bytes(data.replace(real + real, huge + huge))
    return path


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder: folder / "gone.mp4", "not_found"),
        (lambda folder: folder, "is_a_folder"),
        (_empty, "empty_file"),
        (_text, "not_media"),
        (_noise, "not_media"),
        (_picture, "is_a_picture"),
        (_no_moov, "index_missing"),
        (_garbled, "damaged"),
        (_subtitles_only, "no_streams"),
        (_encrypted, "drm_protected"),
        (_bomb, "picture_too_large"),
    ],
)
def test_each_refusal_has_its_own_code(
    tmp_path: Path, make: Callable[[Path], Path], code: str
) -> None:
    assert code_of(make(tmp_path)) == code


def test_the_limit_of_the_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"16384 x 16384.*8192 x 4320"):
        probe(_bomb(tmp_path))


def test_a_length_beyond_all_use_is_refused_with_the_limit_named(tmp_path: Path) -> None:
    path = tmp_path / "long.mkv"
    ffmpeg(
        *lavfi("testsrc2=size=64x64:rate=1:duration=3"), *H264,
        "-vf", "setpts=PTS*80000", "-fps_mode", "passthrough", path,
    )  # fmt: skip
    with pytest.raises(InputError, match="at most 24 hours") as caught:
        probe(path)
    assert caught.value.failure.code == "too_long"


@posix
def test_a_pipe_a_socket_and_a_device_are_refused_without_being_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert code_of(tmp_path / "pipe.mp4") == "not_a_file"
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{short}/s.mp4")
        assert code_of(Path(short, "s.mp4")) == "not_a_file"
    assert code_of(Path("/dev/zero")) == "not_a_file"


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder that everybody may enter, and no right to read what others have closed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        yield folder
        os.seteuid(user)


@posix
def test_a_file_that_may_not_be_read_is_refused(as_nobody: Path) -> None:
    path = as_nobody / "secret.mp4"
    path.write_bytes(b"x")
    path.chmod(0o000)
    assert code_of(path) == "no_permission"
    path.chmod(0o600)


@posix
def test_a_link_is_followed_and_a_broken_one_is_not_found(tmp_path: Path) -> None:
    source = media_maker.talk(tmp_path / "talk.mp4", 1)
    link, broken, circle = tmp_path / "link.mp4", tmp_path / "broken.mp4", tmp_path / "circle.mp4"
    link.symlink_to(source)
    broken.symlink_to(tmp_path / "gone.mp4")
    circle.symlink_to(circle)
    assert probe(link).video is not None
    assert content_key(link) == content_key(source)
    assert code_of(broken) == "not_found"
    assert code_of(circle) == "not_found"


def test_probing_stops_when_it_is_told_to(tmp_path: Path) -> None:
    source = media_maker.talk(tmp_path / "talk.mp4", 1)

    def stop() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        probe(source, stop)


def test_the_content_key_follows_the_content_and_not_the_name(tmp_path: Path) -> None:
    one = tmp_path / "one"
    data = np.random.default_rng(1).bytes(2_000_000)
    one.write_bytes(data)
    key = content_key(one)
    assert content_key(one.rename(tmp_path / "two")) == key
    for place in (0, 1_000_000, 1_999_999):
        changed = bytearray(data)
        changed[place] ^= 1
        one.write_bytes(changed)
        assert content_key(one) != key
    one.write_bytes(b"tiny")
    assert len(content_key(one)) == 32
