"""What a scene is made of: drawing operations as hashable values, and where things are now.

Numbers are rounded (places to a quarter pixel, opacities to a hundredth), so that pictures
that would look the same are the same.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

from clipforge_desktop.captions.layout import Area
from clipforge_desktop.captions.looks import Face
from clipforge_desktop.captions.motion import Pose
from clipforge_desktop.captions.sprites import Layer
from clipforge_desktop.domain.caption_style import Box


class Clip(NamedTuple):
    """Only what lies between these frame pixels is drawn."""

    left: float
    right: float
    top: float = -math.inf
    bottom: float = math.inf


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
    `stretch` is how much taller it is than its scale says, `phase` how far its fill shimmered.
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
    stretch: float
    tilt_deg: float
    opacity: float
    clip: Clip | None
    phase: float


class LineOp(NamedTuple):
    """An underline; `left` and `top` are relative to the centre, before scale and tilt."""

    color: str
    center_x: float
    center_y: float
    left: float
    top: float
    width: float
    height: float
    scale: float
    tilt_deg: float
    opacity: float
    clip: Clip | None


Operation = BoxOp | WordOp | LineOp
Scene = tuple[Operation, ...]


@dataclass(frozen=True)
class Group:
    """What moves together: its area at rest, its number among its like, its letters."""

    area: Area
    number: int
    start_s: float
    end_s: float
    is_right_to_left: bool


@dataclass(frozen=True)
class Placement:
    """Where a point at rest is drawn now: scaled and turned about `pivot`, then moved."""

    pivot_x: float
    pivot_y: float
    pose: Pose
    em_px: float
    clip: Clip | None

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where the point is now."""
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


def moved(
    area: Area, placements: list[Placement], em_px: float, lift_em: float
) -> tuple[float, float, float, float, float]:
    """Centre x, y, scale, tilt and opacity of an area after all `placements`, innermost last."""
    x, y = area.x + area.width / 2, area.y + area.height / 2 - lift_em * em_px
    scale, tilt, opacity = 1.0, 0.0, 1.0
    for placement in reversed(placements):
        x, y = placement.at(x, y)
        scale *= placement.pose.scale
        tilt += placement.pose.tilt_deg
        opacity *= placement.pose.opacity
    return quarter(x), quarter(y), scale, tilt, opacity


def box_op(
    box: Box,
    area: Area,
    em_px: float,
    placements: list[Placement],
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
        quarter(area.width + 2 * box.pad_x_em * em_px),
        quarter(area.height + 2 * box.pad_y_em * em_px),
        em_px,
        round(scale * size, 3),
        round(tilt + tilt_deg + box.tilt_deg, 1),
        percent(alpha * opacity),
        narrowest([placement.clip for placement in placements]),
    )


def narrowest(clips: list[Clip | None]) -> Clip | None:
    found = [clip for clip in clips if clip is not None]
    if not found:
        return None
    return Clip(
        max(clip.left for clip in found),
        min(clip.right for clip in found),
        max(clip.top for clip in found),
        min(clip.bottom for clip in found),
    )


def quarter(value: float) -> float:
    return math.floor(value * 4 + 0.5) / 4


def percent(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 2)
