"""Where every word of a transcript stands: lines broken word by word, in slices of time.

Coordinates are points from the top of the whole text. Hours of talk are laid out a few
milliseconds at a time, so that the window is never held up.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from time import perf_counter

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from clipforge_desktop.domain.transcript import Transcript

MARGIN, LINE, TIME_LINE, GAP = 16, 24, 18, 8
SLICE_S = 0.003
TIME_EVERY_S = 20.0
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "sd", "ug"})


@dataclass
class Line:
    """A line of words, or of one time when `time_s` is set. `xs` are left edges."""

    y: int
    first: int = 0
    xs: list[float] = field(default_factory=list)
    time_s: float | None = None


class WordLines:
    def __init__(self, face: QFont) -> None:
        self.metrics = QFontMetricsF(face)
        self.space = self.metrics.horizontalAdvance(" ")
        self.lines: list[Line] = []
        self._widths: dict[str, float] = {}
        self._line_of: list[int] = []
        self._texts: list[str] = []
        self._transcript: Transcript | None = None
        self._width = 0
        self._next_sentence = 0
        self._last_time_s = -1e9

    def start(self, transcript: Transcript | None, texts: list[str], width: int) -> None:
        """Lay out anew: `texts` are the words as they show, in lines of `width` points."""
        self._transcript, self._texts, self._width = transcript, texts, width
        self.lines, self._line_of = [], []
        self._next_sentence = 0
        self._last_time_s = -1e9

    def start_at(self, transcript: Transcript, texts: list[str], index: int) -> None:
        """Words read otherwise from `index` on: lay out anew from its sentence."""
        self._transcript, self._texts = transcript, texts
        number = bisect_right(transcript.sentences, index, key=lambda sentence: sentence.end)
        if number >= self._next_sentence:
            return
        first = transcript.sentences[number].first
        place = self._line_of[first]
        if place and self.lines[place - 1].time_s is not None:
            place -= 1
        del self.lines[place:], self._line_of[first:]
        self._next_sentence = number
        times = (line.time_s for line in reversed(self.lines) if line.time_s is not None)
        self._last_time_s = next(times, -1e9)

    def go_on(self) -> bool:
        """Lay out some more; True when all is done."""
        sentences = self._transcript.sentences if self._transcript is not None else ()
        until = perf_counter() + SLICE_S
        while self._next_sentence < len(sentences) and perf_counter() < until:
            sentence = sentences[self._next_sentence]
            self._next_sentence += 1
            if sentence.end > sentence.first:
                self._add_sentence(sentence.first, sentence.end)
        return self._next_sentence >= len(sentences)

    @property
    def height(self) -> int:
        """Of the whole text; estimated while it is not all laid out."""
        height = self._bottom() + MARGIN
        sentences = len(self._transcript.sentences) if self._transcript is not None else 0
        if 0 < self._next_sentence < sentences:
            height = round(height * sentences / self._next_sentence)
        return height

    def rect(self, index: int) -> QRectF:
        """Where a word stands; empty while it is not laid out."""
        if not 0 <= index < len(self._line_of):
            return QRectF()
        line = self.lines[self._line_of[index]]
        return QRectF(line.xs[index - line.first], line.y, self.width_of(index), LINE)

    def width_of(self, index: int) -> float:
        text = self._texts[index]
        width = self._widths.get(text)
        if width is None:
            width = self._widths[text] = self.metrics.horizontalAdvance(text)
        return width

    def first_line_at(self, y: int) -> int:
        """Number of the line at that height, or above it."""
        return max(bisect_right(self.lines, y, key=lambda line: line.y) - 1, 0)

    def word_at(self, x: float, y: int) -> int:
        """The word there, or -1."""
        place = self.first_line_at(y)
        if place >= len(self.lines) or not 0 <= y - self.lines[place].y <= LINE:
            return -1
        line = self.lines[place]
        for offset, left in enumerate(line.xs):
            index = line.first + offset
            if left - self.space / 2 <= x <= left + self.width_of(index) + self.space / 2:
                return index
        return -1

    def word_near(self, x: float, y: int) -> int:
        """The word of the nearest line that is nearest to `x`; -1 without words."""
        place = self.first_line_at(y)
        while place < len(self.lines) and self.lines[place].time_s is not None:
            place += 1
        if place >= len(self.lines):
            return len(self._line_of) - 1
        line = self.lines[place]
        offset = min(
            range(len(line.xs)),
            key=lambda n: abs(line.xs[n] + self.width_of(line.first + n) / 2 - x),
        )
        return line.first + offset

    def word_beside(self, index: int, by_lines: int) -> int:
        """The word below or above a word."""
        rect = self.rect(index)
        return self.word_near(rect.center().x(), round(rect.top()) + by_lines * LINE)

    def _bottom(self) -> int:
        if not self.lines:
            return 0
        last = self.lines[-1]
        return last.y + (TIME_LINE if last.time_s is not None else LINE)

    def _add_sentence(self, first: int, end: int) -> None:
        assert self._transcript is not None
        words = self._transcript.words
        y = self._bottom() + (GAP if self.lines else MARGIN - 4)
        if words[first].start_s - self._last_time_s >= TIME_EVERY_S:
            self._last_time_s = words[first].start_s
            self.lines.append(Line(y, time_s=self._last_time_s))
            y += TIME_LINE
        right = self._width - MARGIN
        line = Line(y, first)
        x = float(MARGIN)
        for index in range(first, end):
            width = self.width_of(index)
            lead = 0.0 if words[index].joined or not line.xs else self.space
            if line.xs and x + lead + width > right:
                self._close(line)
                line, x, lead = Line(line.y + LINE, index), float(MARGIN), 0.0
            line.xs.append(x + lead)
            self._line_of.extend([len(self.lines)] * (index + 1 - len(self._line_of)))
            x += lead + width
        self._close(line)

    def _close(self, line: Line) -> None:
        """Add a full line; mirrored in languages that are read from right to left."""
        if self._transcript is not None and self._transcript.language in RIGHT_TO_LEFT:
            line.xs = [
                self._width - x - self.width_of(line.first + place)
                for place, x in enumerate(line.xs)
            ]
        self.lines.append(line)
