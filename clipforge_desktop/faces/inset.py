"""The camera's inset on a shared screen: a face that stays small, still and off-centre.

The rectangle around it is found by straight edges: the inset's border is the same in every
picture of the shot, while what is inside moves, so in the middle of many pictures (the median)
it stands sharp. A side of the inset may also be the picture's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.domain.framing import Rect
from clipforge_desktop.faces.tracks import Track

Grey = NDArray[np.uint8]  # (height, width): one small picture

_MOST_FACE = 0.13  # of the picture's width: a camera in a corner shows no larger face
_MOST_WANDER = 0.9  # face widths, from one end of its way to the other
_OFF_CENTER = 0.22  # of the width and of the height, from the middle
_LEAST_SEEN = 8  # sightings
_NEAR, _FAR = 0.75, 4.0  # face widths (heights) from the face's centre to a side
_LEAST_STEP = 7.0  # of 255, in most rows (columns) along a side
_ALONG = 25  # percentile: three quarters of a side must show the step
_BAND = 1.0  # face widths to either side of the face along which a side is first looked for
_STEPS_NEEDED = 2  # sides that are no edge of the picture
_OWN_WIDTHS = 3.0  # face widths: an inset whose sides were not found
_LOW = 0.72  # of the height: a head as low as this belongs to no picture of its own


@dataclass(frozen=True)
class Inset:
    """`rect` in source pixels; `confidence` 0 to 1."""

    rect: Rect
    confidence: float


def is_inset_face(track: Track, width: float, height: float) -> bool:
    """Small, still and off-centre all the time?"""
    if len(track.sightings) < _LEAST_SEEN or track.median_width > _MOST_FACE * width:
        return False
    centers = np.array([seen.box.center for seen in track.sightings])
    low, high = np.percentile(centers, [5, 95], axis=0)
    if float((high - low).max()) > _MOST_WANDER * track.median_width:
        return False
    x, y = (float(value) for value in np.median(centers, axis=0))
    return abs(x / width - 0.5) >= _OFF_CENTER and abs(y / height - 0.5) >= _OFF_CENTER


def find_inset(track: Track, pictures: Sequence[Grey], width: float, height: float) -> Inset | None:
    """The rectangle around an inset's face, from small grey `pictures` of the same shot.

    None when the face is no inset's. `width` and `height` are the source's.
    """
    if not pictures or not is_inset_face(track, width, height):
        return None
    still = np.median(np.stack(pictures), axis=0)
    scale = still.shape[1] / width
    centers = np.array([seen.box.center for seen in track.sightings])
    x, y = (float(value) * scale for value in np.median(centers, axis=0))
    face = track.median_width * scale
    rough = _sides(still, x, y, face, (y - _BAND * face, y + _BAND * face), (x - face, x + face))
    left, right, top, bottom = (side[0] for side in rough)
    exact = _sides(still, x, y, face, (top, bottom), (left, right))
    steps = sum(side[1] for side in exact)
    left, right, top, bottom = (side[0] for side in exact)
    if steps >= _STEPS_NEEDED:
        rect = Rect(left / scale, top / scale, (right - left) / scale, (bottom - top) / scale)
        return Inset(rect, min(0.5 + 0.15 * steps, 0.95))
    if y / scale < _LOW * height:
        return None
    return Inset(_around(x / scale, y / scale, track.median_width, width, height), 0.5)


def _sides(
    still: NDArray[np.float64],
    x: float,
    y: float,
    face: float,
    rows: tuple[float, float],
    columns: tuple[float, float],
) -> tuple[tuple[float, bool], ...]:
    """(place, is there a step) of the left, right, top and bottom side, in pixels of `still`.

    Left and right must show along `rows`, top and bottom along `columns`.
    """
    across = np.percentile(_band(np.abs(np.diff(still, axis=1)), rows), _ALONG, axis=0)
    along = np.percentile(_band(np.abs(np.diff(still, axis=0)).T, columns), _ALONG, axis=0)
    return (
        _side(across, x, face, -1),
        _side(across, x, face, 1),
        _side(along, y, face, -1),
        _side(along, y, face, 1),
    )


def _band(steps: NDArray[np.float64], rows: tuple[float, float]) -> NDArray[np.float64]:
    first = min(max(int(rows[0]) + 1, 0), steps.shape[0] - 2)
    last = min(max(int(rows[1]) - 1, first + 2), steps.shape[0])
    return steps[first:last]


def _side(
    steps: NDArray[np.float64], center: float, face: float, direction: int
) -> tuple[float, bool]:
    """The strongest step on one side of the face, else the picture's own edge if that is near."""
    limit = steps.size + 1  # pixels of the picture along this axis
    near, far = center + direction * _NEAR * face, center + direction * _FAR * face
    low, high = sorted((min(max(near, 0), limit), min(max(far, 0), limit)))
    inside = steps[int(low) : max(int(high), int(low))]
    if inside.size and float(inside.max()) >= _LEAST_STEP:
        return int(low) + int(inside.argmax()) + 1.0, True
    return min(max(far, 0.0), float(limit)), False


def _around(x: float, y: float, face: float, width: float, height: float) -> Rect:
    side = min(_OWN_WIDTHS * face, width, height)
    left = min(max(x - side / 2, 0.0), width - side)
    top = min(max(y - side / 2, 0.0), height - side)
    return Rect(left, top, side, side)
