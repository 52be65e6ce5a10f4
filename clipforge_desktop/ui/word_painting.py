"""Paints the visible words of a transcript: the active one lit, others marked by what became of
them: selected, outside of the clip, cut out, corrected, or not surely recognised.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.transcript import Transcript, Word
from clipforge_desktop.ui import painting, phrases
from clipforge_desktop.ui.theme import Theme, font
from clipforge_desktop.ui.word_lines import LINE, MARGIN, Line, WordLines

UNSURE_BELOW, UNSURE_DRAFT_BELOW = 0.5, 0.3
"""Confidences; a draft rates nearly half of its words below 0.5, and a third of them are wrong."""


@dataclass
class Marks:
    """What is to be seen on the words, by their numbers.

    `pauses` are words after which a pause is cut; `end` of the selection is exclusive.
    """

    active: int = -1
    selected: tuple[int, int] = (0, 0)
    pieces: tuple[Piece, ...] = ()
    struck: frozenset[int] = frozenset()
    pauses: frozenset[int] = frozenset()
    corrected: frozenset[int] = frozenset()
    unsure_below: float = UNSURE_BELOW

    def is_heard(self, start_s: float, end_s: float) -> bool:
        middle_s = (start_s + end_s) / 2
        return not self.pieces or any(p.start_s <= middle_s < p.end_s for p in self.pieces)


def tip(marks: Marks, index: int, heard: Word) -> str:
    """What the mark on a word means."""
    if index in marks.struck:
        return "Cut out of the clip. Click it to bring it back."
    if index in marks.corrected:
        return f"Recognised as: {heard.text}"
    is_unsure = heard.confidence is not None and heard.confidence < marks.unsure_below
    return "Not surely recognised. Double-click to correct it." if is_unsure else ""


class WordPainting:
    def __init__(self, theme: Theme, lines: WordLines) -> None:
        self._theme = theme
        self._lines = lines
        self._face = font(14)

    def paint(
        self, painter: QPainter, transcript: Transcript, texts: list[str], marks: Marks,
        top: int, height: int,
    ) -> None:  # fmt: skip
        """The lines from `top` on, `height` points of them, at the top of the painter."""
        for line in self._lines.lines[self._lines.first_line_at(top) :]:
            if line.y > top + height:
                break
            if line.time_s is not None:
                painter.setFont(font(12))
                painter.setPen(self._theme.color("muted"))
                painter.drawText(MARGIN, line.y - top + 13, phrases.clock(line.time_s))
            else:
                self._paint_line(painter, transcript, texts, marks, line, line.y - top)

    def _paint_line(
        self, painter: QPainter, transcript: Transcript, texts: list[str], marks: Marks,
        line: Line, y: int,
    ) -> None:  # fmt: skip
        metrics = self._lines.metrics
        baseline = y + (LINE - metrics.height()) / 2 + metrics.ascent()
        rects = [
            QRectF(x, y, self._lines.width_of(line.first + offset), LINE)
            for offset, x in enumerate(line.xs)
        ]
        first, end = marks.selected
        chosen = rects[max(first - line.first, 0) : max(end - line.first, 0)]
        if chosen:
            area = chosen[0].united(chosen[-1]).adjusted(-3, 1, 3, -1)
            painting.fill_round(painter, area, 4, self._theme.color("accent", 0.22))
        for index, rect in enumerate(rects, line.first):
            word = transcript.words[index]
            if index == marks.active:
                lit = rect.adjusted(-3, 1, 3, -1)
                painting.fill_round(painter, lit, 4, self._theme.color("accent", 0.3))
            is_heard = marks.is_heard(word.start_s, word.end_s)
            painter.setFont(self._face)
            painter.setPen(self._theme.color("text" if is_heard else "muted"))
            painter.drawText(QPointF(rect.left(), round(baseline)), texts[index])
            self._mark(painter, rect, index, word.confidence, marks)

    def _mark(
        self, painter: QPainter, rect: QRectF, index: int, confidence: float | None, marks: Marks
    ) -> None:
        if index in marks.struck:
            y = rect.center().y() + 1
            self._line(painter, rect, y, self._theme.color("muted"), 1.4)
        elif index in marks.corrected:
            self._line(painter, rect, rect.bottom() - 3, self._theme.color("accent", 0.7), 1)
        elif confidence is not None and confidence < marks.unsure_below:
            tone = self._theme.color("warn", 0.8)
            self._line(painter, rect, rect.bottom() - 3, tone, 1.2, Qt.PenStyle.DotLine)
        if index in marks.pauses:
            x = rect.right() + self._lines.space / 2
            painter.setPen(QPen(self._theme.color("accent"), 1.6))
            foot = rect.bottom() - 3
            caret = [QPointF(x - 3, foot), QPointF(x, foot - 4), QPointF(x + 3, foot)]
            painter.drawPolyline(caret)

    @staticmethod
    def _line(
        painter: QPainter, rect: QRectF, y: float, tone: QColor, width: float,
        kind: Qt.PenStyle = Qt.PenStyle.SolidLine,
    ) -> None:  # fmt: skip
        painter.setPen(QPen(tone, width, kind))
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
