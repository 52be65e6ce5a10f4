"""From readings to a list: scores, a diverse choice without overlaps, and honest reasons.

Each part of a score is put on one scale within its source, weighted as ranking.toml says,
and added. The best passages are taken one after the other, each time without what overlaps
or repeats what is taken.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.domain.clip import ScorePart
from clipforge_desktop.moments.boundaries import Candidates
from clipforge_desktop.moments.hooks import HookReading, Meaning, standard
from clipforge_desktop.moments.judge import Judgement
from clipforge_desktop.moments.settings import Ranking

Values = NDArray[np.float64]
KEPT_PER_START = 4  # ends that stay in the race for each beginning
SAME_MEANING = 0.8  # likeness above which two clips say the same
REPEAT_COST = 3.0
GOOD = 0.8  # a part of a score that needs no advice
JUDGE_STEP = 10.0  # more than any built-in score or cost can make up for
STANDING_LEAST, STANDING_MIDDLE, STANDING_BEST = 40.0, 60.0, 100.0
PARTS_SHARE = 0.3  # of a shown score
JUDGED_LOWEST, JUDGED_STEP = 60, 8  # shown scores of judged clips: 68 to 100


@dataclass(frozen=True)
class Readings:
    """What is known of each thought; None where there is nothing to read it from."""

    seconds: Values
    hooks: HookReading | None
    energy: Values | None
    reactions: Values | None
    opens: Values
    closes: Values
    has_words: bool = True


@dataclass(frozen=True)
class Scored:
    """One row per candidate. `total` orders them; the parts are 0 to 1, None when unknown."""

    total: Values
    hook: Values | None
    complete: Values | None
    energy: Values | None
    topic: Values | None
    meaning: Meaning | None
    category: NDArray[np.int64] | None
    judged: Mapping[int, Judgement] = field(default_factory=dict)  # by row


def score(found: Candidates, readings: Readings, ranking: Ranking) -> Scored:
    """Every candidate's total and its parts."""
    complete = np.sqrt(readings.opens[found.first] * readings.closes[found.last])
    length = -np.abs(np.log(np.maximum(found.end_s - found.start_s, 1.0) / ranking.length.best_s))
    total = ranking.length.weight * standard(length)
    hook = energy = topic = meaning = category = None
    if readings.hooks is not None:
        worth = standard(_run_means(readings.hooks.value, readings.seconds, found))
        total = total + ranking.hooks.weight * worth
        hook = _normal_share(worth)
        category = _categories(readings.hooks, readings.seconds, found)
        meaning = readings.hooks.meaning
        if meaning is not None:
            topic = _held(meaning, found)
    if readings.energy is not None and readings.reactions is not None:
        liveliness = standard(_run_means(readings.energy, readings.seconds, found))
        liveliness = liveliness + standard(_run_means(readings.reactions, readings.seconds, found))
        total = total + ranking.sound.weight * liveliness
        energy = _normal_share(standard(liveliness))
    shown_complete = complete if readings.has_words else None
    return Scored(standard(total), hook, shown_complete, energy, topic, meaning, category)


def _normal_share(standard: Values) -> Values:
    return np.array([0.5 * (1 + erf(value / sqrt(2))) for value in standard])


def _run_means(values: Values, seconds: Values, found: Candidates) -> Values:
    weights = np.maximum(seconds, 0.05)
    sums = np.concatenate([[0.0], np.cumsum(values * weights)])
    lengths = np.concatenate([[0.0], np.cumsum(weights)])
    end = found.last + 1
    return np.asarray((sums[end] - sums[found.first]) / (lengths[end] - lengths[found.first]))


def _categories(hooks: HookReading, seconds: Values, found: Candidates) -> NDArray[np.int64]:
    """The category that stands out most against the rest of the talk."""
    columns = [
        _run_means(standard(hooks.by_category[:, column]), seconds, found)
        for column in range(len(hooks.categories))
    ]
    return np.asarray(np.argmax(np.stack(columns, axis=1), axis=1))


