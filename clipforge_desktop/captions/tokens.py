"""Words as spoken -> tokens as written: cleaning, case, punctuation, censoring, emoji, labels.

Text is data here: nothing in it is markup. Words of scripts without spaces are taken apart at
Unicode boundaries, so that lines can break and the active word can step inside them.
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QTextBoundaryFinder

from clipforge_desktop.captions.punctuation import (
    ABBREVIATIONS,
    CLAUSE_ENDS,
    CLOSERS,
    OUTER,
    SENTENCE_ENDS,
    STOPS,
    bare,
    without_spaces,
)
from clipforge_desktop.captions.word_lists import named_spans
from clipforge_desktop.domain.caption_style import CaptionStyle, FontSpec, TextRules
from clipforge_desktop.domain.sounds import sounds_in
from clipforge_desktop.domain.transcript import Word

MAX_WORD_CHARS = 200
"""A longer "word" is an accident or an attack; it is cut there and ends in an ellipsis."""
MAX_MARKS = 3
"""Combining marks kept per letter; every living script needs fewer."""

_GREEK = re.compile("[\u0370-\u03ff]")
_BY_WORD = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


@dataclass(frozen=True)
class Token:
    """A written piece with its own picture and its own time.

    `spoken` is the text before case and punctuation were changed. `word` is the index of the
    word it came from, or -1 for a label. `is_joined`: no space stands before it. `is_tied`: it
    must stay in the line of the token before it, or in its caption when that has a line of its
    own. `keyword` is 1 or 2 for words that stand out.
    """

    text: str
    start_s: float
    end_s: float
    word: int
    spoken: str = ""
    speaker: str = ""
    is_joined: bool = False
    is_tied: bool = False
    is_sound: bool = False
    is_label: bool = False
    is_own_line: bool = False
    keyword: int = 0
    ends_sentence: bool = False
    ends_clause: bool = False


def make_tokens(words: tuple[Word, ...], style: CaptionStyle) -> tuple[Token, ...]:
    """Tokens in order of time; words with impossible times and empty text are left out."""
    tokens: list[Token] = []
    speaker = ""
    latest_s = 0.0
    cleaned = [clean(word.text) for word in words]
    sounds = sounds_in(cleaned)
    for index, (word, text) in enumerate(zip(words, cleaned, strict=True)):
        is_timed = math.isfinite(word.start_s) and math.isfinite(word.end_s)
        is_hidden = sounds[index] and style.text.sounds == "hide"
        if not text or not is_timed or is_hidden:
            continue
        latest_s = start_s = max(word.start_s, latest_s)
        if word.speaker and word.speaker != speaker and style.text.speaker_labels != "off":
            tokens.append(_label(word.speaker, start_s, style))
        speaker = word.speaker
        end_s = max(word.end_s, start_s)
        spoken = Token(
            text, start_s, end_s, index, text, speaker, word.joined, is_sound=sounds[index]
        )
        tokens += _written(spoken, style.text, style.font)
    return tuple(_tied_after_labels(_censored(tokens, style.text.censored)))


def _label(speaker: str, start_s: float, style: CaptionStyle) -> Token:
    is_above = style.text.speaker_labels == "above"
    name = _cased(clean(speaker)[:40] + ("" if is_above else ":"), style.font)
    return Token(name, start_s, start_s, -1, name, speaker, is_label=True, is_own_line=is_above)


def clean(text: str) -> str:
    """One line of visible text, at most MAX_WORD_CHARS long, or ""."""
    bounded = text[: MAX_WORD_CHARS * 4]
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", bounded):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in ("Cc", "Zl", "Zp", "Cs") or char.isspace():
            kept.append(" ")
        elif marks <= MAX_MARKS:
            kept.append(char)
    line = " ".join("".join(kept).split())
    if len(line) > MAX_WORD_CHARS:
        line = line[: MAX_WORD_CHARS - 1] + "…"
    is_visible = any(unicodedata.category(char) not in ("Cf", "Mn", "Me", "Zs") for char in line)
    return line if is_visible else ""


def _written(spoken: Token, rules: TextRules, font: FontSpec) -> list[Token]:
    """One spoken word as the tokens that are drawn for it."""
    core = spoken.text.rstrip(CLOSERS)
    ends_sentence = core[-1:] in SENTENCE_ENDS and not _is_abbreviation(core)
    ends_clause = spoken.text[-1:] in CLAUSE_ENDS
    text = _punctuated(spoken.text, rules)
    if not text:
        return []
    pieces = list(boundary_pieces(_cased(text, font)))
    parts = _timed_pieces(spoken, pieces)
    found = [rule.emoji for rule in rules.emoji if bare(rule.word) == bare(spoken.text)]
    if found:
        parts.append(replace(spoken, text=clean(found[0]) or "·", is_joined=False, is_tied=True))
    parts[-1] = replace(parts[-1], ends_sentence=ends_sentence, ends_clause=ends_clause)
    return parts


def _timed_pieces(spoken: Token, pieces: list[str]) -> list[Token]:
    total = sum(len(piece) for piece in pieces)
    span_s = spoken.end_s - spoken.start_s
    parts: list[Token] = []
    done = 0
    for number, piece in enumerate(pieces):
        parts.append(
            replace(
                spoken,
                text=piece,
                start_s=spoken.start_s + span_s * done / total,
                end_s=spoken.start_s + span_s * (done + len(piece)) / total,
                is_joined=spoken.is_joined if number == 0 else True,
            )
        )
        done += len(piece)
    return parts


def boundary_pieces(text: str) -> Iterator[str]:
    """`text` taken apart where a script without spaces allows a line break; else whole."""
    if not without_spaces(text):
        yield text
        return
    kind = (
        QTextBoundaryFinder.BoundaryType.Word
        if _BY_WORD.search(text)
        else QTextBoundaryFinder.BoundaryType.Line
    )
    yield from _cut(text, kind)


def graphemes(text: str) -> list[str]:
    """What people call letters: emoji sequences and letters with marks stay whole."""
    return list(_cut(text, QTextBoundaryFinder.BoundaryType.Grapheme))


def _cut(text: str, kind: QTextBoundaryFinder.BoundaryType) -> Iterator[str]:
    units = text.encode("utf-16-le", "surrogatepass")  # Qt counts in UTF-16 units
    finder = QTextBoundaryFinder(kind, text)
    before = 0
    while (after := finder.toNextBoundary()) != -1:
        if after > before:
            yield units[before * 2 : after * 2].decode("utf-16-le", "replace")
        before = after


def _cased(text: str, font: FontSpec) -> str:
    if font.case == "upper":
        return upper(text)
    if font.case == "lower":
        return text.lower()
    if font.case == "title":
        return text[:1].upper() + text[1:]
    return text


def upper(text: str) -> str:
    """Capitals; Greek ones lose their accents, as in print."""
    capitals = text.upper()
    if not _GREEK.search(capitals):
        return capitals
    bare_letters = unicodedata.normalize("NFD", capitals).replace("\u0301", "")
    return unicodedata.normalize("NFC", bare_letters)


def _punctuated(text: str, rules: TextRules) -> str:
    if rules.punctuation == "keep":
        return text
    if rules.punctuation == "drop_stops":
        return text.rstrip(STOPS) or text
    return text.strip(OUTER)


def _censored(tokens: list[Token], entries: tuple[str, ...]) -> list[Token]:
    """Every listed word starred; of a word in several pieces only the first letter stays."""
    kept = list(tokens)
    for span in named_spans(tokens, entries):
        is_apart = len(span) > 1 and without_spaces("".join(tokens[at].text for at in span))
        for at in span:
            text, kept_letters = tokens[at].text, int(at == span[0])
            starred = _all_starred(text, kept_letters) if is_apart else _starred(text)
            kept[at] = replace(tokens[at], text=starred)
    return kept


def _all_starred(text: str, kept: int) -> str:
    """A star for every letter but the first `kept`; marks and punctuation stay."""
    letters = 0
    shown: list[str] = []
    for letter in graphemes(text):
        letters += letter[0].isalnum()
        shown.append("*" if letter[0].isalnum() and letters > kept else letter)
    return "".join(shown)


def _starred(text: str) -> str:
    letters = [char for char in text if char.isalnum()]
    return letters[0] + "*" * max(len(letters) - 1, 2) if letters else text


def _is_abbreviation(text: str) -> bool:
    return bare(text) in ABBREVIATIONS


def _tied_after_labels(tokens: list[Token]) -> Iterator[Token]:
    """A speaker's label stays in the line of the first word that follows it."""
    after_label = False
    for token in tokens:
        yield replace(token, is_tied=True) if after_label else token
        after_label = token.is_label
