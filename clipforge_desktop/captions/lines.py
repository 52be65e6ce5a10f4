"""Tokens -> captions: which words stand together, in which lines, from when to when.

A caption ends where speech does: at sentences, pauses and clauses before anything else; no
line is longer than the style allows or than the frame takes; lines are balanced and no word
stands alone at the end when that can be avoided. Both choices are made by dynamic
programming over all breaks, after Knuth and Plass, "Breaking Paragraphs into Lines" (1981).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from clipforge_desktop.captions.punctuation import CONJUNCTIONS, PROCLITICS
from clipforge_desktop.captions.tokens import Token
from clipforge_desktop.domain.caption_style import LineRules
from clipforge_desktop.domain.scripts import is_other_script

FRAME_S = 1 / 24
"""One frame of the slowest common rate: captions are apart by at least this."""
MIN_VISIBLE_S = 2 * FRAME_S
"""Words that begin within this time share a caption: apart, none of them could be seen."""

EARLY_S = 0.08
"""How long before its first word is spoken a caption may be seen."""

LATE = 100.0 / FRAME_S
"""What it costs to show a caption late, per second: dearer than any break."""
CROWDED = 8.0
"""What a word too many costs; only words faster than frames are worth it."""
LONE_WORD = 20.0
"""Dearer than any imbalance of lines, cheaper than a line that does not fit."""

Measure = Callable[[Token], float]
"""Width of a token in em."""


@dataclass(frozen=True)
class Caption:
    """Tokens `first` up to `end` on screen from `start_s` up to `end_s`; lines as token ranges."""

    start_s: float
    end_s: float
    first: int
    end: int
    lines: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class CaptionTrack:
    """All captions of a clip in order of time; never two at once."""

    tokens: tuple[Token, ...]
    captions: tuple[Caption, ...]


def build_track(
    tokens: tuple[Token, ...],
    rules: LineRules,
    measure: Measure,
    space_em: float,
    max_width_em: float,
    duration_s: float,
) -> CaptionTrack:
    """Captions on the clock of `tokens`; `max_width_em` is what the frame takes."""
    breaker = _Breaker(tokens, rules, measure, space_em, max_width_em)
    spans = [
        (breaker.lines_of(first, end), first, end)
        for begin, finish in _stretches(tokens, rules)
        for first, end in breaker.captions_of(begin, finish)
    ]
    timed = _timed(tokens, [(first, end) for _, first, end in spans], rules, duration_s)
    captions = [
        Caption(start_s, end_s, first, end, lines)
        for (lines, first, end), (start_s, end_s) in zip(spans, timed, strict=True)
        if end_s > start_s
    ]
    return CaptionTrack(tokens, tuple(captions))


def standing_track(
    tokens: tuple[Token, ...],
    rules: LineRules,
    measure: Measure,
    space_em: float,
    max_width_em: float,
    until_s: float,
) -> CaptionTrack:
    """All of `tokens` as one caption from the clip's start until `until_s`: a headline."""
    if not tokens or until_s <= 0:
        return CaptionTrack(tokens, ())
    breaker = _Breaker(tokens, rules, measure, space_em, max_width_em)
    lines = breaker.lines_of(0, len(tokens))
    return CaptionTrack(tokens, (Caption(0.0, until_s, 0, len(tokens), lines),))


def _stretches(tokens: tuple[Token, ...], rules: LineRules) -> list[tuple[int, int]]:
    """Ranges that no caption may cross: long pauses, other speakers, sounds, other scripts."""
    if not tokens:
        return []
    starts = [0]
    for index in range(1, len(tokens)):
        before, after = tokens[index - 1], tokens[index]
        is_break = (
            after.start_s - before.end_s >= rules.pause_s
            or before.speaker != after.speaker
            or before.is_sound != after.is_sound
            or is_other_script(before.text, after.text)
        )
        if is_break and not after.is_tied:
            starts.append(index)
    return list(zip(starts, [*starts[1:], len(tokens)], strict=True))


