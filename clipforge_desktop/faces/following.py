"""A crop that follows faces through one shot: still, then smooth, and snapped where it must be.

The shot comes as legs: stretches that are followed without a break, between which the crop
snaps (a join at which the face jumps, or another speaker). Each leg gets its own path.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from clipforge_desktop.domain.framing import CropKey, Rect
from clipforge_desktop.faces.detector import FaceBox
from clipforge_desktop.faces.path import Limits, Line, smooth_path, thin_out
from clipforge_desktop.faces.tracks import Track

FACE_HEIGHT_SHARE = 0.38  # where a face's centre sits in the crop: the head in the upper third
INSIDE_NEEDED = 0.9  # share of the sightings that must lie whole inside for a crop to be shown

_INSIDE_WANTED = 0.98
_HEAD = 1.6  # face widths: a head with its hair
_DEAD_ZONE = (0.08, 0.06)  # of the crop's width and height
_LEAST_DEAD_ZONE = 0.03  # even for a head that fills the crop: detections tremble
_SPEEDS = (0.12, 0.25, 0.45)  # crop widths a second: the slowest that keeps the face in is taken
_MOST_SPEED = 0.12  # source widths a second: 0.5 % of the width per picture at 24 a second
_LEAD_ROOM = 0.05  # of the crop's width, on the side that the face looks to
_CLEAR_TURN = 0.25  # of the distance between the eyes, by which the nose is off their middle
_TOLERANCE = 0.0004  # of the crop's width: straight lines between keys stay this close


@dataclass(frozen=True)
class Leg:
    """Clip time in which `people` are followed, all of them in one crop."""

    start_s: float
    end_s: float
    people: tuple[Track, ...]


@dataclass(frozen=True)
class Followed:
    """The crop's keys, the share of the sightings whole inside it, and how surely they are faces.

    `certainty` is the surest sighting of the least sure leg, 0 to 1.
    """

    keys: tuple[CropKey, ...]
    inside: float
    certainty: float


@dataclass(frozen=True)
class _Path:
    """One leg's way, and which of its boxes the crop holds whole."""

    grid_s: Line
    xs: Line
    ys: Line
    inside: tuple[bool, ...]


def follow(bounds: Rect, crop_px: tuple[float, float], legs: Sequence[Leg]) -> Followed:
    """The way of a crop of size `crop_px` that stays within `bounds` of the source picture.

    `legs` follow each other without gaps; each has people, though not necessarily seen in it.
    """
    paths = [_path(bounds, crop_px, leg) for leg in legs]
    keys: list[CropKey] = []
    for path in paths:
        keys += _keys(path, crop_px[0] * _TOLERANCE)
    inside = [is_inside for path in paths for is_inside in path.inside]
    certainty = min(max(track.peak_confidence for track in leg.people) for leg in legs)
    return Followed(_without_rests(keys), sum(inside) / len(inside), certainty)


def _path(bounds: Rect, crop_px: tuple[float, float], leg: Leg) -> _Path:
    times_s, boxes = union(leg)
    lead_px = _lead_room(crop_px[0], leg)
    middle_x = [box.center[0] + lead_px for box in boxes]
    below = (0.5 - FACE_HEIGHT_SHARE) * crop_px[1]
    middle_y = [box.center[1] + below for box in boxes]
    widest = float(np.percentile([box.width for box in boxes], 90))
    tallest = float(np.percentile([box.height for box in boxes], 90))
    best: _Path | None = None
    for speed in _SPEEDS:
        across = _limits(bounds.x, bounds.width, crop_px[0], widest, _DEAD_ZONE[0], speed)
        along = _limits(bounds.y, bounds.height, crop_px[1], tallest, _DEAD_ZONE[1], speed)
        grid_s, xs = smooth_path(times_s, middle_x, leg.start_s, leg.end_s, across)
        _, ys = smooth_path(times_s, middle_y, leg.start_s, leg.end_s, along)
        inside = _inside(bounds, crop_px, times_s, boxes, grid_s, xs, ys)
        if best is None or sum(inside) > sum(best.inside):
            best = _Path(grid_s, xs, ys, inside)
        if sum(inside) >= _INSIDE_WANTED * len(inside):
            break
    assert best is not None
    return best


