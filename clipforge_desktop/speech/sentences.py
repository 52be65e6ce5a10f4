"""Groups words into sentences: by punctuation where there is some, by pauses where there is none.

Knows abbreviations, initials, decimals, ellipses, quotes and the marks of Chinese, Japanese,
Arabic and Hindi. A sentence that never ends is cut at its longest pause, so that the finder
always has places to begin and end. Pure functions.
"""

import re
from collections.abc import Iterator, Sequence

from clipforge_desktop.domain.transcript import Sentence, Word
from clipforge_desktop.speech.script import CLOSING, OPENING, SURE_ENDS, ends_phrase

MAX_SENTENCE_WORDS = 60
MAX_SENTENCE_S = 30.0
PAUSE_S = 0.55  # ends a sentence where nothing is punctuated
_LONG_UNPUNCTUATED_WORDS = 30
_LONG_UNPUNCTUATED_S = 14.0
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


def find_sentences(words: Sequence[Word]) -> tuple[Sentence, ...]:
    """Ranges of `words` that cover all of them, in order, none empty."""
    if not words:
        return ()
    if _is_punctuated(words):
        longest = (MAX_SENTENCE_WORDS, MAX_SENTENCE_S)
        ends = [i + 1 for i in range(len(words)) if ends_sentence(words, i)]
    else:
        longest = (_LONG_UNPUNCTUATED_WORDS, _LONG_UNPUNCTUATED_S)
        ends = [i + 1 for i in range(len(words) - 1) if _pause_s(words, i) >= PAUSE_S]
    sentences: list[Sentence] = []
    first = 0
    for end in [*(end for end in ends if end < len(words)), len(words)]:
        sentences.extend(_cut_long(words, first, end, longest))
        first = end
    return tuple(sentences)


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
    while waiting:
        first, end = waiting.pop()
        duration_s = words[end - 1].end_s - words[first].start_s
        if end - first < 2 or (end - first <= longest[0] and duration_s <= longest[1]):
            yield Sentence(first, end)
            continue
        cut = _best_cut(words, first, end)
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
