"""Where a clip may begin and end: thoughts, and every run of thoughts of a fitting length.

A thought is a sentence, or, where the text has no punctuation, what stands between two
pauses; without any words it is a stretch of speech or of picture between two cuts. Clips are
whole thoughts, so none begins or ends inside a word. Lead-in and lead-out reach into silence
only, never into a neighbouring word.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Transcript, Word
from clipforge_desktop.moments.marks import bare, ends_sentence

LEAD_IN_S = 0.2
LEAD_OUT_S = 0.35
LONG_PAUSE_S = 2.0  # ends a thought whatever the punctuation says
UNMARKED_MAX_S = 15.0  # a sentence without a mark at its end is cut down to about this
CLEAR_PAUSE_S = 0.15  # less is the seam between two words
MIN_PART_S = 1.5  # a cut at a pause leaves at least this much on either side
SLIVER_S = 0.8  # a thought shorter than this is joined to a neighbour
JOINED_MAX_S = 8.0


@dataclass(frozen=True)
class Thought:
    """Words `first`..`end` (exclusive; equal without words), from `start_s` to `end_s`."""

    start_s: float
    end_s: float
    first: int
    end: int
    is_marked: bool  # a sentence mark stands at its end

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


def thoughts_of_words(
    transcript: Transcript, openers: frozenset[str], max_s: float
) -> tuple[Thought, ...]:
    """The transcript as thoughts, in order, covering every word once.

    `openers` are the lower-case words that begin a clause ("but", "because"): where an
    unpunctuated text has no pauses, it is cut before one of them.
    """
    words = transcript.words
    hints = frozenset(sentence.first for sentence in transcript.sentences)
    forced = frozenset(sentence.end for sentence in transcript.sentences if sentence.is_cut)
    found: list[Thought] = []
    for run_first, run_end in _runs(words, hints, forced):
        is_marked = ends_sentence(words[run_end - 1].text)
        limit_s = max_s if is_marked else min(UNMARKED_MAX_S, max_s)
        cutter = _Cutter(words, openers, hints, limit_s)
        found += [_thought(words, first, end) for first, end in cutter.cut(run_first, run_end)]
    return _without_slivers(found)


def _thought(words: Sequence[Word], first: int, end: int) -> Thought:
    end_s = max(words[end - 1].end_s, words[first].start_s)
    return Thought(words[first].start_s, end_s, first, end, ends_sentence(words[end - 1].text))


def _pause_s(words: Sequence[Word], index: int) -> float:
    """Silence before the word `index`."""
    return words[index].start_s - words[index - 1].end_s


def _runs(
    words: Sequence[Word], hints: frozenset[int], forced: frozenset[int]
) -> list[tuple[int, int]]:
    """From one sure end to the next: where the transcript ends a sentence, or a long pause.

    Where the transcript knows no sentences every mark counts. `forced` are ends that were
    made only because the text went on too long; without a pause they are no more than hints.
    """
    if not words:
        return []
    ends = [
        index
        for index in range(1, len(words))
        if _pause_s(words, index) >= LONG_PAUSE_S
        or (index in hints and (index not in forced or _pause_s(words, index) >= CLEAR_PAUSE_S))
        or (not hints and ends_sentence(words[index - 1].text))
    ]
    return list(pairwise([0, *ends, len(words)]))


@dataclass(frozen=True)
class _Cutter:
    """Cuts runs of words at their best places until no part is longer than `limit_s`."""

    words: Sequence[Word]
    openers: frozenset[str]
    hints: frozenset[int]
    limit_s: float

    def cut(self, first: int, end: int) -> list[tuple[int, int]]:
        done: list[tuple[int, int]] = []
        waiting = [(first, end)]
        while waiting:
            low, high = waiting.pop()
            at = self._best(low, high) if self._seconds(low, high) > self.limit_s else None
            if at is None:
                done.append((low, high))
            else:
                waiting += [(at, high), (low, at)]
        return done

    def _seconds(self, low: int, high: int) -> float:
        return self.words[high - 1].end_s - self.words[low].start_s

    def _best(self, low: int, high: int) -> int | None:
        """The word before which to cut; None when no place leaves enough on both sides.

        A pause counts by its length, a clause opener and the transcript's own hint like a
        quarter of a second, the middle like a third.
        """
        best, best_worth = None, -1.0
        middle_s = self._seconds(low, high) / 2
        # A run without end is halved near its middle, so that cutting it stays quick.
        reach_s = max(2 * self.limit_s, middle_s / 2)
        for index in range(low + 1, high):
            before_s, after_s = self._seconds(low, index), self._seconds(index, high)
            if min(before_s, after_s) < MIN_PART_S or abs(before_s - middle_s) > reach_s:
                continue
            worth = min(max(_pause_s(self.words, index), 0.0), 1.5)
            worth += 0.3 * min(before_s, after_s) / max(middle_s, 0.01)
            worth += 0.25 * (bare(self.words[index].text) in self.openers)
            worth += 0.2 * (index in self.hints)
            if worth > best_worth:
                best, best_worth = index, worth
        return best


def _without_slivers(thoughts: Sequence[Thought]) -> tuple[Thought, ...]:
    """Thoughts too short to matter ("Yes.") joined to the neighbour that is nearer in time.

    It bounds how many thoughts, and so how many candidates, a minute can hold.
    """
    kept: list[Thought] = []
    for index, thought in enumerate(thoughts):
        if not kept or not _joins(kept[-1], thought, thoughts[index + 1 : index + 2]):
            kept.append(thought)
            continue
        end_s = max(thought.end_s, kept[-1].end_s)
        kept[-1] = replace(kept[-1], end_s=end_s, end=thought.end, is_marked=thought.is_marked)
    return tuple(kept)


def _joins(before: Thought, thought: Thought, following: Sequence[Thought]) -> bool:
    gap_s = thought.start_s - before.end_s
    if min(before.duration_s, thought.duration_s) >= SLIVER_S or gap_s >= LONG_PAUSE_S:
        return False
    if thought.end_s - before.start_s > JOINED_MAX_S:
        return False
    is_drawn_on = any(after.start_s - thought.end_s < gap_s for after in following)
    return before.duration_s < SLIVER_S or not is_drawn_on


def thoughts_without_words(
    speech: Sequence[SpeechRange],
    cuts_s: Sequence[float],
    loudness_lufs: NDArray[np.int8] | None,
    duration_s: float,
    max_s: float,
) -> tuple[Thought, ...]:
    """Stretches of speech, or of picture when nobody speaks; each at most `max_s` long.

    Where a stretch is too long it is cut at a picture cut, else at the quietest moment
    (`loudness_lufs`, 10 values a second), else in equal parts.
    """
    spans = _speech_spans(speech, duration_s)
    limit_s = max(min(max_s, 12.0), 1.0)
    found: list[Thought] = []
    for start_s, end_s in spans:
        for low_s, high_s in _split_span(start_s, end_s, limit_s, cuts_s, loudness_lufs):
            found.append(Thought(low_s, high_s, 0, 0, False))
    return tuple(found)


def _speech_spans(speech: Sequence[SpeechRange], duration_s: float) -> list[tuple[float, float]]:
    spans: list[tuple[float, float]] = []
    for heard in sorted(speech, key=lambda heard: heard.start_s):
        start_s, end_s = max(heard.start_s, 0.0), min(heard.end_s, duration_s)
        if end_s - start_s <= 0.05:
            continue
        if spans and start_s - spans[-1][1] < 0.3:
            spans[-1] = (spans[-1][0], max(end_s, spans[-1][1]))
        else:
            spans.append((start_s, end_s))
    if not spans and duration_s > 0:
        spans = [(0.0, duration_s)]
    return spans


def _split_span(
    start_s: float,
    end_s: float,
    limit_s: float,
    cuts_s: Sequence[float],
    loudness_lufs: NDArray[np.int8] | None,
) -> list[tuple[float, float]]:
    done: list[tuple[float, float]] = []
    low_s = start_s
    while end_s - low_s > limit_s:
        at_s = _cut_within(low_s + limit_s / 3, low_s + limit_s, cuts_s, loudness_lufs)
        done.append((low_s, at_s))
        low_s = at_s
    done.append((low_s, end_s))
    return done


def _cut_within(
    low_s: float, high_s: float, cuts_s: Sequence[float], loudness_lufs: NDArray[np.int8] | None
) -> float:
    """The last picture cut in the window, else its quietest tenth of a second, else its end."""
    index = bisect_left(cuts_s, high_s) - 1
    if index >= 0 and cuts_s[index] > low_s:
        return cuts_s[index]
    if loudness_lufs is not None:
        window = loudness_lufs[int(low_s * 10) : int(high_s * 10)]
        if len(window) and int(window.max()) - int(window.min()) >= 6:
            return (int(low_s * 10) + int(window.argmin()) + 0.5) / 10
    return high_s


@dataclass(frozen=True)
class Candidates:
    """Runs of thoughts `first`..`last` (inclusive), one per row, ordered by start then end."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.first)


