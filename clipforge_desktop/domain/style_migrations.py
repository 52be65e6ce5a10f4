"""How caption style files of older versions become those of today.

A chain of steps, one per version, each a pure function from the file's own dict to a new one.
A step never guesses: what it does not know it leaves for validation to name. Files live long and
travel far, also inside the database and in recipes, so no step is ever removed.
"""

from collections.abc import Callable, Mapping

STYLE_VERSION = 2

StyleFile = dict[str, object]


def _to_2(style: StyleFile) -> StyleFile:
    """`text.speaker_labels` says where names stand: it was yes or no."""
    text = style.get("text")
    if not isinstance(text, dict) or not isinstance(text.get("speaker_labels"), bool):
        return style
    place = "inline" if text["speaker_labels"] else "off"
    return {**style, "text": {**text, "speaker_labels": place}}


STEPS: Mapping[int, Callable[[StyleFile], StyleFile]] = {1: _to_2}
"""The step that leads from each older version to the next."""


def migrated(style: StyleFile) -> StyleFile:
    """`style` in today's version; the same object when it is not older, or says no version."""
    while type(version := style.get("version")) is int and version in STEPS:
        style = {**STEPS[version](style), "version": version + 1}
    return style
