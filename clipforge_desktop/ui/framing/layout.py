"""What is painted of one frame: the panes of the framing plan at that moment, ready to draw.

A `ShownFraming` finds them for any time of the source. It uses the study's own pieces, so it
stays right while a clip is cut anew and its next study is still being made.
"""

from dataclasses import dataclass
from functools import cached_property

from clipforge_desktop.domain.clip import TimeMap
from clipforge_desktop.domain.framing import (
    EVERYWHERE,
    Backdrop,
    FramingPlan,
    FramingShot,
    FramingStudy,
    Rect,
)
from clipforge_desktop.domain.source import VideoStream

ASPECTS = ("9:16", "1:1", "4:5", "16:9")
ASPECT_USES = {"9:16": "Shorts, Reels, TikTok", "1:1": "Square", "4:5": "Feed", "16:9": "Wide"}
MOST_FPS = 60.5
EARLY_S = 0.2  # as far before a piece as the player shows frames
_A_LITTLE = 0.02  # of a frame: rates are rounded, and a shot begins exactly on its frame


@dataclass(frozen=True)
class Layout:
    """`panes` are (place in shares of the clip, part in shares of the frame)."""

    panes: tuple[tuple[Rect, Rect], ...]
    backdrop: Backdrop = Backdrop.NONE

    def pane_at(self, x: float, y: float) -> int | None:
        """The number of the pane at a point in shares of the clip."""
        for number, (place, _) in enumerate(self.panes):
            is_across = place.x <= x < place.x + place.width
            if is_across and place.y <= y < place.y + place.height:
                return number
        return None


WHOLE_FRAME = Layout(((EVERYWHERE, EVERYWHERE),))


def ratio(aspect: str) -> float:
    """Width over height of "9:16"."""
    width, height = aspect.split(":")
    return int(width) / int(height)


def centred(size_px: tuple[int, int], aspect: str) -> Layout:
    """The largest part of that shape, in the middle: shown until more is known."""
    share = ratio(aspect) * size_px[1] / size_px[0]
    width, height = min(share, 1.0), min(1 / share, 1.0)
    return Layout(((EVERYWHERE, Rect((1 - width) / 2, (1 - height) / 2, width, height)),))


@dataclass(frozen=True)
class ShownFraming:
    """One study as the clip's choices have it, for frames of `fps` frames a second."""

    study: FramingStudy
    plan: FramingPlan
    fps: float

    @cached_property
    def _map(self) -> TimeMap:
        return TimeMap(self.study.pieces)

    def clip_s(self, source_s: float) -> float | None:
        """The time at which the export shows the frame of `source_s`: a whole frame of its own."""
        clip_s = clip_time(self._map, source_s)
        return None if clip_s is None else (round(clip_s * self.fps) + _A_LITTLE) / self.fps

    def number_at(self, source_s: float) -> int | None:
        """Which shot shows the frame of `source_s`; None outside of the clip."""
        clip_s = self.clip_s(source_s)
        if clip_s is None:
            return None
        begun = sum(shot.start_s <= clip_s for shot in self.plan.shots)
        return max(begun - 1, 0)

    def shot(self, number: int) -> FramingShot:
        return self.plan.shots[number]

    def layout_at(self, source_s: float) -> Layout | None:
        """Everything to be painted of the frame of `source_s`; None outside of the clip."""
        clip_s = self.clip_s(source_s)
        if clip_s is None:
            return None
        width, height = self.plan.source_size_px
        panes = tuple(
            (place, Rect(crop.x / width, crop.y / height, crop.width / width, crop.height / height))
            for place, crop in self.plan.panes_at(clip_s)
        )
        return Layout(panes, self.plan.shot_at(clip_s).backdrop)


def clip_time(time_map: TimeMap, source_s: float) -> float | None:
    """Clip time of a decoded frame; one that begins just before a piece belongs to its start."""
    clip_s = time_map.to_clip_s(source_s)
    if clip_s is not None:
        return clip_s
    late = (piece.start_s for piece in time_map.pieces if 0 < piece.start_s - source_s < EARLY_S)
    start_s = min(late, default=None)
    return None if start_s is None else time_map.to_clip_s(start_s)


def frame_rate(video: VideoStream) -> float:
    """Frames a second of the finished clip, as far as shots are placed on them."""
    fps = video.fps if 0 < video.fps < 10_000 else 30.0
    while fps > MOST_FPS:
        fps /= 2
    return fps
