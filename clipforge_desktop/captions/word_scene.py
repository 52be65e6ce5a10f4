"""One word at one time: between which looks it is, where it is, and what draws it."""

from dataclasses import dataclass
from functools import cached_property

from clipforge_desktop.captions.layout import Area, PlacedWord
from clipforge_desktop.captions.looks import Look
from clipforge_desktop.captions.motion import Pose
from clipforge_desktop.captions.operations import (
    BoxOp,
    Clip,
    LineOp,
    Placement,
    WordOp,
    box_op,
    moved,
    narrowest,
    percent,
    quarter,
)
from clipforge_desktop.captions.sprites import Layer, is_drawn
from clipforge_desktop.domain.caption_style import Box


@dataclass(frozen=True)
class Letter:
    """One letter of a word, its pen this far right of the word's, moved by a pose."""

    text: str
    pen_px: float
    pose: Pose


@dataclass(frozen=True)
class WordState:
    """What is true of a word at one time.

    It is `share` of the way from look `before` to look `now` (beyond 1 when it overshoots).
    `sung` is the share that a karaoke sweep has passed, `box_from` the place from which its box
    comes sliding, `clip` what typewriting shows of it and `cursor_px` where it types, from the
    left end. `phase` is how far its fill has shimmered, `letters` where each letter of it waves.
    """

    word: PlacedWord
    area: Area
    before: Look
    now: Look
    share: float
    is_right_to_left: bool
    is_raised: bool
    sung: float | None
    box_motion: str
    box_from: Area | None
    loses_box: bool
    clip: Clip | None
    cursor_px: float | None
    phase: float
    letters: tuple[Letter, ...]


