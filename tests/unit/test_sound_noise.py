"""Noise that is taken out: by how much, and what becomes of the voice, on sounds made here."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.stages.export.sound_noise import learned_noise, pauses, without_noise
from clipforge_desktop.stages.export.sound_samples import Samples

HZ = 48_000
SECONDS = 10.0
SPEECH = (Piece(0.5, 2.4), Piece(3.2, 5.0), Piece(5.6, 7.1), Piece(8.4, 9.5))
QUIET = (Piece(2.5, 3.1), Piece(5.1, 5.5), Piece(7.2, 8.3))

Wave = npt.NDArray[np.float64]  # (samples,)


def voice() -> Wave:
    """Syllables of a low voice: harmonics of a gliding tone under three formants."""
    t = np.arange(int(SECONDS * HZ)) / HZ
    pitch = 2 * np.pi * np.cumsum(120 + 15 * np.sin(2 * np.pi * 0.7 * t)) / HZ
    said: Wave = np.zeros_like(t)
    for harmonic in range(1, 40):
        hz = 120 * harmonic
        formants = sum(np.exp(-(((hz - at) / wide) ** 2)) for at, wide in FORMANTS)
        said += (0.02 + formants) * np.sin(harmonic * pitch + harmonic**2)
    syllables = np.clip(np.sin(2 * np.pi * 4.3 * t) * 2 + 1.2, 0, 1)
    spoken = np.zeros_like(t)
    for piece in SPEECH:
        spoken[int((piece.start_s + 0.1) * HZ) : int((piece.end_s - 0.1) * HZ)] = 1
    said *= syllables * spoken * 0.05
    return said


FORMANTS = ((500.0, 250.0), (1500.0, 400.0), (2600.0, 600.0))


def noise(kind: str, level_db: float) -> Wave:
    """White, pink, or a fan: rumble with the hum of its motor."""
    count = int(SECONDS * HZ)
    white = np.random.default_rng(7).standard_normal(count)
    hz = np.maximum(np.fft.rfftfreq(count, 1 / HZ), 30.0)
    slope = {"white": 0.0, "pink": 0.5, "fan": 0.8}[kind]
    made: Wave = np.fft.irfft(np.fft.rfft(white) / hz**slope, count)
    made /= made.std()
    if kind == "fan":
        t = np.arange(count) / HZ
        made += 0.6 * np.sin(2 * np.pi * 120 * t) + 0.3 * np.sin(2 * np.pi * 240 * t)
    made *= 10 ** (level_db / 20) / made.std()
    return made


def stereo(wave: Wave) -> Samples:
    return np.stack([wave, wave], axis=1).astype(np.float32)


def cleaned(sound: Samples, speech: Sequence[Piece] = SPEECH) -> Samples:
    found = learned_noise(sound, speech)
    assert found is not None
    return np.concatenate(list(without_noise(sound, found, lambda: None)))


def level_db(sound: Samples | Wave, spans: Sequence[Piece]) -> float:
    heard = [sound[int(span.start_s * HZ) : int(span.end_s * HZ)] for span in spans]
    return float(10 * np.log10(np.mean(np.concatenate(heard).astype(float) ** 2) + 1e-15))


def third_octaves_db(wave: Wave) -> Wave:
    """Power in bands from 100 Hz to 5 kHz."""
    power = np.abs(np.fft.rfft(wave)) ** 2
    hz = np.fft.rfftfreq(len(wave), 1 / HZ)
    centers = 1000 * 2 ** (np.arange(-10, 8) / 3)
    bands = [power[(hz > at / 2 ** (1 / 6)) & (hz <= at * 2 ** (1 / 6))].sum() for at in centers]
    power_db: Wave = 10 * np.log10(np.array(bands))
    return power_db


@pytest.mark.parametrize(("kind", "at_db"), [("white", -40), ("pink", -45), ("fan", -55)])
def test_noise_falls_by_8_db_and_the_voice_stays_within_1(kind: str, at_db: float) -> None:
    clean, added = voice(), noise(kind, at_db)
    result = cleaned(stereo(clean + added))
    assert level_db(result, QUIET) < level_db(added, QUIET) - 8
    assert level_db(result, SPEECH) == pytest.approx(level_db(clean + added, SPEECH), abs=1)
    is_heard = third_octaves_db(clean) > third_octaves_db(added) + 10
    assert is_heard.sum() > 5
    change_db = third_octaves_db(result[:, 0].astype(float)) - third_octaves_db(clean)
    assert np.abs(change_db[is_heard]).max() < 1


@pytest.mark.parametrize("kind", ["white", "pink"])
def test_what_is_left_does_not_swell_and_fade_around_words(kind: str) -> None:
    result = cleaned(stereo(voice() + noise(kind, -45)))
    for quiet in QUIET:
        after = Piece(quiet.start_s, quiet.start_s + 0.15)
        later = Piece(quiet.start_s + 0.15, quiet.end_s)
        assert level_db(result, [after]) == pytest.approx(level_db(result, [later]), abs=3)


def test_a_clip_without_noise_is_left_alone() -> None:
    assert learned_noise(stereo(voice()), SPEECH) is None
    assert learned_noise(stereo(voice() + noise("pink", -75)), SPEECH) is None


def test_without_knowing_where_somebody_speaks_noise_under_a_voice_is_still_found() -> None:
    sound = stereo(voice() + noise("pink", -45))
    result = cleaned(sound, ())
    assert level_db(result, QUIET) < level_db(sound, QUIET) - 8
    assert level_db(result, SPEECH) == pytest.approx(level_db(sound, SPEECH), abs=1)


def test_steady_sound_with_nothing_over_it_is_all_there_is_and_stays() -> None:
    assert learned_noise(stereo(noise("pink", -30)), ()) is None
    t = np.arange(int(SECONDS * HZ)) / HZ
    chord = sum(np.sin(2 * np.pi * hz * t) for hz in (220.0, 277.2, 329.6))
    assert learned_noise(stereo(np.asarray(chord) * 0.1), ()) is None
    assert learned_noise(np.zeros((0, 2), np.float32), SPEECH) is None


def test_nothing_moves_by_a_single_sample() -> None:
    clean = voice()
    sound = stereo(clean + noise("white", -60))
    result = cleaned(sound)
    assert result.shape == sound.shape
    difference = result[:, 0].astype(float) - clean
    assert level_db(difference, SPEECH) < level_db(clean, SPEECH) - 35


def test_noise_is_found_where_pace_has_cut_every_pause_out() -> None:
    sound = stereo(voice() + noise("white", -45))
    result = cleaned(sound, (Piece(0.0, SECONDS),))
    assert level_db(result, QUIET) < level_db(sound, QUIET) - 8


def test_a_clean_voice_without_a_single_pause_keeps_its_level() -> None:
    sound = stereo(voice())[: 2 * HZ]
    found = learned_noise(sound, [Piece(0.0, 2.0)])
    if found is not None:
        result = np.concatenate(list(without_noise(sound, found, lambda: None)))
        assert level_db(result, SPEECH[:1]) == pytest.approx(level_db(sound, SPEECH[:1]), abs=0.5)


def test_a_voice_that_was_not_found_is_not_taken_for_noise() -> None:
    clean, missed = voice(), SPEECH[1]
    sound = stereo(clean + noise("white", -60))
    found = (Piece(0.0, missed.start_s), Piece(missed.end_s, SECONDS))
    result = cleaned(sound, found)
    assert level_db(result, [missed]) == pytest.approx(level_db(clean, [missed]), abs=0.5)


def test_both_channels_are_turned_down_alike_so_that_nobody_wanders() -> None:
    clean, left = voice(), noise("white", -45)
    sound = np.stack([clean + left, 0.5 * clean], axis=1).astype(np.float32)
    result = cleaned(sound)
    before_db = level_db(sound[:, 0], SPEECH) - level_db(sound[:, 1], SPEECH)
    after_db = level_db(result[:, 0], SPEECH) - level_db(result[:, 1], SPEECH)
    assert after_db == pytest.approx(before_db, abs=0.5)


def test_pauses_keep_away_from_the_voice() -> None:
    found = pauses((Piece(1.0, 2.0), Piece(2.1, 3.0)), 4.0)
    assert [(round(one.start_s, 3), round(one.end_s, 3)) for one in found] == [
        (0.0, 0.95),
        (3.05, 4.0),
    ]
