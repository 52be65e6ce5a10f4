"""What every transcript file becomes first: cues, and the limits that hostile files meet.

A cue is a stretch of text with a start and an end; its words have their own times only when
the file knew them. Bad cues are left out and counted, with the place of the first one named.
"""

import math
from dataclasses import dataclass, field

from clipforge_desktop.domain.errors import InputError

MAX_FILE_BYTES = 50_000_000
MAX_CUES = 100_000  # twelve hours hold about 30,000
MAX_CUE_LETTERS = 10_000
MAX_CUE_WORDS = 4_000
MAX_TIME_S = 100 * 3600.0


@dataclass(frozen=True)
class TimedText:
    """A word of a cue with the times the file gave it."""

    text: str
    start_s: float
    end_s: float
    confidence: float | None = None


@dataclass(frozen=True)
class Cue:
    """Text from `start_s` to `end_s`; `words` is empty when the file has no word times."""

    start_s: float
    end_s: float
    text: str
    speaker: str = ""
    words: tuple[TimedText, ...] = ()


@dataclass
class CueList:
    """Cues as they are read. `take` refuses what can't be used and remembers the first."""

    cues: list[Cue] = field(default_factory=list)
    language: str = ""
    bad: int = 0
    first_bad: str = ""
    assumed_encoding: str = ""

    def take(self, cue: Cue, place: str) -> None:
        """Adds a cue; `place` ("line 12", "segment 3") is named when it can't be taken."""
        if len(self.cues) + self.bad >= MAX_CUES:
            raise InputError(
                "transcript_too_long",
                f"The transcript has more than {MAX_CUES:,} cues; {place} is one too many.",
                "Choose a transcript of one video.",
            )
        if not cue.text.strip():
            return
        fault = _fault(cue)
        if fault:
            self.refuse(f"{place}: {fault}")
        else:
            self.cues.append(cue)

    def refuse(self, fault: str) -> None:
        """Counts a cue that can't be used."""
        self.bad += 1
        self.first_bad = self.first_bad or fault

    def notices(self) -> tuple[str, ...]:
        """A sentence about the encoding if it was guessed, and one about what was left out."""
        told: list[str] = []
        if self.assumed_encoding:
            told.append(
                f"The transcript is not saved as UTF-8; {self.assumed_encoding} was assumed. "
                "If its letters look wrong, save it as UTF-8 and add the video again."
            )
        if self.bad:
            cues = "One cue" if self.bad == 1 else f"{self.bad:,} cues"
            told.append(f"{cues} of the transcript could not be used ({self.first_bad}).")
        return tuple(told)


def _fault(cue: Cue) -> str:
    if not (math.isfinite(cue.start_s) and math.isfinite(cue.end_s)):
        return "its time is not a number"
    if cue.start_s < 0 or cue.end_s < 0:
        return "its time is negative"
    if cue.end_s < cue.start_s:
        return "it ends before it begins"
    if cue.end_s > MAX_TIME_S:
        return "its time is beyond any video"
    if len(cue.text) > MAX_CUE_LETTERS:
        return f"its text is longer than {MAX_CUE_LETTERS:,} letters"
    if len(cue.words) > MAX_CUE_WORDS:
        return f"it has more than {MAX_CUE_WORDS:,} words"
    return ""
