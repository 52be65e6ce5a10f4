"""Which part of the source picture a clip shows, as rectangles over clip time.

Rectangles are in upright, square-pixel source pixels (`VideoStream.display_size_px`).
Preview and export ask the same `FramingPlan.crop_at`.
"""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum


class FramingKind(StrEnum):
    FILL = "fill"
    FIT = "fit"
    SPLIT = "split"
    SCREEN = "screen"
    WIDE = "wide"


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class CropKey:
    """The crop's centre at one clip time; between keys it moves linearly."""

    clip_s: float
    center_x: float
    center_y: float


@dataclass(frozen=True)
class FramingShot:
    """One shot of the clip: a framing, how sure we are (0 to 1), why, and its path.

    `keys` are sorted by time; the crop has the constant size `crop_size_px`.
    """

    start_s: float  # clip time
    end_s: float
    kind: FramingKind
    confidence: float
    reason: str
    crop_size_px: tuple[float, float]
    keys: tuple[CropKey, ...]

    def crop_at(self, clip_s: float) -> Rect:
        width, height = self.crop_size_px
        keys = self.keys
        index = bisect_right(keys, clip_s, key=lambda key: key.clip_s)
        before, after = keys[max(index - 1, 0)], keys[min(index, len(keys) - 1)]
        span_s = after.clip_s - before.clip_s
        share = min(max((clip_s - before.clip_s) / span_s, 0.0), 1.0) if span_s > 0 else 0.0
        center_x = before.center_x + (after.center_x - before.center_x) * share
        center_y = before.center_y + (after.center_y - before.center_y) * share
        return Rect(center_x - width / 2, center_y - height / 2, width, height)


@dataclass(frozen=True)
class FramingPlan:
    """All shots of one clip for one output aspect."""

    source_size_px: tuple[int, int]
    aspect: str  # "9:16"
    shots: tuple[FramingShot, ...]

    def shot_at(self, clip_s: float) -> FramingShot:
        index = bisect_right(self.shots, clip_s, key=lambda shot: shot.start_s) - 1
        return self.shots[min(max(index, 0), len(self.shots) - 1)]

    def crop_at(self, clip_s: float) -> Rect:
        return self.shot_at(clip_s).crop_at(clip_s)
