"""Groups words into sentences: by punctuation where there is some, else by pauses and lines.

Knows abbreviations, initials, decimals, ellipses, quotes and the marks of Chinese, Japanese,
Arabic and Hindi. Without marks a line of a transcript file is a sentence when whoever wrote it
broke lines by sense, and not where they were full. A sentence that never ends is cut at its
longest pause, so that the finder always has places to begin and end. Pure functions.
"""

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from clipforge_desktop.domain.scripts import is_other_script
from clipforge_desktop.domain.sounds import is_sound_line
from clipforge_desktop.domain.transcript import Sentence, Word
from clipforge_desktop.speech.script import CLOSING, OPENING, SURE_ENDS, ends_phrase

MAX_SENTENCE_WORDS = 60
MAX_SENTENCE_S = 30.0
PAUSE_S = 0.55  # ends a sentence where nothing is punctuated
LINE_PAUSE_S = 0.2  # the same, between two lines of a file
LONG_PAUSE_S = 1.0  # the same, between two lines of a file that is punctuated
_LONG_UNPUNCTUATED_WORDS = 30
_LONG_UNPUNCTUATED_S = 14.0
_LINES_BY_SENSE = 0.6  # so many lines had room for the next word: they were broken on purpose
_WORDS_PER_MARK = 45  # fewer marks than this means: the text is not punctuated
# A capital after these is a name: "Dr. Shaw".
_TITLE = re.compile(
    r"mrs?|ms|dr|prof|mt|gen|col|lt|sgt|capt|rev|hon|gov|sen|rep|pres|mme|mlle|srt?a|vs"
    r"|e\.g|i\.e|z\.b|d\.h"
)
# A capital after these begins a sentence; a small letter or a number goes on.
_ABBREVIATION = re.compile(
    r"etc|inc|ltd|co|corp|jr|sr|al|st|nos?|vol|pp|ed|fig|est|ft|dept|approx|bzw|ca|nr|str|uds?"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
# Words that begin a sentence more often than they follow an acronym as a name.
_STARTER = re.compile(
    r"i|you|he|she|it|we|they|this|that|these|those|the|an?|my|our|his|her|their|and|but|so|or"
    r"|if|when|then|there|here|what|who|why|how|in|on|at|for|now|because|i'm|it's|that's"
)
_INITIALS = re.compile(r"^(?:\w\.)+$")


def find_sentences(words: Sequence[Word], line_starts: Sequence[int] = ()) -> tuple[Sentence, ...]:
    """Ranges of `words` that cover all of them, in order, none empty.

    `line_starts` are the words that begin a line of the file they came from, in order. Between
    punctuated lines only those end a sentence that `_parted_lines` finds.
    """
    if not words:
        return ()
    is_punctuated = _is_punctuated(words)
    if is_punctuated:
        longest = (MAX_SENTENCE_WORDS, MAX_SENTENCE_S)
        ends = [i + 1 for i in range(len(words)) if ends_sentence(words, i)]
    else:
        longest = (_LONG_UNPUNCTUATED_WORDS, _LONG_UNPUNCTUATED_S)
        ends = _unpunctuated_ends(words, line_starts)
    parted = {*ends, *_parted_lines(words, line_starts, is_punctuated=is_punctuated)}
    sentences: list[Sentence] = []
    first = 0
    for end in [*sorted(end for end in parted if end < len(words)), len(words)]:
        sentences.extend(_cut_long(words, first, end, longest))
        first = end
    return tuple(sentences)


def _parted_lines(
    words: Sequence[Word], line_starts: Sequence[int], *, is_punctuated: bool
) -> Iterator[int]:
    """Lines that begin something new whatever the marks say.

    They follow a pause of their own, are in another script than the line before, or one of the
    two is a sound such as "♪ music ♪" or "(laughs)". A line that goes on in small letters, or
    after a comma, does not, nor does a sentence into which a sound was heard.
    """
    lines = [words[low:high] for low, high in pairwise([*line_starts, len(words)])]
    is_sound = [is_sound_line([word.text for word in line]) for line in lines]
    following = ""  # the first word of the speech at or behind this line
    goes_on: list[bool] = []
    for line, sounds in zip(reversed(lines), reversed(is_sound), strict=True):
        following = following if sounds or not line else line[0].text.lstrip(OPENING)
        goes_on.append(is_punctuated and following[:1].islower())
    for row, (start, is_going_on) in enumerate(zip(line_starts, reversed(goes_on), strict=True)):
        if start == 0 or row == 0:
            continue
        has_pause = _pause_s(words, start - 1) >= LONG_PAUSE_S
        is_open = is_going_on or words[start - 1].text.endswith(",")
        if is_other_script(words[start - 1].text, words[start].text) or (
            (has_pause or is_sound[row - 1] or is_sound[row]) and not is_open
        ):
            yield start


def _unpunctuated_ends(words: Sequence[Word], line_starts: Sequence[int]) -> list[int]:
    """Where a pause is, a shorter one between two lines, or a line that was ended on purpose."""
    lines = frozenset(line_starts)
    least_s = -1.0 if _are_lines_by_sense(words, line_starts) else LINE_PAUSE_S
    return [
        i
        for i in range(1, len(words))
        if _pause_s(words, i - 1) >= PAUSE_S or (i in lines and _pause_s(words, i - 1) >= least_s)
    ]


def _are_lines_by_sense(words: Sequence[Word], line_starts: Sequence[int]) -> bool:
    """True when most lines end although their next word would have found room.

    A line is full when it could not take that word, by its letters or by its count of words,
    within what nineteen of twenty lines hold.
    """
    lines = list(pairwise([*line_starts, len(words)]))
    if len(lines) < 3:
        return False
    letters = [sum(len(word.text) + 1 for word in words[low:high]) for low, high in lines]
    counts = [high - low for low, high in lines]
    longest = math.ceil(0.95 * (len(lines) - 1))
    most_letters, most_words = sorted(letters)[longest], sorted(counts)[longest]
    roomy = sum(
        letters[row] + len(words[high].text) <= most_letters and counts[row] < most_words
        for row, (_, high) in enumerate(lines[:-1])
    )
    return roomy >= _LINES_BY_SENSE * (len(lines) - 1)


def ends_sentence(words: Sequence[Word], index: int) -> bool:
    """True when the sentence ends after `words[index]`, by its punctuation and the next word."""
    text = words[index].text.rstrip(CLOSING)
    following = words[index + 1].text.lstrip(OPENING) if index + 1 < len(words) else ""
    if text.endswith(SURE_ENDS):
        # "What?" she asked: a question inside a sentence goes on in small letters.
        return not (text != words[index].text and following[:1].islower())
    if text.endswith(("…", "...", "..")):
        return not following[:1].islower()
    if not text.endswith("."):
        return False
    has_pause = index + 1 == len(words) or _pause_s(words, index) >= PAUSE_S
    return _full_stop_ends(text.lstrip(OPENING), following, has_pause)


def _full_stop_ends(text: str, following: str, has_pause: bool) -> bool:
    stem = text[:-1].casefold()
    starts_new = not following[:1].islower()
    if _TITLE.fullmatch(stem):
        return False
    if _ABBREVIATION.fullmatch(stem):
        return not following or following[:1].isupper()
    if _INITIALS.match(text):
        # "U.S." may end a sentence or go on ("Army"); "J." in "J. K. Rowling" never does.
        begins = has_pause or _STARTER.fullmatch(following.casefold()) is not None
        return text.count(".") > 1 and following[:1].isupper() and begins
    if stem.isdigit() and following[:1].isdigit():
        return False  # "3. 5" read out as one number
    return starts_new


def _is_punctuated(words: Sequence[Word]) -> bool:
    marks = sum(ends_sentence(words, index) for index in range(len(words)))
    return marks > 0 and marks * _WORDS_PER_MARK >= len(words)


def _pause_s(words: Sequence[Word], index: int) -> float:
    return words[index + 1].start_s - words[index].end_s


def _cut_long(
    words: Sequence[Word], first: int, end: int, longest: tuple[int, float]
) -> Iterator[Sentence]:
    """The range `first`..`end`, cut at its longest pauses until no part is too long."""
    waiting = [(first, end)]
    cuts: set[int] = set()
    while waiting:
        first, end = waiting.pop()
        duration_s = words[end - 1].end_s - words[first].start_s
        if end - first < 2 or (end - first <= longest[0] and duration_s <= longest[1]):
            yield Sentence(first, end, is_cut=end in cuts)
            continue
        cut = _best_cut(words, first, end)
        cuts.add(cut)
        waiting += [(cut, end), (first, cut)]


def _best_cut(words: Sequence[Word], first: int, end: int) -> int:
    """Index of the word before which to cut: the longest pause, the nearer the middle the better.

    A comma counts as a fifth of a second. Without any pause it is the middle.
    """
    middle = (first + end) / 2

    def worth(cut: int) -> float:
        comma_s = 0.2 if ends_phrase(words[cut - 1].text) else 0.0
        off_center = abs(cut - middle) / (end - first)
        return (max(_pause_s(words, cut - 1), 0.0) + comma_s + 0.02) * (1.1 - off_center * 2)

    return max(range(first + 1, end), key=worth)