def union(leg: Leg) -> tuple[list[float], list[FaceBox]]:
    """At each time one box around the faces alive then; a face that is lost stays where it was.

    A leg in which nobody was seen takes the sighting nearest to it.
    """
    every = sorted({seen.at_s for track in leg.people for seen in track.sightings})
    middle_s = (leg.start_s + leg.end_s) / 2
    times_s = [at_s for at_s in every if leg.start_s <= at_s < leg.end_s]
    times_s = times_s or [min(every, key=lambda at_s: abs(at_s - middle_s))]
    boxes: list[FaceBox] = []
    for at_s in times_s:
        alive = [_at(track, at_s) for track in leg.people if track.start_s <= at_s <= track.end_s]
        left, top = min(box.x for box in alive), min(box.y for box in alive)
        right = max(box.x + box.width for box in alive)
        bottom = max(box.y + box.height for box in alive)
        boxes.append(FaceBox(left, top, right - left, bottom - top, 1.0))
    return times_s, boxes


def _at(track: Track, at_s: float) -> FaceBox:
    return min(track.sightings, key=lambda seen: abs(seen.at_s - at_s)).box


def _lead_room(crop_width: float, leg: Leg) -> float:
    """Pixels to shift the crop towards where a single, clearly turned face looks, on average.

    Never so far that the back of the head would leave the crop.
    """
    if len(leg.people) != 1:
        return 0.0
    track = leg.people[0]
    turns = [turn for seen in track.sightings if (turn := _turn(seen.box)) is not None]
    turned = float(np.median(turns)) if turns else 0.0
    free_px = max(0.0, (crop_width - _HEAD * track.median_width) / 2)
    room_px = min(crop_width * _LEAD_ROOM, free_px)
    return math.copysign(room_px, turned) if abs(turned) > _CLEAR_TURN else 0.0


def _turn(box: FaceBox) -> float | None:
    """How far the nose is off the middle of the eyes, in eye distances; None without landmarks."""
    if not box.landmarks:
        return None
    (first_x, _), (second_x, _), (nose_x, _) = box.landmarks[:3]
    apart = max(abs(second_x - first_x), box.width * 0.15)
    return float((nose_x - (first_x + second_x) / 2) / apart)


def _limits(
    start: float, side: float, crop: float, face: float, dead_zone: float, speed: float
) -> Limits:
    slack = (crop - _HEAD * face) / 2
    dead_zone_px = max(crop * _LEAST_DEAD_ZONE, min(crop * dead_zone, slack * 0.6))
    lowest = start + crop / 2
    highest = max(start + side - crop / 2, lowest)
    return Limits(dead_zone_px, min(speed * crop, _MOST_SPEED * side), lowest, highest)


def _inside(
    bounds: Rect,
    crop_px: tuple[float, float],
    times_s: Sequence[float],
    boxes: Sequence[FaceBox],
    grid_s: Line,
    xs: Line,
    ys: Line,
) -> tuple[bool, ...]:
    """Which boxes lie whole inside the crop (as far as inside the bounds at all)."""
    left = np.interp(times_s, grid_s, xs) - crop_px[0] / 2 - 0.5
    top = np.interp(times_s, grid_s, ys) - crop_px[1] / 2 - 0.5
    end_x, end_y = bounds.x + bounds.width, bounds.y + bounds.height
    return tuple(
        bool(
            max(box.x, bounds.x) >= x
            and min(box.x + box.width, end_x) <= x + crop_px[0] + 1
            and max(box.y, bounds.y) >= y
            and min(box.y + box.height, end_y) <= y + crop_px[1] + 1
        )
        for box, x, y in zip(boxes, left, top, strict=True)
    )


def _keys(path: _Path, tolerance_px: float) -> list[CropKey]:
    both = np.stack([path.xs, path.ys], axis=1)
    kept = thin_out(path.grid_s, both, tolerance_px)
    if len(kept) == 2 and np.abs(both - both[0]).max() < tolerance_px:
        kept = [kept[0], kept[0]]  # at rest: said twice, for the snap after it
    times_s = [path.grid_s[kept[0]], *(path.grid_s[i] for i in kept[1:-1]), path.grid_s[-1]]
    return [
        CropKey(round(float(at_s), 4), round(float(path.xs[i]), 3), round(float(path.ys[i]), 3))
        for at_s, i in zip(times_s, kept, strict=True)
    ]


def _without_rests(keys: Sequence[CropKey]) -> tuple[CropKey, ...]:
    """Keys that say nothing new are left out; a crop that never moves is one key."""
    kept = [keys[0]]
    for number, key in enumerate(keys[1:], 1):
        place = (key.center_x, key.center_y)
        follower = keys[number + 1] if number + 1 < len(keys) else None
        same_before = place == (kept[-1].center_x, kept[-1].center_y)
        same_after = follower is None or place == (follower.center_x, follower.center_y)
        if not (same_before and same_after):
            kept.append(key)
    return tuple(kept)
