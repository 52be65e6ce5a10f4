"""Who of several people speaks when: whose mouth moves while there is speech to be heard.

Every sighting may carry how much the mouth moved, relative to the face above it, right after.
That is compared between the people, each measured against their own calm; the best sequence of
speakers is found at once (Viterbi), where each change of speaker costs something: that is the
hysteresis. Changes are then moved into the nearest pause.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.faces.tracks import Track

Scores = NDArray[np.float64]

_CALM_PERCENTILE = 20
_OWN_CALM = 0.5  # how far a person is measured against themselves rather than against the others
_SMOOTHED_LOOKS = 5
_CHANGE_COSTS = 3.0  # doublings of the mouth's motion, summed over looks
_MOST_PER_LOOK = 1.0  # doublings: one wild look decides nothing
_PAUSE_WITHIN_S = 0.6
_MOST_AWAY_S = 0.45  # from a look to the sighting that stands for it
_LEAST_VOICED = 0.25  # share of the looks
_LEAST_MEASURED = 6
_LEAST_LEAD, _LEAST_LEAD_IN_TURNS = 0.2, 0.35  # doublings
_LEAST_PROOF = 1.1  # doublings, times the square root of the looks


@dataclass(frozen=True)
class Voice:
    """How loud it was after one look, and whether that was speech."""

    at_s: float
    level_db: float
    is_speech: bool


@dataclass(frozen=True)
class Turn:
    """Clip time in which one of the people speaks.

    `lead` is by how many doublings their mouth moves more than the others', `looks` on how many
    looks at speech that rests.
    """

    start_s: float
    end_s: float
    person: int  # index into the people asked about
    lead: float
    looks: int


def lead_of(turns: Sequence[Turn]) -> float:
    """By how many doublings the speakers are ahead on the whole."""
    whole_s = sum(turn.end_s - turn.start_s for turn in turns)
    return sum(turn.lead * (turn.end_s - turn.start_s) for turn in turns) / whole_s


def is_clear(turns: Sequence[Turn]) -> bool:
    """Is it beyond chance who speaks? More is asked where the speaker changes.

    Single looks differ by about a third of a doubling, and of two mouths that move alike one is
    always somewhat ahead for a while.
    """
    if not turns:
        return False
    lead, looks = lead_of(turns), sum(turn.looks for turn in turns)
    least = _LEAST_LEAD if len(turns) == 1 else _LEAST_LEAD_IN_TURNS
    return lead >= least and lead * math.sqrt(looks) >= _LEAST_PROOF


def turns_of(
    people: Sequence[Track], voices: Sequence[Voice], start_s: float, end_s: float
) -> tuple[Turn, ...]:
    """The turns from `start_s` to `end_s` without gaps; none when it cannot be told."""
    heard = [voice for voice in voices if start_s <= voice.at_s < end_s]
    spoken = sum(voice.is_speech for voice in heard)
    if len(people) < 2 or spoken < max(_LEAST_VOICED * len(heard), _LEAST_MEASURED):
        return ()
    motions = np.array([_motions(person, heard) for person in people])
    if any(np.isfinite(row).sum() < _LEAST_MEASURED for row in motions):
        return ()
    scores = np.array([_scores(row) for row in motions])
    scores = np.where([voice.is_speech for voice in heard], scores, 0.0)
    speakers = _best_sequence(scores)
    return _turns(heard, speakers, scores, start_s, end_s)


def _motions(person: Track, heard: Sequence[Voice]) -> Scores:
    """Doublings of the mouth's motion at each look; not a number where it was not measured."""
    found = np.full(len(heard), np.nan)
    measured = [seen for seen in person.sightings if seen.mouth is not None]
    if not measured:
        return found
    times_s = np.array([seen.at_s for seen in measured])
    for number, voice in enumerate(heard):
        near = int(np.abs(times_s - voice.at_s).argmin())
        mouth = measured[near].mouth
        if abs(times_s[near] - voice.at_s) <= _MOST_AWAY_S and mouth is not None:
            found[number] = math.log2(max(mouth, 0.05))
    return found


def _scores(motions: Scores) -> Scores:
    calm = float(np.nanpercentile(motions, _CALM_PERCENTILE))
    filled = np.where(np.isfinite(motions), motions, calm)
    kernel = np.ones(_SMOOTHED_LOOKS) / _SMOOTHED_LOOKS
    padded = np.pad(filled, _SMOOTHED_LOOKS // 2, mode="edge")
    return np.asarray(np.convolve(padded, kernel, mode="valid") - _OWN_CALM * calm)


def _best_sequence(scores: Scores) -> list[int]:
    """The person at each look, such that scores less costs of change are greatest."""
    gains = np.clip(scores - scores.mean(axis=0), -_MOST_PER_LOOK, _MOST_PER_LOOK)
    people, looks = gains.shape
    best = gains[:, 0].copy()
    came_from = np.zeros((people, looks), np.int64)
    for look in range(1, looks):
        leader = int(best.argmax())
        stays = best >= best[leader] - _CHANGE_COSTS
        came_from[:, look] = np.where(stays, np.arange(people), leader)
        best = np.where(stays, best, best[leader] - _CHANGE_COSTS) + gains[:, look]
    person = int(best.argmax())
    found = [person]
    for look in range(looks - 1, 0, -1):
        person = int(came_from[person, look])
        found.append(person)
    return found[::-1]


def _turns(
    heard: Sequence[Voice], speakers: Sequence[int], scores: Scores, start_s: float, end_s: float
) -> tuple[Turn, ...]:
    changes = [n for n in range(1, len(heard)) if speakers[n] != speakers[n - 1]]
    firsts = [0, *changes]
    lasts = [*changes, len(heard)]
    edges_s = list(accumulate([start_s, *(_in_pause(heard, n) for n in changes), end_s], max))
    turns: list[Turn] = []
    for number, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        person = speakers[first]
        own = scores[person, first:last]
        others = np.delete(scores[:, first:last], person, axis=0).max(axis=0)
        spoken = [voice.is_speech for voice in heard[first:last]]
        lead = float((own - others)[spoken].mean()) if any(spoken) else 0.0
        if edges_s[number + 1] > edges_s[number]:
            turn = Turn(edges_s[number], edges_s[number + 1], person, round(lead, 3), sum(spoken))
            turns.append(turn)
    return tuple(turns)


def _in_pause(heard: Sequence[Voice], number: int) -> float:
    """The quietest look near the change, if one is near; times of looks all the same."""
    at_s = heard[number].at_s
    near = [voice for voice in heard if abs(voice.at_s - at_s) <= _PAUSE_WITHIN_S]
    return min(near, key=lambda voice: (voice.is_speech, voice.level_db)).at_s
