"""Noise reduction as part of an export's sound, on made media and on a really noisy recording."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.media import audio
from clipforge_desktop.speech.voice import find_speech
from clipforge_desktop.stages.export import soundtrack
from clipforge_desktop.stages.export.sound import SoundWish
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.pipeline import sound_maker
from tests.stage_context import RecordingContext

SPEECH = (Piece(0.5, 2.0), Piece(3.0, 5.0))
TALK = (
    "aevalsrc='0.2*sin(2*PI*220*t)*(0.5+0.5*sin(2*PI*4*t))*({spoken})+{hiss}*(random(0)-0.5)'"
    ":s=48000:c=stereo:d=6"
)
SPOKEN = "+".join(f"between(t,{piece.start_s},{piece.end_s})" for piece in SPEECH)


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def talk(path: Path, hiss: float) -> Path:
    return media_maker.sound_only(path, 6, source=TALK.format(spoken=SPOKEN, hiss=hiss))


def level_db(sound: npt.NDArray[np.int16], start_s: float, end_s: float) -> float:
    heard = sound[int(start_s * 48_000) : int(end_s * 48_000)].astype(float) / 32768
    return float(10 * np.log10(np.mean(heard**2) + 1e-12))


def test_the_noise_goes_before_the_sound_is_made_as_loud_as_wished(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = talk(tmp_path / "noisy.wav", hiss=0.02)
    info, clock = sound_maker.clip(source, [Piece(0.0, 6.0)])
    plain = SoundWish(lufs=-16.0, speech=SPEECH)
    quieter = SoundWish(lufs=-16.0, speech=SPEECH, reduce_noise=True)
    files = [soundtrack.make(source, info, clock, context, wish).file for wish in (plain, quieter)]
    before, after = (maker.samples(context.job_dir / file) for file in files)
    assert level_db(after, 2.2, 2.9) < level_db(before, 2.2, 2.9) - 8
    assert level_db(after, 3.2, 4.8) == pytest.approx(level_db(before, 3.2, 4.8), abs=1)
    assert maker.loudness(context.job_dir / files[1])[0] == pytest.approx(-16.0, abs=0.5)
    assert len(after) == len(before)


def test_a_clip_without_noise_comes_out_as_it_would_have(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = talk(tmp_path / "clean.wav", hiss=0.0)
    info, clock = sound_maker.clip(source, [Piece(0.0, 6.0)])
    wishes = SoundWish(speech=SPEECH), SoundWish(speech=SPEECH, reduce_noise=True)
    made = [soundtrack.make(source, info, clock, context, wish) for wish in wishes]
    plain, asked = (maker.samples(context.job_dir / sound.file) for sound in made)
    assert np.array_equal(plain, asked)
    assert made[1].notices == ()


def test_a_clip_that_is_nothing_but_noise_keeps_its_sound(
    tmp_path: Path, context: RecordingContext
) -> None:
    hiss = "anoisesrc=colour=pink:amplitude=0.2:r=48000:d=4"
    source = media_maker.sound_only(tmp_path / "rain.wav", 4, source=hiss)
    info, clock = sound_maker.clip(source, [Piece(0.0, 4.0)])
    wishes = SoundWish(), SoundWish(reduce_noise=True)
    files = [soundtrack.make(source, info, clock, context, wish).file for wish in wishes]
    plain, asked = (maker.samples(context.job_dir / file) for file in files)
    assert np.array_equal(plain, asked)


@pytest.mark.real_media
def test_a_noisy_recording_becomes_quieter_between_words_and_keeps_its_voice(
    shared: Path, tmp_path: Path, context: RecordingContext
) -> None:
    source = shared / "media" / "speech" / "acoustic_corpus.wav"
    info, clock = sound_maker.clip(source, [Piece(0.0, 26.0)])
    raw = tmp_path / "speech.s16"
    audio.decode(source, info, raw, context=context)
    speech = TimeMap((Piece(0.0, 26.0),)).speech(find_speech(raw, check=lambda: None))
    wishes = SoundWish(speech=speech), SoundWish(speech=speech, reduce_noise=True)
    files = [soundtrack.make(source, info, clock, context, wish).file for wish in wishes]
    before, after = (moments_db(maker.samples(context.job_dir / file)) for file in files)
    assert np.percentile(after, 10) < np.percentile(before, 10) - 8
    is_loud = before > np.percentile(before, 60)
    assert after[is_loud].mean() == pytest.approx(before[is_loud].mean(), abs=1)


def moments_db(sound: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
    """Levels of stretches of 50 ms."""
    left = sound[: len(sound) // 2400 * 2400, 0].astype(float).reshape(-1, 2400) / 32768
    levels: npt.NDArray[np.float64] = 10 * np.log10(np.mean(left**2, axis=1) + 1e-12)
    return levels
