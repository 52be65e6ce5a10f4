"""Whether a thought can open a clip, and whether it can close one.

A stranger hears the clip without what came before: it should not open with a word that
points back, nor with an answer whose question is missing. It should close on what it was
leading up to: not on an open clause, nor on a question or an announcement whose answer
follows at once. Values are 0 to 1; they are judgements, so they forbid nothing.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.moments.boundaries import Thought
from clipforge_desktop.moments.marks import CLOSING, bare, ends_clause, ends_question
from clipforge_desktop.moments.settings import Openings

PAUSE_S = 0.5  # a pause that a listener takes for the end of something
ANSWER_S = 2.0  # what follows a question or an announcement within this is its answer
MID_SENTENCE = 0.3  # an end without a mark in a text that has marks, be there a pause or not
ANNOUNCEMENT_WORDS = 14
APPLAUDED = 0.9  # what people laughed at or clapped for is an end, whatever its words
Values = NDArray[np.float64]


def opening_values(
    thoughts: Sequence[Thought], words: Sequence[Word], openings: Openings
) -> Values:
    """How well a clip could begin with each thought; all 1 without words."""
    lists = _Lists(openings)
    has_case = _has_case(words)
    values = np.ones(len(thoughts))
    for row, thought in enumerate(thoughts):
        if thought.end == thought.first or row == 0:
            continue
        before = thoughts[row - 1]
        values[row] = lists.opening(_tokens(words, thought))
        if _is_question(words, before) and not _is_question(words, thought):
            values[row] = min(values[row], 0.3)
        if not before.is_marked and thought.start_s - before.end_s < PAUSE_S:
            values[row] = min(values[row], 0.7)
        if has_case and not before.is_marked and words[thought.first].text[:1].islower():
            values[row] = min(values[row], 0.5)
    return values


def closing_values(
    thoughts: Sequence[Thought], words: Sequence[Word], openings: Openings
) -> Values:
    """How well a clip could end with each thought; all 1 without words."""
    lists = _Lists(openings)
    is_punctuated = 2 * sum(thought.is_marked for thought in thoughts) > len(thoughts)
    values = np.ones(len(thoughts))
    for row, thought in enumerate(thoughts):
        if thought.end == thought.first:
            continue
        following = thoughts[row + 1] if row + 1 < len(thoughts) else None
        gap_s = math.inf if following is None else following.start_s - thought.end_s
        values[row] = _closing(words, thought, gap_s, lists)
        if is_punctuated and not thought.is_marked:
            values[row] = min(values[row], MID_SENTENCE)
        if following is not None and gap_s < PAUSE_S and following.end > following.first:
            # What follows without a pause and points back still belongs to it.
            is_bound = lists.points_back(_tokens(words, following))
            values[row] = min(values[row], 0.6 if is_bound else 0.9)
    return values


def _closing(words: Sequence[Word], thought: Thought, gap_s: float, lists: "_Lists") -> float:
    """The thought's own value as an end; `gap_s` is the silence after it."""
    last = words[thought.end - 1].text
    is_answered = gap_s < ANSWER_S
    if lists.announces(_tokens(words, thought)) or last.rstrip(CLOSING).endswith(":"):
        return 0.1 if is_answered else 0.5
    if not thought.is_marked:
        if bare(last) in lists.open_end or ends_clause(last):
            return 0.1
        return 0.85 if gap_s >= PAUSE_S else 0.6
    if _is_question(words, thought):
        return 0.1 if is_answered else 0.6
    return 0.4 if last.endswith(("\u2026", "...")) else 1.0


class _Lists:
    """The language's lists, ready to look words up in."""

    def __init__(self, openings: Openings) -> None:
        self._clause = frozenset(openings.clause)
        self._filler = frozenset(openings.filler)
        self._answers = frozenset(openings.answer)
        self._dangling = _phrases(openings.dangling)
        self._announcing = _phrases(openings.announcing)
        self.open_end = self._clause | frozenset(openings.open_end)

    def opening(self, tokens: Sequence[str]) -> float:
        """How well these words begin, 0.3 to 1."""
        core = self._without_lead(tokens)
        if tokens[0] in self._answers:
            return 0.3
        if _begins(core, self._dangling):
            return 0.4 if len(core) == len(tokens) else 0.3
        if _begins(tokens, self._dangling):
            return 0.4
        return 0.6 if tokens[0] in self._clause else 1.0

    def points_back(self, tokens: Sequence[str]) -> bool:
        """True when the words can't be understood without those before them."""
        return _begins(tokens, self._dangling) or _begins(
            self._without_lead(tokens), self._dangling
        )

    def announces(self, tokens: Sequence[str]) -> bool:
        """True for a short line that only says what comes: "Here is what happened." """
        core = self._without_lead(tokens)
        return len(core) <= ANNOUNCEMENT_WORDS and _begins(core, self._announcing)

    def _without_lead(self, tokens: Sequence[str]) -> Sequence[str]:
        """From the first word that is neither a conjunction nor a filler."""
        lead = self._clause | self._filler
        at = next((index for index, token in enumerate(tokens) if token not in lead), 0)
        return tokens[at:]


def _phrases(terms: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(term.split()) for term in terms)


def _begins(tokens: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> bool:
    return any(tuple(tokens[: len(phrase)]) == phrase for phrase in phrases)


def _tokens(words: Sequence[Word], thought: Thought) -> list[str]:
    return [bare(word.text) for word in words[thought.first : thought.end]]


def _is_question(words: Sequence[Word], thought: Thought) -> bool:
    return thought.end > thought.first and ends_question(words[thought.end - 1].text)


def _has_case(words: Sequence[Word]) -> bool:
    """True when the text uses capitals: a small letter then means the middle of a sentence."""
    return any(word.text[:1].isupper() for word in words[:400])
