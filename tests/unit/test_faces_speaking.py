"""Who speaks: told by mouths that move while there is speech, and not by anything else."""

from collections.abc import Callable

import numpy as np
import pytest

from clipforge_desktop.faces.detector import FaceBox
from clipforge_desktop.faces.mouths import MouthWatch
from clipforge_desktop.faces.speaking import Voice, is_clear, turns_of
from clipforge_desktop.faces.tracks import Sighting, Track

LOOKS = [round(n * 0.3, 2) for n in range(100)]  # 30 s
BOX = FaceBox(100, 100, 100, 130, 0.9)


def person(number: int, speaks: Callable[[float], bool], *, calm: float = 1.0) -> Track:
    """A mouth that moves, unevenly, while its owner speaks; `calm` is its own rest."""
    chance = np.random.default_rng(number)
    sightings = [
        Sighting(at_s, BOX, calm * float(chance.uniform(0.9, 1.2 if not speaks(at_s) else 3.0)))
        for at_s in LOOKS
    ]
    return Track(number, tuple(sightings))


def voices(is_speech: Callable[[float], bool] = lambda at_s: True) -> list[Voice]:
    return [Voice(at_s, -20.0 if is_speech(at_s) else -60.0, is_speech(at_s)) for at_s in LOOKS]


def never(at_s: float) -> bool:
    return False


def always(at_s: float) -> bool:
    return True


def test_one_who_speaks_throughout_is_one_turn() -> None:
    (turn,) = turns_of([person(0, never), person(1, always)], voices(), 0, 30)
    assert (turn.start_s, turn.end_s, turn.person) == (0, 30, 1)
    assert is_clear([turn])


def test_a_person_with_a_restless_mouth_is_measured_against_their_own_calm() -> None:
    people = [person(0, never, calm=1.5), person(1, always)]
    assert {turn.person for turn in turns_of(people, voices(), 0, 30)} == {1}


def test_turns_are_taken_where_the_mouths_change() -> None:
    people = [person(0, lambda at_s: at_s < 14), person(1, lambda at_s: at_s >= 14)]
    first, second = turns_of(people, voices(), 0, 30)
    assert (first.person, second.person) == (0, 1)
    assert first.end_s == second.start_s == pytest.approx(14, abs=1.0)


def test_a_short_interjection_changes_nothing() -> None:
    people = [
        person(0, lambda at_s: not 10 < at_s < 10.8),
        person(1, lambda at_s: 10 < at_s < 10.8),
    ]
    assert [turn.person for turn in turns_of(people, voices(), 0, 30)] == [0]


def test_a_change_is_moved_into_the_pause_beside_it() -> None:
    people = [person(0, lambda at_s: at_s < 14), person(1, lambda at_s: at_s >= 14)]
    heard = voices(lambda at_s: not 14.2 < at_s < 14.6)
    first, _ = turns_of(people, heard, 0, 30)
    assert first.end_s == 14.4


def test_silence_and_moving_mouths_say_nothing() -> None:
    assert turns_of([person(0, never), person(1, always)], voices(never), 0, 30) == ()


def test_mouths_that_were_not_measured_say_nothing() -> None:
    still = Track(0, tuple(Sighting(at_s, BOX) for at_s in LOOKS))
    assert turns_of([still, person(1, always)], voices(), 0, 30) == ()


def test_nobody_is_far_ahead_where_both_move_alike() -> None:
    turns = turns_of([person(0, always), person(1, always)], voices(), 0, 30)
    assert not is_clear(turns)


def picture(mouth: int, shift: int = 0) -> np.ndarray:
    grey = np.full((360, 640), 90, np.uint8)
    lines = np.random.default_rng(1).integers(60, 200, (26, 20), np.uint8)
    grey[100 + shift : 230 + shift, 100:200] = np.kron(lines, np.ones((5, 5), np.uint8))
    grey[195 + shift : 215 + shift, 130:170] = mouth
    return grey


def test_a_mouth_that_opens_counts_and_a_nod_does_not() -> None:
    talking = MouthWatch([BOX], picture(40), 640)
    for mouth in (120, 40, 160):
        talking.see(picture(mouth))
    nodding = MouthWatch([BOX], picture(40), 640)
    for shift in (4, 0, 5):
        nodding.see(picture(40, shift))
    (spoken,), (nodded,) = talking.motions(), nodding.motions()
    assert spoken is not None
    assert nodded is not None
    assert spoken > 3
    assert nodded < 2
