"""The finder itself: everything known of one source in, suggestions with reasons out.

Pure: reads no files and knows no clock, so the same input gives the same list. The stage
gathers what it needs and passes it in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.domain.clip import FoundClip, Piece
from clipforge_desktop.domain.order import FindingOptions
from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.moments import boundaries, completeness, hooks, ranking, sound, titles
from clipforge_desktop.moments.boundaries import Candidates, Thought
from clipforge_desktop.moments.encoder import SentenceEncoder
from clipforge_desktop.moments.judge import Judgement
from clipforge_desktop.moments.settings import LanguageList, Openings, Ranking

Progress = Callable[[float], None]

LEAST_ON_SHELF = 3  # a short video gives a choice too, as far as it holds so many


@dataclass(frozen=True)
class Lists:
    """What ranking.toml and the language's file say; `language` None: none for this one."""

    ranking: Ranking
    language: LanguageList | None

    @property
    def openings(self) -> Openings:
        return self.language.openings if self.language else Openings()


@dataclass(frozen=True)
class Material:
    """The source as the finder sees it. `loudness_lufs` has 10 values a second, or is None."""

    transcript: Transcript
    speech: tuple[SpeechRange, ...]
    loudness_lufs: NDArray[np.int8] | None
    cuts_s: tuple[float, ...]
    duration_s: float


def thoughts_of(material: Material, lists: Lists, max_s: float) -> tuple[Thought, ...]:
    """The source as thoughts: from the words, or from speech, loudness and cuts."""
    if material.transcript.words:
        clause = frozenset(lists.openings.clause)
        return boundaries.thoughts_of_words(material.transcript, clause, max_s)
    return boundaries.thoughts_without_words(
        material.speech, material.cuts_s, material.loudness_lufs, material.duration_s, max_s
    )


def find(
    material: Material,
    thoughts: tuple[Thought, ...],
    options: FindingOptions,
    lists: Lists,
    encoder: SentenceEncoder | None,
    judgements: Sequence[Judgement],
    progress: Progress,
) -> tuple[FoundClip, ...]:
    """The suggestions, best first. `progress` is called with 0..1; what it raises ends it.

    `thoughts` are what `thoughts_of` made of `material`; `judgements` what a judge said of
    them, if any.
    """
    found = boundaries.candidates(thoughts, options.min_s, options.max_s)
    if not len(found):
        return ()
    texts = texts_of(material, thoughts)
    readings = _read(material, thoughts, texts, lists, encoder, progress)
    scored = ranking.score(found, readings, lists.ranking)
    if judgements:
        spans_s = [(thoughts[one.first].start_s, thoughts[one.last].end_s) for one in judgements]
        scored = ranking.put_judged_first(found, scored, judgements, spans_s)
    wanted = _how_many(material.duration_s, options, lists.ranking)
    reach_s = max(material.duration_s / max(wanted, 1) / 3, 1.0)
    spread = ranking.Spread(lists.ranking.spread.weight, reach_s)
    edges = ranking.Edges(lists.ranking.completeness.weight, lists.ranking.completeness.reach_s)
    chosen = ranking.choose(found, scored, wanted, spread, edges, lambda: progress(0.9))
    on_shelf = _shelf_size(material.duration_s, len(chosen), options, lists.ranking)
    shown = ranking.shown_scores(scored, chosen)
    clips: list[FoundClip] = []
    for place, (row, score) in enumerate(zip(chosen, shown, strict=True)):
        piece = _piece(material, thoughts, found, row, options.max_s)
        title = _title(texts, readings, found, row, lists)
        category, parts = _category(readings, scored, row), ranking.parts_of(scored, row)
        clips.append(
            FoundClip(
                pieces=(piece,),
                score=score,
                category=category,
                reasons=parts,
                advice=ranking.advice_of(parts, category, scored.judged.get(row)),
                title=title or titles.numbered_title(place + 1, piece.start_s),
                is_on_shelf=place < on_shelf,
            )
        )
    return tuple(clips)


def texts_of(material: Material, thoughts: tuple[Thought, ...]) -> list[str]:
    return [material.transcript.text(thought.first, thought.end) for thought in thoughts]


