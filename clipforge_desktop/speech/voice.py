"""Where somebody speaks: Silero's voice detector over a raw audio file, in bounded memory.

The model is the one bundled in faster-whisper; it is run here by onnxruntime directly, block
by block with its state carried over, so that twelve hours of audio take no more memory than
one minute. The decision rules are a pure state machine over the model's probabilities.
"""

import importlib.util
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # it ships no types

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.source import SpeechRange

SAMPLE_RATE_HZ = 16_000
BYTES_PER_SAMPLE = 2
WINDOW_SAMPLES = 512  # fixed by the model: 32 ms at 16 kHz
WINDOW_S = WINDOW_SAMPLES / SAMPLE_RATE_HZ
_CONTEXT_SAMPLES = 64  # each window is fed with the tail of the one before it
_STATE_SHAPE = (1, 1, 128)
_WINDOWS_PER_BLOCK = 1024  # 33 s of audio, about 40 ms of work: also how often we can cancel

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class VoiceRules:
    """How probabilities become ranges. Silero's own threshold; the rest suits captions.

    A pause of `min_silence_s` ends a range, a sound under `min_speech_s` is no speech, and
    `pad_s` keeps the soft beginnings and endings of words.
    """

    start_probability: float = 0.5
    stay_probability: float = 0.35
    min_silence_s: float = 0.35
    min_speech_s: float = 0.16
    pad_s: float = 0.1


def find_speech(
    audio: Path,
    *,
    check: Callable[[], None],
    on_progress: Callable[[float], None] | None = None,
    rules: VoiceRules | None = None,
) -> tuple[SpeechRange, ...]:
    """Speech ranges (seconds, sorted, apart) of a raw s16le mono 16 kHz file.

    `check` is called between blocks of half a minute and may raise to stop; `on_progress`
    takes 0..1. An empty file has no ranges. Raises OSError when the file cannot be read.
    """
    total_samples = audio.stat().st_size // BYTES_PER_SAMPLE
    blocks = _probability_blocks(audio)

    def probabilities() -> Iterator[float]:
        done_samples = 0
        for block in blocks:
            check()
            yield from block.tolist()
            done_samples += len(block) * WINDOW_SAMPLES
            if on_progress is not None:
                on_progress(min(done_samples / max(total_samples, 1), 1.0))

    return speech_from_probabilities(
        probabilities(), total_samples / SAMPLE_RATE_HZ, rules or VoiceRules()
    )


def speech_from_probabilities(
    probabilities: Iterable[float], duration_s: float, rules: VoiceRules
) -> tuple[SpeechRange, ...]:
    """Ranges from one speech probability per 32 ms window; padded, clamped and merged."""
    padded: list[SpeechRange] = []
    for start_s, end_s in _raw_ranges(probabilities, rules):
        if end_s - start_s < rules.min_speech_s:
            continue
        start_s, end_s = max(start_s - rules.pad_s, 0.0), min(end_s + rules.pad_s, duration_s)
        if padded and start_s <= padded[-1].end_s:
            start_s = padded.pop().start_s
        if end_s > start_s:
            padded.append(SpeechRange(round(start_s, 3), round(end_s, 3)))
    return tuple(padded)


def read_samples(audio: Path, start_s: float, end_s: float) -> Floats:
    """The samples of one stretch of a raw s16le mono 16 kHz file, -1..1; short at its end."""
    first = max(round(start_s * SAMPLE_RATE_HZ), 0)
    count = max(round(end_s * SAMPLE_RATE_HZ) - first, 0)
    with audio.open("rb") as file:
        file.seek(first * BYTES_PER_SAMPLE)
        data = file.read(count * BYTES_PER_SAMPLE)
    return _to_floats(data)


def _raw_ranges(probabilities: Iterable[float], rules: VoiceRules) -> Iterator[tuple[float, float]]:
    start_s: float | None = None
    silent_since_s: float | None = None
    now_s = 0.0
    for index, probability in enumerate(probabilities):
        now_s = index * WINDOW_S
        if probability >= rules.start_probability:
            silent_since_s = None
            if start_s is None:
                start_s = now_s
        elif start_s is not None and probability < rules.stay_probability:
            if silent_since_s is None:
                silent_since_s = now_s
            elif now_s - silent_since_s >= rules.min_silence_s:
                yield start_s, silent_since_s
                start_s = silent_since_s = None
    if start_s is not None:
        yield start_s, silent_since_s if silent_since_s is not None else now_s + WINDOW_S


def _probability_blocks(audio: Path) -> Iterator[Floats]:
    """The model's speech probability of each window, a block of windows at a time."""
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        str(_model_file()), providers=["CPUExecutionProvider"], sess_options=options
    )
    hidden = np.zeros(_STATE_SHAPE, np.float32)
    cell = np.zeros(_STATE_SHAPE, np.float32)
    tail = np.zeros(_CONTEXT_SAMPLES, np.float32)
    with audio.open("rb") as file:
        while data := file.read(_WINDOWS_PER_BLOCK * WINDOW_SAMPLES * BYTES_PER_SAMPLE):
            samples = _to_floats(data)
            if not len(samples):
                return
            samples = np.pad(samples, (0, -len(samples) % WINDOW_SAMPLES))
            windows = samples.reshape(-1, WINDOW_SAMPLES)
            before = np.vstack([tail, windows[:-1, -_CONTEXT_SAMPLES:]])
            tail = windows[-1, -_CONTEXT_SAMPLES:]
            output, hidden, cell = session.run(
                None, {"input": np.hstack([before, windows]), "h": hidden, "c": cell}
            )
            yield np.asarray(output, np.float32).reshape(-1)


def _to_floats(data: bytes) -> Floats:
    whole = len(data) - len(data) % BYTES_PER_SAMPLE
    return np.frombuffer(data[:whole], "<i2").astype(np.float32) / np.float32(32768)


def _model_file() -> Path:
    """Silero's file inside faster-whisper, found without importing that package."""
    package = importlib.util.find_spec("faster_whisper")
    for folder in (package.submodule_search_locations or []) if package else []:
        for file in sorted(Path(folder, "assets").glob("silero_vad*.onnx"), reverse=True):
            return file
    raise ClipForgeError(
        "voice_model_missing",
        "The part of ClipForge that hears where people speak is missing.",
        "Install ClipForge again.",
    )
