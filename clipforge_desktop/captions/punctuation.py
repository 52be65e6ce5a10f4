"""Punctuation of every script that captions meet, and which words keep to their neighbours."""

# ruff: noqa: RUF001 (signs that look like Latin ones are the point of this file)

import re

SENTENCE_ENDS = ".!?…。！？।؟۔"
CLAUSE_ENDS = ",;:–—،؛、，；：)"
CLOSERS = "\"'”’»)]}」』）"
OPENERS = "(\"'“‘«[{¿¡-"
STOPS = ".,;:。、，；：،؛۔।"
OUTER = SENTENCE_ENDS + CLAUSE_ENDS + '("“”«»¿¡[]{}'

CONJUNCTIONS = frozenset(
    [
        "and",
        "but",
        "or",
        "so",
        "because",
        "that",
        "which",
        "who",
        "when",
        "if",
        "while",
        "then",
        "und",
        "aber",
        "oder",
        "weil",
        "dass",
        "et",
        "mais",
        "ou",
        "que",
        "y",
        "pero",
        "porque",
    ]
)
"""A line or a caption rather begins with one of these than ends with it."""
PROCLITICS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "on",
        "at",
        "my",
        "your",
        "is",
        "i",
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "le",
        "la",
        "el",
        "un",
    ]
)
"""These lean on the next word and should not end a line."""
ABBREVIATIONS = frozenset(["mr", "mrs", "ms", "dr", "st", "vs", "prof", "e.g", "i.e", "z.b"])


_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


def without_spaces(text: str) -> bool:
    """Whether it holds letters of a script that puts no spaces between words."""
    return bool(_NO_SPACES.search(text))


def bare(text: str) -> str:
    """The word without case and outer punctuation: what lists and rules compare."""
    return text.casefold().strip(SENTENCE_ENDS + CLAUSE_ENDS + CLOSERS + OPENERS)
