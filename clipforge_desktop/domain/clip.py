"""A clip is an ordered list of pieces of source time, and the one map between the two clocks.

Captions, framing, subtitles and the render all go through `TimeMap`, so a piece that is cut
out takes its words, its crop and its sound with it.
"""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Word


@dataclass(frozen=True)
class Piece:
    """Source time from `start_s` up to `end_s`."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s


class TimeMap:
    """Between source seconds and clip seconds, for one ordered list of pieces."""

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        if not pieces or any(piece.duration_s <= 0 for piece in pieces):
            raise ValueError("a clip needs pieces of positive length")
        self.pieces = pieces
        self._starts_s = (0.0, *accumulate(piece.duration_s for piece in pieces))

    @property
    def duration_s(self) -> float:
        return self._starts_s[-1]

    def to_source_s(self, clip_s: float) -> float:
        """Source time shown at `clip_s`; clamped to the clip."""
        index = min(max(bisect_right(self._starts_s, clip_s) - 1, 0), len(self.pieces) - 1)
        piece = self.pieces[index]
        return min(max(piece.start_s + clip_s - self._starts_s[index], piece.start_s), piece.end_s)

    def to_clip_s(self, source_s: float) -> float | None:
        """Clip time at which `source_s` is first shown, or None when it is cut out."""
        for piece, start_s in zip(self.pieces, self._starts_s, strict=False):
            if piece.start_s <= source_s < piece.end_s:
                return start_s + source_s - piece.start_s
        if source_s == self.pieces[-1].end_s:
            return self.duration_s
        return None

    def words(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words whose middle is heard in the clip, on the clip's clock, in clip order."""
        heard: list[Word] = []
        for piece, start_s in zip(self.pieces, self._starts_s, strict=False):
            for word in words:
                middle_s = (word.start_s + word.end_s) / 2
                if piece.start_s <= middle_s < piece.end_s:
                    begin_s = max(word.start_s, piece.start_s) - piece.start_s + start_s
                    finish_s = min(word.end_s, piece.end_s) - piece.start_s + start_s
                    heard.append(
                        Word(
                            begin_s, finish_s, word.text, word.confidence, word.joined, word.speaker
                        )
                    )
        return tuple(heard)

    def speech(self, ranges: tuple[SpeechRange, ...]) -> tuple[Piece, ...]:
        """Where somebody speaks on the clip's clock, in order; ranges that touch become one."""
        heard: list[Piece] = []
        for piece, at_s in zip(self.pieces, self._starts_s, strict=False):
            for spoken in sorted(ranges, key=lambda one: one.start_s):
                start_s = max(spoken.start_s, piece.start_s) - piece.start_s + at_s
                end_s = min(spoken.end_s, piece.end_s) - piece.start_s + at_s
                if heard and start_s <= heard[-1].end_s + 1e-6 and end_s > start_s:
                    heard[-1] = Piece(heard[-1].start_s, max(heard[-1].end_s, end_s))
                elif end_s > start_s:
                    heard.append(Piece(start_s, end_s))
        return tuple(heard)

    def cuts_s(self) -> tuple[float, ...]:
        """Clip times at which one piece ends and the next begins."""
        return self._starts_s[1:-1]


@dataclass(frozen=True)
class Spoken:
    """Words on the source's clock, and the `pieces` of it that subtitles are for.

    `size_px` is the picture that they are placed on.
    """

    words: tuple[Word, ...]
    pieces: tuple[Piece, ...]
    language: str
    size_px: tuple[int, int]


@dataclass(frozen=True)
class ScorePart:
    """One part of a score: `value` 0 to 1, drawn as a bar and labelled for people."""

    name: str  # "Hook", "Complete thought", "Energy", "Topic held"
    value: float


@dataclass(frozen=True)
class FoundClip:
    """A suggestion of the finder. `score` is 0 to 100 within its source."""

    pieces: tuple[Piece, ...]
    score: int
    category: str  # "story", "surprising claim", "mistake", ...
    reasons: tuple[ScorePart, ...]
    advice: str  # one sentence: why it is here and what would raise it
    title: str
    is_on_shelf: bool  # the best 6 to 12 an hour; the rest is one click away

    @property
    def key(self) -> str:
        """Stable name of this cut: equal pieces, equal key."""
        text = ";".join(f"{piece.start_s:.3f}-{piece.end_s:.3f}" for piece in self.pieces)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
