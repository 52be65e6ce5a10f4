"""Makes a recogniser's words usable: on the speech, inside the audio, in order, of human length.

Recorded Whisper output has words that begin long before the speech they belong to, end
seconds past the audio, last 20 ms or several seconds, or were never said at all. Everything
here is pure: words and speech ranges in, words out. Times are source seconds.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.speech.loops import drop_loops, is_crowded
from clipforge_desktop.speech.script import ends_phrase

MAX_WORD_S = 2.0
SHORT_WORD_S = 0.06
_STRAY_BEFORE_S = 3.0  # a word this far ahead of any speech still belongs to it
_STRAY_AFTER_S = 1.0  # behind the last speech text is mostly invented
_TAIL_S = 0.15  # a word this close behind speech is its end, cut short by the detector


@dataclass
class _Placed:
    """A word on its way to its final times."""

    word: Word
    start_s: float
    end_s: float

    @property
    def letters(self) -> int:
        return max(len(self.word.text), 1)

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


def repair(
    words: Iterable[Word], speech: Sequence[SpeechRange], duration_s: float
) -> tuple[Word, ...]:
    """Words of one unit (or file) set right against the `speech` ranges heard in it.

    The result is sorted, does not overlap, lies within 0..`duration_s` and within `speech`;
    it is empty when there is no speech. Text that nobody can have said is dropped.
    """
    heard = drop_loops([word for word in words if _is_sound(word)])
    if is_crowded(heard, sum(spoken.end_s - spoken.start_s for spoken in speech)):
        return ()
    homes = _homes(heard, speech)
    placed: list[_Placed] = []
    for home, group in groupby(zip(homes, heard, strict=True), key=lambda pair: pair[0]):
        if home is not None:
            placed += _fit([word for _, word in group], speech[home])
    return in_order((replace(p.word, start_s=p.start_s, end_s=p.end_s) for p in placed), duration_s)


def in_order(words: Iterable[Word], duration_s: float) -> tuple[Word, ...]:
    """Words in the given order, whole milliseconds, none overlapping, none past the end."""
    last_ms = 0
    end_ms = math.floor(duration_s * 1000)
    fixed: list[Word] = []
    for word in words:
        start = max(round(word.start_s * 1000), last_ms)
        end = min(max(round(word.end_s * 1000), start + 1), end_ms)
        if end > start:
            fixed.append(replace(word, start_s=start / 1000, end_s=end / 1000))
            last_ms = end
    return tuple(fixed)


def _is_sound(word: Word) -> bool:
    return bool(word.text.strip()) and math.isfinite(word.start_s) and math.isfinite(word.end_s)


def _homes(words: Sequence[Word], speech: Sequence[SpeechRange]) -> list[int | None]:
    """For each word the index of the range it was said in, never going back; None: invented."""
    homes: list[int | None] = []
    least = 0
    for word in words:
        home = _home(word, speech, least)
        homes.append(home)
        if home is not None:
            least = home
    return homes


def _home(word: Word, speech: Sequence[SpeechRange], least: int) -> int | None:
    end_s = max(word.end_s, word.start_s)
    overlaps = {
        index: min(end_s, spoken.end_s) - max(word.start_s, spoken.start_s)
        for index, spoken in enumerate(speech[least:], least)
        if spoken.start_s < end_s and word.start_s < spoken.end_s
    }
    if overlaps:
        # A word over a pause began too early, unless its punctuation says a pause follows.
        good = max(overlaps.values()) / 2
        likely = [index for index, overlap_s in overlaps.items() if overlap_s >= good]
        return likely[0] if ends_phrase(word.text) else likely[-1]
    before = [i for i, s in enumerate(speech[least:], least) if s.end_s <= word.start_s]
    after = [i for i, s in enumerate(speech[least:], least) if s.start_s >= end_s]
    behind_s = word.start_s - speech[before[-1]].end_s if before else math.inf
    ahead_s = speech[after[0]].start_s - end_s if after else math.inf
    if behind_s <= _TAIL_S or (not after and behind_s <= _STRAY_AFTER_S):
        return before[-1]
    return after[0] if ahead_s <= _STRAY_BEFORE_S else None


def _fit(words: Sequence[Word], spoken: SpeechRange) -> list[_Placed]:
    """The words of one speech range, inside it, in order, each of a length one can hear."""
    placed: list[_Placed] = []
    last_s = spoken.start_s
    for word in words:
        start_s = min(max(word.start_s, last_s), spoken.end_s)
        last_s = min(max(word.end_s, start_s), spoken.end_s)
        placed.append(_Placed(word, start_s, last_s))
    for one in placed:
        _shorten(one)
    _spread(placed, spoken)
    return placed


def _shorten(placed: _Placed) -> None:
    """Takes a word of over two seconds back to the time its letters need."""
    if placed.duration_s <= MAX_WORD_S:
        return
    natural_s = min(0.25 + 0.09 * placed.letters, MAX_WORD_S)
    if ends_phrase(placed.word.text):
        placed.end_s = placed.start_s + natural_s
    else:
        placed.start_s = placed.end_s - natural_s


def _spread(placed: list[_Placed], spoken: SpeechRange) -> None:
    """Gives runs of words too short to be seen the free time around them, by letters."""
    index = 0
    while index < len(placed):
        if placed[index].duration_s >= SHORT_WORD_S:
            index += 1
            continue
        first = end = index
        while end < len(placed) and placed[end].duration_s < SHORT_WORD_S:
            end += 1
        first, end = _widened(placed, first, end, spoken)
        low_s, high_s = _window(placed, first, end, spoken)
        _share_out(placed[first:end], low_s, high_s)
        index = end


def _widened(
    placed: Sequence[_Placed], first: int, end: int, spoken: SpeechRange
) -> tuple[int, int]:
    """The run grown by its longer neighbours until its words fit in its window."""
    while True:
        low_s, high_s = _window(placed, first, end, spoken)
        if high_s - low_s >= SHORT_WORD_S * (end - first):
            return first, end
        left_s = placed[first - 1].duration_s if first else -1.0
        right_s = placed[end].duration_s if end < len(placed) else -1.0
        if left_s < 0 and right_s < 0:
            return first, end
        if right_s >= left_s:
            end += 1
        else:
            first -= 1


def _window(
    placed: Sequence[_Placed], first: int, end: int, spoken: SpeechRange
) -> tuple[float, float]:
    """Time that the run may take: up to its neighbours, or the edges of the speech range."""
    low_s = placed[first - 1].end_s if first else spoken.start_s
    high_s = placed[end].start_s if end < len(placed) else spoken.end_s
    return low_s, high_s


def _share_out(run: Sequence[_Placed], low_s: float, high_s: float) -> None:
    """Times for the run inside its window, as near as can be to where it was."""
    letters = sum(one.letters for one in run)
    natural_s = sum(0.08 + 0.05 * one.letters for one in run)
    span_s = max(run[-1].end_s - run[0].start_s, 0.0)
    total_s = min(max(natural_s, span_s), high_s - low_s)
    at_s = min(max(run[0].start_s, low_s), high_s - total_s)
    for one in run:
        share_s = max(total_s * one.letters / letters, 0.0)
        one.start_s, one.end_s = at_s, at_s + share_s
        at_s += share_s
