"""Caption + time -> scene: the list of things to draw, in order, as plain hashable values.

A scene is also its own key: equal scenes are identical pictures. All movement is worked out
here, in frame pixels rounded to a quarter, so the painter only draws.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

from clipforge_desktop.captions.glyphs import text_is_right_to_left
from clipforge_desktop.captions.layout import Area, PlacedCaption, PlacedWord
from clipforge_desktop.captions.looks import Face, Look, TokenLooks
from clipforge_desktop.captions.motion import AT_REST, Pose, eased, pose
from clipforge_desktop.captions.sprites import Layer
from clipforge_desktop.domain.caption_style import Box, CaptionStyle, Motion, Underline


class Clip(NamedTuple):
    """Only what lies between these frame pixels is drawn."""

    left: float
    right: float


class BoxOp(NamedTuple):
    box: Box
    center_x: float
    center_y: float
    width: float  # padding included
    height: float
    em_px: float
    scale: float
    tilt_deg: float
    opacity: float
    clip: Clip | None


class WordOp(NamedTuple):
    """A word's picture of size `em_px`, its box centre at `center`, then scaled and tilted.

    The pen of the picture is `half_width` left of the centre; `middle` is the centre below it.
    """

    text: str
    face: Face
    layer: Layer
    em_px: float
    half_width: float
    middle: float
    center_x: float
    center_y: float
    scale: float
    tilt_deg: float
    opacity: float
    clip: Clip | None


class LineOp(NamedTuple):
    """An underline, growing with `width`."""

    underline: Underline
    left: float
    top: float
    width: float
    height: float
    opacity: float
    clip: Clip | None


Scene = tuple[BoxOp | WordOp | LineOp, ...]


@dataclass(frozen=True)
class _Group:
    """What moves together: its area at rest, its number among its like, its letters."""

    area: Area
    number: int
    start_s: float
    end_s: float
    is_right_to_left: bool


@dataclass(frozen=True)
class _Placement:
    """Where a point at rest is drawn now: scaled and turned about `pivot`, then moved."""

    pivot_x: float
    pivot_y: float
    pose: Pose
    em_px: float
    clip: Clip | None

    def at(self, x: float, y: float) -> tuple[float, float]:
        turn = math.radians(self.pose.tilt_deg)
        across, down = (x - self.pivot_x) * self.pose.scale, (y - self.pivot_y) * self.pose.scale
        return (
            self.pivot_x
            + across * math.cos(turn)
            - down * math.sin(turn)
            + self.pose.x_em * self.em_px,
            self.pivot_y
            + across * math.sin(turn)
            + down * math.cos(turn)
            + self.pose.y_em * self.em_px,
        )


class CaptionScenes:
    """All scenes of one placed caption."""

    def __init__(
        self, caption: PlacedCaption, looks: list[TokenLooks], style: CaptionStyle
    ) -> None:
        self.caption = caption
        self.looks = looks
        self.style = style
        self._active_ends_s = [self._active_end(index) for index in range(len(caption.words))]
        self._areas = [self._area(word) for word in caption.words]

    def _active_end(self, index: int) -> float:
        token = self.caption.words[index].token
        later_s = [
            word.token.start_s
            for word in self.caption.words
            if word.token.start_s > token.start_s and word.token.word >= 0
        ]
        next_s = min(later_s, default=self.caption.end_s)
        return min(next_s, token.end_s + self.style.active.linger_s, self.caption.end_s)

    def _area(self, word: PlacedWord) -> Area:
        ascent_px, descent_px = self.caption.ascent_px, self.caption.descent_px
        return Area(word.x_px, word.baseline_px - ascent_px, word.width_px, ascent_px + descent_px)

    def at(self, clip_s: float) -> Scene:
        """What to draw at `clip_s`, bottom first."""
        block = self._placement(self._block_group(), "block", clip_s)
        ops: list[BoxOp | WordOp | LineOp] = []
        if block.pose.opacity > 0 and self.style.block_box is not None:
            ops.append(self._surface(self.style.block_box, self.caption.block, [block]))
        lines = [
            self._placement(self._line_group(number), "line", clip_s)
            for number in range(len(self.caption.lines))
        ]
        if self.style.line_box is not None:
            for area, line in zip(self.caption.lines, lines, strict=True):
                ops.append(self._surface(self.style.line_box, area, [block, line]))
        words = [
            _WordNow(self, index, clip_s, [block, lines[word.line]])
            for index, word in enumerate(self.caption.words)
        ]
        ops += [op for word in words for op in word.boxes()]
        layers: tuple[Layer, ...] = ("under", "face")
        if self.caption.is_joined:
            layers = ("under", "outline", "fill")
        by_height = sorted(words, key=lambda word: word.is_raised)
        for layer in layers:
            ops += [op for word in by_height for op in word.pictures(layer)]
        ops += [op for word in words for op in word.underlines()]
        return tuple(op for op in ops if op.opacity > 0)

    def _block_group(self) -> _Group:
        first = self.caption.words[0].token
        return self._group(self.caption.block, 0, first.text)

    def _line_group(self, number: int) -> _Group:
        first = next(word for word in self.caption.words if word.line == number)
        return self._group(self.caption.lines[number], number, first.token.text)

    def word_group(self, index: int) -> _Group:
        word = self.caption.words[index]
        return self._group(self._areas[index], index, word.token.text, word.token.start_s)

    def _group(self, area: Area, number: int, text: str, spoken_s: float | None = None) -> _Group:
        start_s = self.caption.start_s + number * self.style.entrance.stagger_s
        if spoken_s is not None and self.style.entrance.at_word:
            start_s = max(spoken_s, self.caption.start_s)
        end_s = self.caption.end_s - self._exit_delay(number)
        return _Group(area, number, start_s, end_s, text_is_right_to_left(text))

    def _exit_delay(self, number: int) -> float:
        motion = self.style.exit
        count = {
            "block": 1,
            "line": len(self.caption.lines),
            "word": len(self.caption.words),
        }[motion.scope]
        return (count - 1 - number) * motion.stagger_s if number < count else 0.0

    def _placement(self, group: _Group, scope: str, clip_s: float) -> _Placement:
        found = AT_REST
        entrance, leaving = self.style.entrance, self.style.exit
        if entrance.scope == scope:
            share = _share(clip_s - group.start_s, self._entrance_s(entrance))
            found = pose(entrance, share, group.number)
        if leaving.scope == scope and found is AT_REST:
            share = _share(group.end_s - clip_s, leaving.duration_s)
            found = pose(leaving, max(share, 0.0), group.number)
        area = group.area
        return _Placement(
            area.x + area.width / 2,
            area.y + area.height / 2,
            found,
            self.caption.em_px,
            self._clip(group, found.shown),
        )

    def _entrance_s(self, motion: Motion) -> float:
        """Never longer than half of the caption, so that short ones are seen at rest."""
        return min(motion.duration_s, (self.caption.end_s - self.caption.start_s) / 2)

    def _clip(self, group: _Group, shown: float) -> Clip | None:
        if shown >= 1:
            return None
        margin = self.caption.em_px * 0.3
        left, right = group.area.x - margin, group.area.x + group.area.width + margin
        if group.is_right_to_left:
            return Clip(_quarter(right - (right - left) * shown), _quarter(right))
        return Clip(_quarter(left), _quarter(left + (right - left) * shown))

    def _surface(self, box: Box, area: Area, placements: list[_Placement]) -> BoxOp:
        return box_op(box, area, self.caption.em_px, placements, 1.0, 1.0, 0.0, 0.0)

    def states(self, index: int, clip_s: float) -> tuple[Look, Look, float]:
        """The looks between which the word is, and how far it has gone from one to the other."""
        looks = self.looks[index]
        start_s, end_s = self.caption.words[index].token.start_s, self._active_ends_s[index]
        active = self.style.active
        if clip_s < start_s:
            return looks.unspoken, looks.unspoken, 1.0
        if clip_s < end_s:
            share = _share(clip_s - start_s, active.transition_s)
            return looks.unspoken, looks.active, eased(share, active.easing)
        share = _share(clip_s - end_s, active.transition_s)
        return looks.active, looks.spoken, eased(share, "ease_out")

    def area(self, index: int) -> Area:
        return self._areas[index]

    def sweep(self, index: int, clip_s: float) -> float | None:
        """Share of the word that was sung at `clip_s`, or None when it is not being spoken."""
        token = self.caption.words[index].token
        if not self.style.active.sweep or not token.start_s <= clip_s < token.end_s:
            return None
        return (clip_s - token.start_s) / (token.end_s - token.start_s)


class _WordNow:
    """One word at one time: its two looks, its pose, and the operations that draw it."""

    def __init__(
        self, scenes: CaptionScenes, index: int, clip_s: float, outer: list[_Placement]
    ) -> None:
        self.scenes = scenes
        self.index = index
        self.word = scenes.caption.words[index]
        self.area = scenes.area(index)
        self.group = scenes.word_group(index)
        self.before, self.now, self.share = scenes.states(index, clip_s)
        self.sung = scenes.sweep(index, clip_s)
        self.placements = [*outer, scenes._placement(self.group, "word", clip_s)]
        self.em_px = scenes.caption.em_px

    @property
    def is_raised(self) -> bool:
        """Drawn above its neighbours: it is, or was just now, the active word."""
        return self.now is self.scenes.looks[self.index].active or self.before is not self.now

    def _between(self, name: str) -> float:
        before, now = getattr(self.before, name), getattr(self.now, name)
        return float(before + (now - before) * self.share)

    def boxes(self) -> list[BoxOp]:
        if self.before.box == self.now.box:
            return [self._box(self.now.box, 1.0, 1.0)] if self.now.box else []
        found: list[BoxOp] = []
        fading = min(max(1 - self.share, 0.0), 1.0)
        if self.before.box and fading > 0:
            found.append(self._box(self.before.box, fading, 1.0))
        if self.now.box:
            grows = self.scenes.style.active.box_motion == "grow"
            size = 0.6 + 0.4 * self.share if grows else 1.0
            found.append(self._box(self.now.box, min(max(self.share, 0.0), 1.0), size))
        return found

    def _box(self, box: Box, opacity: float, size: float) -> BoxOp:
        return box_op(
            box,
            self.area,
            self.em_px,
            self.placements,
            opacity * self._between("opacity"),
            size * self._between("scale"),
            self._between("lift_em"),
            self._between("tilt_deg"),
        )

    def pictures(self, layer: Layer) -> list[WordOp]:
        if self.sung is not None:
            whole = self._picture(self.before, layer, 1.0, None)
            return [whole, self._picture(self.now, layer, 1.0, self._sung_clip())]
        share = min(max(self.share, 0.0), 1.0)
        if share >= 1 or self.before.face == self.now.face:
            return [self._picture(self.now, layer, 1.0, None)]
        return [
            self._picture(self.before, layer, 1.0, None),
            self._picture(self.now, layer, share, None),
        ]

    def _sung_clip(self) -> Clip:
        shown = self.sung or 0.0
        left, right = self.area.x, self.area.x + self.area.width
        edge = self.em_px
        if self.group.is_right_to_left:
            return Clip(_quarter(right - shown * (right - left)), _quarter(right + edge))
        return Clip(_quarter(left - edge), _quarter(left + shown * (right - left)))

    def _picture(self, look: Look, layer: Layer, opacity: float, clip: Clip | None) -> WordOp:
        center_x, center_y, scale, tilt, alpha = moved(
            self.area, self.placements, self.em_px, self._between("lift_em")
        )
        rest = self.now.scale if self.share >= 1 else max(self.now.scale, self.before.scale)
        return WordOp(
            self.word.token.text,
            look.face,
            layer,
            round(self.em_px * rest, 2),
            round(self.area.width * rest / 2, 2),
            round((self.area.y + self.area.height / 2 - self.word.baseline_px) * rest, 2),
            center_x,
            center_y,
            round(scale * self._between("scale") / rest, 3),
            round(tilt + self._between("tilt_deg"), 1),
            _percent(alpha * opacity * self._between("opacity")),
            _narrowest([clip, *(placement.clip for placement in self.placements)]),
        )

    def underlines(self) -> list[LineOp]:
        underline = self.now.underline or self.before.underline
        if underline is None:
            return []
        share = self.share if self.now.underline else 1 - self.share
        if self.before.underline and self.now.underline:
            share = 1.0
        if self.sung is not None:
            share = self.sung
        share = min(max(share, 0.0), 1.0)
        center_x, center_y, scale, _, alpha = moved(
            self.area, self.placements, self.em_px, self._between("lift_em")
        )
        width = self.area.width * scale * self._between("scale")
        left = center_x - width / 2
        if self.group.is_right_to_left:
            left += width * (1 - share)
        baseline = self.word.baseline_px - (self.area.y + self.area.height / 2)
        top = center_y + (baseline + underline.gap_em * self.em_px) * scale
        return [
            LineOp(
                underline,
                _quarter(left),
                _quarter(top),
                _quarter(width * share),
                _quarter(underline.thickness_em * self.em_px * scale),
                _percent(alpha * self._between("opacity")) if share > 0 else 0.0,
                _narrowest([placement.clip for placement in self.placements]),
            )
        ]


def moved(
    area: Area, placements: list[_Placement], em_px: float, lift_em: float
) -> tuple[float, float, float, float, float]:
    """Centre x, y, scale, tilt and opacity of an area after all `placements`, innermost last."""
    x, y = area.x + area.width / 2, area.y + area.height / 2 - lift_em * em_px
    scale, tilt, opacity = 1.0, 0.0, 1.0
    for placement in reversed(placements):
        x, y = placement.at(x, y)
        scale *= placement.pose.scale
        tilt += placement.pose.tilt_deg
        opacity *= placement.pose.opacity
    return _quarter(x), _quarter(y), scale, tilt, opacity


def box_op(
    box: Box,
    area: Area,
    em_px: float,
    placements: list[_Placement],
    opacity: float,
    size: float,
    lift_em: float,
    tilt_deg: float,
) -> BoxOp:
    """The surface around `area` with the box's padding."""
    center_x, center_y, scale, tilt, alpha = moved(area, placements, em_px, lift_em)
    return BoxOp(
        box,
        center_x,
        center_y,
        _quarter(area.width + 2 * box.pad_x_em * em_px),
        _quarter(area.height + 2 * box.pad_y_em * em_px),
        em_px,
        round(scale * size, 3),
        round(tilt + tilt_deg + box.tilt_deg, 1),
        _percent(alpha * opacity),
        _narrowest([placement.clip for placement in placements]),
    )


def _share(passed_s: float, whole_s: float) -> float:
    if passed_s < 0:
        return -1.0
    return min(passed_s / whole_s, 1.0) if whole_s > 0 else 1.0


def _narrowest(clips: list[Clip | None]) -> Clip | None:
    found = [clip for clip in clips if clip is not None]
    if not found:
        return None
    return Clip(max(clip.left for clip in found), min(clip.right for clip in found))


def _quarter(value: float) -> float:
    return math.floor(value * 4 + 0.5) / 4


def _percent(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 2)