def _read(
    material: Material,
    thoughts: tuple[Thought, ...],
    texts: list[str],
    lists: Lists,
    encoder: SentenceEncoder | None,
    progress: Progress,
) -> ranking.Readings:
    words = material.transcript.words
    energy = reactions = None
    if material.loudness_lufs is not None and len(material.loudness_lufs):
        energy = sound.energy_of(thoughts, material.loudness_lufs)
        laughs = sound.find_reactions(material.loudness_lufs, material.speech, thoughts)
        reactions = sound.reaction_of(thoughts, laughs)
    closes = completeness.closing_values(thoughts, words, lists.openings)
    if reactions is not None:
        # People laugh and clap when something is complete.
        closes = np.where(reactions > 0, np.maximum(closes, completeness.APPLAUDED), closes)
    return ranking.Readings(
        seconds=np.array([thought.duration_s for thought in thoughts]),
        hooks=_read_hooks(thoughts, texts, lists, encoder, progress),
        energy=energy,
        reactions=reactions,
        opens=completeness.opening_values(thoughts, words, lists.openings),
        closes=closes,
        has_words=bool(words),
    )


def _read_hooks(
    thoughts: tuple[Thought, ...],
    texts: list[str],
    lists: Lists,
    encoder: SentenceEncoder | None,
    progress: Progress,
) -> hooks.HookReading | None:
    language, settings = lists.language, lists.ranking.hooks
    if language is None or not any(texts):
        return None
    settings = lists.ranking.hooks
    if encoder is None or not language.hooks or not language.dull.phrases:
        if not language.words:
            return None
        return hooks.read_by_words(thoughts, texts, language, settings)
    vectors = encoder.embed(texts, lambda share: progress(0.05 + 0.8 * share))
    phrases = [(name, encoder.embed(lines)) for name, lines in language.hooks.items()]
    dull = encoder.embed(language.dull.phrases)
    return hooks.read_by_meaning(thoughts, vectors, phrases, dull, settings)


def _how_many(duration_s: float, options: FindingOptions, lists: Ranking) -> int:
    if options.count is not None:
        return max(options.count, 0)
    shelf = lists.shelf
    suggested = round(duration_s / shelf.candidate_every_s)
    return max(LEAST_ON_SHELF, suggested, _per_hour(duration_s, shelf.per_hour))


def _per_hour(duration_s: float, per_hour: float) -> int:
    return max(1, round(duration_s / 3600 * per_hour))


def _shelf_size(duration_s: float, found: int, options: FindingOptions, lists: Ranking) -> int:
    """All that were asked for by number; else the best 6 to 12 an hour, and at least three."""
    if options.count is not None:
        return found
    return min(found, max(LEAST_ON_SHELF, _per_hour(duration_s, lists.shelf.per_hour)))


def _category(readings: ranking.Readings, scored: ranking.Scored, row: int) -> str:
    if row in scored.judged:
        return scored.judged[row].category
    if readings.hooks is None or scored.category is None or not readings.hooks.categories:
        return "moment"
    return readings.hooks.categories[int(scored.category[row])]


def _piece(
    material: Material, thoughts: tuple[Thought, ...], found: Candidates, row: int, max_s: float
) -> Piece:
    first, last = int(found.first[row]), int(found.last[row])
    before_s = thoughts[first - 1].end_s if first > 0 else 0.0
    after_s = thoughts[last + 1].start_s if last + 1 < len(thoughts) else material.duration_s
    start_s, end_s = boundaries.padded(
        float(found.start_s[row]), float(found.end_s[row]), before_s, after_s, max_s
    )
    return Piece(round(start_s, 3), round(end_s, 3))


def _title(
    texts: list[str],
    readings: ranking.Readings,
    found: Candidates,
    row: int,
    lists: Lists,
) -> str:
    rows = range(int(found.first[row]), int(found.last[row]) + 1)
    strength = readings.hooks.own if readings.hooks is not None else np.zeros(len(texts))
    return titles.title_of(
        [(texts[index], float(strength[index])) for index in rows],
        frozenset(lists.openings.filler),
    )
