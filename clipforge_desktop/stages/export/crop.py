"""The crop of one run of shots as what ffmpeg needs: a fixed window, its size, and two motions.

ffmpeg's `crop` moves in whole pixels. So a window around the whole path is cut from the source
first, that window is scaled to the output's scale, and the crop moves in output pixels there:
fine steps, and only little more than the shown part is ever scaled. The motion is an expression
of the frame number `n`, made of numbers only: a balanced tree over straight lines.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from clipforge_desktop.domain.framing import FramingKind, FramingPlan, FramingShot, Rect
from clipforge_desktop.stages.export.formats import even

MOST_POINTS = 600  # keeps the expression far below what ffmpeg's parser takes


@dataclass(frozen=True)
class Run:
    """Frames `first` up to `end` of the clip that are framed alike: one branch of the graph."""

    first: int
    end: int
    kind: FramingKind
    shots: tuple[FramingShot, ...]


@dataclass(frozen=True)
class Point:
    """A corner of the path: at frame `n` of the run the crop's centre is here, in source pixels."""

    n: float
    x: float
    y: float


Window = tuple[int, int, int, int]
"""(x, y, width, height) in the pixels of the graph's frames."""


@dataclass(frozen=True)
class View:
    """What the frames of the graph show: the part `shown` of the source, in `size_px` pixels.

    The two differ in scale where the source's pixels are not square, or where it was made smaller.
    """

    shown: Rect
    size_px: tuple[int, int]

    @property
    def per_x(self) -> float:
        return self.size_px[0] / self.shown.width

    @property
    def per_y(self) -> float:
        return self.size_px[1] / self.shown.height


@dataclass(frozen=True)
class MovingCrop:
    """A fixed `window`, the size it is `scaled` to, and the crop's way in the scaled window."""

    window: Window
    scaled: tuple[int, int]
    x: str
    y: str


def runs(plan: FramingPlan, frames: int, rate: Fraction) -> tuple[Run, ...]:
    """The clip's frames as runs of the same framing and the same crop size."""
    found: list[Run] = []
    for number, shot in enumerate(plan.shots):
        first = 0 if number == 0 else _first_frame(shot.start_s, rate)
        is_last = number + 1 == len(plan.shots)
        end = frames if is_last else min(_first_frame(plan.shots[number + 1].start_s, rate), frames)
        if end <= first:
            continue
        before = found[-1] if found else None
        if before and (before.kind, before.shots[0].crop_size_px) == (shot.kind, shot.crop_size_px):
            found[-1] = Run(before.first, end, before.kind, (*before.shots, shot))
        else:
            found.append(Run(first, end, shot.kind, (shot,)))
    return tuple(found)


def moving_crop(
    run: Run, rate: Fraction, view: View, output_size_px: tuple[int, int]
) -> MovingCrop:
    """The crop of a run of Fill shots, out of frames that show `view`."""
    points = _points(run, rate)
    crop_width, crop_height = run.shots[0].crop_size_px
    per_x, per_y = view.per_x, view.per_y
    xs = [(point.x - crop_width / 2 - view.shown.x) * per_x for point in points]
    ys = [(point.y - crop_height / 2 - view.shown.y) * per_y for point in points]
    left, width = _window(min(xs), max(xs) + crop_width * per_x, view.size_px[0])
    top, height = _window(min(ys), max(ys) + crop_height * per_y, view.size_px[1])
    scale_x = output_size_px[0] / (crop_width * per_x)
    scale_y = output_size_px[1] / (crop_height * per_y)
    scaled_width = max(output_size_px[0], even(width * scale_x))
    scaled_height = max(output_size_px[1], even(height * scale_y))
    room_x, room_y = scaled_width - output_size_px[0], scaled_height - output_size_px[1]
    step_x, step_y = scaled_width / width, scaled_height / height
    numbers = [point.n for point in points]
    return MovingCrop(
        (left, top, width, height),
        (scaled_width, scaled_height),
        expression(numbers, [min(max((x - left) * step_x, 0.0), room_x) for x in xs]),
        expression(numbers, [min(max((y - top) * step_y, 0.0), room_y) for y in ys]),
    )