class WordNow:
    """The operations that draw one word in one state."""

    def __init__(self, state: WordState, placements: list[Placement], em_px: float) -> None:
        self.state = state
        self.em_px = em_px
        self.placements = placements
        self.lift_em = self._between(state.before.lift_em, state.now.lift_em)
        self.scale = self._between(state.before.scale, state.now.scale)
        self.stretch = self._between(state.before.stretch, state.now.stretch)
        self.tilt_deg = self._between(state.before.tilt_deg, state.now.tilt_deg)
        self.opacity = self._between(state.before.opacity, state.now.opacity)
        self.moved = moved(state.area, placements, em_px, self.lift_em)
        self.clip = narrowest([state.clip, *(placement.clip for placement in placements)])
        self._layers: dict[Layer, list[WordOp]] = {}

    def _between(self, before: float, now: float) -> float:
        return before + (now - before) * self.state.share

    @property
    def _shown(self) -> float:
        return min(max(self.state.share, 0.0), 1.0)

    @cached_property
    def boxes(self) -> list[BoxOp]:
        """The word's box, or two of them while one replaces the other."""
        before, now = self.state.before.box, self.state.now.box
        if before == now:
            return [self._box(now, self.state.area, 1.0, 1.0)] if now else []
        found: list[BoxOp] = []
        if before and self._shown < 1 and not self.state.loses_box:
            found.append(self._box(before, self.state.area, 1 - self._shown, 1.0))
        if now and self.state.box_from is not None:
            found.append(self._box(now, self._sliding(self.state.box_from), 1.0, 1.0))
        elif now:
            found.append(self._arriving(now))
        return found

    def _arriving(self, box: Box) -> BoxOp:
        area, share = self.state.area, self.state.share
        match self.state.box_motion:
            case "grow":
                return self._box(box, area, self._shown, 0.6 + 0.4 * share)
            case "tilt":
                return self._box(box, area, min(self._shown * 3, 1.0), 1.0, -9 * (1 - share))
            case "unroll":
                width = area.width * self._shown
                left = area.x + (area.width - width if self.state.is_right_to_left else 0.0)
                part = Area(left, area.y, width, area.height)
                return self._box(box, part, min(self._shown * 6, 1.0), 1.0)
        return self._box(box, area, self._shown, 1.0)

    def _sliding(self, start: Area) -> Area:
        goal = self.state.area
        return Area(
            self._between(start.x, goal.x),
            self._between(start.y, goal.y),
            max(self._between(start.width, goal.width), 0.0),
            goal.height,
        )

    def _box(
        self, box: Box, area: Area, opacity: float, size: float, turned_deg: float = 0.0
    ) -> BoxOp:
        return box_op(
            box,
            area,
            self.em_px,
            self.placements,
            opacity * self.opacity,
            size * self.scale,
            self.lift_em,
            self.tilt_deg + turned_deg,
        )

    def pictures(self, layer: Layer) -> list[WordOp]:
        """The letters: one look, or the next laid over the one before."""
        if layer not in self._layers:
            self._layers[layer] = self._layer(layer)
        return self._layers[layer]

    def _layer(self, layer: Layer) -> list[WordOp]:
        state = self.state
        if state.sung is not None:
            sung = self._sung_clip(state.sung)
            return [
                *self._pictures(state.before, layer, 1.0, None),
                *self._pictures(state.now, layer, 1.0, sung),
            ]
        if state.share >= 1 or state.before.face == state.now.face:
            return self._pictures(state.now, layer, 1.0, None)
        return [
            *self._pictures(state.before, layer, 1.0, None),
            *self._pictures(state.now, layer, self._shown, None),
        ]

    def _sung_clip(self, sung: float) -> Clip:
        center_x, _, scale, _, _ = self.moved
        half = self.state.area.width * scale * self.scale / 2
        edge = self.em_px
        if self.state.is_right_to_left:
            return Clip(quarter(center_x + half - 2 * half * sung), quarter(center_x + half + edge))
        return Clip(quarter(center_x - half - edge), quarter(center_x - half + 2 * half * sung))

    def _pictures(
        self, look: Look, layer: Layer, opacity: float, clip: Clip | None
    ) -> list[WordOp]:
        """The whole word, or letter by letter where they wave."""
        if not is_drawn(look.face, layer):
            return []
        whole = self._picture(look, layer, opacity, clip)
        if not self.state.letters:
            return [whole]
        rest = whole.em_px / self.state.word.em_px
        return [
            whole._replace(
                text=letter.text,
                half_width=round(whole.half_width - letter.pen_px * rest, 2),
                center_x=quarter(whole.center_x + letter.pose.x_em * self.em_px),
                center_y=quarter(whole.center_y + letter.pose.y_em * self.em_px),
                tilt_deg=round(whole.tilt_deg + letter.pose.tilt_deg, 1),
            )
            for letter in self.state.letters
        ]

    def _picture(self, look: Look, layer: Layer, opacity: float, clip: Clip | None) -> WordOp:
        center_x, center_y, scale, tilt, alpha = self.moved
        state, area = self.state, self.state.area
        rest = state.now.scale if state.share >= 1 else max(state.now.scale, state.before.scale)
        middle = area.y + area.height / 2 - state.word.baseline_px
        stretch = round(self.stretch, 3)
        return WordOp(
            state.word.token.text,
            look.face,
            layer,
            round(state.word.em_px * rest, 2),
            round(area.width * rest / 2, 2),
            round(middle * rest, 2),
            center_x,
            quarter(center_y + (stretch - 1) * middle * scale * self.scale),
            round(scale * self.scale / rest, 3),
            stretch,
            round(tilt + self.tilt_deg, 1),
            percent(alpha * opacity * self.opacity),
            narrowest([clip, self.clip]),
            state.phase if layer == "fill" and look.face.fill.shimmer_s else 0.0,
        )

    @cached_property
    def underlines(self) -> list[LineOp]:
        """The line under the word; it grows and shrinks in the direction of reading."""
        state, area = self.state, self.state.area
        underline = state.now.underline or state.before.underline
        if underline is None:
            return []
        share = self._shown if state.now.underline else 1 - self._shown
        if state.before.underline and state.now.underline:
            share = 1.0
        if state.sung is not None and state.now.underline:
            share = state.sung
        center_x, center_y, scale, tilt, alpha = self.moved
        left = area.width * (1 - share) if state.is_right_to_left else 0.0
        baseline = state.word.baseline_px - (area.y + area.height / 2)
        return [
            LineOp(
                underline.color,
                center_x,
                center_y,
                quarter(left - area.width / 2),
                quarter(baseline + underline.gap_em * self.em_px),
                quarter(area.width * share),
                quarter(underline.thickness_em * self.em_px),
                round(scale * self.scale, 3),
                round(tilt + self.tilt_deg, 1),
                percent(alpha * self.opacity) if share > 0 else 0.0,
                self.clip,
            )
        ]

    @cached_property
    def cursor(self) -> list[LineOp]:
        """The bar where a typewriter is typing this word."""
        if self.state.cursor_px is None:
            return []
        center_x, center_y, scale, tilt, alpha = self.moved
        area, width_px = self.state.area, 0.07 * self.em_px
        return [
            LineOp(
                self.state.now.face.fill.colors[0],
                center_x,
                center_y,
                quarter(self.state.cursor_px - area.width / 2 + width_px / 2),
                quarter(-area.height / 2),
                quarter(width_px),
                quarter(area.height),
                round(scale * self.scale, 3),
                round(tilt + self.tilt_deg, 1),
                percent(alpha * self.opacity),
                None,
            )
        ]
