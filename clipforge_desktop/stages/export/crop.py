"""The crops of one run of shots as what ffmpeg needs: sizes, and motions in whole pixels.

ffmpeg's `crop` moves in whole pixels, and by two where colour is stored for every second one. So a
part of the source is taken first, scaled to the output's scale, and cropped there. Where a crop
pans, both move: of the places of the taken part, a few pixels apart, one always falls where the
cropped part then needs an even step only, and nothing but what is shown is ever scaled. Where the
scale has no such places (1:1 from 1080p), the part is scaled to twice the size, and every second
pixel is kept. The motion is an expression of the frame number `n`, made of numbers only: a balanced
tree over straight lines.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from clipforge_desktop.domain.framing import (
    Backdrop,
    FramingKind,
    FramingPlan,
    FramingShot,
    Pane,
    Rect,
)
from clipforge_desktop.stages.export.formats import even

_FINE = 2  # steps to an output pixel while a crop pans
_PLACES = 9  # of the taken part, one of which is chosen
_STEADY_PX = 1.0  # of the output: a crop that drifts by less is not worth fine steps

Layout = tuple[FramingKind, Backdrop, tuple[tuple[Rect, tuple[float, float]], ...]]


@dataclass(frozen=True)
class Run:
    """Frames `first` up to `end` of the clip that are laid out alike: one branch of the graph."""

    first: int
    end: int
    shots: tuple[FramingShot, ...]

    @property
    def kind(self) -> FramingKind:
        return self.shots[0].kind

    def track(self, number: int) -> tuple[Pane, ...]:
        """Pane `number` of every shot: they have the same place and size."""
        return tuple(shot.panes[number] for shot in self.shots)


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
    """A part of size `taken`, the size it is `scaled` to, and the crop in the scaled part.

    The crop is `cropped` pixels large: the output's size, or twice that along axes that pan. All
    places are expressions: `from_x` and `from_y` in the frame, `x` and `y` in the scaled part.
    """

    taken: tuple[int, int]
    from_x: str
    from_y: str
    scaled: tuple[int, int]
    cropped: tuple[int, int]
    x: str
    y: str


def runs(plan: FramingPlan, frames: int, rate: Fraction) -> tuple[Run, ...]:
    """The clip's frames as runs of the same framing, places and crop sizes."""
    found: list[Run] = []
    for number, shot in enumerate(plan.shots):
        first = 0 if number == 0 else _first_frame(shot.start_s, rate)
        is_last = number + 1 == len(plan.shots)
        end = frames if is_last else min(_first_frame(plan.shots[number + 1].start_s, rate), frames)
        if end <= first:
            continue
        before = found[-1] if found else None
        if before and _layout(before.shots[0]) == _layout(shot):
            found[-1] = Run(before.first, end, (*before.shots, shot))
        else:
            found.append(Run(first, end, (shot,)))
    return tuple(found)


def _layout(shot: FramingShot) -> Layout:
    places = tuple((pane.place, pane.crop_size_px) for pane in shot.panes)
    return shot.kind, shot.backdrop, places


def moving_crop(
    run: Run, number: int, rate: Fraction, view: View, output_size_px: tuple[int, int]
) -> MovingCrop:
    """The crop of pane `number`, shown at `output_size_px`, out of frames that show `view`."""
    points = _points(run, number, rate)
    crop_width, crop_height = run.track(number)[0].crop_size_px
    numbers = [point.n for point in points]
    xs = [(point.x - crop_width / 2 - view.shown.x) * view.per_x for point in points]
    ys = [(point.y - crop_height / 2 - view.shown.y) * view.per_y for point in points]
    across = _axis(numbers, xs, crop_width * view.per_x, view.size_px[0], output_size_px[0])
    along = _axis(numbers, ys, crop_height * view.per_y, view.size_px[1], output_size_px[1])
    return MovingCrop(
        (across.length, along.length),
        across.start,
        along.start,
        (across.scaled, along.scaled),
        (across.cropped, along.cropped),
        across.motion,
        along.motion,
    )


