"""Speech ranges: the rules on made probabilities, the model on made and on real sound."""

import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from clipforge_desktop.domain.errors import CancelledError
from clipforge_desktop.speech.voice import (
    SAMPLE_RATE_HZ,
    WINDOW_S,
    VoiceRules,
    find_speech,
    read_samples,
    speech_from_probabilities,
)

OUTPUT = ["-f", "s16le", "-ac", "1", "-ar", str(SAMPLE_RATE_HZ)]


def windows(seconds: float, probability: float) -> list[float]:
    return [probability] * round(seconds / WINDOW_S)


def raw_audio(path: Path, *ffmpeg_input: str) -> Path:
    """`path` as raw s16le mono 16 kHz, made by ffmpeg from its input arguments."""
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *ffmpeg_input, *OUTPUT, str(path)],
        check=True,
        timeout=60,
    )
    return path


def test_a_short_breath_does_not_split_speech_and_a_pause_does() -> None:
    spoken = windows(2, 0.9) + windows(0.2, 0.0) + windows(2, 0.9) + windows(1, 0.0)
    ranges = speech_from_probabilities(spoken + windows(1, 0.9), 10.0, VoiceRules())
    assert len(ranges) == 2
    assert ranges[0].start_s == 0.0
    assert ranges[0].end_s == pytest.approx(4.3, abs=0.1)


def test_a_click_is_not_speech() -> None:
    click = windows(1, 0.0) + windows(0.1, 0.99) + windows(1, 0.0)
    assert speech_from_probabilities(click, 2.1, VoiceRules()) == ()


def test_ranges_stay_inside_the_audio_and_apart() -> None:
    rules = VoiceRules(pad_s=2.0)
    spoken = windows(1, 0.9) + windows(1, 0.0) + windows(1, 0.9)
    (only,) = speech_from_probabilities(spoken, 3.0, rules)
    assert (only.start_s, only.end_s) == (0.0, 3.0)


def test_doubtful_sound_keeps_speech_going_but_never_starts_it() -> None:
    rules = VoiceRules(pad_s=0.0)
    assert speech_from_probabilities(windows(3, 0.4), 3.0, rules) == ()
    (going,) = speech_from_probabilities(windows(1, 0.9) + windows(2, 0.4), 3.0, rules)
    assert going.end_s == pytest.approx(3.0, abs=0.05)


@pytest.mark.parametrize("sound", ["anullsrc=r=16000", "sine=f=440:r=16000", "anoisesrc=r=16000"])
def test_silence_tones_and_noise_are_not_speech(tmp_path: Path, sound: str) -> None:
    audio = raw_audio(tmp_path / "a.s16", "-f", "lavfi", "-t", "5", "-i", sound)
    assert find_speech(audio, check=lambda: None) == ()


def test_an_empty_file_and_a_torn_last_sample_are_taken(tmp_path: Path) -> None:
    audio = tmp_path / "a.s16"
    audio.write_bytes(b"")
    assert find_speech(audio, check=lambda: None) == ()
    audio.write_bytes(b"\0" * 20_001)
    assert find_speech(audio, check=lambda: None) == ()


def test_a_cancel_stops_the_search_within_half_a_minute_of_audio(tmp_path: Path) -> None:
    audio = raw_audio(tmp_path / "a.s16", "-f", "lavfi", "-t", "200", "-i", "anullsrc=r=16000")
    calls: list[int] = []

    def check() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise CancelledError

    fractions: list[float] = []
    with pytest.raises(CancelledError):
        find_speech(audio, check=check, on_progress=fractions.append)
    assert len(calls) == 3
    assert fractions == sorted(fractions)
    assert fractions[-1] < 0.5


def test_samples_are_read_by_range_and_end_with_the_file(tmp_path: Path) -> None:
    audio = tmp_path / "a.s16"
    np.arange(32_000, dtype="<i2").tofile(audio)
    samples = read_samples(audio, 0.5, 0.75)
    assert len(samples) == 4_000
    assert samples[0] == pytest.approx(8_000 / 32_768)
    assert len(read_samples(audio, 1.9, 9.0)) == 1_600
    assert len(read_samples(audio, 5.0, 9.0)) == 0


@pytest.mark.real_media
def test_real_speech_is_heard_where_it_is(tmp_path: Path, shared: Path) -> None:
    jfk = raw_audio(tmp_path / "a.s16", "-i", str(shared / "media" / "speech" / "jfk.flac"))
    ranges = find_speech(jfk, check=lambda: None)
    assert ranges[0].start_s < 0.5
    assert ranges[-1].end_s > 10.0
    heard_s = sum(speech.end_s - speech.start_s for speech in ranges)
    assert 6.0 < heard_s < 10.5
