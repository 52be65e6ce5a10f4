"""How much each stretch of the talk sounds like the opening of a moment worth sharing.

The talk is read in passages of about half a minute. A passage is worth its likeness to
phrases that open such moments, minus its likeness to phrases nobody shares; likeness is
meaning with the sentence model, and word lists without it. Each thought gets the mean of the
passages that cover it, so a value never hangs on one sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.moments.boundaries import Thought
from clipforge_desktop.moments.encoder import Vectors
from clipforge_desktop.moments.marks import bare
from clipforge_desktop.moments.settings import HookSettings, LanguageList

Values = NDArray[np.float64]
Rows = NDArray[np.int64]
BLOCK = 256  # runs that are worked on at once


class Meaning:
    """The meaning of any run of thoughts: their vectors, weighted by their words, added up.

    Holds running sums, so a run costs one subtraction; rows are worked in blocks, so memory
    grows with the number of thoughts and not with the number of runs.
    """

    def __init__(self, vectors: Vectors, words: Values) -> None:
        self._sums = np.zeros((len(vectors) + 1, vectors.shape[1]))
        np.cumsum(vectors * words[:, None], axis=0, out=self._sums[1:])

    def runs(self, first: Rows, end: Rows) -> Values:
        """Unit vectors of the runs `first`..`end` (exclusive), one per row."""
        units = np.empty((len(first), self._sums.shape[1]))
        for low in range(0, len(first), BLOCK):
            rows = slice(low, low + BLOCK)
            sums = self._sums[end[rows]] - self._sums[first[rows]]
            length = np.linalg.norm(sums, axis=1, keepdims=True)
            units[rows] = sums / np.maximum(length, 1e-9)
        return units

    def likeness(self, first: Rows, middle: Rows, end: Rows) -> Values:
        """Of each run's part before `middle` to its part from there on."""
        values = np.zeros(len(first))
        for low in range(0, len(first), BLOCK):
            rows = slice(low, low + BLOCK)
            before = self.runs(first[rows], middle[rows])
            values[rows] = np.einsum("ij,ij->i", before, self.runs(middle[rows], end[rows]))
        return values

    def lengths(self, first: Rows, end: Rows) -> Values:
        """Of the runs' sums, for `likeness_to`."""
        values = np.zeros(len(first))
        for low in range(0, len(first), BLOCK):
            rows = slice(low, low + BLOCK)
            values[rows] = np.linalg.norm(self._sums[end[rows]] - self._sums[first[rows]], axis=1)
        return np.maximum(values, 1e-9)

    def likeness_to(self, vector: Values, first: Rows, end: Rows, lengths: Values) -> Values:
        """Of each run to one unit vector."""
        along = self._sums @ vector
        return np.asarray((along[end] - along[first]) / lengths)


@dataclass(frozen=True)
class HookReading:
    """One row per thought.

    `value` is read from whole passages, `own` from the thought alone; `by_category` has one
    column per name in `categories`. `meaning` is that of the thoughts, None without the model.
    """

    value: Values
    own: Values
    by_category: Values
    categories: tuple[str, ...]
    meaning: Meaning | None = None


def passages(thoughts: Sequence[Thought], passage_s: float) -> tuple[Rows, Rows]:
    """First thought and one past the last of the passage that begins at each thought."""
    starts = np.array([thought.start_s for thought in thoughts])
    ends = np.maximum.accumulate(np.array([thought.end_s for thought in thoughts]))
    first = np.arange(len(thoughts))
    end = np.searchsorted(ends, starts + passage_s, side="left") + 1
    return first, np.minimum(np.maximum(end, first + 1), len(thoughts))


