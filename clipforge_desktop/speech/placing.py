"""Gives the words of a cue their times: by where the sound in the cue is, or by letters.

A subtitle says when a line is shown, not when each word is heard. Inside the cue the words are
spread over the time in which somebody speaks, longer words longer, and the borders between
them are moved to the nearest dip in loudness. Pure but for reading the samples.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.speech.cues import Cue, TimedText
from clipforge_desktop.speech.script import LONGEST_PIECE, is_spaceless, split_text
from clipforge_desktop.speech.voice import SAMPLE_RATE_HZ, Floats

STEP_S = 0.01
_STEP_SAMPLES = round(SAMPLE_RATE_HZ * STEP_S)
_SNAP_S = 0.08  # how far a border may move to a dip
_FLOOR_DB = 18.0  # below the loud parts of the cue it is a pause
_SILENT_WEIGHT = 0.02  # pauses get hardly any of the words' time
_WORD_S = 0.45  # a cue of no length is given this much per word

ReadSamples = Callable[[float, float], Floats]
Weights = npt.NDArray[np.float64]


def place_words(
    cue: Cue,
    end_s: float,
    speech: Sequence[SpeechRange] = (),
    samples: ReadSamples | None = None,
) -> tuple[Word, ...]:
    """The words of `cue`, timed inside it. `end_s` is where the next cue or the video begins.

    Word times that the file knew are kept; words without are placed between their neighbours.
    """
    pieces = _pieces(cue)
    if not pieces:
        return ()
    stop_s = cue.end_s if cue.end_s > cue.start_s else cue.start_s + _WORD_S * len(pieces)
    stop_s = max(min(stop_s, end_s), cue.start_s + 0.001 * len(pieces))
    words: list[Word] = []
    for run, low_s, high_s in _runs(pieces, cue.start_s, stop_s):
        weights = _weights(low_s, high_s, speech, samples)
        borders_s = _borders(run, low_s, high_s, weights)
        for (item, joined), begin_s, finish_s in zip(
            run, borders_s[:-1], borders_s[1:], strict=True
        ):
            words.append(
                Word(begin_s, finish_s, item.text.strip(), item.confidence, joined, cue.speaker)
            )
    return tuple(words)


_Piece = tuple[TimedText, bool]  # text (with its times or NaN), joined to the piece before


def _pieces(cue: Cue) -> list[_Piece]:
    if not cue.words:
        return [(TimedText(t, math.nan, math.nan), joined) for t, joined in split_text(cue.text)]
    pieces: list[_Piece] = []
    for word in cue.words:
        parts = list(split_text(word.text))
        if len(word.text.strip()) <= LONGEST_PIECE and " " not in word.text.strip():
            parts = [(word.text.strip(), False)]  # short enough to be lit at once, as it was timed
        letters = sum(len(text) for text, _ in parts)
        length_s = word.end_s - word.start_s
        at_s = word.start_s
        for number, (text, joined) in enumerate(parts):
            share_s = length_s * len(text) / letters
            is_joined = joined or (number == 0 and _touches(pieces, word))
            pieces.append((TimedText(text, at_s, at_s + share_s, word.confidence), is_joined))
            at_s += share_s
    return pieces


def _touches(pieces: Sequence[_Piece], word: TimedText) -> bool:
    """True when `word` follows the last of `pieces` without a space, in a script that has none."""
    if not pieces or word.text[0].isspace():
        return False
    return is_spaceless(word.text[0]) or is_spaceless(pieces[-1][0].text[-1])


def _is_timed(item: TimedText) -> bool:
    return math.isfinite(item.start_s) and math.isfinite(item.end_s) and item.end_s > item.start_s


def _runs(
    pieces: Sequence[_Piece], low_s: float, high_s: float
) -> list[tuple[list[_Piece], float, float]]:
    """Timed pieces one by one, and untimed ones together, each with its stretch of time."""
    runs: list[tuple[list[_Piece], float, float]] = []
    waiting: list[_Piece] = []
    at_s = low_s
    for piece in pieces:
        item = piece[0]
        if not _is_timed(item):
            waiting.append(piece)
            continue
        start_s = min(max(item.start_s, at_s), high_s)
        if waiting:
            runs.append((waiting, at_s, max(start_s, at_s)))
            waiting = []
        at_s = min(max(item.end_s, start_s), high_s)
        runs.append(([piece], start_s, at_s))
    if waiting:
        runs.append((waiting, at_s, high_s))
    return runs


def _weights(
    low_s: float, high_s: float, speech: Sequence[SpeechRange], samples: ReadSamples | None
) -> Weights:
    """How much of the words' time each 10 ms step of the stretch deserves; never all zero."""
    count = max(round((high_s - low_s) / STEP_S), 1)
    weights = np.full(count, 1.0)
    if speech:
        times_s = low_s + (np.arange(count) + 0.5) * STEP_S
        is_heard = np.zeros(count, bool)
        for spoken in speech:
            is_heard |= (times_s >= spoken.start_s) & (times_s < spoken.end_s)
        if is_heard.any():
            weights[~is_heard] = _SILENT_WEIGHT
    if samples is not None:
        loudness = _loudness_db(samples(low_s, high_s), count)
        weights[loudness < np.percentile(loudness, 95) - _FLOOR_DB] = _SILENT_WEIGHT
        # A slight dip is enough to break a tie between borders.
        weights *= 1.0 + 0.02 * (loudness - loudness.mean())
    return weights.clip(min=_SILENT_WEIGHT)


def _loudness_db(samples: Floats, count: int) -> Weights:
    needed = count * _STEP_SAMPLES
    padded = np.pad(samples[:needed].astype(np.float64), (0, max(needed - len(samples), 0)))
    energy = np.mean(padded.reshape(count, _STEP_SAMPLES) ** 2, axis=1)
    return np.asarray(10 * np.log10(energy + 1e-8), np.float64)


def _borders(run: Sequence[_Piece], low_s: float, high_s: float, weights: Weights) -> list[float]:
    """The times between the words of a run: its start, the borders, its end."""
    letters = np.cumsum([len(item.text) + 1.5 for item, _ in run])
    if len(run) == 1 and _is_timed(run[0][0]):
        return [low_s, high_s]
    total = np.cumsum(weights)
    first = int(np.argmax(weights > _SILENT_WEIGHT))
    last = len(weights) - int(np.argmax(weights[::-1] > _SILENT_WEIGHT))
    marks = np.searchsorted(total, letters[:-1] / letters[-1] * total[-1])
    borders = [_snapped(int(mark), weights) for mark in marks]
    steps = np.maximum.accumulate([first, *borders, max(last, first)])
    scale_s = (high_s - low_s) / len(weights)
    return [low_s + float(step) * scale_s for step in steps]


def _snapped(mark: int, weights: Weights) -> int:
    reach = round(_SNAP_S / STEP_S)
    low, high = max(mark - reach, 0), min(mark + reach + 1, len(weights))
    nearness = np.abs(np.arange(low, high) - mark) * 0.02
    return low + int(np.argmin(weights[low:high] + nearness)) if high > low else mark
