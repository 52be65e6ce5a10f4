"""The optional judge: a language model on this machine reads the whole talk and names moments.

The talk is given as numbered sentences, in windows that fit a small model's context and
overlap, so that no moment is lost at a seam. The answer is a JSON list of sentence ranges;
small models wrap it in talk, fences or reasoning, so it is read tolerantly and checked
strictly. The prompt and this answer format are part of the product.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from string import Template

from clipforge_desktop.domain.errors import TransientError
from clipforge_desktop.moments.boundaries import Thought

WINDOW_CHARACTERS = 9000  # about 2,300 tokens: prompt and answer fit a context of 4,096
OVERLAP = 0.15
TRIES = 2
MAX_ANSWERS = 200
MAX_CHARACTERS = 200_000  # of an answer; the rest is not read
MAX_BRACKETS = 200  # tried as the beginning of the list
CATEGORY_CHARACTERS, WHY_CHARACTERS = 24, 160

Ask = Callable[[str], str]


@dataclass(frozen=True)
class Judgement:
    """Thoughts `first`..`last` (inclusive), `strength` 1 to 5."""

    first: int
    last: int
    category: str
    strength: int
    why: str


@dataclass(frozen=True)
class Window:
    """Thoughts `first`..`end` (exclusive) that are read at once."""

    first: int
    end: int


@dataclass(frozen=True)
class Question:
    """What the prompt needs to know. `every_s`: one moment for so much of the talk."""

    prompt: Template
    min_s: float
    max_s: float
    every_s: float


def windows(texts: Sequence[str]) -> tuple[Window, ...]:
    """Windows over all the thoughts, each overlapping the one before."""
    found: list[Window] = []
    first = 0
    while first < len(texts):
        end, size = first, 0
        while end < len(texts) and (end == first or size < WINDOW_CHARACTERS):
            size += len(texts[end]) + 16
            end += 1
        found.append(Window(first, end))
        if end >= len(texts):
            break
        first = max(end - max(int((end - first) * OVERLAP), 1), first + 1)
    return tuple(found)


def prompt_for(
    window: Window, thoughts: Sequence[Thought], texts: Sequence[str], question: Question
) -> str:
    """The prompt of one window; sentences keep their numbers in the whole talk, from 1."""
    lines = [
        f"{row + 1} [{_clock(thoughts[row].start_s)}] {texts[row]}"
        for row in range(window.first, window.end)
    ]
    spoken_s = thoughts[window.end - 1].end_s - thoughts[window.first].start_s
    is_whole = window.first == 0 and window.end == len(thoughts)
    return question.prompt.safe_substitute(
        extent="the whole talk" if is_whole else "a part of the talk",
        count=str(max(2, round(spoken_s / question.every_s))),
        min_s=f"{question.min_s:g}",
        max_s=f"{question.max_s:g}",
        sentences="\n".join(lines),
    )


def read_talk(
    thoughts: Sequence[Thought],
    texts: Sequence[str],
    question: Question,
    ask: Ask,
    done: Callable[[int, int], None],
) -> tuple[Judgement, ...]:
    """Everything the judge named, strongest first, each range once.

    `done` is called with (windows read, of how many) and may raise. Raises TransientError
    when a window got no usable answer in two tries.
    """
    found: dict[tuple[int, int], Judgement] = {}
    parts = windows(texts)
    for number, window in enumerate(parts):
        done(number, len(parts))
        for judgement in _read_window(window, prompt_for(window, thoughts, texts, question), ask):
            span = (judgement.first, judgement.last)
            if span not in found or judgement.strength > found[span].strength:
                found[span] = judgement
    return tuple(sorted(found.values(), key=lambda one: (-one.strength, one.first, one.last)))


def _read_window(window: Window, prompt: str, ask: Ask) -> list[Judgement]:
    for attempt in range(TRIES):
        try:
            return read_answer(ask(prompt), window)
        except TransientError:
            if attempt + 1 == TRIES:
                raise
    return []


def read_answer(answer: str, window: Window) -> list[Judgement]:
    """The valid judgements in an answer. Raises TransientError when it holds no list at all.

    An empty list is an answer. Entries outside the window or without numbers are dropped.
    """
    entries = _entries(re.sub(r"(?s)<think>.*?(</think>|$)", "", answer[:MAX_CHARACTERS]))
    if entries is None:
        raise TransientError(
            "judge-unusable",
            "The judge could not be asked: it does not answer with a list of moments.",
            "Try another model; without it the built-in ranking is used.",
        )
    judged = (_judgement(entry, window) for entry in entries[:MAX_ANSWERS])
    return [judgement for judgement in judged if judgement is not None]


def _entries(text: str) -> list[object] | None:
    """The first JSON list in the text that could be moments, else single objects in it."""
    decoder = json.JSONDecoder()
    for match in islice(re.finditer(r"[\[{]", text), MAX_BRACKETS):
        try:
            value, _ = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        for inner in [value, *(value.values() if isinstance(value, dict) else [])]:
            if isinstance(inner, list) and (not inner or isinstance(inner[0], dict)):
                return inner
    singles = list(_objects(text))  # a list that was cut off in the middle
    return singles or None


def _objects(text: str) -> Iterator[object]:
    for match in re.finditer(r"\{[^{}]*\}", text):
        try:
            value = json.loads(match.group())
        except ValueError:
            continue
        if "first" in value:
            yield value


def _judgement(entry: object, window: Window) -> Judgement | None:
    if not isinstance(entry, dict):
        return None
    first, last = _number(entry.get("first")), _number(entry.get("last"))
    if first is None or last is None or not window.first < first <= last <= window.end:
        return None
    strength = min(max(_number(entry.get("strength")) or 3, 1), 5)
    return Judgement(
        first - 1,
        last - 1,
        _line(entry.get("category"), CATEGORY_CHARACTERS).casefold() or "moment",
        strength,
        _line(entry.get("why"), WHY_CHARACTERS),
    )


def _number(value: object) -> int | None:
    """A whole number, also when written as text or with a fraction; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        return None


def _line(value: object, most: int) -> str:
    """Printable text on one line, bounded."""
    if not isinstance(value, str):
        return ""
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in value).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "\u2026"


def _clock(at_s: float) -> str:
    minutes, seconds = divmod(int(at_s), 60)
    return f"{minutes}:{seconds:02}"
