"""Import as a worker runs it: real files in, a defined result or one coded error out."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from clipforge_desktop.domain.errors import CancelledError, InputError
from clipforge_desktop.domain.order import ImportRequest, decode
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.media.frames import frame_at
from clipforge_desktop.stages import importing
from tests import media_maker
from tests.media_maker import AAC, H264, ffmpeg, lavfi
from tests.stage_context import RecordingContext

posix = pytest.mark.skipif(sys.platform == "win32", reason="an open file can be removed on POSIX")


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def imported(path: Path, context: RecordingContext) -> SourceMedia:
    return importing.run(ImportRequest(str(path)), context).media


def files_in(context: RecordingContext, media: SourceMedia) -> set[str]:
    return {path.name for path in context.cache_dir(media.content_key).iterdir()}


def left_over(context: RecordingContext) -> list[Path]:
    return list(context.cache_dir("").rglob("*.part"))


def code_of(path: Path, context: RecordingContext) -> str:
    with pytest.raises(InputError) as caught:
        imported(path, context)
    assert not left_over(context)
    return caught.value.failure.code


def test_a_video_gives_everything_that_later_stages_need(
    tmp_path: Path, context: RecordingContext
) -> None:
    path = media_maker.talk(tmp_path / "talk.mp4", 6)
    media = imported(path, context)
    folder = context.cache_dir(media.content_key)
    assert files_in(context, media) == {
        media.poster, media.thumbnails, media.audio, media.waveform, media.loudness,
    }  # fmt: skip
    assert media.info.duration_s == pytest.approx(6, abs=0.05)
    poster = cv2.imread(str(folder / str(media.poster)))
    assert poster is not None
    assert poster.shape == (180, 320, 3)
    sheet = cv2.imread(str(folder / str(media.thumbnails)))
    assert sheet is not None
    width, height = media.thumbnail_size_px
    assert sheet.shape[:2] == (-(-len(media.thumbnail_times_s) // 10) * height, 10 * width)
    assert (folder / str(media.audio)).stat().st_size == pytest.approx(6 * 32000, rel=0.02)
    assert (folder / str(media.waveform)).stat().st_size == pytest.approx(300, abs=3)
    assert (folder / str(media.loudness)).stat().st_size == pytest.approx(60, abs=2)
    assert media.integrated_lufs is not None
    assert "No speech was heard in this file." in media.info.notices


def test_the_poster_comes_first_and_progress_only_grows(
    tmp_path: Path, context: RecordingContext
) -> None:
    imported(media_maker.talk(tmp_path / "talk.mp4", 3), context)
    fractions = [fraction for fraction, _, _ in context.progress_reports]
    notes = [note for _, note, _ in context.progress_reports]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert all(notes)
    assert notes.index("Choosing the poster") < notes.index("Listening")
    early = decode(SourceMedia, context.checkpoints["poster"])
    assert (context.cache_dir(early.content_key) / str(early.poster)).is_file()


def test_the_same_video_under_another_name_is_recognised(
    tmp_path: Path, context: RecordingContext
) -> None:
    path = media_maker.talk(tmp_path / "talk.mp4", 1)
    link = tmp_path / "link.mov"
    link.symlink_to(path)
    assert imported(path, context).content_key == imported(link, context).content_key


def test_sound_alone_has_no_picture_and_its_real_length(
    tmp_path: Path, context: RecordingContext
) -> None:
    media = imported(media_maker.sound_only(tmp_path / "song.mp3", 3), context)
    assert (media.poster, media.thumbnails, media.thumbnail_times_s) == (None, None, ())
    assert media.audio is not None
    assert media.info.video is None
    assert media.info.duration_s == pytest.approx(3, abs=0.06)


def test_a_picture_alone_has_no_sound_and_says_so(
    tmp_path: Path, context: RecordingContext
) -> None:
    media = imported(media_maker.picture_only(tmp_path / "film.mp4", 2), context)
    assert (media.audio, media.waveform, media.loudness, media.speech) == (None, None, None, ())
    assert media.integrated_lufs is None
    assert media.thumbnails is not None
    assert media.info.notices == ("There is no sound; clips are found by the picture alone.",)


def test_silence_is_a_defined_result(tmp_path: Path, context: RecordingContext) -> None:
    media = imported(media_maker.silence(tmp_path / "silence.wav", 3), context)
    assert media.integrated_lufs is None
    assert media.speech == ()
    assert media.info.notices == ("The sound is silent.",)


def test_music_is_no_speech(tmp_path: Path, context: RecordingContext) -> None:
    chord = "aevalsrc='0.2*sin(2*PI*220*t)+0.2*sin(2*PI*277*t)+0.2*sin(2*PI*330*t)':s=44100"
    media = imported(media_maker.sound_only(tmp_path / "m.flac", 4, source=chord), context)
    assert media.speech == ()
    assert media.integrated_lufs is not None


def test_a_cut_off_video_is_used_as_far_as_it_goes(
    tmp_path: Path, context: RecordingContext
) -> None:
    whole = media_maker.talk(tmp_path / "whole.mp4", 12, options=("-movflags", "+faststart"))
    media = imported(media_maker.truncated(whole, tmp_path / "cut.mp4", 0.5), context)
    assert 3 < media.info.duration_s < 9
    assert "The file stops after" in media.info.notices[0]
    assert max(media.thumbnail_times_s) <= media.info.duration_s
    samples = (context.cache_dir(media.content_key) / str(media.audio)).stat().st_size / 32000
    assert samples == pytest.approx(media.info.duration_s, abs=1.0)


def test_sound_and_picture_keep_together_in_a_difficult_file(
    tmp_path: Path, context: RecordingContext
) -> None:
    """White flashes with a beep, at a variable rate, in a file whose clock starts late."""
    path = tmp_path / "sync.mkv"
    flash = "drawbox=0:0:iw:ih:white:fill:enable='between(mod(t,2),1,1.1)'"
    beep = "aevalsrc='if(between(mod(t,2),1,1.1),0.5*sin(2*PI*900*t),0)':d=8:s=48000"
    ffmpeg(
        *lavfi("color=black:size=64x64:rate=50:duration=8"), *lavfi(beep),
        "-vf", f"{flash},select='if(lt(t,4),1,not(mod(n,2)))'", "-fps_mode", "vfr",
        *H264, "-c:a", "flac", "-output_ts_offset", "7.3", path,
    )  # fmt: skip
    media = imported(path, context)
    folder = context.cache_dir(media.content_key)
    samples = np.fromfile(folder / str(media.audio), "<i2").astype(np.int32)
    for second in (1, 7):
        window = np.abs(samples[(second - 1) * 16000 : (second + 1) * 16000]) > 3000
        assert second - 1 + np.argmax(window) / 16000 == pytest.approx(second, abs=0.02)
        seen = frame_at(path, second + 0.05, info=media.info)
        unseen = frame_at(path, second - 0.05, info=media.info)
        assert seen.mean() > 200
        assert unseen.mean() < 30


@pytest.mark.parametrize("fps", [1, 120])
def test_slow_and_fast_pictures_are_imported(
    tmp_path: Path, context: RecordingContext, fps: int
) -> None:
    media = imported(media_maker.talk(tmp_path / "t.mp4", 3, fps=fps, size="64x64"), context)
    assert media.info.duration_s == pytest.approx(3, abs=0.1)
    assert media.thumbnail_times_s


def test_a_picture_that_cannot_be_decoded_leaves_the_sound(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = tmp_path / "t.avi"
    ffmpeg(
        *lavfi("testsrc2=size=64x64:duration=2"), *lavfi("sine=duration=2"),
        "-c:v", "mpeg4", "-c:a", "pcm_s16le", source,
    )  # fmt: skip
    # Without the start code of a picture (ISO/IEC 14496-2) there is none to decode.
    source.write_bytes(source.read_bytes().replace(b"\x00\x00\x01\xb6", b"\xff\xff\xff\xff"))
    media = imported(source, context)
    assert media.info.video is None
    assert media.audio is not None
    assert "The picture cannot be decoded; only the sound is used." in media.info.notices


def test_a_finished_part_is_not_made_again(tmp_path: Path, context: RecordingContext) -> None:
    path = media_maker.talk(tmp_path / "talk.mp4", 2)

    def stop(fraction: float, note: str) -> None:
        if note == "Drawing thumbnails":
            context.cancel()

    context.when_progress = stop
    with pytest.raises(CancelledError):
        imported(path, context)
    again = RecordingContext(tmp_path / "context")
    again.checkpoints.update(context.checkpoints)
    media = imported(path, again)
    assert media.audio is not None
    assert not again.logged  # no ffmpeg ran
    fresh = imported(path, RecordingContext(tmp_path / "fresh"))
    assert media == fresh


@pytest.mark.parametrize(
    "moment", ["Choosing the poster", "Listening", "Finding speech", "Drawing thumbnails"]
)
def test_a_cancel_at_any_moment_leaves_no_half_file_and_no_process(
    tmp_path: Path, context: RecordingContext, moment: str
) -> None:
    path = media_maker.talk(tmp_path / "talk.mp4", 3)
    before = set(psutil.Process().children(recursive=True))

    def stop(fraction: float, note: str) -> None:
        if note.startswith(moment):
            threading.Thread(target=context.cancel).start()

    context.when_progress = stop
    with pytest.raises(CancelledError):
        imported(path, context)
    assert not left_over(context)
    assert set(psutil.Process().children(recursive=True)) == before


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _replace(path: Path) -> None:
    media_maker.talk(path, 2, hz=880)


def _remove(path: Path) -> None:
    path.unlink()


@posix
@pytest.mark.parametrize(
    ("change", "code"),
    [(_grow, "source_changed"), (_replace, "source_changed"), (_remove, "source_missing")],
)
@pytest.mark.parametrize("moment", ["Choosing the poster", "Listening", "Drawing thumbnails"])
def test_a_source_that_changes_meanwhile_gives_no_mixed_result(
    tmp_path: Path,
    context: RecordingContext,
    change: Callable[[Path], None],
    code: str,
    moment: str,
) -> None:
    path = media_maker.talk(tmp_path / "talk.mp4", 2)
    changes = iter([change])

    def meanwhile(fraction: float, note: str) -> None:
        if note == moment:
            for pending in changes:
                pending(path)

    context.when_progress = meanwhile
    assert code_of(path, context) == code


def test_refusals_of_probing_come_through(tmp_path: Path, context: RecordingContext) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("Hello.\n" * 30)
    assert code_of(tmp_path / "gone.mp4", context) == "not_found"
    assert code_of(tmp_path, context) == "is_a_folder"
    assert code_of(tmp_path / "empty.mp4", context) == "empty_file"
    assert code_of(tmp_path / "text.mp4", context) == "not_media"


def test_the_source_is_only_read(tmp_path: Path, context: RecordingContext) -> None:
    path = tmp_path / "talk.mkv"
    ffmpeg(*lavfi("testsrc2=size=64x64:duration=1"), *lavfi("sine=duration=1"), *H264, *AAC, path)
    before, content = path.stat(), path.read_bytes()
    imported(path, context)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.read_bytes() == content
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["context", "talk.mkv"]


@pytest.mark.real_media
def test_speech_is_heard_where_somebody_speaks(shared: Path, context: RecordingContext) -> None:
    speech = imported(shared / "media" / "speech" / "jfk.flac", context)
    assert sum(spoken.end_s - spoken.start_s for spoken in speech.speech) > 5
    noise = imported(shared / "media" / "nonspeech" / "noise1.wav", context)
    assert noise.speech == ()


@pytest.mark.real_media
@pytest.mark.parametrize(
    "folder", ["people", "speech", "odd", "broken", "hostile", "nonspeech", "scenes"]
)
def test_every_real_file_gives_a_result_or_a_coded_error(
    shared: Path, context: RecordingContext, folder: str
) -> None:
    before = set(psutil.Process().children(recursive=True))
    for path in sorted((shared / "media" / folder).iterdir()):
        try:
            media = imported(path, context)
        except InputError:
            pass  # coded; anything else fails the test
        else:
            assert media.info.duration_s > 0, path
            assert media.poster or media.audio, path
            assert all(media.info.notices), path
        context.checkpoints.clear()
    assert not left_over(context)
    assert set(psutil.Process().children(recursive=True)) == before
