"""The crop as ffmpeg gets it follows the plan that the preview draws."""

import subprocess
from fractions import Fraction
from itertools import pairwise

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray

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


def values_of(text: str, count: int) -> NDArray[np.float64]:
    """What ffmpeg makes of an expression for `n` from 0 up to `count`."""
    graph = f"aevalsrc=exprs='{text}':s={count}:d=1:nb_samples={count}"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", graph]
    ran = subprocess.run([*command, "-f", "f64le", "-"], capture_output=True, check=True)
    return np.frombuffer(ran.stdout)


def shot(
    start_s: float, end_s: float, *keys: tuple[float, float], kind: FramingKind = FramingKind.FILL
) -> FramingShot:
    corners = tuple(CropKey(clip_s, x, 540.0) for clip_s, x in keys)
    size = CROP if kind is FramingKind.FILL else (1920.0, 1080.0)
    backdrop = Backdrop.BLUR if kind is FramingKind.FIT else Backdrop.NONE
    place = Rect(0, 0.34, 1, 0.3164) if kind is FramingKind.FIT else EVERYWHERE
    return FramingShot(start_s, end_s, kind, 1.0, "", (Pane(place, size, corners),), backdrop)


def shown_x(crop: MovingCrop, count: int) -> NDArray[np.float64]:
    """Left edge in source pixels of what each of the first `count` frames shows."""
    per_x = crop.taken[0] / crop.scaled[0]
    edges: NDArray[np.float64] = values_of(crop.from_x, count) + values_of(crop.x, count) * per_x
    return edges


def test_a_pan_follows_the_plan_within_a_quarter_of_an_output_pixel() -> None:
    keys = ((0, 400), (1, 420), (2, 700), (3.3, 1500), (4, 1490))
    plan = FramingPlan(SIZE, "9:16", (shot(0, 5, *keys),))
    (run,) = runs(plan, 150, RATE)
    crop = moving_crop(run, 0, RATE, HD, (1080, 1920))
    assert crop.cropped == (1080, 1920), "nothing is scaled twice as large"
    assert crop.taken[0] < 640, "only what is shown is scaled"
    wanted = [plan.crop_at(n / 30).x for n in range(150)]
    assert np.abs(shown_x(crop, 150) - wanted).max() * 1080 / 607.5 <= 0.25
    for steps in (values_of(crop.from_x, 150), values_of(crop.x, 150)):
        assert not (steps % 2).any(), "colour moves with the light"


def test_a_pan_reaches_both_edges_of_the_picture() -> None:
    left, right = 303.75, 1616.25  # centres of the crops at both edges
    plan = FramingPlan(SIZE, "9:16", (shot(0, 4, (0, left), (2, right), (4, left)),))
    (run,) = runs(plan, 120, RATE)
    crop = moving_crop(run, 0, RATE, HD, (1080, 1920))
    taken, inner = values_of(crop.from_x, 120), values_of(crop.x, 120)
    assert taken.min() >= 0
    assert (taken + crop.taken[0]).max() <= 1920
    assert inner.min() >= 0
    assert (inner + 1080).max() <= crop.scaled[0]
    wanted = [plan.crop_at(n / 30).x for n in range(120)]
    assert np.abs(shown_x(crop, 120) - wanted).max() * 1080 / 607.5 <= 1.01


def test_a_pan_without_scaling_moves_in_half_pixels() -> None:
    keys = (CropKey(0, 700.0, 540.0), CropKey(5, 900.0, 540.0))
    panes = (Pane(EVERYWHERE, (1080.0, 1080.0), keys),)
    plan = FramingPlan(SIZE, "1:1", (FramingShot(0, 5, FramingKind.FILL, 1, "", panes),))
    (run,) = runs(plan, 150, RATE)
    crop = moving_crop(run, 0, RATE, HD, (1080, 1080))
    assert crop.cropped == (2160, 1080)
    wanted = [plan.crop_at(n / 30).x for n in range(150)]
    assert np.abs(shown_x(crop, 150) - wanted).max() <= 0.27


def test_a_still_crop_is_one_number() -> None:
    plan = FramingPlan(SIZE, "9:16", (shot(0, 5, (0, 960)),))
    (run,) = runs(plan, 150, RATE)
    crop = moving_crop(run, 0, RATE, HD, (1080, 1920))
    assert crop.x.isdigit()
    assert crop.from_x.isdigit()
    assert crop.taken[0] < 614, "only what is shown is scaled"


def test_a_cut_between_two_shots_is_one_step_on_its_first_frame() -> None:
    plan = FramingPlan(SIZE, "9:16", (shot(0, 2, (0, 400)), shot(2, 5, (2, 1500), (5, 1400))))
    (run,) = runs(plan, 150, RATE)
    crop = moving_crop(run, 0, RATE, HD, (1080, 1920))
    wanted = [plan.crop_at(n / 30).x for n in range(150)]
    assert shown_x(crop, 150) == pytest.approx(wanted, abs=0.35)


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
    assert shown_x(crop, 1)[0] == pytest.approx((700 - 162) * 704 / 1024, abs=0.6)
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
    assert values_of(text, 124)[123] == round(values[123])


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
    shown = smaller.shown.x + shown_x(crop, 60) / smaller.per_x
    assert shown == pytest.approx([plan.crop_at(n / 30).x for n in range(60)], abs=0.8)


def test_a_shot_that_is_shown_whole_keeps_the_view_whole() -> None:
    plan = FramingPlan(SIZE, "9:16", (shot(0, 2, (0, 960), kind=FramingKind.FIT),))
    window, smaller = needed_view(HD, [(plan, (1080, 1920))])
    assert window == (0, 0, 1920, 1080)
    assert smaller.size_px == (1080, 608)


def big_shot(*xs: float) -> FramingShot:
    keys = tuple(CropKey(float(n), x, 1080.0) for n, x in enumerate(xs))
    return FramingShot(0, 2, FramingKind.FILL, 1.0, "", (Pane(EVERYWHERE, (1215.0, 2160.0), keys),))