def _held(meaning: Meaning, found: Candidates) -> Values:
    """Likeness of the clip's first to its second half, by thoughts: does it keep its subject?"""
    middle = (found.first + found.last + 1) // 2
    middle = np.maximum(middle, found.first + (found.last > found.first))
    likeness = meaning.likeness(found.first, middle, found.last + 1)
    likeness[found.first == found.last] = 1.0
    return np.asarray(np.clip(likeness, 0.0, 1.0))


def put_judged_first(
    found: Candidates,
    scored: Scored,
    judgements: Sequence[Judgement],
    spans_s: Sequence[tuple[float, float]],
) -> Scored:
    """Each judgement (over `spans_s`, one per judgement) lifts the candidate nearest to it.

    The strongest come first, whatever the built-in score; what has no candidate that shares
    half of the shorter of the two is left out.
    """
    total = scored.total.copy()
    top = float(total.max()) if len(total) else 0.0
    judged: dict[int, Judgement] = {}
    for judgement, (start_s, end_s) in zip(judgements, spans_s, strict=True):
        shared_s = np.minimum(found.end_s, end_s) - np.maximum(found.start_s, start_s)
        lengths_s = found.end_s - found.start_s
        likeness = shared_s / (lengths_s + (end_s - start_s) - shared_s)
        row = int(np.argmax(likeness))
        if shared_s[row] < 0.5 * min(float(lengths_s[row]), end_s - start_s) or row in judged:
            continue
        judged[row] = judgement
        total[row] = top + JUDGE_STEP * judgement.strength + float(scored.total[row]) / 100
    return replace(scored, total=total, judged=judged)


@dataclass(frozen=True)
class Spread:
    """How much a chosen clip lowers what stands within about `reach_s` of it."""

    weight: float
    reach_s: float


@dataclass(frozen=True)
class Edges:
    """How much a cleaner opening and close count when a chosen clip's ends are placed."""

    weight: float
    reach_s: float


def choose(
    found: Candidates,
    scored: Scored,
    count: int,
    spread: Spread,
    edges: Edges,
    check: Callable[[], None],
) -> list[int]:
    """Rows of at most `count` candidates, best first, none overlapping another.

    A candidate that says the same as one already chosen or stands close to it, has
    to be better by as much to follow.
    """
    race = _best_per_start(found, scored.total)
    total = scored.total[race].copy()
    starts, ends = found.start_s[race], found.end_s[race]
    first, end = found.first[race], found.last[race] + 1
    lengths = None if scored.meaning is None else scored.meaning.lengths(first, end)
    chosen: list[int] = []
    while len(chosen) < count:
        check()
        best = int(np.argmax(total))
        if total[best] == -np.inf:
            break
        row = _settled(found, scored, int(race[best]), chosen, edges)
        chosen.append(row)
        if scored.meaning is not None and lengths is not None:
            said = scored.meaning.runs(found.first[[row]], found.last[[row]] + 1)[0]
            likeness = scored.meaning.likeness_to(said, first, end, lengths)
            excess = np.maximum(likeness - SAME_MEANING, 0.0)
            total = total - REPEAT_COST * excess
        start_s, end_s = found.start_s[row], found.end_s[row]
        distance = (starts + ends - start_s - end_s) / 2 / spread.reach_s
        total = total - spread.weight * np.exp(-0.5 * distance**2)
        total[(starts < end_s) & (ends > start_s)] = -np.inf
        total[best] = -np.inf
    return chosen


def _settled(
    found: Candidates, scored: Scored, row: int, chosen: Sequence[int], edges: Edges
) -> int:
    """The candidate about here that opens and closes best; what a judge chose stays as it is."""
    if scored.complete is None or row in scored.judged:
        return row
    near = np.flatnonzero(
        (np.abs(found.start_s - found.start_s[row]) <= edges.reach_s)
        & (np.abs(found.end_s - found.end_s[row]) <= edges.reach_s)
    )
    for taken in chosen:
        is_apart = (found.end_s[near] <= found.start_s[taken]) | (
            found.start_s[near] >= found.end_s[taken]
        )
        near = near[is_apart]
    value = scored.total[near] + edges.weight * scored.complete[near]
    return int(near[np.argmax(value)])