def spread(values: Values, first: Rows, end: Rows) -> Values:
    """Each thought's mean over the passages `first`..`end` that cover it; rows of `values`."""
    shape = (len(first) + 1, *values.shape[1:])
    total, count = np.zeros(shape), np.zeros(len(first) + 1)
    np.add.at(total, first, values)
    np.add.at(total, end, -values)
    np.add.at(count, first, 1.0)
    np.add.at(count, end, -1.0)
    covers = np.maximum(np.cumsum(count)[:-1], 1.0)
    sums = np.cumsum(total, axis=0)[:-1]
    return np.asarray(sums / covers.reshape(-1, *([1] * (values.ndim - 1))))


def read_by_meaning(
    thoughts: Sequence[Thought],
    vectors: Vectors,
    hooks: Sequence[tuple[str, Vectors]],
    dull: Vectors,
    settings: HookSettings,
) -> HookReading:
    """`hooks` are the phrases' vectors by category, `dull` the dull phrases' vectors."""
    words = np.array([thought.end - thought.first + 1.0 for thought in thoughts])
    first, end = passages(thoughts, settings.passage_s)
    meaning = Meaning(vectors, words)
    runs = meaning.runs(first, end)
    phrases = np.concatenate([rows for _, rows in hooks])

    def worth(rows: Values) -> Values:
        return _mean_of_best(rows @ phrases.T, settings.best) - _mean_of_best(
            rows @ dull.T, settings.dullest
        )

    by_category = np.stack([_mean_of_best(runs @ rows.T, 2) for _, rows in hooks], axis=1)
    return HookReading(
        spread(worth(runs), first, end),
        worth(vectors.astype(np.float64)),
        spread(by_category, first, end),
        tuple(name for name, _ in hooks),
        meaning,
    )


def standard(values: Values) -> Values:
    """Mean 0 and spread 1; all 0 when there is no spread."""
    spread_of = float(values.std())
    if spread_of < 1e-9:
        return np.zeros(len(values))
    return np.asarray((values - values.mean()) / spread_of)


def _mean_of_best(likeness: Values, count: int) -> Values:
    count = min(count, likeness.shape[1])
    best = np.partition(likeness, likeness.shape[1] - count, axis=1)[:, -count:]
    return np.asarray(best.mean(axis=1))


def read_by_words(
    thoughts: Sequence[Thought],
    texts: Sequence[str],
    language: LanguageList,
    settings: HookSettings,
) -> HookReading:
    """The stand-in: the share of a passage's words that stand in the lists of the language."""
    categories = tuple(language.words)
    lists = [*language.words.values(), language.dull.words]
    counts = np.zeros((len(thoughts), len(lists)))
    for row, text in enumerate(texts):
        tokens = [bare(token) for token in text.split()]
        for column, words in enumerate(_as_sets(lists)):
            counts[row, column] = _hits(tokens, *words)
    length = np.array([thought.end - thought.first + 4.0 for thought in thoughts])
    first, end = passages(thoughts, settings.words_passage_s)
    shares = _run_sums(counts, first, end) / _run_sums(length[:, None], first, end)
    own = counts / length[:, None]
    return HookReading(
        spread(shares[:, :-1].sum(axis=1) - shares[:, -1], first, end),
        own[:, :-1].sum(axis=1) - own[:, -1],
        spread(shares[:, :-1], first, end),
        categories,
    )


def _as_sets(lists: Sequence[tuple[str, ...]]) -> list[tuple[frozenset[str], tuple[str, ...]]]:
    """Single words, and phrases with a space on either side, apart."""
    return [
        (
            frozenset(word for word in words if " " not in word),
            tuple(f" {word} " for word in words if " " in word),
        )
        for words in lists
    ]


def _hits(tokens: Sequence[str], words: frozenset[str], phrases: Sequence[str]) -> float:
    text = f" {' '.join(tokens)} "
    return float(
        sum(token in words for token in tokens) + sum(text.count(phrase) for phrase in phrases)
    )


def _run_sums(rows: Values, first: Rows, end: Rows) -> Values:
    sums = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])
    return np.asarray(sums[end] - sums[first])
