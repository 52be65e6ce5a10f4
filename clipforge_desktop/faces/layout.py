"""Which framing a shot gets, how sure that is and why, in words; and the path of its crop.

A cascade of plain rules over the tracks of one shot. What is not sure falls to Fit, which never
cuts a head off; what the user chose is never decided again. All of it is arithmetic: the same
tracks give the same plan.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from clipforge_desktop.domain.framing import CropKey, FramingKind, FramingPlan, FramingShot
from clipforge_desktop.faces.detector import FaceBox
from clipforge_desktop.faces.path import Limits, Line, smooth_path, thin_out
from clipforge_desktop.faces.tracks import Track

Choice = Literal["auto", "fill", "fit"]

FACE_HEIGHT_SHARE = 0.38  # where a face's centre sits in the crop: the head in the upper third
_SAME_SHAPE = 0.03  # nothing to frame when the shapes differ by less
_LITTLE_LOST = 0.85  # a crop that keeps this much of the picture needs no face to justify it
_PERSISTENT = 0.35  # share of the looks at a shot in which a face must be seen
_COMPANION = 0.35  # of the main face's area: smaller ones are bystanders
_HEAD = 1.6  # face widths: a head with its hair
_DEAD_ZONE = (0.08, 0.06)  # of the crop's width and height
_LEAST_DEAD_ZONE = 0.015  # even for a head that fills the crop: detections tremble
_SPEEDS = (0.12, 0.25, 0.45)  # crop widths a second: the slowest that keeps the face in is taken
_MOST_SPEED = 0.12  # source widths a second: 0.5 % of the width per picture at 24 a second
_INSIDE_WANTED = 0.98
_INSIDE_NEEDED = 0.9
_SURE_ENOUGH = 0.3
_SHORT_SHOT_S = 1.2
_LEAD_ROOM = 0.05  # of the crop's width, on the side that the face looks to
_CLEAR_TURN = 0.25  # of the distance between the eyes, by which the nose is off their middle
_TOLERANCE = 0.0004  # of the crop's width: straight lines between keys stay this close


@dataclass(frozen=True)
class Shot:
    """Clip time between two cuts, and the times in it at which faces were looked for."""

    start_s: float
    end_s: float
    looked_s: tuple[float, ...]


@dataclass(frozen=True)
class _Canvas:
    """The source picture and the crop that the wanted shape leaves of it, in source pixels."""

    width: float
    height: float
    crop_width: float
    crop_height: float

    @property
    def kept(self) -> float:
        return self.crop_width * self.crop_height / (self.width * self.height)


def plan_framing(
    choice: Choice,
    aspect: str,
    shape: float,
    source_size_px: tuple[int, int],
    shots: Sequence[Shot],
    tracks: Sequence[Track],
) -> FramingPlan:
    """The plan of one clip for one output whose width / height is `shape`.

    `shots` follow each other without gaps; `tracks` end at cuts.
    """
    canvas = _canvas(source_size_px, shape)
    framed: list[FramingShot] = []
    for shot in shots:
        in_shot = [track for track in tracks if shot.start_s <= track.start_s < shot.end_s]
        before = framed[-1].kind if framed else None
        framed.append(_frame(choice, canvas, shot, in_shot, before))
    return FramingPlan(source_size_px, aspect, tuple(framed))


def _canvas(source_size_px: tuple[int, int], shape: float) -> _Canvas:
    width, height = source_size_px
    if width / height > shape:
        return _Canvas(width, height, height * shape, height)
    return _Canvas(width, height, width, width / shape)


def _frame(
    choice: Choice,
    canvas: _Canvas,
    shot: Shot,
    tracks: Sequence[Track],
    before: FramingKind | None,
) -> FramingShot:
    if choice == "fit":
        return _whole(canvas, shot, 1.0, "You chose to see the whole picture.")
    if 1 - canvas.kept < _SAME_SHAPE:
        return _centered(canvas, shot, 1.0, "The picture already has this shape.")
    group = _group(shot, tracks)
    if not group:
        return _without_faces(choice, canvas, shot, before)
    main = group[0]
    together = _followed(canvas, shot, group) if len(group) > 1 else None
    if together is not None and together.inside >= _INSIDE_NEEDED:
        return _told(
            together, shot, f"The {_count(len(group))} faces fit into this shape together."
        )
    if choice == "auto" and len(group) > 1:
        reason = f"The {_count(len(group))} people are too far apart for this shape."
        return _whole(canvas, shot, 0.7, reason)
    alone = _followed(canvas, shot, [main])
    if choice == "auto" and alone.inside < _INSIDE_NEEDED:
        reason = "The face is too large or too fast for this shape, so the whole picture is shown."
        return _whole(canvas, shot, 0.6, reason)
    if choice == "auto" and alone.confidence < _SURE_ENOUGH:
        return _whole(canvas, shot, 0.4, "A face was seen, but not surely enough to follow it.")
    return _told(
        alone, shot, "One face is followed." if len(group) == 1 else "The main face is followed."
    )


def _without_faces(
    choice: Choice, canvas: _Canvas, shot: Shot, before: FramingKind | None
) -> FramingShot:
    if choice == "fill":
        return _centered(canvas, shot, 0.3, "No face was found, so the middle is kept.")
    if canvas.kept >= _LITTLE_LOST:
        return _centered(canvas, shot, 0.6, "The middle keeps almost all of the picture.")
    if shot.end_s - shot.start_s < _SHORT_SHOT_S and before is FramingKind.FILL:
        return _centered(canvas, shot, 0.3, "Too short to change the framing for.")
    return _whole(canvas, shot, 0.5, "No face was found, so the whole picture is shown.")


def _group(shot: Shot, tracks: Sequence[Track]) -> list[Track]:
    """The faces that matter, the main one first: persistent, and not much smaller than it."""
    looks = max(len(shot.looked_s), 1)
    seen = [track for track in tracks if len(track.sightings) / looks >= _PERSISTENT]
    if not seen:  # people may come and go: then the one who stays longest, if anybody stays
        everyone = sum(len(track.sightings) for track in tracks)
        seen = list(tracks) if everyone / looks >= _PERSISTENT else []
    by_weight = sorted(seen, key=lambda track: -len(track.sightings) * track.median_width**2)
    if not by_weight:
        return []
    least = _COMPANION * by_weight[0].median_width ** 2
    return [track for track in by_weight if track.median_width**2 >= least]


@dataclass(frozen=True)
class _Followed:
    """A path, the share of the sightings whole inside the crop, and how sure we are of it."""

    shot: FramingShot
    inside: float
    confidence: float


def _followed(canvas: _Canvas, shot: Shot, group: Sequence[Track]) -> _Followed:
    times_s, boxes = _union(group)
    lead_px = _lead_room(canvas, group)
    middle_x = [box.center[0] + lead_px for box in boxes]
    below = (0.5 - FACE_HEIGHT_SHARE) * canvas.crop_height
    middle_y = [box.center[1] + below for box in boxes]
    widest, tallest = (float(np.percentile(side, 90)) for side in _sides(boxes))
    best: _Followed | None = None
    for speed in _SPEEDS:
        across = _limits(canvas.width, canvas.crop_width, widest, _DEAD_ZONE[0], speed)
        along = _limits(canvas.height, canvas.crop_height, tallest, _DEAD_ZONE[1], speed)
        grid_s, xs = smooth_path(times_s, middle_x, shot.start_s, shot.end_s, across)
        _, ys = smooth_path(times_s, middle_y, shot.start_s, shot.end_s, along)
        inside = _share_inside(canvas, times_s, boxes, grid_s, xs, ys)
        if best is None or inside > best.inside:
            seen = len(times_s) / max(len(shot.looked_s), 1)
            sure = min(1.0, seen) * inside * max(track.peak_confidence for track in group)
            best = _Followed(_moving(canvas, shot, grid_s, xs, ys), inside, sure)
        if inside >= _INSIDE_WANTED:
            break
    assert best is not None
    return best


def _union(group: Sequence[Track]) -> tuple[list[float], list[FaceBox]]:
    """At each time one box around the faces alive then; a face that is lost stays where it was."""
    times_s = sorted({sighting.clip_s for track in group for sighting in track.sightings})
    boxes: list[FaceBox] = []
    for clip_s in times_s:
        alive = [_at(track, clip_s) for track in group if track.start_s <= clip_s <= track.end_s]
        left, top = min(box.x for box in alive), min(box.y for box in alive)
        right = max(box.x + box.width for box in alive)
        bottom = max(box.y + box.height for box in alive)
        boxes.append(FaceBox(left, top, right - left, bottom - top, 1.0))
    return times_s, boxes


def _at(track: Track, clip_s: float) -> FaceBox:
    return min(track.sightings, key=lambda sighting: abs(sighting.clip_s - clip_s)).box


def _sides(boxes: Sequence[FaceBox]) -> tuple[list[float], list[float]]:
    return [box.width for box in boxes], [box.height for box in boxes]


def _lead_room(canvas: _Canvas, group: Sequence[Track]) -> float:
    """Pixels to shift the crop towards where a single, clearly turned face looks, on average.

    Never so far that the back of the head would leave the crop.
    """
    if len(group) != 1:
        return 0.0
    turns = [turn for sighting in group[0].sightings if (turn := _turn(sighting.box)) is not None]
    turned = float(np.median(turns)) if turns else 0.0
    free_px = max(0.0, (canvas.crop_width - _HEAD * group[0].median_width) / 2)
    room_px = min(canvas.crop_width * _LEAD_ROOM, free_px)
    return math.copysign(room_px, turned) if abs(turned) > _CLEAR_TURN else 0.0


def _turn(box: FaceBox) -> float | None:
    """How far the nose is off the middle of the eyes, in eye distances; None without landmarks."""
    if not box.landmarks:
        return None
    (first_x, _), (second_x, _), (nose_x, _) = box.landmarks[:3]
    apart = max(abs(second_x - first_x), box.width * 0.15)
    return float((nose_x - (first_x + second_x) / 2) / apart)


def _limits(side: float, crop: float, face: float, dead_zone: float, speed: float) -> Limits:
    slack = (crop - _HEAD * face) / 2
    dead_zone_px = max(crop * _LEAST_DEAD_ZONE, min(crop * dead_zone, slack * 0.6))
    return Limits(dead_zone_px, min(speed * crop, _MOST_SPEED * side), crop / 2, side - crop / 2)


def _share_inside(
    canvas: _Canvas,
    times_s: Sequence[float],
    boxes: Sequence[FaceBox],
    grid_s: Line,
    xs: Line,
    ys: Line,
) -> float:
    """Share of the boxes that lie whole inside the crop (as far as inside the picture at all)."""
    left = np.interp(times_s, grid_s, xs) - canvas.crop_width / 2 - 0.5
    top = np.interp(times_s, grid_s, ys) - canvas.crop_height / 2 - 0.5
    inside = [
        max(box.x, 0) >= x
        and min(box.x + box.width, canvas.width) <= x + canvas.crop_width + 1
        and max(box.y, 0) >= y
        and min(box.y + box.height, canvas.height) <= y + canvas.crop_height + 1
        for box, x, y in zip(boxes, left, top, strict=True)
    ]
    return sum(map(bool, inside)) / len(inside)


def _moving(canvas: _Canvas, shot: Shot, grid_s: Line, xs: Line, ys: Line) -> FramingShot:
    path = np.stack([xs, ys], axis=1)
    kept = thin_out(grid_s, path, canvas.crop_width * _TOLERANCE)
    if len(kept) == 2 and np.abs(path - path[0]).max() < canvas.crop_width * _TOLERANCE:
        kept = kept[:1]
    keys = tuple(
        CropKey(round(float(grid_s[i]), 4), round(float(xs[i]), 3), round(float(ys[i]), 3))
        for i in kept
    )
    return _shot(canvas, shot, FramingKind.FILL, keys)


def _shot(canvas: _Canvas, shot: Shot, kind: FramingKind, keys: tuple[CropKey, ...]) -> FramingShot:
    size = (canvas.crop_width, canvas.crop_height)
    if kind is FramingKind.FIT:
        size = (canvas.width, canvas.height)
    return FramingShot(shot.start_s, shot.end_s, kind, 1.0, "", size, keys)


def _told(followed: _Followed, shot: Shot, reason: str) -> FramingShot:
    return replace(followed.shot, confidence=round(followed.confidence, 3), reason=reason)


def _whole(canvas: _Canvas, shot: Shot, confidence: float, reason: str) -> FramingShot:
    key = CropKey(shot.start_s, canvas.width / 2, canvas.height / 2)
    framed = _shot(canvas, shot, FramingKind.FIT, (key,))
    return replace(framed, confidence=confidence, reason=reason)


def _centered(canvas: _Canvas, shot: Shot, confidence: float, reason: str) -> FramingShot:
    """The middle; of a picture that is too tall, nearer to its top, where heads are."""
    spare = canvas.height - canvas.crop_height
    middle_y = canvas.crop_height / 2 + spare * FACE_HEIGHT_SHARE
    key = CropKey(shot.start_s, canvas.width / 2, middle_y)
    framed = _shot(canvas, shot, FramingKind.FILL, (key,))
    return replace(framed, confidence=confidence, reason=reason)


def _count(number: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(number, str(number))
