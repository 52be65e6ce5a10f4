"""The camera's way along one axis: still while the person is still, smooth when it has to move.

Two steps. First the face's positions become rests: as few, as long stretches as possible in
which the face stays inside the dead zone. Then the jumps between rests are limited in speed,
looking ahead as much as behind, and smoothed by a finite, non-negative kernel. Such a kernel
never overshoots (what critical damping is for), comes to a complete rest, and bounds the
acceleration to `2 * speed / kernel length`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEP_S = 0.1
SMOOTHING_S = 0.8  # length of one kernel; two are applied, so the acceleration is smooth too
_JITTER_S = 0.5  # detections tremble from picture to picture; a median takes that away

Line = NDArray[np.float64]


@dataclass(frozen=True)
class Limits:
    """What the camera may do, in pixels and seconds of the source picture."""

    dead_zone_px: float  # the face may move this far to either side of a rest
    speed_px_s: float
    lowest_px: float  # the crop's centre stays within these two
    highest_px: float


def smooth_path(
    times_s: Sequence[float],
    targets_px: Sequence[float],
    start_s: float,
    end_s: float,
    limits: Limits,
) -> tuple[Line, Line]:
    """(times, positions) every `STEP_S` from `start_s` to `end_s`; needs at least one target.

    Where the face was not seen the target moves linearly between the neighbours.
    """
    steps = max(1, round((end_s - start_s) / STEP_S))
    grid_s = np.linspace(start_s, end_s, steps + 1)
    steady = _median(np.asarray(times_s, np.float64), np.asarray(targets_px, np.float64))
    target = np.interp(grid_s, times_s, steady)
    rests = _rests(np.clip(target, limits.lowest_px, limits.highest_px), limits.dead_zone_px)
    limited = _limit_speed(rests, limits.speed_px_s * (end_s - start_s) / steps)
    return grid_s, _smooth(_smooth(limited))


def thin_out(times_s: Line, path: Line, tolerance_px: float) -> list[int]:
    """Which points must stay for straight lines between them to follow within `tolerance_px`.

    Douglas and Peucker's algorithm, over `path` of shape (points, axes).
    """
    last = len(times_s) - 1
    keep = {0, last}
    spans = [(0, last)]
    while spans:
        first, end = spans.pop()
        if end - first < 2:
            continue
        share = (times_s[first : end + 1] - times_s[first]) / (times_s[end] - times_s[first])
        straight = path[first] + share[:, None] * (path[end] - path[first])
        off = np.abs(path[first : end + 1] - straight).max(axis=1)
        worst = int(off.argmax())
        if off[worst] > tolerance_px:
            keep.add(first + worst)
            spans += [(first, first + worst), (first + worst, end)]
    return sorted(keep)


def _median(times_s: Line, values: Line) -> Line:
    """Each value by the median of those at most half of `_JITTER_S` away (and so at the ends)."""
    low = np.searchsorted(times_s, times_s - _JITTER_S / 2 - 1e-9)
    high = np.searchsorted(times_s, times_s + _JITTER_S / 2 + 1e-9)
    return np.array([np.median(values[a:b]) for a, b in zip(low, high, strict=True)])


def _rests(target: Line, dead_zone_px: float) -> Line:
    """The fewest constant stretches that stay within the dead zone, each at its median."""
    rests = np.empty_like(target)
    start, low, high = 0, target[0], target[0]
    for index, value in enumerate(target):
        new_low, new_high = min(low, value), max(high, value)
        if new_high - new_low > 2 * dead_zone_px:
            rests[start:index] = _rest(target[start:index], dead_zone_px)
            start, low, high = index, value, value
        else:
            low, high = new_low, new_high
    rests[start:] = _rest(target[start:], dead_zone_px)
    return rests


def _rest(stretch: Line, dead_zone_px: float) -> float:
    """The median, moved just so far that no point is outside the dead zone around it."""
    lowest, highest = stretch.max() - dead_zone_px, stretch.min() + dead_zone_px
    return float(np.clip(np.median(stretch), lowest, highest))


def _limit_speed(rests: Line, most_per_step: float) -> Line:
    """Ramps of at most `most_per_step` in place of jumps, as much before a jump as after it."""
    return (_follow(rests, most_per_step) + _follow(rests[::-1], most_per_step)[::-1]) / 2


def _follow(values: Line, most_per_step: float) -> Line:
    followed = np.empty_like(values)
    position = values[0]
    for index, value in enumerate(values):
        position += np.clip(value - position, -most_per_step, most_per_step)
        followed[index] = position
    return followed


def _smooth(values: Line) -> Line:
    half = round(SMOOTHING_S / STEP_S / 2)
    padded = np.pad(values, half, mode="edge")
    kernel = np.full(2 * half + 1, 1 / (2 * half + 1))
    return np.convolve(padded, kernel, mode="valid")
