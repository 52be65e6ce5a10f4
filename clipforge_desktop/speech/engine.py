"""The narrow door to a recogniser: one range of audio in, words with source times out.

Whisper and the built-in draft stand behind the same Protocol, so the stage does not know
which of them it drives. Raw words are what the engine said; `repair` makes them usable.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from clipforge_desktop.domain.transcript import TranscriptOrigin, Word
from clipforge_desktop.speech.voice import Floats


@dataclass(frozen=True)
class Unit:
    """A stretch of source time that is recognised, checkpointed and repeated as one."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


@dataclass(frozen=True)
class LanguageGuess:
    """Probabilities (0..1) by ISO 639-1 code, as one range of audio suggests them."""

    probabilities: dict[str, float]


class Recogniser(Protocol):
    """Turns sound into words. One instance serves one stage, from one thread at a time."""

    @property
    def name(self) -> str:
        """What people read, e.g. "Whisper small"; also keeps checkpoints of engines apart."""

    @property
    def origin(self) -> TranscriptOrigin: ...

    @property
    def max_unit_s(self) -> float:
        """The longest range it should be given at once."""

    def guess_language(self, samples: Floats) -> LanguageGuess:
        """How likely each language is in `samples` (16 kHz mono, -1..1)."""

    def transcribe(
        self, samples: Floats, start_s: float, language: str, check: Callable[[], None]
    ) -> tuple[Word, ...]:
        """The words of one range that begins at source time `start_s`.

        `language` is an ISO 639-1 code. `check` is called as often as the engine allows and
        may raise to stop. Raises ClipForgeError when the engine itself fails.
        """
