"""Which tokens a list of words names: the user's keywords, and what is to be censored.

Compared without case, outer punctuation or emphasis, apostrophes alike and a final 's put aside.
A `*` inside a one-word entry stands for any letters.
Entries of several words are found as consecutive words; those of scripts without spaces across
the pieces into which a caption takes such text apart.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Protocol

from clipforge_desktop.captions.punctuation import bare, without_spaces

_MARKS = "*_~`"
_APOSTROPHES = str.maketrans("\u2018\u2019\u02bc\uff07", "''''")


class Written(Protocol):
    """What is looked at of a token."""

    @property
    def text(self) -> str: ...
    @property
    def word(self) -> int: ...
    @property
    def is_joined(self) -> bool: ...
    @property
    def is_label(self) -> bool: ...


Span = tuple[int, ...]
"""Indices of the tokens that one entry names together."""


def named_spans(tokens: Sequence[Written], entries: tuple[str, ...]) -> Iterator[Span]:
    """The tokens that each place of an entry covers; labels and emoji are passed over."""
    spaced, joined, shapes = _entries(entries)
    if not (spaced or joined or shapes):
        return
    places = [index for index in range(len(tokens)) if not _is_added(tokens, index)]
    keys = [_key(tokens[index].text) for index in places]
    yield from _spaced_spans(places, keys, spaced)
    if joined:
        yield from _joined_spans(places, keys, joined)
    if shapes:
        for place, key in zip(places, keys, strict=True):
            if any(_has_shape(key, shape) for shape in shapes):
                yield (place,)


def _is_added(tokens: Sequence[Written], index: int) -> bool:
    """Whether nobody said it: a speaker's label, or the emoji after its word."""
    token = tokens[index]
    is_emoji = index > 0 and tokens[index - 1].word == token.word and not token.is_joined
    return token.is_label or is_emoji


def _spaced_spans(
    places: list[int], keys: list[str], spaced: dict[str, tuple[tuple[str, ...], ...]]
) -> Iterator[Span]:
    for at, key in enumerate(keys):
        for wanted in (*spaced.get(key, ()), *spaced.get(_plain(key), ())):
            found = keys[at : at + len(wanted)]
            last = _plain(found[-1]) if found else ""
            if tuple(found) == wanted or (*found[:-1], last) == wanted:
                yield tuple(places[at : at + len(wanted)])


def _joined_spans(places: list[int], keys: list[str], joined: tuple[str, ...]) -> Iterator[Span]:
    """Matches in what is written without spaces, from the border of a piece to that of another."""
    parts = [key if without_spaces(key) else "\n" for key in keys]
    ends = list(accumulate(map(len, parts)))
    starts = {
        end - len(part): number for number, (end, part) in enumerate(zip(ends, parts, strict=True))
    }
    stops = {end: number for number, end in enumerate(ends)}
    text = "".join(parts)
    for entry in joined:
        at = text.find(entry)
        while at >= 0:
            first, last = starts.get(at), stops.get(at + len(entry))
            if first is not None and last is not None:
                yield tuple(places[first : last + 1])
            at = text.find(entry, at + 1)


def _has_shape(key: str, shape: tuple[str, ...]) -> bool:
    """Whether the parts of an entry between its stars stand in `key`, in this order."""
    first, *middle, last = shape
    if not (key and key.startswith(first) and key.endswith(last)):
        return False
    at, stop = len(first), len(key) - len(last)
    for part in middle:
        at = key.find(part, at, stop) + len(part)
        if at < len(part):
            return False
    return at <= stop


@lru_cache(64)
def _entries(
    entries: tuple[str, ...],
) -> tuple[dict[str, tuple[tuple[str, ...], ...]], tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Entries of spaced words by their first word, those without spaces, and those with stars."""
    spaced: dict[str, tuple[tuple[str, ...], ...]] = {}
    joined: list[str] = []
    shapes: list[tuple[str, ...]] = []
    for entry in entries:
        if "*" in entry and len(entry.split()) == 1:
            shapes.append(tuple(entry.strip().casefold().translate(_APOSTROPHES).split("*")))
            continue
        if without_spaces(entry):
            joined += filter(None, ["".join(_key(part) for part in entry.split())])
            continue
        words = tuple(filter(None, map(_key, entry.split())))
        if words:
            spaced[words[0]] = (*spaced.get(words[0], ()), words)
    return spaced, tuple(joined), tuple(shapes)


def _key(text: str) -> str:
    before, key = "", text.translate(_APOSTROPHES)
    while key != before:
        before, key = key, bare(key).strip(_MARKS)
    return key


def _plain(key: str) -> str:
    return key.removesuffix("'s")