class _Breaker:
    """Finds the cheapest breaks. Costs are in units of one badly filled line."""

    def __init__(
        self,
        tokens: tuple[Token, ...],
        rules: LineRules,
        measure: Measure,
        space_em: float,
        max_width_em: float,
    ) -> None:
        self.tokens = tokens
        self.rules = rules
        self.max_width_em = max_width_em
        gaps = [0.0 if token.is_joined else space_em for token in tokens]
        self.gaps = gaps
        self._greedy_lines = lru_cache(8192)(self._count_lines)
        pairs = zip(map(measure, tokens), gaps, strict=True)
        self.width_sums = [0.0, *accumulate(width + gap for width, gap in pairs)]
        self.char_sums = [0, *accumulate(len(t.text) + (not t.is_joined) for t in tokens)]

    def captions_of(self, begin: int, finish: int) -> list[tuple[int, int]]:
        """The cheapest cut of tokens `begin`..`finish` into captions."""
        best = [math.inf] * (finish - begin + 1)
        best[0] = 0.0
        cut = [0] * (finish - begin + 1)
        for first in range(begin, finish):
            if best[first - begin] == math.inf:
                continue
            for end in range(first + 1, finish + 1):
                if end < finish and self.tokens[end].is_tied:
                    continue
                fits = self._fits(first, end)
                if not fits and self._splits_further(first, end):
                    break
                cost = best[first - begin] + self._caption_cost(first, end, finish)
                if cost < best[end - begin]:
                    best[end - begin], cut[end - begin] = cost, first - begin
                if not fits:
                    break
        return _ranges(cut, begin)

    def _splits_further(self, first: int, end: int) -> bool:
        return any(not token.is_tied for token in self.tokens[first + 1 : end])

    def _fits(self, first: int, end: int) -> bool:
        tokens = self.tokens[first:end]
        spoken = self._words(first, end)
        is_long = tokens[-1].end_s - tokens[0].start_s > self.rules.max_s
        is_instant = tokens[-1].start_s - tokens[0].start_s < MIN_VISIBLE_S + FRAME_S
        is_many = spoken > self.rules.max_words and not is_instant
        if (is_many or is_long) and len(tokens) > 1:
            return False
        return self._greedy_lines(first, end) <= self.rules.max_lines

    def _words(self, first: int, end: int) -> int:
        tokens = self.tokens[first:end]
        return sum(1 for token in tokens if not token.is_joined and not token.is_tied)

    def _ends_lone(self, first: int, end: int) -> bool:
        """Whether the fewest lines of a caption must leave its last word alone in one."""
        first = self._body(first, end)
        heads = [index for index in range(first, end) if not self.tokens[index].is_tied]
        lines = self._greedy_lines(first, end)
        if lines == 1 or len(heads) < 3:
            return False
        last = heads[-2]
        return not self._line_fits(last, end) or self._greedy_lines(first, last) >= lines

    def _body(self, first: int, end: int) -> int:
        """The first token after a name that stands in a line of its own."""
        return first + 1 if self.tokens[first].is_own_line and end - first > 1 else first

    def _count_lines(self, first: int, end: int) -> int:
        first = self._body(first, end)
        lines, start = 1, first
        for index in range(first + 1, end):
            if not self._line_fits(start, index + 1) and not self.tokens[index].is_tied:
                lines, start = lines + 1, index
        return lines if self._line_fits(start, end) or end - start == 1 else lines + 1

    def _line_fits(self, first: int, end: int) -> bool:
        chars = self.char_sums[end] - self.char_sums[first]
        return chars - 1 <= self.rules.max_chars and self.width(first, end) <= self.max_width_em

    def width(self, first: int, end: int) -> float:
        """Width in em of tokens `first`..`end` in one line."""
        return self.width_sums[end] - self.width_sums[first] - self.gaps[first]

    def _caption_cost(self, first: int, end: int, finish: int) -> float:
        spoken = sum(1 for token in self.tokens[first:end] if not token.is_tied)
        cost = 1.0 + self._break_cost(end, finish)
        if end < finish:
            free_s = _free_s(self.tokens, end, self.tokens[first].start_s)
            cost += LATE * max(0.0, free_s - self.tokens[end].start_s)
        cost += CROWDED * max(0, self._words(first, end) - self.rules.max_words)
        if self._ends_lone(first, end):
            cost += 1.5
        inner = self.tokens[first : end - 1]
        cost += 12.0 * sum(token.ends_sentence for token in inner)
        if spoken == 1 and self.rules.max_words > 1 and not self._is_own_sentence(first, end):
            cost += 2.5
        room = min(self.max_width_em, self.rules.max_chars * 0.6) * self.rules.max_lines
        slack = max(0.0, 1 - self.width(first, end) / room)
        return cost + slack * slack

    def _is_own_sentence(self, first: int, end: int) -> bool:
        return self.tokens[end - 1].ends_sentence and (
            first == 0 or self.tokens[first - 1].ends_sentence
        )

    def _break_cost(self, index: int, finish: int) -> float:
        """What it costs to end a caption or a line before token `index`."""
        if index >= finish:
            return 0.0
        before, after = self.tokens[index - 1], self.tokens[index]
        if before.ends_sentence:
            return 0.0
        pause_s = after.start_s - before.end_s
        cost = 0.5 if before.ends_clause else 2.0
        cost -= min(max(pause_s, 0.0), 0.4) * 3
        if after.text.casefold() in CONJUNCTIONS:
            cost -= 0.5
        if before.text.casefold() in PROCLITICS:
            cost += 1.0
        return max(cost, 0.2)

    def lines_of(self, first: int, end: int) -> tuple[tuple[int, int], ...]:
        """The caption's tokens in the fewest lines that hold them, of like width."""
        body = self._body(first, end)
        if body > first:
            return ((first, body), *self.lines_of(body, end))
        count = self._greedy_lines(first, end)
        ideal = self.width(first, end) / count
        size = end - first
        best = [[math.inf] * (size + 1) for _ in range(count + 1)]
        cut = [[0] * (size + 1) for _ in range(count + 1)]
        best[0][0] = 0.0
        for line in range(1, count + 1):
            for start in range(size):
                if best[line - 1][start] == math.inf:
                    continue
                for stop in range(start + 1, size + 1):
                    if stop < size and self.tokens[first + stop].is_tied:
                        continue
                    cost = best[line - 1][start] + self._line_cost(
                        first + start, first + stop, first, end, ideal
                    )
                    if cost < best[line][stop]:
                        best[line][stop], cut[line][stop] = cost, start
        used = min(range(1, count + 1), key=lambda number: best[number][size])
        ranges: list[tuple[int, int]] = []
        stop = size
        for line in range(used, 0, -1):
            start = cut[line][stop]
            ranges.append((first + start, first + stop))
            stop = start
        return tuple(reversed(ranges))

    def _line_cost(self, start: int, stop: int, first: int, end: int, ideal: float) -> float:
        badness = (self.width(start, stop) - ideal) / max(ideal, 0.01)
        cost = 4 * badness * badness
        if not self._line_fits(start, stop) and stop - start > 1:
            cost += 50.0
        is_last = stop == end and start > first
        if is_last and sum(not token.is_tied for token in self.tokens[start:stop]) == 1:
            cost += LONE_WORD
        return cost + (0.25 * self._break_cost(stop, end) if stop < end else 0.0)


