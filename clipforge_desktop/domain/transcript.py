"""What was said: words with times, and sentences as ranges of words.

All times are source seconds. The recognition is never changed; edits are kept beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

TranscriptOrigin = Literal["whisper", "draft", "sidecar", "none"]


@dataclass(frozen=True, slots=True)  # a long talk has 10,000 an hour
class Word:
    """One word as spoken. `text` carries its punctuation and no surrounding spaces.

    `joined` is true when no space stands before it (Japanese, Chinese, Thai pieces).
    """

    start_s: float
    end_s: float
    text: str
    confidence: float | None = None
    joined: bool = False
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words `first` up to, not including, `end` of the transcript.

    `is_cut` is true when nothing but its length ended it: no mark, no pause, no line.
    """

    first: int
    end: int
    is_cut: bool = False


@dataclass(frozen=True)
class Transcript:
    """`origin` "draft" must be shown as a draft wherever the text shows."""

    language: str  # ISO 639-1, "" when there are no words
    origin: TranscriptOrigin
    engine: str  # model or file that it came from, for people to read
    words: tuple[Word, ...]
    sentences: tuple[Sentence, ...]
    notices: tuple[str, ...] = ()

    def text(self, first: int, end: int) -> str:
        """The words `first`..`end` (exclusive) as running text."""
        parts: list[str] = []
        for word in self.words[first:end]:
            if not word.text:  # corrected to nothing
                continue
            if parts and not word.joined:
                parts.append(" ")
            parts.append(word.text)
        return "".join(parts)


@dataclass(frozen=True)
class Correction:
    """Word number `word` of a transcript reads `text`; "" when it was never said."""

    word: int
    text: str


def corrected(transcript: Transcript, corrections: Sequence[Correction]) -> Transcript:
    """The transcript as a person wants it to read; times, and the numbers of words, stay."""
    if not corrections:
        return transcript
    words = list(transcript.words)
    for correction in corrections:
        if 0 <= correction.word < len(words):
            words[correction.word] = replace(words[correction.word], text=correction.text)
    return replace(transcript, words=tuple(words))
