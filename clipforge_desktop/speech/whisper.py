"""Whisper by faster-whisper: any CTranslate2 Whisper folder behind the `Recogniser` Protocol.

Each range is given by itself, so memory stays that of one range. What the model says is
passed on as it is; `repair` sets it right. This is the only file that imports faster-whisper.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from faster_whisper import WhisperModel
from faster_whisper.transcribe import Segment

from clipforge_desktop.domain.errors import CancelledError, ClipForgeError
from clipforge_desktop.domain.transcript import TranscriptOrigin, Word
from clipforge_desktop.speech.device import Device
from clipforge_desktop.speech.engine import LanguageGuess
from clipforge_desktop.speech.script import is_spaceless
from clipforge_desktop.speech.voice import SAMPLE_RATE_HZ, Floats
from clipforge_desktop.speech.watched import run_watched

_MAX_UNIT_S = 30.0  # what Whisper hears at once
_MIN_SAMPLES = SAMPLE_RATE_HZ // 10
# Whisper's own thresholds; a range that fails them at every temperature has no words.
_TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_CUT_OFF_TOKENS = 224  # half of the decoder's length: more than 30 s can hold


class WhisperRecogniser:
    """One loaded model. Raises ClipForgeError `whisper_model_unusable` when it won't load."""

    def __init__(self, folder: Path, name: str, device: Device) -> None:
        self._name = name
        try:
            self._model = WhisperModel(
                str(folder),
                device=device.kind,
                compute_type=device.compute_type,
                cpu_threads=device.threads,
                local_files_only=True,
            )
        except Exception as error:  # tokenizers raises bare Exception for a bad tokenizer.json
            raise ClipForgeError(
                "whisper_model_unusable",
                f"The Whisper model in {folder} could not be loaded: {_first_line(error)}",
                "Install the model again, or choose another one.",
            ) from error

    @property
    def name(self) -> str:
        return f"Whisper {self._name}"

    @property
    def origin(self) -> TranscriptOrigin:
        return "whisper"

    @property
    def max_unit_s(self) -> float:
        return _MAX_UNIT_S

    @property
    def languages(self) -> frozenset[str]:
        """Codes of the languages that the model was made for."""
        return frozenset(self._model.supported_languages)

    def guess_language(self, samples: Floats) -> LanguageGuess:
        """Probabilities of all languages the model knows, from the first 30 s of `samples`."""
        if not self._model.model.is_multilingual:
            return LanguageGuess({"en": 1.0})
        _, _, all_probabilities = self._model.detect_language(audio=samples)
        return LanguageGuess({code: float(value) for code, value in all_probabilities})

    def transcribe(
        self, samples: Floats, start_s: float, language: str, check: Callable[[], None]
    ) -> tuple[Word, ...]:
        """The words of one range; see `Recogniser.transcribe`.

        The library can't be interrupted inside a window, so it works in a thread that is left
        behind at a cancel and stops by itself after its window.
        """
        check()
        if len(samples) < _MIN_SAMPLES:
            return ()
        words = run_watched(lambda stop: self._hear(samples, language, stop), check)
        return tuple(_moved(word, start_s) for word in words)

    def _hear(self, samples: Floats, language: str, stop: Callable[[], bool]) -> tuple[Word, ...]:
        try:
            segments, _ = self._model.transcribe(
                samples,
                language=language,
                word_timestamps=True,
                condition_on_previous_text=False,  # ranges stand alone; also fewer loops
                vad_filter=False,  # the ranges are speech already
                temperature=_TEMPERATURES,
                max_new_tokens=_CUT_OFF_TOKENS,
            )
            return tuple(_words(segments, stop))
        except (RuntimeError, ValueError, IndexError, MemoryError) as error:
            raise ClipForgeError(
                "whisper_failed",
                f"Whisper stopped with an error: {_first_line(error)}",
                "Try a smaller model, or install this one again.",
            ) from error


def _words(segments: Iterable[Segment], stop: Callable[[], bool]) -> list[Word]:
    words: list[Word] = []
    for segment in segments:
        if stop():
            raise CancelledError
        for heard in segment.words or ():
            text = heard.word.strip()
            if not text:
                continue
            joined = not heard.word[0].isspace() and is_spaceless(text[0])
            confidence = round(float(heard.probability), 3)
            words.append(Word(float(heard.start), float(heard.end), text, confidence, joined))
    return words


def _moved(word: Word, by_s: float) -> Word:
    return Word(word.start_s + by_s, word.end_s + by_s, word.text, word.confidence, word.joined)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