def expression(numbers: Sequence[float], values: Sequence[float]) -> str:
    """ffmpeg expression of `n`: straight lines between the points, constant outside of them.

    Two points of the same number are a step. The result is rounded to whole pixels.
    """
    spread = max(values) - min(values)
    if spread < 0.5:
        return str(round((max(values) + min(values)) / 2))
    return f"round({_tree(numbers, values, 0, len(numbers) - 1)})"


def _tree(numbers: Sequence[float], values: Sequence[float], low: int, high: int) -> str:
    if high - low <= 1:
        return _line(numbers[low], values[low], numbers[high], values[high])
    middle = (low + high) // 2
    before, after = _tree(numbers, values, low, middle), _tree(numbers, values, middle, high)
    return f"if(lt(n,{numbers[middle]:.3f}),{before},{after})"


def _line(n: float, value: float, next_n: float, next_value: float) -> str:
    if next_n - n < 1e-6 or abs(next_value - value) < 1e-3:
        return f"{next_value:.2f}"
    slope = (next_value - value) / (next_n - n)
    return f"{value:.2f}+{slope:.6f}*(clip(n,{n:.3f},{next_n:.3f})-{n:.3f})"


def _first_frame(clip_s: float, rate: Fraction) -> int:
    """The first frame shown at or after `clip_s`."""
    return max(0, math.ceil(clip_s * rate - 1e-6))


def _points(run: Run, rate: Fraction) -> list[Point]:
    points: list[Point] = []
    for number, shot in enumerate(run.shots):
        first = run.first if number == 0 else _first_frame(shot.start_s, rate)
        start_n, origin = float(first - run.first), run.first
        keys = [key for key in shot.keys if key.clip_s * rate - origin > start_n]
        rect = shot.crop_at(float(first / rate))
        points.append(Point(start_n, rect.x + rect.width / 2, rect.y + rect.height / 2))
        points += [
            Point(key.clip_s * float(rate) - origin, key.center_x, key.center_y) for key in keys
        ]
        if number + 1 < len(run.shots):  # rests up to the next shot, then steps
            end_n = float(_first_frame(run.shots[number + 1].start_s, rate) - origin)
            points = [point for point in points if point.n < end_n]
            rect = shot.crop_at(float((origin + end_n) / rate))
            points.append(Point(end_n, rect.x + rect.width / 2, rect.y + rect.height / 2))
    return points


def needed_view(
    view: View, wanted: Sequence[tuple[FramingPlan, tuple[int, int]]]
) -> tuple[Window, View]:
    """The smallest view that loses nothing any (plan, output size) shows, and its window in `view`.

    For what is costly per pixel: it is done to no pixel that is not shown, and at no finer
    scale than the largest output needs.
    """
    whole = view.shown
    rects: list[Rect] = []
    scale = 0.0
    for plan, (width, height) in wanted:
        for shot in plan.shots:
            crop_width, crop_height = shot.crop_size_px
            across = width / (crop_width * view.per_x)
            along = height / (crop_height * view.per_y)
            is_fill = shot.kind is FramingKind.FILL
            scale = max(scale, max(across, along) if is_fill else min(across, along))
            rects += [shot.crop_at(key.clip_s) for key in shot.keys] if is_fill else [whole]
    first_x, last_x = min(r.x for r in rects), max(r.x + r.width for r in rects)
    first_y, last_y = min(r.y for r in rects), max(r.y + r.height for r in rects)
    per_x, per_y = view.per_x, view.per_y
    left, width = _window((first_x - whole.x) * per_x, (last_x - whole.x) * per_x, view.size_px[0])
    top, height = _window((first_y - whole.y) * per_y, (last_y - whole.y) * per_y, view.size_px[1])
    scale = min(scale, 1.0)
    shown = Rect(whole.x + left / per_x, whole.y + top / per_y, width / per_x, height / per_y)
    return (left, top, width, height), View(shown, (even(width * scale), even(height * scale)))


def _window(first: float, last: float, limit: int) -> tuple[int, int]:
    """(start, length), whole and even where the picture allows, around `first` to `last`."""
    start = max(0, math.floor(first / 2) * 2)
    end = min(limit, math.ceil(last / 2 - 1e-6) * 2)
    return start, end - start
