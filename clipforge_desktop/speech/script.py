# ruff: noqa: RUF001 - the marks of other scripts are the subject here
"""What writing looks like: marks that end sentences and phrases, and scripts without spaces.

Chinese and Japanese run on without spaces and are split into short pieces that a caption can
highlight one by one; Thai, Lao, Khmer and Burmese stay as long as their own spaces make them.
"""

import re
import unicodedata
from collections.abc import Iterator

CLOSING = "\"'”’»›)]}」』）】*"
OPENING = "\"'“‘«‹([{「『（【¿¡-–—♪"
SURE_ENDS = ("!", "?", "。", "！", "？", "؟", "۔", "।", "॥", "．", "｡", "‼", "⁉")
_PHRASE_ENDS = (*SURE_ENDS, ".", "…", ",", ";", ":", "、", "，", "；", "：", "،", "؛", "—")
LONGEST_PIECE = 5  # characters of Japanese in one piece

_SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # hard spaces hold a word together
_SPACELESS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3000, 0x30FF),  # marks, Hiragana, Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF01, 0xFF9F),  # full width marks, half width Katakana
    (0x20000, 0x323AF),
)


def ends_phrase(text: str) -> bool:
    """True when a comma, a stop or the like closes `text`: a pause may follow it."""
    return text.rstrip(CLOSING).endswith(_PHRASE_ENDS)


def is_spaceless(character: str) -> bool:
    """True for scripts that put no space between words (Korean does)."""
    code = ord(character)
    return any(low <= code <= high for low, high in _SPACELESS)


def split_text(text: str) -> Iterator[tuple[str, bool]]:
    """(piece, joined) of running text: at spaces, and inside Chinese and Japanese runs.

    `joined` is true where no space stood before the piece. Marks stay with what they close
    or open, so no piece is punctuation alone unless the whole text is.
    """
    for chunk in _SPACES.split(text.strip()):
        for index, piece in enumerate(_pieces(chunk)):
            yield piece, index > 0


def _pieces(chunk: str) -> list[str]:
    pieces: list[str] = []
    before = ""
    for character in chunk:
        if pieces and unicodedata.category(character)[0] in "MC":
            pieces[-1] += character  # a sign on the letter before, or a joiner
            continue
        kind = _kind(character)
        if pieces and not _breaks(before, kind, pieces[-1]):
            pieces[-1] += character
        else:
            pieces.append(character)
        before = kind
    return pieces


def _kind(character: str) -> str:
    code = ord(character)
    if character in OPENING and is_spaceless(character):
        return "open"
    if 0x3041 <= code <= 0x309F or character == "ー":
        return "hiragana"
    if 0x30A1 <= code <= 0x30FF or 0xFF66 <= code <= 0xFF9F:
        return "katakana"
    if character in "々〆〇" or (
        is_spaceless(character) and character.isalpha() and code >= 0x3400
    ):
        return "han"
    if is_spaceless(character) and not character.isalpha():
        return "mark"
    return "other" if character.isalnum() else "mark"


def _breaks(before: str, kind: str, piece: str) -> bool:
    """True when a new piece begins between a character of kind `before` and one of `kind`."""
    if kind == "mark" or before == "open":
        return False
    if before == "other" and kind == "other":
        return False
    if before == "mark":
        # "3.5" and "don't" stay whole; after a full width mark a new piece begins.
        has_words = any(c.isalnum() for c in piece)
        return has_words and (is_spaceless(piece[-1]) or kind != "other")
    if kind == "open":
        return before != "other"
    if kind == before:
        return kind == "han" or len(piece) >= LONGEST_PIECE
    # A Japanese word is often Han with its Hiragana ending.
    return not (before == "han" and kind == "hiragana")
