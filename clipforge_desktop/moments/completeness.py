"""Whether a thought can open a clip, and whether it can close one.

A stranger hears the clip without what came before: it should not open with a word that
points back, nor with an answer whose question is missing, and not end on an open clause.
Values are 0 to 1; they are judgements, so they weigh on the ranking and forbid nothing.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.moments.boundaries import Thought
from clipforge_desktop.moments.marks import bare, ends_clause, ends_question
from clipforge_desktop.moments.settings import Openings

PAUSE_S = 0.5  # a pause that a listener takes for the end of something
Values = NDArray[np.float64]


def opening_values(
    thoughts: Sequence[Thought], words: Sequence[Word], openings: Openings
) -> Values:
    """How well a clip could begin with each thought; all 1 without words."""
    dangling, answers = frozenset(openings.dangling), frozenset(openings.answer)
    clause = frozenset(openings.clause)
    has_case = _has_case(words)
    values = np.ones(len(thoughts))
    for row, thought in enumerate(thoughts):
        if thought.end == thought.first or row == 0:
            continue
        first = words[thought.first].text
        token = bare(first)
        before = thoughts[row - 1]
        if token in answers:
            values[row] = 0.3
        elif token in dangling:
            values[row] = 0.4
        elif token in clause:
            values[row] = 0.6
        if _is_question(words, before) and not _is_question(words, thought):
            values[row] = min(values[row], 0.3)
        pause_s = thought.start_s - before.end_s
        if not before.is_marked and pause_s < PAUSE_S:
            values[row] = min(values[row], 0.7)
        if has_case and before.is_marked is False and first[:1].islower():
            values[row] = min(values[row], 0.5)
    return values


def closing_values(
    thoughts: Sequence[Thought], words: Sequence[Word], openings: Openings
) -> Values:
    """How well a clip could end with each thought; all 1 without words."""
    open_end = frozenset(openings.open_end) | frozenset(openings.clause)
    values = np.ones(len(thoughts))
    for row, thought in enumerate(thoughts):
        if thought.end == thought.first:
            continue
        last = words[thought.end - 1].text
        if not thought.is_marked:
            is_last = row == len(thoughts) - 1
            pause_s = PAUSE_S if is_last else thoughts[row + 1].start_s - thought.end_s
            values[row] = 0.85 if pause_s >= PAUSE_S else 0.6
            if bare(last) in open_end or ends_clause(last):
                values[row] = 0.1
        elif _is_question(words, thought):
            values[row] = 0.5
        elif last.endswith(("\u2026", "...")):
            values[row] = 0.4
    return values


def _is_question(words: Sequence[Word], thought: Thought) -> bool:
    return thought.end > thought.first and ends_question(words[thought.end - 1].text)


def _has_case(words: Sequence[Word]) -> bool:
    """True when the text uses capitals: a small letter then means the middle of a sentence."""
    return any(word.text[:1].isupper() for word in words[:400])
