"""Where to cut speech: words, pauses and fillers out of a clip, and its ends at words' edges.

Pure functions over words and speech ranges, all in source seconds. A cut runs through the
silence around what it takes out, so that neither side loses a sound; `domain.edit` keeps cuts
and makes the pieces that are left.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.edit import ClipEdit, pieces_of
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Word

Pace = Literal["spoken", "natural", "fast", "extra-fast"]
"""How long people may pause; "spoken" leaves every pause as it is."""
LONGEST_PAUSE_S: dict[Pace, float] = {"natural": 0.6, "fast": 0.35, "extra-fast": 0.15}
AIR_S: dict[Pace, float] = {"natural": 0.12, "fast": 0.12, "extra-fast": 0.06}
"""What stays of a shortened pause, on either side of the join."""
SHORTEST_CUT_S = 0.04
"""One frame: less than that is not worth a join."""
EDGE_AIR_S = 0.1
SNAP_S = 0.3
FILLER_PAUSE_S = 0.12
_MARKS = frozenset(",;:.!?\u2026\u2014\u2013\u3001\u3002\uff0c\u061f\u060c")


@dataclass(frozen=True)
class FillerList:
    """Fillers of one language: sounds that never mean anything, and words that stand alone.

    Those in `between_pauses` count only with a pause or a mark on either side: "you know"
    says something in "as you know".
    """

    always: tuple[str, ...] = ()
    between_pauses: tuple[str, ...] = ()


def word_cut(words: Sequence[Word], first: int, end: int) -> Piece:
    """What to take out so that words `first`..`end` (exclusive) are gone and no other.

    From the middle of the gap before them to the middle of the gap after them.
    """
    begin, finish = words[first], words[end - 1]
    start_s = begin.start_s - AIR_S["extra-fast"]
    end_s = finish.end_s + AIR_S["extra-fast"]
    if first > 0:
        before_s = words[first - 1].end_s
        start_s = (before_s + begin.start_s) / 2 if before_s < begin.start_s else before_s
    if end < len(words):
        after_s = words[end].start_s
        end_s = (finish.end_s + after_s) / 2 if after_s > finish.end_s else after_s
    # Words that overlap: the cut takes at least the middles, by which words are told.
    start_s = max(min(start_s, middle_s(begin)), 0.0)
    return Piece(start_s, max(end_s, middle_s(finish) + SHORTEST_CUT_S / 2))


def words_in(words: Sequence[Word], stretches: Iterable[Piece]) -> frozenset[int]:
    """Numbers of the words of cuts, or of pieces: those whose middle is in one."""
    inside: set[int] = set()
    for stretch in stretches:
        number = bisect_left(words, stretch.start_s, key=middle_s)
        while number < len(words) and middle_s(words[number]) < stretch.end_s:
            inside.add(number)
            number += 1
    return frozenset(inside)


def cut_pauses(words: Sequence[Word], cuts: Iterable[Piece]) -> frozenset[int]:
    """Numbers of the words after which a cut takes out silence and no word."""
    after: set[int] = set()
    for cut in cuts:
        number = bisect_left(words, cut.start_s, key=middle_s)
        if 0 < number < len(words) and middle_s(words[number]) >= cut.end_s:
            after.add(number - 1)
    return frozenset(after)


def with_cut(cuts: Iterable[Piece], *more: Piece) -> tuple[Piece, ...]:
    """All of them in order, those that touch made one."""
    joined: list[Piece] = []
    for cut in sorted((*cuts, *more), key=lambda cut: cut.start_s):
        if joined and cut.start_s <= joined[-1].end_s:
            joined[-1] = Piece(joined[-1].start_s, max(joined[-1].end_s, cut.end_s))
        else:
            joined.append(cut)
    return tuple(joined)


def without_cut(cuts: Iterable[Piece], back: Piece) -> tuple[Piece, ...]:
    """The cuts, with the stretch `back` heard again."""
    left = [
        part
        for cut in cuts
        for part in (
            Piece(cut.start_s, min(cut.end_s, back.start_s)),
            Piece(max(cut.start_s, back.end_s), cut.end_s),
        )
    ]
    return tuple(part for part in left if part.duration_s >= SHORTEST_CUT_S)


def fillers(words: Sequence[Word], known: FillerList) -> tuple[tuple[int, int], ...]:
    """Ranges of words (first, end exclusive) that are fillers, in order."""
    plain = [_plain(word.text) for word in words]
    sounds = {_plain(text) for text in known.always}
    alone = [tuple(map(_plain, text.split())) for text in known.between_pauses]
    struck = {number for number, text in enumerate(plain) if text in sounds}
    found = [(number, number + 1) for number in struck]

    def has_pause(number: int) -> bool:
        """Something keeps word `number` apart from the one before it."""
        if not 0 < number < len(words) or number - 1 in struck or number in struck:
            return True
        before = words[number - 1]
        is_marked = before.text[-1:] in _MARKS
        return is_marked or words[number].start_s - before.end_s >= FILLER_PAUSE_S

    for phrase in sorted(alone, key=len, reverse=True):
        for number in range(len(plain) - len(phrase) + 1):
            end = number + len(phrase)
            is_it = tuple(plain[number:end]) == phrase and struck.isdisjoint(range(number, end))
            if is_it and has_pause(number) and has_pause(end):
                found.append((number, end))
                struck.update(range(number, end))
    return tuple(sorted(found))


def tightened(
    words: Sequence[Word],
    speech: Sequence[SpeechRange],
    piece: Piece,
    pace: Pace = "spoken",
    struck: Collection[int] = (),
) -> tuple[Piece, ...]:
    """The cuts inside `piece` that take out words `struck` and shorten pauses to `pace`.

    Speech in which no word was recognised is never taken for a pause.
    """
    inside = [n for n, word in enumerate(words) if _is_in(word, piece)]
    strikes = [_clipped(word_cut(words, *run), piece) for run in _runs(inside, struck)]
    if pace == "spoken":
        return with_cut(strikes)
    kept = [Piece(words[n].start_s, words[n].end_s) for n in inside if n not in struck]
    spoken = sorted([*kept, *_wordless(words, speech, piece)], key=lambda one: one.start_s)
    cuts = strikes
    heard_s = spoken[0].end_s if spoken else piece.end_s
    for before, after in pairwise(spoken):
        heard_s = max(heard_s, before.end_s)
        gap = Piece(heard_s, after.start_s)
        within = [cut for cut in strikes if gap.start_s <= cut.start_s and cut.end_s <= gap.end_s]
        rest_s = gap.duration_s - sum(cut.duration_s for cut in within)
        cut = Piece(gap.start_s + AIR_S[pace], gap.end_s - AIR_S[pace])
        if rest_s > LONGEST_PAUSE_S[pace] and cut.duration_s >= SHORTEST_CUT_S:
            cuts = [one for one in cuts if one not in within] + [cut]
    return with_cut(cuts)


def tight_pieces(
    pieces: Sequence[Piece],
    words: Sequence[Word],
    speech: Sequence[SpeechRange],
    pace: Pace = "spoken",
    known: FillerList | None = None,
) -> tuple[Piece, ...]:
    """What is left of a clip's pieces without long pauses and, when `known`, without fillers.

    All of it when nothing else would be left.
    """
    try:
        return pieces_of(pieces, ClipEdit(cuts=tight_cuts(pieces, words, speech, pace, known)))
    except InputError:
        return tuple(pieces)


def tight_cuts(
    pieces: Sequence[Piece],
    words: Sequence[Word],
    speech: Sequence[SpeechRange],
    pace: Pace = "spoken",
    known: FillerList | None = None,
) -> tuple[Piece, ...]:
    """What `tight_pieces` takes out."""
    struck = [n for run in fillers(words, known) for n in range(*run)] if known else []
    return tuple(cut for piece in pieces for cut in tightened(words, speech, piece, pace, struck))


def snapped(words: Sequence[Word], time_s: float, within_s: float = SNAP_S) -> float:
    """The clean place to cut at the nearest edge of a word; `time_s` where none is near.

    A little air stays with the word, at most half of the gap beside it.
    """
    nearest_s, best_s = within_s, time_s
    for number, word in enumerate(words):
        if word.end_s < time_s - within_s or word.start_s > time_s + within_s:
            continue
        before = words[number - 1].end_s if number else word.start_s - 2 * EDGE_AIR_S
        after = words[number + 1].start_s if number + 1 < len(words) else word.end_s + 1
        for edge_s, gap_s, side in (
            (word.start_s, word.start_s - before, -1),
            (word.end_s, after - word.end_s, 1),
        ):
            if abs(edge_s - time_s) <= nearest_s:
                nearest_s = abs(edge_s - time_s)
                best_s = edge_s + side * min(max(gap_s / 2, 0.0), EDGE_AIR_S)
    return max(best_s, 0.0)


def _runs(numbers: Sequence[int], struck: Collection[int]) -> list[tuple[int, int]]:
    """Struck words that stand beside each other, as ranges (first, end exclusive)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if number not in struck:
            continue
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs


