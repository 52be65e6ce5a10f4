"""A short title from the clip's own words: its strongest sentence, cleaned."""

from collections.abc import Sequence

from clipforge_desktop.moments.marks import CLAUSE_MARKS, CLOSING, DASHES, OPENING, bare

MAX_CHARACTERS = 60
MIN_WORDS = 3


def title_of(sentences: Sequence[tuple[str, float]], fillers: frozenset[str]) -> str:
    """From (text, strength) of the clip's sentences; "" when none has enough to say.

    Prefers the strongest sentence that fits whole; else the strongest one, shortened at a
    clause or a word.
    """
    cleaned = [(clean(text, fillers), strength) for text, strength in sentences]
    worth = [(text, strength) for text, strength in cleaned if len(text.split()) >= MIN_WORDS]
    if not worth:
        worth = [(text, strength) for text, strength in cleaned if text]
    if not worth:
        return ""
    fitting = [pair for pair in worth if len(pair[0]) <= MAX_CHARACTERS]
    text = max(fitting or worth, key=lambda pair: pair[1])[0]
    return shorten(text)


def clean(text: str, fillers: frozenset[str]) -> str:
    """Without fillers at the start, stutters, and loose punctuation; first letter upper case."""
    words: list[str] = []
    for word in text.split():
        token = bare(word)
        if token in fillers and (not words or token in {"um", "uh", "uhm", "er", "äh", "ähm"}):
            continue
        if words and token and token == bare(words[-1]):
            words[-1] = word
            continue
        words.append(word)
    line = " ".join(words).strip(" ,;:" + DASHES + OPENING + CLOSING)
    line = line.removesuffix(".") if not line.endswith("..") else line.rstrip(".")
    return line[:1].upper() + line[1:]


def shorten(text: str) -> str:
    """At most 60 characters, cut after a clause when one is long enough, else after a word."""
    if len(text) <= MAX_CHARACTERS:
        return text
    head = text[: MAX_CHARACTERS - 1]
    clause = max(head.rfind(mark) for mark in CLAUSE_MARKS)
    if clause >= MAX_CHARACTERS // 2:
        return head[:clause].rstrip(" ,;:")
    space = head.rfind(" ")
    return (head[:space] if space > 0 else head).rstrip(" ,;:") + "…"


def numbered_title(number: int, start_s: float) -> str:
    """ "Clip 3, 12:40" (or 1:12:40): for clips without words."""
    minutes, seconds = divmod(int(start_s), 60)
    hours, minutes = divmod(minutes, 60)
    at = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"Clip {number}, {at}"
