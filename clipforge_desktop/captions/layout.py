"""Captions -> places: every word's box in frame pixels, inside the safe zone, steady in time.

Words are measured with the real font. A caption that is too wide or too high for the zone is
set smaller; a word too long even then is taken apart. Lines that begin with a right-to-left
letter run from right to left. Places never depend on which word is active.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from clipforge_desktop.captions.glyphs import text_is_right_to_left
from clipforge_desktop.captions.keywords import marked
from clipforge_desktop.captions.lines import (
    Caption,
    CaptionTrack,
    build_track,
    standing_track,
)
from clipforge_desktop.captions.standing import Standing
from clipforge_desktop.captions.tokens import Token, graphemes, make_tokens
from clipforge_desktop.captions.typefaces import Typefaces
from clipforge_desktop.domain.caption_style import CaptionStyle, SafeZone
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Word

MIN_SHRINK = 0.6
"""Type is never set smaller than this share of its size; beyond it words are taken apart."""


SHAPE_REACH_EM = {"rounded": 0.0, "tape": 0.0, "bubble": 0.4, "window": 0.62}
"""How far a box's tail or title bar reaches beyond its padding."""

_GAP_EM = 0.4  # between a caption and the edge of a picture that it stands beside


@dataclass(frozen=True)
class Area:
    """A rectangle in frame pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class PlacedWord:
    """A token of size `em_px` with its pen position: `x_px`, `baseline_px` of its left end.

    `carets_px` are the borders of its letters from the left end, in the order of reading.
    """

    token: Token
    em_px: float
    x_px: int
    baseline_px: int
    width_px: float
    line: int
    carets_px: tuple[float, ...]


@dataclass(frozen=True)
class PlacedCaption:
    """One caption ready to paint. Boxes are text boxes without any padding."""

    start_s: float
    end_s: float
    em_px: float
    words: tuple[PlacedWord, ...]
    lines: tuple[Area, ...]
    block: Area
    ascent_px: float
    descent_px: float
    is_joined: bool


class CaptionLayout:
    """Lays out a clip's words in a frame for one style; `grounds` are what its shots show."""

    def __init__(
        self,
        words: tuple[Word, ...],
        style: CaptionStyle,
        frame_size_px: tuple[int, int],
        duration_s: float,
        safe_zone: SafeZone,
        like: Typefaces | None = None,
        *,
        stands: bool = False,
        grounds: Sequence[Ground] = (),
    ) -> None:
        """`stands`: all words are one caption, for the whole of `duration_s`."""
        self.style = style
        self.typefaces = Typefaces(style, like)
        self.space_em = self.typefaces.plain.metrics.space_em
        width, height = frame_size_px
        self._left = safe_zone.left * width
        self._width = width * (1 - safe_zone.left - safe_zone.right)
        self._height = height * (1 - safe_zone.top - safe_zone.bottom)
        self.em_px = style.font.size_percent / 100 * optical_height_px(frame_size_px)
        self._side_em, self._end_em = box_room_em(style)
        inner = self._width * (1 - 2 * style.position.margin)
        self._max_em = max(inner / self.em_px - 2 * self._side_em, 0.5)
        tokens = self._broken(
            marked(make_tokens(words, style), style.keywords, style.lines.pause_s)
        )
        tracked = standing_track if stands else build_track
        self.track: CaptionTrack = tracked(
            tokens,
            style.lines,
            self.typefaces.width_em,
            self.space_em,
            self._max_em,
            duration_s,
        )
        sets = [self._measured(caption) for caption in self.track.captions]
        widest_px = max((one.width_em * one.em_px for one in sets), default=0.0)
        self._axis_px = self._axis(width / 2, widest_px)
        self._standing = Standing(
            style.position,
            frame_size_px,
            safe_zone,
            self._end_em * self.em_px,
            _GAP_EM * self.em_px,
            [(one.width_em * one.em_px, one.height_em * one.em_px) for one in sets],
            self._aligned,
            grounds,
        )
        self.captions = tuple(
            self._set(caption, one) for caption, one in zip(self.track.captions, sets, strict=True)
        )

    @property
    def boxes(self) -> tuple[Area, ...]:
        """Every caption with its surfaces and outlines, at rest."""
        return tuple(
            Area(
                one.block.x - self._side_em * one.em_px,
                one.block.y - self._end_em * one.em_px,
                one.block.width + 2 * self._side_em * one.em_px,
                one.block.height + 2 * self._end_em * one.em_px,
            )
            for one in self.captions
        )

    def _axis(self, middle_px: float, widest_px: float) -> float:
        """The line that centred text stands on, the same for the whole clip.

        It is the middle of the frame, and aside just as far as the widest caption needs.
        """
        half_px = self._inset_px + widest_px / 2
        leftmost, rightmost = self._left + half_px, self._left + self._width - half_px
        return min(max(middle_px, leftmost), max(rightmost, leftmost))

    @property
    def _inset_px(self) -> float:
        return self._side_em * self.em_px + self.style.position.margin * self._width

    def _broken(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """Tokens, with those that cannot fit even at the smallest size taken apart."""
        limit = self._max_em / MIN_SHRINK
        parts: list[Token] = []
        for token in tokens:
            if self.typefaces.width_em(token) <= limit:
                parts.append(token)
            else:
                parts += self._pieces(token, limit)
        return tuple(parts)

    def _pieces(self, token: Token, limit: float) -> list[Token]:
        texts = [""]
        for letter in graphemes(token.text):
            longer = replace(token, text=texts[-1] + letter)
            if texts[-1] and self.typefaces.width_em(longer) > limit:
                texts.append("")
            texts[-1] += letter
        step_s = (token.end_s - token.start_s) / len(texts)
        return [
            replace(
                token,
                text=text,
                start_s=token.start_s + number * step_s,
                end_s=token.start_s + (number + 1) * step_s,
                is_joined=token.is_joined if number == 0 else True,
                is_tied=token.is_tied and number == 0,
            )
            for number, text in enumerate(texts)
        ]

    def _measured(self, caption: Caption) -> "_Setting":
        """The caption's lines in em, and the size at which they fit."""
        tokens = self.track.tokens
        widths = [
            sum(self.typefaces.width_em(tokens[i]) for i in range(first, end))
            + self.space_em * sum(not tokens[i].is_joined for i in range(first + 1, end))
            for first, end in caption.lines
        ]
        rises = [self._line_rise(first, end) for first, end in caption.lines]
        pitch_em = max(self.style.font.line_height_em, 0.1)
        ascent_em, descent_em = self._reach(caption)
        drops = [max(rise - ascent_em, 0.0) for rise in rises]
        baselines = [ascent_em + drops[0]]
        for drop in drops[1:]:
            baselines.append(baselines[-1] + pitch_em + drop)
        height_em = baselines[-1] + descent_em
        room_em = self._height / self.em_px - 2 * self._end_em
        largest = min(self._max_em / max(*widths, 0.01), max(room_em, 0.2) / height_em)
        em_px = self.em_px * min(self.style.font.grow, largest)
        return _Setting(em_px, tuple(widths), tuple(baselines), ascent_em, descent_em)

    def _line_rise(self, first: int, end: int) -> float:
        """How far a line with a larger second face in it needs to stand below the one above."""
        tokens = self.track.tokens[first:end]
        larger = [token for token in tokens if self.typefaces.size_of(token) > 1]
        return max((self.typefaces.rise(token).cap_em for token in larger), default=0.0)

    def _set(self, caption: Caption, setting: "_Setting") -> PlacedCaption:
        scale, top_px = self._standing.place(
            setting.height_em * setting.em_px, caption.start_s, caption.end_s
        )
        em_px = setting.em_px * scale
        ascent_px, descent_px = setting.ascent_em * em_px, setting.descent_em * em_px
        height_px, width_px = setting.height_em * em_px, setting.width_em * em_px
        words: list[PlacedWord] = []
        lines: list[Area] = []
        for number, (first, end) in enumerate(caption.lines):
            line_px = setting.widths_em[number] * em_px
            x_px = self._aligned(line_px)
            baseline_px = round(top_px + setting.baselines_em[number] * em_px)
            lines.append(Area(x_px, baseline_px - ascent_px, line_px, ascent_px + descent_px))
            words += self._line_words(first, end, x_px, baseline_px, em_px, number)
        return PlacedCaption(
            caption.start_s,
            caption.end_s,
            em_px,
            tuple(words),
            tuple(lines),
            Area(self._aligned(width_px), top_px, width_px, height_px),
            ascent_px,
            descent_px,
            any(word.token.is_joined for word in words),
        )

    def _line_words(
        self, first: int, end: int, x_px: float, baseline_px: int, em_px: float, line: int
    ) -> list[PlacedWord]:
        tokens = self.track.tokens[first:end]
        text = " ".join(token.text for token in tokens)
        placed: dict[int, PlacedWord] = {}
        pen_px = x_px
        for index, has_gap in visual_order(tokens, text_is_right_to_left(text)):
            token = tokens[index]
            if has_gap:
                pen_px += self.space_em * em_px
            own_px = em_px * self.typefaces.size_of(token)
            shape = self.typefaces.shape(token)
            carets_px = tuple(caret * own_px for caret in shape.carets_em)
            width_px = shape.advance_em * own_px
            placed[index] = PlacedWord(
                token, own_px, round(pen_px), baseline_px, width_px, line, carets_px
            )
            pen_px += width_px
        return [placed[index] for index in range(len(tokens))]

    def _reach(self, caption: Caption) -> tuple[float, float]:
        """Ascent and descent of the caption's text box in em: caps, and more where ink is."""
        metrics = self.typefaces.plain.metrics
        ascent_em = metrics.cap_em
        is_upper = self.style.font.case == "upper"
        descent_em = 0.0 if is_upper else min(metrics.descent_em, 0.2)
        for token in self.track.tokens[caption.first : caption.end]:
            if self.typefaces.size_of(token) != 1:
                continue
            ink = self.typefaces.shape(token).ink
            if -ink.top() > ascent_em + 0.15:
                ascent_em = min(-ink.top(), 1.5)
            if ink.bottom() > descent_em + 0.25:  # not for a comma or a cedilla
                descent_em = min(ink.bottom(), 1.0)
        return ascent_em, descent_em

    def _aligned(self, width_px: float) -> float:
        match self.style.position.alignment:
            case "left":
                return self._left + self._inset_px
            case "center":
                return self._axis_px - width_px / 2
            case "right":
                return self._left + self._width - self._inset_px - width_px


@dataclass(frozen=True)
class _Setting:
    """Lines measured but not yet placed: widths, baselines below the block's top, in em."""

    em_px: float
    widths_em: tuple[float, ...]
    baselines_em: tuple[float, ...]
    ascent_em: float
    descent_em: float

    @property
    def width_em(self) -> float:
        return max(self.widths_em)

    @property
    def height_em(self) -> float:
        return self.baselines_em[-1] + self.descent_em


def visual_order(tokens: tuple[Token, ...], is_right_to_left: bool) -> list[tuple[int, bool]]:
    """Indexes of `tokens` from left to right, each with whether a space stands at its left.

    Runs against the line's direction are turned around, as rule L2 of the Unicode
    bidirectional algorithm does for levels 0 and 1.
    """
    runs: list[list[int]] = []
    directions: list[bool] = []
    for index, token in enumerate(tokens):
        direction = directions[-1] if directions else is_right_to_left
        if _has_direction(token):
            direction = text_is_right_to_left(token.text)
        if not runs or directions[-1] != direction:
            runs.append([])
            directions.append(direction)
        runs[-1].append(index)
    if is_right_to_left:
        runs.reverse()
        directions.reverse()
    ordered = [
        index
        for run, direction in zip(runs, directions, strict=True)
        for index in (reversed(run) if direction else run)
    ]
    lefts = [None, *ordered]
    return [
        (index, left is not None and not tokens[max(index, left)].is_joined)
        for index, left in zip(ordered, lefts, strict=False)
    ]


def _has_direction(token: Token) -> bool:
    return any(char.isalpha() for char in token.text)


def optical_height_px(frame_size_px: tuple[int, int]) -> float:
    """The height that type is measured by: the frame's, and up to 4/3 of it in wide frames.

    Between 9:16 and 1:1 it is the geometric mean of what equal heights and equal widths ask
    for, so that one style reads alike on a phone in every aspect.
    """
    width, height = frame_size_px
    return height * min(max(math.sqrt(width / height * 16 / 9), 1.0), 4 / 3)


def box_room_em(style: CaptionStyle) -> tuple[float, float]:
    """How far ink and boxes reach beyond the text at rest, sideways and up or down, in em."""
    outline = sum(line.width_em for line in style.outlines)
    found = [style.block_box, style.line_box, style.word_box, style.active.box]
    boxes = [box for box in found if box is not None]
    borders = [box.border.width_em if box.border else 0.0 for box in boxes]
    sides = [box.pad_x_em + border for box, border in zip(boxes, borders, strict=True)]
    ends = [
        box.pad_y_em + border + SHAPE_REACH_EM[box.shape]
        for box, border in zip(boxes, borders, strict=True)
    ]
    return max([outline, *sides]), max([outline, *ends])