@dataclass(frozen=True)
class _Axis:
    """One axis of a moving crop."""

    start: str
    length: int
    scaled: int
    cropped: int
    motion: str


def _axis(
    numbers: Sequence[float], starts: Sequence[float], crop: float, limit: int, shown: int
) -> _Axis:
    """`starts` are where the crop of length `crop` begins, all in pixels of the graph's frames."""
    start, length = _window(min(starts), max(starts) + crop, limit)
    scale = shown / crop
    pans = any(
        abs(after - before) * scale > _STEADY_PX and next_n - n > 1e-6
        for n, next_n, before, after in zip(numbers, numbers[1:], starts, starts[1:], strict=False)
    )
    if pans and (found := _sliding(numbers, starts, crop, limit, shown)) is not None:
        return found
    fine = _FINE if pans else 1
    cropped = shown * fine
    scaled = max(cropped, even(length * scale * fine))
    step, room = scaled / length, scaled - cropped
    motion = expression(numbers, [min(max((at - start) * step, 0.0), room) for at in starts])
    return _Axis(str(start), length, scaled, cropped, motion)


def _sliding(
    numbers: Sequence[float], starts: Sequence[float], crop: float, limit: int, shown: int
) -> _Axis | None:
    """An axis along which the taken part moves too; None where that gives no fine steps."""
    length = math.ceil(crop / 2) * 2 + 2 * _PLACES
    scaled = even(length * shown / crop)
    step, room = scaled / length, scaled - shown
    phases = sorted(place * step % 1 for place in range(_PLACES))
    widest = max(b - a for a, b in zip(phases, [*phases[1:], phases[0] + 1], strict=True))
    if length > limit or 2 * widest > 1 / _FINE:
        return None
    last = (limit - length) // 2 * 2
    wanted = [min(max(at * step, 0.0), last * step + room) for at in starts]
    target = _tree(numbers, wanted, 0, len(numbers) - 1)
    chosen = (
        f"st(0,{target});st(1,0);st(2,{scaled});while(lt(ld(1),{_PLACES}),"
        f"st(4,clip(2*(floor(ld(0)/{2 * step:.9f})-ld(1)),0,{last}));"
        f"st(5,ld(0)-ld(4)*{step:.9f});st(6,clip(2*round(ld(5)/2),0,{room}));"
        "if(lt(abs(ld(5)-ld(6)),ld(2)-0.001),"
        "st(2,abs(ld(5)-ld(6)));st(3,ld(4));st(7,ld(6)));st(1,ld(1)+1));"
    )
    return _Axis(f"{chosen}ld(3)", length, scaled, shown, f"{chosen}ld(7)")


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


def _points(run: Run, number: int, rate: Fraction) -> list[Point]:
    points: list[Point] = []
    origin = run.first
    for place, (shot, pane) in enumerate(zip(run.shots, run.track(number), strict=True)):
        first = run.first if place == 0 else _first_frame(shot.start_s, rate)
        start_n = float(first - origin)
        points.append(_point(pane, float(first / rate), start_n))
        points += [
            Point(n, key.center_x, key.center_y)
            for key in pane.keys
            if (n := key.clip_s * float(rate) - origin) > start_n
        ]
        if place + 1 < len(run.shots):  # rests up to the next shot, then steps
            end_n = float(_first_frame(run.shots[place + 1].start_s, rate) - origin)
            points = [point for point in points if point.n < end_n]
            points.append(_point(pane, float((origin + end_n) / rate), end_n))
    return points


def _point(pane: Pane, clip_s: float, n: float) -> Point:
    rect = pane.crop_at(clip_s)
    return Point(n, rect.x + rect.width / 2, rect.y + rect.height / 2)


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
            for pane in shot.panes:
                crop_width, crop_height = pane.crop_size_px
                across = width * pane.place.width / (crop_width * view.per_x)
                along = height * pane.place.height / (crop_height * view.per_y)
                scale = max(scale, across, along)
                rects += [pane.crop_at(key.clip_s) for key in pane.keys]
            if shot.backdrop is Backdrop.BLUR:
                rects.append(whole)
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
