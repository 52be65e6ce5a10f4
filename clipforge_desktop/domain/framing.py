"""Which parts of the source picture a clip shows, and where in the finished picture.

A shot is made of panes: each is a place in the output and a crop of the source that moves over
clip time. Crops are in upright, square-pixel source pixels (`VideoStream.display_size_px`),
places in shares of the output. Preview and export ask the same `FramingPlan.panes_at`. A
`FramingStudy` holds every shot in all five framings, so that changing one needs no engine.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from clipforge_desktop.domain.clip import Piece, TimeMap

_SAME_S = 0.002  # cuts lie on frames, and those are rounded


class FramingKind(StrEnum):
    FILL = "fill"  # a crop of the output's shape that follows the face or faces
    FIT = "fit"  # the whole picture over a blurred copy of itself
    SPLIT = "split"  # two crops, one above (or beside) the other
    SCREEN = "screen"  # the screen above, the camera's inset enlarged below
    WIDE = "wide"  # the whole picture on dark ground, with room for captions


class Backdrop(StrEnum):
    """What is seen where no pane is."""

    NONE = "none"  # the panes cover everything
    BLUR = "blur"
    DARK = "dark"


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float


EVERYWHERE = Rect(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class CropKey:
    """The crop's centre at one clip time; between keys it moves linearly.

    Two keys of the same time are a snap: the second counts from that time on.
    """

    clip_s: float
    center_x: float
    center_y: float


@dataclass(frozen=True)
class Pane:
    """A `place` in shares of the output, and the crop of constant size that is shown there.

    `keys` are sorted by time. A place covers the same shape as its crop.
    """

    place: Rect
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

    def moved(self, shift_x: float, shift_y: float, source_size_px: tuple[int, int]) -> "Pane":
        """The crop moved by shares of its own size, kept inside the picture."""
        width, height = self.crop_size_px
        keys = tuple(
            replace(
                key,
                center_x=_within(key.center_x + shift_x * width, width, source_size_px[0]),
                center_y=_within(key.center_y + shift_y * height, height, source_size_px[1]),
            )
            for key in self.keys
        )
        return replace(self, keys=keys)


@dataclass(frozen=True)
class FramingShot:
    """One shot of the clip: a framing, how sure we are (0 to 1), why, and its panes."""

    start_s: float  # clip time
    end_s: float
    kind: FramingKind
    confidence: float
    reason: str
    panes: tuple[Pane, ...]
    backdrop: Backdrop = Backdrop.NONE


@dataclass(frozen=True)
class FramingPlan:
    """All shots of one clip for one output aspect."""

    source_size_px: tuple[int, int]
    aspect: str  # "9:16"
    shots: tuple[FramingShot, ...]

    def shot_at(self, clip_s: float) -> FramingShot:
        index = bisect_right(self.shots, clip_s, key=lambda shot: shot.start_s) - 1
        return self.shots[min(max(index, 0), len(self.shots) - 1)]

    def panes_at(self, clip_s: float) -> tuple[tuple[Rect, Rect], ...]:
        """(place in shares of the output, crop in source pixels) of every pane at `clip_s`."""
        return tuple((pane.place, pane.crop_at(clip_s)) for pane in self.shot_at(clip_s).panes)

    def crop_at(self, clip_s: float) -> Rect:
        """The crop of the first pane: all that is shown, for Fill, Fit and Wide."""
        return self.shot_at(clip_s).panes[0].crop_at(clip_s)


@dataclass(frozen=True)
class FramingOverride:
    """What the user decided for the shot that shows `source_s`.

    Source time, so that it survives words being cut out. `kind` None leaves the framing as it
    is. The shift moves the crop of pane number `pane`, or of all when that is None, in shares of
    the crop's size. A later override of the same thing replaces an earlier one.
    """

    source_s: float
    kind: FramingKind | None = None
    shift_x: float = 0.0
    shift_y: float = 0.0
    pane: int | None = None


@dataclass(frozen=True)
class SeenFace:
    """A face of somebody who matters in its shot, in source pixels."""

    clip_s: float
    box: Rect


@dataclass(frozen=True)
class StudiedShot:
    """One shot in every framing. `scene` is the source time from cut to cut around it.

    `spans` are the source times that it shows, `chosen` is what the rules decided, and `ways`
    are the five framings in the order of `FramingKind`. `faces` are looks at the people who
    matter, one every two seconds.
    """

    scene: Piece
    spans: tuple[Piece, ...]
    chosen: FramingKind
    ways: tuple[FramingShot, ...]
    faces: tuple[SeenFace, ...] = ()

    def way(self, kind: FramingKind) -> FramingShot:
        return next(way for way in self.ways if way.kind is kind)


@dataclass(frozen=True)
class FramingStudy:
    """All that was found out about framing one clip in one shape."""

    source_size_px: tuple[int, int]
    aspect: str
    pieces: tuple[Piece, ...]
    shots: tuple[StudiedShot, ...]

    def plan(
        self, default: FramingKind | None = None, overrides: Sequence[FramingOverride] = ()
    ) -> FramingPlan:
        """The framing to show: overrides first, then `default`, else what the rules chose."""
        meant: dict[int, list[FramingOverride]] = {}
        for override in overrides:
            number = self.shot_number(override.source_s)
            if number is not None:
                meant.setdefault(number, []).append(override)
        shots = tuple(
            self._framed(shot, default, meant.get(number, []))
            for number, shot in enumerate(self.shots)
        )
        return FramingPlan(self.source_size_px, self.aspect, shots)

    def fits(self, pieces: Sequence[Piece], source_s: float) -> bool:
        """Is this of the clip as it is cut now, in a source of that duration?"""
        wanted = [(max(piece.start_s, 0.0), min(piece.end_s, source_s)) for piece in pieces]
        return len(self.pieces) == len(wanted) and all(
            abs(piece.start_s - start_s) < _SAME_S and abs(piece.end_s - end_s) < _SAME_S
            for piece, (start_s, end_s) in zip(self.pieces, wanted, strict=True)
        )

    def shot_number(self, source_s: float) -> int | None:
        """Which shot an override at `source_s` is about; None when its scene is not in the clip.

        Where the moment itself is cut out, the nearest shot of the same scene is meant.
        """
        clip_s = TimeMap(self.pieces).to_clip_s(source_s)
        if clip_s is not None:
            starts_s = [shot.ways[0].start_s for shot in self.shots]
            return max(bisect_right(starts_s, clip_s) - 1, 0)
        near = [
            (min(_apart_s(span, source_s) for span in shot.spans), number)
            for number, shot in enumerate(self.shots)
            if shot.scene.start_s <= source_s < shot.scene.end_s
        ]
        return min(near)[1] if near else None

    def _framed(
        self,
        shot: StudiedShot,
        default: FramingKind | None,
        overrides: Sequence[FramingOverride],
    ) -> FramingShot:
        wanted = [override.kind for override in overrides if override.kind is not None]
        framed = shot.way(wanted[-1] if wanted else default or shot.chosen)
        if wanted:
            framed = replace(framed, confidence=1.0, reason=f"Your choice. {framed.reason}")
        shifts: dict[int, tuple[float, float]] = {}
        for override in overrides:
            numbers = range(len(framed.panes)) if override.pane is None else (override.pane,)
            shifts |= dict.fromkeys(numbers, (override.shift_x, override.shift_y))
        panes = tuple(
            pane.moved(*shifts.get(number, (0.0, 0.0)), self.source_size_px)
            if any(shifts.get(number, (0.0, 0.0)))
            else pane
            for number, pane in enumerate(framed.panes)
        )
        return replace(framed, panes=panes)


def _within(center: float, length: float, limit: float) -> float:
    return min(max(center, length / 2), max(limit - length / 2, length / 2))


def _apart_s(span: Piece, source_s: float) -> float:
    return max(span.start_s - source_s, source_s - span.end_s, 0.0)