def _best_per_start(found: Candidates, total: Values) -> NDArray[np.int64]:
    """The best few ends of each beginning: keeps the choice linear in the talk's length."""
    order = np.lexsort((-total, found.first))
    first = found.first[order]
    is_new = np.concatenate([[True], first[1:] != first[:-1]])
    group_start = np.maximum.accumulate(np.where(is_new, np.arange(len(order)), 0))
    rank = np.arange(len(order)) - group_start
    return np.asarray(np.sort(order[rank < KEPT_PER_START]))


def shown_scores(scored: Scored, chosen: list[int]) -> list[int]:
    """0 to 100: seven tenths the clip's standing in its source, three tenths its parts' mean.

    The middle passage of a source stands at 60 and its best at 100, so a good clip of a
    good talk doesn't read like a failure; raising a part raises the score. Where a judge has
    spoken, its strength is what is shown, and the rest stays below.
    """
    judged = scored.judged
    built_in = [value for row, value in enumerate(scored.total.tolist()) if row not in judged]
    middle = float(np.median(built_in)) if built_in else 0.0
    reach = max(max(built_in, default=0.0) - middle, 1e-9)
    shown: list[int] = []
    for row in chosen:
        if row in judged:
            shown.append(min(JUDGED_LOWEST + JUDGED_STEP * judged[row].strength, 100))
            continue
        share = min(max((float(scored.total[row]) - middle) / reach, -1.0), 1.0)
        room = STANDING_BEST - STANDING_MIDDLE if share > 0 else STANDING_MIDDLE - STANDING_LEAST
        value = STANDING_MIDDLE + room * share
        parts = parts_of(scored, row)
        if parts:
            mean = sum(part.value for part in parts) / len(parts)
            value = (1 - PARTS_SHARE) * value + PARTS_SHARE * 100 * mean
        shown.append(min(round(value), JUDGED_LOWEST if judged else 100))
    return shown


def parts_of(scored: Scored, row: int) -> tuple[ScorePart, ...]:
    """The labelled parts of one candidate's score, only those that could be read."""
    columns = (
        ("Hook", scored.hook),
        ("Complete thought", scored.complete),
        ("Energy", scored.energy),
        ("Topic held", scored.topic),
    )
    return tuple(
        ScorePart(name, round(float(np.clip(values[row], 0, 1)), 3))
        for name, values in columns
        if values is not None
    )


_PRAISE = {
    "Hook": "sounds like {category}",
    "Complete thought": "opens and closes cleanly",
    "Energy": "is livelier than the rest",
    "Topic held": "stays with one subject",
}
_CLEAN = "it begins and ends at a pause or a cut"
_TRANSCRIPT = "a transcript would tell what it is worth"
_PHRASES = {
    "emotion": "a moment of emotion",
    "how-to": "advice that people can use",
    "humour": "something to laugh about",
    "insight": "an insight",
    "number that matters": "a number that matters",
}
_RAISE = {
    "Hook": "a first line that says why to listen would raise it",
    "Complete thought": "moving its start or end to a fuller sentence would raise it",
    "Energy": "a livelier stretch, or cutting its pauses, would raise it",
    "Topic held": "cutting what strays from the subject would raise it",
}


def advice_of(parts: tuple[ScorePart, ...], category: str, judged: Judgement | None) -> str:
    """One sentence: why the clip is here, and what would raise it."""
    if not parts and judged is None:
        return f"Here because {_CLEAN}; {_TRANSCRIPT}."
    ordered = sorted(parts, key=lambda part: -part.value)
    best, weakest = ordered[0], ordered[-1]
    why = f"it {_PRAISE[best.name].format(category=_PHRASES.get(category, 'a ' + category))}"
    if judged is not None:
        why = "your language model chose it"
        if judged.why:
            why += f' ("{judged.why.rstrip(".")}")'
    if weakest.value >= GOOD:
        return f"Here because {why}; there is little left that would raise it."
    return f"Here because {why}; {_RAISE[weakest.name]}."
