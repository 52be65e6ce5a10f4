"""The voices: espeak-ng through its own library, which tells when each word and sound begins.

Sound is mono float32 at `RATE_HZ`. Times are seconds from the start of the talk.
"""

import ctypes
import ctypes.util
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.sample_talk.script import Line, Speaker

RATE_HZ = 22050
LEAD_IN_S = 0.5
VOICES = {Speaker.HOST: ("en-us+edward", 168, 46), Speaker.GUEST: ("en-us+f2", 166, 52)}

_WORD, _PHONEME = 1, 7
_SYNCHRONOUS, _PHONEME_EVENTS = 2, 1
_RATE, _PITCH = 1, 3
_UTF8 = 1


class _EventName(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventName),
    )


@dataclass(frozen=True)
class Spoken:
    """A line with its place in the talk, the start of each word, and its sounds."""

    line: Line
    start_s: float
    end_s: float
    words: tuple[tuple[float, str], ...]
    phonemes: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Speech:
    sound: NDArray[np.float32]
    spoken: tuple[Spoken, ...]
    duration_s: float


class _Synthesizer:
    def __init__(self) -> None:
        name = ctypes.util.find_library("espeak-ng")
        if name is None:
            raise SystemExit("This needs espeak-ng: apt-get install espeak-ng")
        self._library = ctypes.CDLL(name)
        if self._library.espeak_Initialize(_SYNCHRONOUS, 100, None, _PHONEME_EVENTS) != RATE_HZ:
            raise SystemExit("espeak-ng speaks at an unexpected sample rate.")
        kind = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
        )
        self._callback = kind(self._take)
        self._library.espeak_SetSynthCallback(self._callback)
        self._blocks: list[NDArray[np.int16]] = []
        self._events: list[tuple[int, float, int, int, str]] = []

    def _take(self, sound: "ctypes._Pointer[ctypes.c_short]", count: int, events: object) -> int:
        if sound and count:
            self._blocks.append(np.ctypeslib.as_array(sound, shape=(count,)).astype(np.int16))
        index = 0
        while events[index].type:  # type: ignore[index]  # a C array ended by type 0
            event = events[index]  # type: ignore[index]
            name = event.id.string.decode("utf-8", "replace") if event.type == _PHONEME else ""
            self._events.append(
                (event.type, event.audio_position / 1000, event.text_position, event.length, name)
            )
            index += 1
        return 0

    def speak(
        self, line: Line
    ) -> tuple[NDArray[np.float32], list[tuple[float, str]], list[tuple[float, str]]]:
        """Sound, (start of word, word) pairs and (start of sound, sound) pairs of one line."""
        voice, words_a_minute, pitch = VOICES[line.speaker]
        self._library.espeak_SetVoiceByName(voice.encode())
        self._library.espeak_SetParameter(_RATE, words_a_minute, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        self._blocks, self._events = [], []
        data = line.text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, 1, 0, _UTF8, None, None)
        starts = [(at, place - 1) for kind, at, place, _, _ in self._events if kind == _WORD]
        phonemes = [(at, name) for kind, at, _, _, name in self._events if kind == _PHONEME]
        sound = np.concatenate(self._blocks).astype(np.float32) / 32768
        return sound, _words(line.text, starts), phonemes


def _words(text: str, starts: list[tuple[float, int]]) -> list[tuple[float, str]]:
    """The text split at spaces, each word with the start of the event that lies in it."""
    found: list[tuple[float, str]] = []
    place = 0
    for word in text.split():
        place = text.index(word, place)
        inside = [at for at, where in starts if place <= where < place + len(word)]
        found.append((inside[0] if inside else (found[-1][0] if found else 0.0), word))
        place += len(word)
    return found


def _trimmed_end(sound: NDArray[np.float32]) -> int:
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    return int(loud[-1]) + 1 + RATE_HZ // 50 if loud.size else len(sound)


def speak_all(lines: tuple[Line, ...]) -> Speech:
    """The whole talk, spoken line after line with its pauses."""
    synthesizer = _Synthesizer()
    blocks = [np.zeros(round(LEAD_IN_S * RATE_HZ), np.float32)]
    spoken: list[Spoken] = []
    samples = len(blocks[0])
    for line in lines:
        sound, words, phonemes = synthesizer.speak(line)
        sound = sound[: _trimmed_end(sound)]
        start_s = samples / RATE_HZ
        spoken.append(
            Spoken(
                line,
                start_s,
                start_s + len(sound) / RATE_HZ,
                tuple((start_s + at, word) for at, word in words),
                tuple((start_s + at, name) for at, name in phonemes),
            )
        )
        pause = np.zeros(round(line.pause_s * RATE_HZ), np.float32)
        blocks += [sound, pause]
        samples += len(sound) + len(pause)
    return Speech(np.concatenate(blocks), tuple(spoken), samples / RATE_HZ)
