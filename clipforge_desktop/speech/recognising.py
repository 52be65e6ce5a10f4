"""Takes a whole video through a recogniser, one unit at a time, and keeps each finished unit.

Only one unit of sound is ever in memory. A unit that was kept by an earlier, killed run is not
heard again. Pure but for the samples it reads and the `Shelf` it is given.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.domain.wire import decode, encode
from clipforge_desktop.speech.engine import LanguageGuess, Recogniser, Unit
from clipforge_desktop.speech.placing import ReadSamples
from clipforge_desktop.speech.ranges import pack
from clipforge_desktop.speech.repair import in_order, repair
from clipforge_desktop.speech.voice import SAMPLE_RATE_HZ, Floats
from clipforge_desktop.speech.watched import run_watched

_LANGUAGE_UNITS = 5
_LANGUAGE_S = 30.0
_QUIET_S = 0.05


class Shelf(Protocol):
    """Where finished units are kept: a `StageContext`, as far as it matters here."""

    def save_checkpoint(self, unit: str, payload: str) -> None: ...

    def load_checkpoints(self) -> dict[str, str]: ...

    def check(self) -> None: ...


@dataclass(frozen=True)
class _HeardUnit:
    """What is kept of a unit: the recogniser's words as they came."""

    words: tuple[Word, ...]


@dataclass(frozen=True)
class Sound:
    """The sound of a video on disk: how long it is, where speech is, and its samples."""

    duration_s: float
    speech: tuple[SpeechRange, ...]
    read: ReadSamples


@dataclass(frozen=True)
class Step:
    """One finished unit. `is_kept` when it came from an earlier run."""

    unit: Unit
    index: int
    count: int
    is_kept: bool


def recognise(
    sound: Sound,
    recogniser: Recogniser,
    language: str,
    shelf: Shelf,
    on_step: Callable[[Step], None],
) -> tuple[str, tuple[Word, ...]]:
    """(language code, words) of the whole sound; `language` may be "auto".

    Raises what the recogniser and `shelf.check` raise; finished units are kept even then.
    """
    units = pack(
        sound.speech,
        sound.duration_s,
        recogniser.max_unit_s,
        lambda low_s, high_s: quietest_at(sound.read, low_s, high_s),
    )
    kept = shelf.load_checkpoints()
    code = language if language != "auto" else _language(sound, recogniser, units, shelf, kept)
    words: list[Word] = []
    for index, unit in enumerate(units):
        shelf.check()
        key = f"{recogniser.name}|{code}|{index}|{unit.start_s:.3f}-{unit.end_s:.3f}"
        payload = kept.get(key)
        if payload is None:
            samples = sound.read(unit.start_s, unit.end_s)
            heard = recogniser.transcribe(samples, unit.start_s, code, shelf.check)
            shelf.save_checkpoint(key, encode(_HeardUnit(heard)))
        else:
            heard = decode(_HeardUnit, payload).words
        words += repair(heard, tuple(_clipped(sound.speech, unit)), sound.duration_s)
        on_step(Step(unit, index, len(units), payload is not None))
    return code, in_order(words, sound.duration_s)


def quietest_at(read: ReadSamples, low_s: float, high_s: float) -> float:
    """The middle of the quietest twentieth of a second between two times."""
    samples = read(low_s, high_s).astype(np.float64)
    step = round(_QUIET_S * SAMPLE_RATE_HZ)
    count = len(samples) // step
    if count == 0:
        return (low_s + high_s) / 2
    energy = np.mean(samples[: count * step].reshape(count, step) ** 2, axis=1)
    return low_s + (int(np.argmin(energy)) + 0.5) * _QUIET_S


def _language(
    sound: Sound,
    recogniser: Recogniser,
    units: Sequence[Unit],
    shelf: Shelf,
    kept: dict[str, str],
) -> str:
    """The likeliest language over units spread through the whole video."""
    key = f"{recogniser.name}|language"
    if key in kept:
        return str(json.loads(kept[key]))
    totals: dict[str, float] = {}
    for index in sorted({round(i) for i in np.linspace(0, len(units) - 1, _LANGUAGE_UNITS)}):
        unit = units[index]
        samples = sound.read(unit.start_s, min(unit.end_s, unit.start_s + _LANGUAGE_S))
        guess = run_watched(partial(_guess, recogniser, samples), shelf.check)
        for code, probability in guess.probabilities.items():
            totals[code] = totals.get(code, 0.0) + probability * unit.duration_s
    best = max(totals, key=lambda code: totals[code])
    shelf.save_checkpoint(key, json.dumps(best))
    return best


def _guess(recogniser: Recogniser, samples: Floats, stop: Callable[[], bool]) -> LanguageGuess:
    return recogniser.guess_language(samples)


def _clipped(speech: Sequence[SpeechRange], unit: Unit) -> Iterator[SpeechRange]:
    for spoken in speech:
        start_s, end_s = max(spoken.start_s, unit.start_s), min(spoken.end_s, unit.end_s)
        if end_s > start_s:
            yield SpeechRange(start_s, end_s)