def _ranges(cut: list[int], begin: int) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    end = len(cut) - 1
    while end > 0:
        ranges.append((begin + cut[end], begin + end))
        end = cut[end]
    return ranges[::-1]


def _free_s(tokens: tuple[Token, ...], end: int, start_s: float) -> float:
    """When the caption after this one may begin: it was seen, and its last word has begun."""
    return max(start_s + MIN_VISIBLE_S, tokens[end - 1].start_s + FRAME_S)


def _starts(tokens: tuple[Token, ...], spans: list[tuple[int, int]]) -> list[float]:
    """When each caption begins: as it is spoken; in fast speech so early that none comes late."""
    wanted_s: list[float] = []
    next_s = math.inf
    for first, _ in reversed(spans):
        spoken_s = tokens[first].start_s
        soonest_s = max(spoken_s - EARLY_S, 0.0)
        next_s = max(min(spoken_s, next_s - MIN_VISIBLE_S), soonest_s)
        wanted_s.append(next_s)
    starts_s: list[float] = []
    earliest_s = 0.0
    for (_, end), start_s in zip(spans, reversed(wanted_s), strict=True):
        starts_s.append(max(start_s, earliest_s))
        earliest_s = _free_s(tokens, end, starts_s[-1])
    return starts_s


def _timed(
    tokens: tuple[Token, ...], spans: list[tuple[int, int]], rules: LineRules, duration_s: float
) -> list[tuple[float, float]]:
    """Start and end of every caption: readable, apart by a frame, gone when nothing is said."""
    starts_s = _starts(tokens, spans)
    times: list[tuple[float, float]] = []
    for number, (first, end) in enumerate(spans):
        start_s = starts_s[number]
        said_s = max(token.end_s for token in tokens[first:end])
        chars = sum(len(token.text) for token in tokens[first:end])
        wanted_s = max(said_s, start_s + rules.min_s, start_s + chars / rules.chars_per_second)
        limit_s = duration_s
        if number + 1 < len(spans):
            limit_s = min(duration_s, starts_s[number + 1] - FRAME_S)
            if limit_s - wanted_s <= rules.gap_to_bridge_s:
                wanted_s = limit_s
        longest_s = max(start_s + rules.max_s, said_s)
        times.append((start_s, min(wanted_s, limit_s, longest_s)))
    return times
