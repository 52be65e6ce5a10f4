"""One decode of the sound: 16 kHz mono on the source's clock, waveform and loudness beside it."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from clipforge_desktop.domain.source import MediaInfo
from clipforge_desktop.media import audio
from clipforge_desktop.media.probe import probe
from tests import media_maker
from tests.media_maker import AAC, H264, ffmpeg, lavfi
from tests.stage_context import RecordingContext

RATE = audio.SAMPLE_RATE_HZ
BEEP_AT_1 = "aevalsrc='if(between(t,1,1.2),0.5*sin(2*PI*880*t),0)':d=3:s=48000"


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def decoded(
    path: Path, context: RecordingContext, info: MediaInfo | None = None
) -> tuple[audio.DecodedAudio, npt.NDArray[np.int16]]:
    result = audio.decode(path, info or probe(path), path.with_suffix(".s16"), context=context)
    return result, np.fromfile(result.samples, "<i2")


def first_sound_s(samples: npt.NDArray[np.int16]) -> float:
    return float(np.argmax(np.abs(samples.astype(np.int32)) > 3000)) / RATE


def test_samples_are_mono_16_khz_and_as_long_as_the_source(
    tmp_path: Path, context: RecordingContext
) -> None:
    seen: list[float] = []
    path = media_maker.talk(tmp_path / "talk.mp4", 3)
    result = audio.decode(
        path, probe(path), tmp_path / "talk.s16", context=context,
        on_progress=lambda fraction, left_s: seen.append(fraction),
    )  # fmt: skip
    samples = np.fromfile(result.samples, "<i2").astype(np.float64)
    assert result.duration_s == pytest.approx(3, abs=0.05)
    assert len(samples) == pytest.approx(3 * RATE, abs=RATE * 0.05)
    loudest_hz = np.argmax(np.abs(np.fft.rfft(samples[:RATE])))
    assert loudest_hz == pytest.approx(440, abs=2)
    assert seen == sorted(seen)


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1", "7.1", "octagonal", "quad"])
def test_every_channel_layout_becomes_mono(
    tmp_path: Path, context: RecordingContext, layout: str
) -> None:
    path = tmp_path / "sound.wav"
    ffmpeg(
        *lavfi("sine=frequency=300:duration=1"), "-af", f"aformat=channel_layouts={layout}", path
    )
    _, samples = decoded(path, context)
    assert len(samples) == pytest.approx(RATE, abs=50)
    assert np.abs(samples.astype(np.int32)).max() > 300


def test_telephone_sound_is_taken(tmp_path: Path, context: RecordingContext) -> None:
    path = media_maker.sound_only(tmp_path / "p.wav", 1, source="sine=sample_rate=8000")
    _, samples = decoded(path, context)
    assert len(samples) == pytest.approx(RATE, abs=50)


def test_sound_that_starts_late_is_padded(tmp_path: Path, context: RecordingContext) -> None:
    path = tmp_path / "late.mkv"
    ffmpeg(
        *lavfi("testsrc2=size=64x64:rate=25:duration=5"), "-itsoffset", "1.5",
        *lavfi(BEEP_AT_1), "-c:a", "flac", *H264, path,
    )  # fmt: skip
    _, samples = decoded(path, context)
    assert first_sound_s(samples) == pytest.approx(2.5, abs=0.01)


def test_sound_before_the_first_picture_is_cut(tmp_path: Path, context: RecordingContext) -> None:
    path = tmp_path / "early.mkv"
    ffmpeg(
        "-itsoffset", "0.4", *lavfi("testsrc2=size=64x64:rate=25:duration=5"),
        *lavfi(BEEP_AT_1), "-c:a", "flac", *H264, path,
    )  # fmt: skip
    info = probe(path)
    assert info.start_s == pytest.approx(0.4, abs=0.01)
    _, samples = decoded(path, context, info)
    assert first_sound_s(samples) == pytest.approx(0.6, abs=0.01)


@pytest.mark.parametrize("name", ["offset.nut", "offset.ts"])
def test_a_clock_that_starts_anywhere_is_our_zero(
    tmp_path: Path, context: RecordingContext, name: str
) -> None:
    path = tmp_path / name
    ffmpeg(
        *lavfi("testsrc2=size=64x64:rate=25:duration=3"), *lavfi(BEEP_AT_1),
        "-c:a", "mp2", *H264, "-output_ts_offset", "10",
        path,
    )  # fmt: skip
    _, samples = decoded(path, context)
    assert first_sound_s(samples) == pytest.approx(1.0, abs=0.03)


def test_a_hole_in_the_sound_is_filled_so_that_the_rest_stays_in_place(
    tmp_path: Path, context: RecordingContext
) -> None:
    path = tmp_path / "hole.mkv"
    ffmpeg(
        *lavfi("testsrc2=size=64x64:rate=25:duration=6"), *lavfi(BEEP_AT_1),
        "-af", "aselect='lt(t,0.5)+gt(t,0.8)',asetpts='PTS+if(gt(T,0.7),2/TB,0)'",
        "-c:a", "flac", *H264, path,
    )  # fmt: skip
    _, samples = decoded(path, context)
    assert first_sound_s(samples) == pytest.approx(3.0, abs=0.03)


def test_the_best_of_two_tracks_is_heard(tmp_path: Path, context: RecordingContext) -> None:
    path = tmp_path / "two.mkv"
    ffmpeg(
        *lavfi("anullsrc=duration=1"), *lavfi("sine=frequency=500:duration=1"),
        "-map", "0", "-map", "1", *AAC, "-disposition:a:0", "0", "-disposition:a:1", "default",
        "-t", "1", path,
    )  # fmt: skip
    _, samples = decoded(path, context)
    assert np.abs(samples.astype(np.int32)).max() > 1000


def test_the_waveform_has_fifty_peaks_a_second(tmp_path: Path, context: RecordingContext) -> None:
    path = media_maker.sound_only(tmp_path / "beep.wav", 3, source=BEEP_AT_1)
    result, _ = decoded(path, context)
    peaks_file = tmp_path / "peaks"
    assert audio.write_peaks(result.samples, peaks_file, context.check) == 150
    peaks = np.fromfile(peaks_file, np.uint8)
    assert len(peaks) == 150
    assert peaks[52:58].min() == pytest.approx(127, abs=3)
    assert peaks[:49].max() == 0
    assert peaks[62:].max() == 0


def test_loudness_is_measured_ten_times_a_second_and_in_all(
    tmp_path: Path, context: RecordingContext
) -> None:
    # EBU Tech 3341: a stereo sine of 1 kHz at -23 dBFS peak measures -23 LUFS.
    level = 10 ** (-23 / 20)
    tone = f"{level}*sin(2*PI*1000*t)"
    path = media_maker.sound_only(tmp_path / "r128.wav", 5, source=f"aevalsrc='{tone}|{tone}'")
    result, _ = decoded(path, context)
    assert result.integrated_lufs == pytest.approx(-23, abs=0.1)
    target = tmp_path / "loudness"
    count = audio.write_loudness(result.loudness_log, target, context.check)
    values = np.fromfile(target, np.int8)
    assert count == len(values)
    assert count == pytest.approx(50, abs=1)
    assert set(values[4:].tolist()) == {-23}


def test_silence_has_no_loudness(tmp_path: Path, context: RecordingContext) -> None:
    result, samples = decoded(media_maker.silence(tmp_path / "silence.wav", 2), context)
    assert result.integrated_lufs is None
    assert not samples.any()
    target = tmp_path / "loudness"
    audio.write_loudness(result.loudness_log, target, context.check)
    assert set(np.fromfile(target, np.int8).tolist()) == {audio.SILENT_LUFS}
