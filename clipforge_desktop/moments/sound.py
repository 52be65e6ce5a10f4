"""What the sound says: how lively a stretch is, and where people laugh or clap.

Reads import's loudness (int8 momentary LUFS, 10 a second). A reaction is a loud second or
more in which nobody speaks; a longer one is music and counts for nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.moments.boundaries import Thought

RATE_HZ = 10
SILENCE_LUFS = -60
REACTION_S = (0.8, 10.0)
REACTION_REACH_S = 2.0  # a laugh belongs to what was said just before it
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Reaction:
    """Laughter or applause, as far as loudness without speech can tell."""

    start_s: float
    end_s: float


def energy_of(thoughts: Sequence[Thought], loudness_lufs: NDArray[np.int8]) -> Values:
    """Per thought: mean loudness above the talk's own middle plus half its spread, in LU."""
    level = loudness_lufs.astype(np.float64)
    heard = level[level > SILENCE_LUFS]
    middle = float(np.median(heard)) if len(heard) else 0.0
    values = np.zeros(len(thoughts))
    for row, thought in enumerate(thoughts):
        window = level[int(thought.start_s * RATE_HZ) : int(thought.end_s * RATE_HZ) + 1]
        window = window[window > SILENCE_LUFS]
        if len(window):
            values[row] = float(window.mean()) - middle + 0.5 * float(window.std())
    return values


def find_reactions(
    loudness_lufs: NDArray[np.int8], speech: Sequence[SpeechRange], thoughts: Sequence[Thought]
) -> tuple[Reaction, ...]:
    """Loud stretches in which neither a word nor speech is known."""
    heard = loudness_lufs[loudness_lufs > SILENCE_LUFS]
    if not len(heard):
        return ()
    loud = loudness_lufs >= int(np.median(heard)) - 6
    for start_s, end_s in [
        *((spoken.start_s, spoken.end_s) for spoken in speech),
        *((thought.start_s, thought.end_s) for thought in thoughts if thought.end > thought.first),
    ]:
        loud[int(start_s * RATE_HZ) : int(end_s * RATE_HZ) + 3] = False
    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
    return tuple(
        Reaction(low / RATE_HZ, high / RATE_HZ)
        for low, high in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        if REACTION_S[0] <= (high - low) / RATE_HZ <= REACTION_S[1]
    )


def reaction_of(thoughts: Sequence[Thought], reactions: Sequence[Reaction]) -> Values:
    """Per thought: seconds of laughter or applause during it and just after it, at most 3."""
    values = np.zeros(len(thoughts))
    starts = np.array([thought.start_s for thought in thoughts])
    for reaction in reactions:
        row = int(np.searchsorted(starts, reaction.start_s, side="right")) - 1
        if row >= 0 and reaction.start_s <= thoughts[row].end_s + REACTION_REACH_S:
            values[row] += min(reaction.end_s - reaction.start_s, 3.0)
    return np.minimum(values, 3.0)
