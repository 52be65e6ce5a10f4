"""Finds text that a recogniser invented: phrases in a loop, and more words than anyone can say.

Whisper falls into loops on music, noise and silence (recorded: one phrase for 496 words), and
puts dozens of words on a file without speech. People repeat themselves too, so only long or
impossibly fast repetition counts. Pure functions over words.
"""

from collections.abc import Sequence
from itertools import pairwise

from clipforge_desktop.domain.transcript import Word

MAX_PHRASE_WORDS = 60
_SURE_REPEATS, _SURE_WORDS = 4, 20  # "Yes we can!" four times is a speech, not a loop
_ONE_WORD_REPEATS = 10  # "no no no no no"
_RUSHED_REPEATS, _RUSHED_WORDS = 3, 6  # when no mouth could have said it
_RUSHED_WORD_S = 0.1  # mean length below which a phrase is rushed: ten words a second
MAX_WORDS_PER_S = 9.0  # auctioneers reach about 6; see `is_crowded`
MAX_JOINED_PER_S = 18.0  # single characters of Chinese or Japanese


def drop_loops(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with each loop cut down to its first round."""
    keys = [_key(word.text) for word in words]
    kept: list[Word] = []
    index = 0
    while index < len(words):
        phrase, end = _loop_at(keys, words, index)
        kept.extend(words[index : index + phrase])
        index = end
    return tuple(kept)


def is_crowded(words: Sequence[Word], speech_s: float) -> bool:
    """True when `words` can't have been said in `speech_s` seconds of speech."""
    if speech_s <= 0:
        return bool(words)
    pace = MAX_JOINED_PER_S if any(word.joined for word in words) else MAX_WORDS_PER_S
    return len(words) > 3 + pace * speech_s


def _loop_at(keys: Sequence[str], words: Sequence[Word], index: int) -> tuple[int, int]:
    """(words of one round, index after the loop) at `index`; (1, index + 1) without one."""
    longest = min(MAX_PHRASE_WORDS, (len(keys) - index) // _RUSHED_REPEATS)
    for phrase in range(1, longest + 1):
        end = index + phrase
        while end < len(keys) and keys[end] == keys[end - phrase]:
            end += 1
        repeats = (end - index) // phrase
        if repeats >= _RUSHED_REPEATS and _is_loop(words[index:end], phrase, repeats):
            return phrase, end
    return 1, index + 1


def _is_loop(words: Sequence[Word], phrase: int, repeats: int) -> bool:
    if len(words) >= _RUSHED_WORDS and _mean_pace_s(words) < _RUSHED_WORD_S:
        return True
    if phrase == 1:
        return repeats >= _ONE_WORD_REPEATS
    return repeats >= _SURE_REPEATS and len(words) >= _SURE_WORDS


def _mean_pace_s(words: Sequence[Word]) -> float:
    """Seconds from one word's start to the next, in the middle of the field."""
    steps = sorted(after.start_s - before.start_s for before, after in pairwise(words))
    return steps[len(steps) // 2]


def _key(text: str) -> str:
    bare = "".join(letter for letter in text.casefold() if letter.isalnum())
    return bare or text.strip()
