"""Which words stand out: the user's lists, then numbers, names, rare words, then by their place.

Found from text and times alone, in any language that marks names by capitals; nothing is learned
or fetched. The user's lists always win, and what they name is never also found automatically.
"""

import re
from dataclasses import replace

from clipforge_desktop.captions.punctuation import OPENERS, bare
from clipforge_desktop.captions.tokens import Token, upper
from clipforge_desktop.captions.word_lists import named_spans
from clipforge_desktop.domain.caption_style import Keywords, WordFont

_NUMBER = re.compile(r"^[$€£¥#]?\d[\d.,:]*(?:%|[a-z]{1,3}|[$€£¥])?$")
_NUMBER_WORDS = frozenset(
    [
        "hundred",
        "thousand",
        "million",
        "billion",
        "trillion",
        "percent",
        "half",
        "double",
        "triple",
        "zero",
    ]
)
_LOOKS = {"first": 1, "second": 2}
_RARE_LETTERS = 8
"""Words of this length are rare in every alphabet; shorter ones are too often small words."""


def marked(tokens: tuple[Token, ...], rules: Keywords, pause_s: float) -> tuple[Token, ...]:
    """The tokens with `keyword` set, in the case of that keyword's font."""
    found: list[Token] = []
    listed = _listed(tokens, rules)
    placed = _placed(tokens, rules, pause_s)
    for index, token in enumerate(tokens):
        keyword = listed.get(index, 0) or keyword_of(tokens, index, rules) or placed.get(index, 0)
        look = {1: rules.first, 2: rules.second}.get(keyword)
        text = _cased(token.text, look.font if look else None)
        found.append(replace(token, keyword=keyword, text=text) if keyword else token)
    return tuple(found)


def _listed(tokens: tuple[Token, ...], rules: Keywords) -> dict[int, int]:
    """Which of the user's lists names a token; the first before the second."""
    lists = {2: rules.second_words, 1: rules.first_words}
    return {
        at: number
        for number, words in lists.items()
        for span in named_spans(tokens, words)
        for at in span
    }


def _placed(tokens: tuple[Token, ...], rules: Keywords, pause_s: float) -> dict[int, int]:
    """Which look a token has by its place in a sentence, or after a pause."""
    found: dict[int, int] = {}
    said = [
        index
        for index, token in enumerate(tokens)
        if not token.is_label and not token.is_sound and bare(token.text)
    ]
    before: Token | None = None
    for index in said:
        token = tokens[index]
        is_opening = before is None or before.ends_sentence
        is_after_pause = before is not None and token.start_s - before.end_s >= pause_s
        if rules.closings != "off" and token.ends_sentence:
            found[index] = _LOOKS[rules.closings]
        elif rules.pauses != "off" and is_after_pause:
            found[index] = _LOOKS[rules.pauses]
        elif rules.openings != "off" and is_opening:
            found[index] = _LOOKS[rules.openings]
        before = token
    return found


def _cased(text: str, font: WordFont | None) -> str:
    if font is None or font.case is None:
        return text
    return upper(text) if font.case == "upper" else text.lower()


def keyword_of(tokens: tuple[Token, ...], index: int, rules: Keywords) -> int:
    """1 or 2 when the token is found to have the first or second keyword look, else 0."""
    word = bare(tokens[index].text)
    if not word or tokens[index].is_label:
        return 0
    if rules.numbers != "off" and is_number(word):
        return _LOOKS[rules.numbers]
    if rules.names != "off" and is_name(tokens, index):
        return _LOOKS[rules.names]
    if rules.rare != "off" and len(word) >= _RARE_LETTERS:
        return _LOOKS[rules.rare]
    return 0


def is_number(word: str) -> bool:
    return bool(_NUMBER.match(word)) or word in _NUMBER_WORDS


def is_name(tokens: tuple[Token, ...], index: int) -> bool:
    """Capitalised inside a sentence, as it was spoken: "I", "OK" and sentence starts are not."""
    spoken = tokens[index].spoken
    if index == 0 or tokens[index - 1].ends_sentence or tokens[index - 1].is_label:
        return False
    letters = spoken.strip(OPENERS)
    return len(letters) > 2 and letters[0].isupper() and letters[1:2].islower()