def candidates(thoughts: Sequence[Thought], min_s: float, max_s: float) -> Candidates:
    """Every run of whole thoughts between `min_s` and `max_s` long, lead-in and out included.

    A source too short for two clips is one clip, the whole of it. When no run is long enough
    because single thoughts are longer than `max_s`, those are the candidates.
    """
    starts = [thought.start_s for thought in thoughts]
    ends = [thought.end_s for thought in thoughts]
    whole_s = max(ends) - starts[0] if thoughts else 0.0
    if thoughts and whole_s <= max_s and whole_s < 2 * min_s:
        firsts, lasts = np.array([[0], [len(thoughts) - 1]], dtype=np.int64)
    else:
        firsts, lasts = _runs_between(starts, ends, min_s, max_s)
        if not len(firsts):
            firsts = lasts = np.arange(len(thoughts), dtype=np.int64)
    return Candidates(firsts, lasts, np.array(starts)[firsts], np.array(ends)[lasts])


def _runs_between(
    starts: Sequence[float], ends: Sequence[float], min_s: float, max_s: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    firsts, lasts = array("q"), array("q")  # hundreds of thousands in a long talk
    for first, start_s in enumerate(starts):
        for last in range(first, len(ends)):
            length_s = ends[last] - start_s
            if length_s > max_s:
                break
            if length_s >= min_s:
                firsts.append(first)
                lasts.append(last)
    return np.array(firsts, dtype=np.int64), np.array(lasts, dtype=np.int64)


def padded(
    start_s: float, end_s: float, before_s: float, after_s: float, max_s: float
) -> tuple[float, float]:
    """The clip with its lead-in and lead-out, within silence.

    `before_s` is where the word before ends (0 when there is none), `after_s` where the next
    one starts (the end of the source when there is none). Never longer than `max_s` unless
    the thoughts alone are.
    """
    room_s = max(max_s - (end_s - start_s), 0.0)
    lead_in_s = min(LEAD_IN_S, max(start_s - before_s, 0.0) / 2, room_s)
    lead_out_s = min(LEAD_OUT_S, max(after_s - end_s, 0.0) / 2, room_s - lead_in_s)
    return start_s - lead_in_s, end_s + lead_out_s
