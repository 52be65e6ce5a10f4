"""What the finder reads off the loudness."""

import numpy as np

from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.moments import sound
from clipforge_desktop.moments.boundaries import Thought

THOUGHTS = (Thought(0.0, 10.0, 0, 5, True), Thought(13.0, 20.0, 5, 9, True))
SPEECH = (SpeechRange(0.0, 10.0), SpeechRange(13.0, 20.0))


def level(*parts: tuple[float, int]) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """Seconds and LUFS, one after the other."""
    values = [lufs for seconds, lufs in parts for _ in range(round(seconds * 10))]
    return np.array(values, dtype=np.int8)


def test_laughter_after_a_line_belongs_to_that_line() -> None:
    loudness = level((10, -20), (0.5, -60), (1.5, -18), (1, -60), (7, -20))
    reactions = sound.find_reactions(loudness, SPEECH, THOUGHTS)
    assert len(reactions) == 1
    values = sound.reaction_of(THOUGHTS, reactions)
    assert values[0] > 1.0
    assert values[1] == 0.0


def test_silence_speech_and_long_music_are_no_reactions() -> None:
    quiet = level((10, -20), (3, -60), (7, -20))
    assert sound.find_reactions(quiet, SPEECH, THOUGHTS) == ()
    music = level((10, -20), (30, -18))
    assert sound.find_reactions(music, SPEECH[:1], THOUGHTS[:1]) == ()


def test_a_louder_stretch_has_more_energy() -> None:
    values = sound.energy_of(THOUGHTS, level((10, -30), (3, -60), (7, -18)))
    assert values[1] > values[0]


def test_digital_silence_has_no_energy_and_no_reactions() -> None:
    silent = np.full(200, -70, dtype=np.int8)
    assert sound.energy_of(THOUGHTS, silent).tolist() == [0.0, 0.0]
    assert sound.find_reactions(silent, (), ()) == ()
