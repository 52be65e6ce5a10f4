"""What JSON readers pass over in silence in a style's text: a mark before it, a key given twice.

Of two equal keys a reader takes the last, so what a person wrote first would be lost unsaid.
"""

import json
from collections.abc import Iterator

_MARK = "\ufeff"
"""Some editors write this before UTF-8 text; it is no part of the JSON."""

Place = tuple[str | int, ...]


class _Pairs(list[tuple[str, object]]):
    """An object's keys and values as they were written."""


def without_mark(text: str | bytes | bytearray) -> str | bytes | bytearray:
    """The text from its first sign on."""
    return text.removeprefix(_MARK) if isinstance(text, str) else text.removeprefix(_MARK.encode())


def written_twice(text: str | bytes | bytearray) -> Place | None:
    """Where the first key stands that its object has already, in JSON that can be read."""
    found = json.loads(text, object_pairs_hook=_Pairs, parse_int=str)
    return next(_repeated(found, ()), None)


def _repeated(value: object, place: Place) -> Iterator[Place]:
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for key, inner in value:
            if key in seen:
                yield (*place, key)
            seen.add(key)
            yield from _repeated(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _repeated(inner, (*place, number))
