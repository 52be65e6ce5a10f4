"""The built-in recogniser: pocketsphinx with its own English model, for a plainly labelled draft.

It works on every machine without a download and gives word times that are good to some
hundredths of a second; about every third word is wrong. It writes no punctuation, so its
sentences come from pauses.
"""

import re
from collections.abc import Callable

import numpy as np
from pocketsphinx import Config, Decoder

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.transcript import TranscriptOrigin, Word
from clipforge_desktop.speech.engine import LanguageGuess
from clipforge_desktop.speech.voice import SAMPLE_RATE_HZ, Floats

LANGUAGE = "en"
_FRAMES_PER_S = 100  # pocketsphinx's default frame rate
_CHUNK_SAMPLES = SAMPLE_RATE_HZ // 5  # how often a cancel is noticed
_MIN_SAMPLES = SAMPLE_RATE_HZ // 10  # an empty buffer raises IndexError; a click has no words
_PEAK = 0.5  # loudness the model likes
_MAX_GAIN = 20.0  # 26 dB; more would only lift hiss
# How hard the decoder looks. Measured on 254 s of twelve recordings against the library's own
# settings: 0.33 to 0.68 of the time, and 0.525 instead of 0.518 of the words wrong. Fewer HMMs
# (2,000) or narrower beams cost far more errors on old and noisy recordings. Without the flat
# second pass the end of an utterance takes no noticeable time.
_SEARCH = {"fwdflat": False, "maxhmmpf": 5000, "maxwpf": 20, "topn": 2}
_NO_SEARCH = {"pl_window": 0, "topn": 1, "ds": 8}
_PRONUNCIATION = re.compile(r"\(\d+\)$")  # "read(2)"


class DraftRecogniser:
    """pocketsphinx behind the `Recogniser` Protocol. English only."""

    def __init__(self) -> None:
        try:
            self._decoder = Decoder(Config(loglevel="FATAL", **_SEARCH))
            # A search for one short word, made as cheap as it gets: it only measures the sound.
            self._listener = Decoder(
                Config(loglevel="FATAL", lm=None, keyphrase="oh", kws_plp=0.1, **_NO_SEARCH)
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ClipForgeError(
                "draft_broken",
                "The built-in draft recogniser could not start.",
                "Install ClipForge again, or install a Whisper model.",
            ) from error

    @property
    def name(self) -> str:
        return "Draft (pocketsphinx, English)"

    @property
    def origin(self) -> TranscriptOrigin:
        return "draft"

    @property
    def max_unit_s(self) -> float:
        return 10.0

    def guess_language(self, samples: Floats) -> LanguageGuess:
        """Always English: there is no other model."""
        return LanguageGuess({LANGUAGE: 1.0})

    def transcribe(
        self, samples: Floats, start_s: float, language: str, check: Callable[[], None]
    ) -> tuple[Word, ...]:
        """The words of one range; see `Recogniser.transcribe`."""
        if len(samples) < _MIN_SAMPLES:
            return ()
        sound = _leveled(samples)
        self._decoder.start_utt()
        try:
            self._decoder.set_cmn(self._cepstral_mean(sound))
            for first in range(0, len(sound), _CHUNK_SAMPLES):
                check()
                chunk = sound[first : first + _CHUNK_SAMPLES].tobytes()
                self._decoder.process_raw(chunk, False, False)
        finally:
            self._decoder.end_utt()
        return self._words(start_s, len(samples) / SAMPLE_RATE_HZ)

    def _cepstral_mean(self, sound: np.ndarray[tuple[int], np.dtype[np.int16]]) -> str:
        """The range's own cepstral mean, so that it needn't be guessed from the first seconds.

        pocketsphinx would only use it when given the whole range in one call that can't be
        cancelled. Measured on an old recording: 18 % of the words wrong with it, 95 % without.
        """
        self._listener.start_utt()
        self._listener.process_raw(sound.tobytes(), True, True)
        mean: str = self._listener.get_cmn(False)
        self._listener.end_utt()
        return mean

    def _words(self, start_s: float, duration_s: float) -> tuple[Word, ...]:
        words: list[Word] = []
        for segment in self._decoder.seg() or ():
            if segment.word.startswith(("<", "[", "+")):
                continue  # <sil>, [NOISE], ++BREATH++
            text = _PRONUNCIATION.sub("", segment.word)
            first_s = segment.start_frame / _FRAMES_PER_S
            end_s = min((segment.end_frame + 1) / _FRAMES_PER_S, duration_s)
            confidence = min(max(float(segment.prob), 0.0), 1.0)
            words.append(
                Word(start_s + first_s, start_s + end_s, _cased(text), round(confidence, 3))
            )
        return tuple(words)


def _leveled(samples: Floats) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """16-bit samples at the loudness the model was trained on."""
    peak = float(np.percentile(np.abs(samples), 99.9))
    gain = min(_PEAK / peak, _MAX_GAIN) if peak > 0 else 1.0
    leveled: np.ndarray[tuple[int], np.dtype[np.int16]] = (
        np.clip(samples * gain, -1.0, 1.0) * 32767
    ).astype(np.int16)
    return leveled


def _cased(text: str) -> str:
    """The dictionary knows only small letters."""
    if text == "i" or text.startswith("i'"):
        return "I" + text[1:]
    return text
