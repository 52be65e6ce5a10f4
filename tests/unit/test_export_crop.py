"""The crop as ffmpeg gets it follows the plan that the preview draws."""

import re
from fractions import Fraction
from itertools import pairwise

import pytest

from clipforge_desktop.domain.framing import (
    EVERYWHERE,
    Backdrop,
    CropKey,
    FramingKind,
    FramingPlan,
    FramingShot,
    Pane,
    Rect,
)
from clipforge_desktop.stages.export.crop import (
    MovingCrop,
    View,
    expression,
    moving_crop,
    needed_view,
    runs,
)

RATE = Fraction(30)
SIZE = (1920, 1080)
CROP = (607.5, 1080.0)
HD = View(Rect(0, 0, 1920, 1080), SIZE)


def value_of(text: str, n: int) -> float:
    """What ffmpeg would make of an expression of ours, which are made of four functions."""
    names = {
        "iff": lambda condition, yes, no: yes if condition else no,
        "lt": lambda a, b: a < b,
        "clip": lambda a, low, high: min(max(a, low), high),
        "round": round,
        "n": n,
    }
    assert re.fullmatch(r"[0-9a-z+*(),.\-]+", text)
    return float(eval(text.replace("if(", "iff("), {"__builtins__": {}}, names))


def shot(
    start_s: float, end_s: float, *keys: tuple[float, float], kind: FramingKind = FramingKind.FILL
) -> FramingShot:
    corners = tuple(CropKey(clip_s, x, 540.0) for clip_s, x in keys)
    size = CROP if kind is FramingKind.FILL else (1920.0, 1080.0)
    backdrop = Backdrop.BLUR if kind is FramingKind.FIT else Backdrop.NONE
    place = Rect(0, 0.34, 1, 0.3164) if kind is FramingKind.FIT else EVERYWHERE
    return FramingShot(start_s, end_s, kind, 1.0, "", (Pane(place, size, corners),), backdrop)


def shown_x(crop: MovingCrop, n: int) -> float:
    """Left edge in source pixels of what frame `n` shows."""
    x, _, width, _ = crop.window
    return x + value_of(crop.x, n) * width / crop.scaled[0]


def test_the_crop_of_every_frame_is_that_of_the_plan_within_half_an_output_pixel() -> None:
    keys = ((0, 400), (1, 420), (2, 700), (3.3, 1500), (4, 1490))
    plan = FramingPlan(SIZE, "9:16", (shot(0, 5, *keys),))
    (run,) = runs(plan, 150, RATE)
    crop = moving_crop(run, 0, RATE, HD, (1080, 1920))
    for n in range(150):
        off = shown_x(crop, n) - plan.crop_at(n / 30).x
        assert abs(off) <= 0.51 * 607.5 / 1080 + 0.02


def test_a_still_crop_is_one_number() -> None:
    plan = FramingPlan(SIZE, "9:16", (shot(0, 5, (0, 960)),))
    (run,) = runs(plan, 150, RATE)
    crop = moving_crop(run, 0, RATE, HD, (1080, 1920))
    assert crop.x.isdigit()
    assert crop.window[2] < 614, "only what is shown is scaled"


def test_a_cut_between_two_shots_is_one_step_on_its_first_frame() -> None:
    plan = FramingPlan(SIZE, "9:16", (shot(0, 2, (0, 400)), shot(2, 5, (2, 1500), (5, 1400))))
    (run,) = runs(plan, 150, RATE)
    crop = moving_crop(run, 0, RATE, HD, (1080, 1920))
    for n in range(150):
        assert shown_x(crop, n) == pytest.approx(plan.crop_at(n / 30).x, abs=0.35)


def test_shots_of_the_same_framing_are_one_run_and_others_are_not() -> None:
    kinds = [FramingKind.FILL, FramingKind.FILL, FramingKind.FIT, FramingKind.FILL]
    shots = tuple(shot(n, n + 1, (n, 960), kind=kind) for n, kind in enumerate(kinds))
    found = runs(FramingPlan(SIZE, "9:16", shots), 120, RATE)
    assert [(run.first, run.end) for run in found] == [(0, 60), (60, 90), (90, 120)]


def test_runs_cover_every_frame_exactly_once_at_odd_rates() -> None:
    rate = Fraction(30000, 1001)
    kinds = [FramingKind.FILL, FramingKind.FIT] * 3
    edges = [0.0, *(float(round(n * 1.37 * rate) / rate) for n in range(1, 6)), 9.0]
    shots = tuple(
        shot(edges[n], edges[n + 1], (edges[n], 960), kind=kind) for n, kind in enumerate(kinds)
    )
    found = runs(FramingPlan(SIZE, "9:16", shots), 270, rate)
    assert found[0].first == 0
    assert found[-1].end == 270
    assert all(a.end == b.first for a, b in pairwise(found))


def test_pixels_that_are_not_square_are_cropped_in_decoded_pixels() -> None:
    source = (1024, 576)
    view = View(Rect(0, 0, 1024, 576), (704, 576))
    keys = (CropKey(0, 700.0, 288.0),)
    framed = FramingShot(0, 1, FramingKind.FILL, 1, "", (Pane(EVERYWHERE, (324.0, 576.0), keys),))
    (run,) = runs(FramingPlan(source, "9:16", (framed,)), 25, Fraction(25))
    crop = moving_crop(run, 0, Fraction(25), view, (1080, 1920))
    assert shown_x(crop, 0) == pytest.approx((700 - 162) * 704 / 1024, abs=0.6)
    assert crop.scaled[1] == 1920


def test_the_depth_of_an_expression_grows_with_the_logarithm_of_its_points() -> None:
    numbers = [float(n) for n in range(600)]
    values = [float((n * 37) % 400) for n in range(600)]
    text = expression(numbers, values)
    depth = deepest = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    assert deepest < 20
    assert value_of(text, 123) == round(values[123])


def test_a_costly_step_sees_only_what_is_shown_and_no_finer_than_needed() -> None:
    plan = FramingPlan((3840, 2160), "9:16", (big_shot(2000.0, 2100.0),))
    whole = View(Rect(0, 0, 3840, 2160), (3840, 2160))
    window, smaller = needed_view(whole, [(plan, (1080, 1920))])
    assert window[0] <= 2000 - 607.5
    assert window[0] + window[2] >= 2100 + 607.5
    assert window[2] < 1330
    assert smaller.size_px[1] == 1920
    (run,) = runs(plan, 60, RATE)
    crop = moving_crop(run, 0, RATE, smaller, (1080, 1920))
    for n in range(60):
        x, _, width, _ = crop.window
        shown = smaller.shown.x + (x + value_of(crop.x, n) * width / crop.scaled[0]) / smaller.per_x
        assert shown == pytest.approx(plan.crop_at(n / 30).x, abs=0.8)


def test_a_shot_that_is_shown_whole_keeps_the_view_whole() -> None:
    plan = FramingPlan(SIZE, "9:16", (shot(0, 2, (0, 960), kind=FramingKind.FIT),))
    window, smaller = needed_view(HD, [(plan, (1080, 1920))])
    assert window == (0, 0, 1920, 1080)
    assert smaller.size_px == (1080, 608)


def big_shot(*xs: float) -> FramingShot:
    keys = tuple(CropKey(float(n), x, 1080.0) for n, x in enumerate(xs))
    return FramingShot(0, 2, FramingKind.FILL, 1.0, "", (Pane(EVERYWHERE, (1215.0, 2160.0), keys),))
