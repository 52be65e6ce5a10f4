"""Where in a JSON text each value stands, so that a problem can be shown at its line."""

import json
import re

from clipforge_desktop.ui.editor.values import Path

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PLAIN = re.compile(r"[^\s,\]}]+")


def places(text: str) -> dict[Path, int]:
    """The offset of every value by its path; of the key, where it has one.

    Raises ValueError for what is no JSON.
    """
    json.loads(text, parse_int=str)  # numbers may be too long to count with
    found: dict[Path, int] = {}
    _value(text, _skip(text, 0), (), found)
    return found


def line_of(text: str, path: Path) -> int:
    """The line (1 is the first) of the value at `path`, or of the nearest thing around it."""
    try:
        found = places(text)
    except ValueError:
        return 1
    for length in range(len(path), -1, -1):
        if path[:length] in found:
            return text.count("\n", 0, found[path[:length]]) + 1
    return 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _string_end(text: str, at: int) -> int:
    match = _STRING.match(text, at)
    return match.end() if match else at + 1


def _value(text: str, at: int, path: Path, found: dict[Path, int]) -> int:
    """Note where the value at `at` stands and everything in it; returns where it ends."""
    found.setdefault(path, at)
    if text[at] == '"':
        return _string_end(text, at)
    if text[at] in "{[":
        return _inside(text, at, path, found)
    match = _PLAIN.match(text, at)
    return match.end() if match else at + 1


def _inside(text: str, at: int, path: Path, found: dict[Path, int]) -> int:
    """An object's or array's entries."""
    is_object, number = text[at] == "{", 0
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        key: str | int = number
        if is_object:
            start = at
            at = _string_end(text, start)
            key = str(json.loads(text[start:at]))
            found[(*path, key)] = start
            at = _skip(text, _skip(text, at) + 1)  # the colon
        at = _skip(text, _value(text, at, (*path, key), found))
        number += 1
        if text[at] == ",":
            at = _skip(text, at + 1)
    return at + 1
