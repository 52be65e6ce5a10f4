"""Loudness arithmetic: gain, limiter, when to try again, and when to leave a sound alone."""

import pytest

from clipforge_desktop.stages.export.sound import (
    Correction,
    Loudness,
    SoundWish,
    first_correction,
    next_correction,
    notices,
    parse_loudness,
    penalty,
)

USUAL = SoundWish()
LOG = """[info] [Parsed_ebur128_0 @ 0x1] [info] Summary:

[info]   Integrated loudness:
[info]     I:         -23.4 LUFS
[info]     Threshold: -33.9 LUFS

[info]   Loudness range:
[info]     LRA:         6.1 LU

[info]   True peak:
[info]     Peak:       -4.2 dBFS
"""


def test_the_meter_is_read_from_the_log() -> None:
    assert parse_loudness(LOG) == Loudness(-23.4, -4.2)


def test_sound_that_cannot_be_measured_counts_as_silent() -> None:
    assert parse_loudness("nothing").is_silent
    assert parse_loudness("I: -inf LUFS\nPeak: -inf dBFS").is_silent
    assert parse_loudness("I: nan LUFS").is_silent


def test_a_quiet_voice_is_raised_and_limited_only_when_its_peaks_need_it() -> None:
    assert first_correction(Loudness(-20, -12), USUAL) == Correction(6.0)
    limited = first_correction(Loudness(-20, -3), USUAL)
    assert limited.gain_db == 6.0
    assert limited.limit_db is not None
    assert limited.limit_db < -1


def test_a_loud_recording_is_lowered() -> None:
    assert first_correction(Loudness(-8, 0.5), USUAL).gain_db == -6.0


def test_silence_gets_no_gain_and_noise_no_absurd_one() -> None:
    silent = Loudness(-70, -60)
    assert first_correction(silent, USUAL) == Correction(0.0)
    assert first_correction(Loudness(-49, -30), USUAL).gain_db == 24.0
    (said,) = notices(silent, silent, USUAL)
    assert "silent" in said


def test_what_is_right_is_left_alone() -> None:
    assert next_correction(Correction(6.0), Loudness(-14.2, -1.3), USUAL) is None


def test_a_result_that_is_too_quiet_is_pushed_and_one_with_peaks_is_limited_lower() -> None:
    louder = next_correction(Correction(6.0, -1.6), Loudness(-15.0, -1.2), USUAL)
    assert louder is not None
    assert louder.gain_db > 7.0
    lower = next_correction(Correction(6.0, -1.6), Loudness(-14.0, -0.4), USUAL)
    assert lower is not None
    assert lower.limit_db is not None
    assert lower.limit_db < -2.0


def test_a_gain_at_its_limit_ends_the_search() -> None:
    assert next_correction(Correction(24.0), Loudness(-20.0, -9.0), USUAL) is None


def test_peaks_count_before_loudness() -> None:
    assert penalty(Loudness(-15.5, -1.2), USUAL) < penalty(Loudness(-14.0, -0.5), USUAL)


@pytest.mark.parametrize("lufs", [-14.4, -13.6])
def test_nothing_is_said_about_a_sound_in_range(lufs: float) -> None:
    assert notices(Loudness(-20, -3), Loudness(lufs, -1.1), USUAL) == []


def test_a_delivery_has_its_own_loudness_and_peak() -> None:
    quiet_platform = SoundWish(lufs=-16.0, peak_dbtp=-2.0)
    assert first_correction(Loudness(-20, -12), quiet_platform) == Correction(4.0)
    limited = first_correction(Loudness(-20, -3), quiet_platform)
    assert limited.limit_db is not None
    assert limited.limit_db < -2.0
    assert next_correction(Correction(4.0), Loudness(-16.2, -2.3), quiet_platform) is None
    assert next_correction(Correction(4.0), Loudness(-14.2, -2.3), quiet_platform) is not None
    assert penalty(Loudness(-16.0, -2.1), quiet_platform) == 0
    (said,) = notices(Loudness(-40, -3), Loudness(-18.0, -2.1), quiet_platform)
    assert "-16" in said
