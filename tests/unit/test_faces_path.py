"""The camera's path: still when it can be, smooth and bounded when it cannot."""

import numpy as np
import pytest

from clipforge_desktop.faces.path import SMOOTHING_S, STEP_S, Limits, smooth_path, thin_out

WIDE = Limits(dead_zone_px=50, speed_px_s=200, lowest_px=0, highest_px=2000)


def test_a_person_who_stays_in_the_dead_zone_moves_nothing() -> None:
    times = np.arange(0, 10, 0.25)
    swaying = 500 + 45 * np.sin(times * 2)
    _, path = smooth_path(list(times), list(swaying), 0, 10, WIDE)
    assert np.ptp(path) == 0
    assert abs(path[0] - 500) < 50


def test_a_single_wrong_detection_moves_nothing() -> None:
    times = np.arange(0, 10, 0.25)
    seen = np.full(times.size, 500.0)
    seen[17] = 1500
    _, path = smooth_path(list(times), list(seen), 0, 10, WIDE)
    assert np.ptp(path) == 0


def test_a_move_to_another_place_is_smooth_bounded_and_does_not_overshoot() -> None:
    times = np.arange(0, 10, 0.25)
    seen = np.where(times < 5, 500.0, 900.0)
    grid, path = smooth_path(list(times), list(seen), 0, 10, WIDE)
    speed = np.diff(path) / STEP_S
    acceleration = np.diff(speed) / STEP_S
    assert speed.max() <= 200 + 1e-6
    assert speed.min() >= -1e-6
    assert np.abs(acceleration).max() <= 2 * 200 / SMOOTHING_S + 1e-6
    assert path[0] == path[10] == pytest.approx(500, abs=WIDE.dead_zone_px)
    assert path[-1] == path[-10] == pytest.approx(900, abs=WIDE.dead_zone_px)
    assert grid[np.argmin(np.abs(path - 700))] == pytest.approx(5, abs=0.2), "as early as late"


def test_a_walk_is_followed_without_stopping_and_starting() -> None:
    times = np.arange(0, 10, 0.25)
    walked = 300 + 100 * times
    _, path = smooth_path(list(times), list(walked), 0, 10, WIDE)
    middle = np.diff(path)[20:-20] / STEP_S
    assert middle.min() > 40
    assert middle.max() < 200


def test_the_crop_never_leaves_the_picture() -> None:
    limits = Limits(dead_zone_px=10, speed_px_s=500, lowest_px=300, highest_px=700)
    _, path = smooth_path([0, 2, 4, 6], [-100, 2000, -100, 2000], 0, 6, limits)
    assert path.min() >= 300
    assert path.max() <= 700


def test_one_sighting_is_enough_for_a_path() -> None:
    grid, path = smooth_path([1.0], [640.0], 0, 0.04, WIDE)
    assert len(grid) == len(path) >= 2
    assert path == pytest.approx(np.full(len(path), 640.0))


def test_thinned_out_points_still_describe_the_path() -> None:
    times = np.linspace(0, 10, 101)
    path = np.stack([300 * np.sin(times / 3), np.zeros(101)], axis=1)
    kept = thin_out(times, path, 2.0)
    assert kept[0] == 0
    assert kept[-1] == 100
    assert len(kept) < 20
    again = np.interp(times, times[kept], path[kept, 0])
    assert np.abs(again - path[:, 0]).max() <= 2.0 + 1e-9