def _wordless(
    words: Sequence[Word], speech: Sequence[SpeechRange], piece: Piece
) -> Iterable[Piece]:
    for spoken in speech:
        one = _clipped(Piece(spoken.start_s, spoken.end_s), piece)
        place = bisect_left(words, spoken.start_s, key=middle_s)
        has_words = place < len(words) and middle_s(words[place]) < spoken.end_s
        if one.duration_s > 0 and not has_words:
            yield one


def _clipped(cut: Piece, piece: Piece) -> Piece:
    return Piece(max(cut.start_s, piece.start_s), min(cut.end_s, piece.end_s))


def middle_s(word: Word) -> float:
    """The time by which it is told whether a word is in a piece or a cut."""
    return (word.start_s + word.end_s) / 2


def _is_in(word: Word, piece: Piece) -> bool:
    return piece.start_s <= middle_s(word) < piece.end_s


def _plain(text: str) -> str:
    """Without marks and case, and long sounds short: "Ummm," is "um", "mmmm" is "mm"."""
    letters = [char for char in text.casefold() if unicodedata.category(char)[0] in "LMN"]
    short = "".join(
        char for place, char in enumerate(letters) if place == 0 or letters[place - 1] != char
    )
    return short * 2 if len(short) == 1 < len(letters) else short
