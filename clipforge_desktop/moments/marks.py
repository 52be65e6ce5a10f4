"""The marks that end sentences, questions and clauses in the scripts we meet, and bare words.

Look-alikes of Latin marks are written as escapes, with their names beside them.
"""

FULL_WIDTH_STOPS = "\uff01\uff1f\u3002"  # fullwidth ! and ?, ideographic full stop
QUESTIONS = ("?", "\uff1f", "\u061f")  # also fullwidth and Arabic
SENTENCE_MARKS = (".", "!", "?", "\u2026", *FULL_WIDTH_STOPS, "\u061f", "\u0964")  # danda last
DASHES = "-\u2013\u2014"
CLAUSE_MARKS = (",", ";", ":", "\u3001", "\uff0c")  # also ideographic and fullwidth comma
OPENING = "([{\"'\u201c\u201e\u2018\u00ab\u300c\u00bf\u00a1"
CLOSING = "\"'\u201d\u2019\u00bb)]}\u300d\u300f"
EDGES = "".join(SENTENCE_MARKS) + "".join(CLAUSE_MARKS) + DASHES + OPENING + CLOSING


def bare(word: str) -> str:
    """The word in lower case without the punctuation around it; typographic ' made plain."""
    return word.strip(EDGES).replace("\u2019", "'").casefold()


def ends_sentence(word: str) -> bool:
    """True when the word carries a sentence mark at its end, quotes aside."""
    return word.rstrip(CLOSING).endswith(SENTENCE_MARKS)


def ends_question(word: str) -> bool:
    """True when the word carries a question mark at its end, quotes aside."""
    return word.rstrip(CLOSING).endswith(QUESTIONS)


def ends_clause(word: str) -> bool:
    """True when a comma or the like stands at the word's end."""
    return word.rstrip(CLOSING).endswith(CLAUSE_MARKS)
