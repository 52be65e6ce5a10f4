"""Sizes and rates of exported files: even, exact, and refused in plain words."""

from dataclasses import replace
from fractions import Fraction

import pytest

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.formats import estimated_bytes, even_shape, output_rate, output_size
from clipforge_desktop.domain.source import VideoStream

VIDEO = VideoStream(0, "h264", 1920, 1080, 30.0, False, 0, False, (1, 1), "yuv420p", False, "")


@pytest.mark.parametrize(
    ("aspect", "size"),
    [
        ("9:16", (1080, 1920)),
        ("1:1", (1080, 1080)),
        ("4:5", (1080, 1350)),
        ("16:9", (1920, 1080)),
        ("3:4", (1080, 1440)),
        ("21:9", (2520, 1080)),
        ("720x1280", (720, 1280)),
        ("641x359", (640, 360)),
    ],
)
def test_a_shape_has_its_size_in_even_pixels(aspect: str, size: tuple[int, int]) -> None:
    assert output_size(aspect) == size
    is_in_pixels = "x" in aspect
    assert even_shape(aspect) == (f"{size[0]}x{size[1]}" if is_in_pixels else aspect)


@pytest.mark.parametrize(
    "aspect", ["", "wide", "9:0", "0x0", "9:16:1", "-9:16", "20:1", "1x1", "9999x9999", "9 : 16"]
)
def test_a_shape_that_cannot_be_made_is_refused(aspect: str) -> None:
    with pytest.raises(InputError) as caught:
        output_size(aspect)
    assert caught.value.failure.code == "aspect_not_understood"


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        (23.976, Fraction(24000, 1001)),
        (25.0, Fraction(25)),
        (29.97, Fraction(30000, 1001)),
        (30.0, Fraction(30)),
        (59.94, Fraction(60000, 1001)),
        (60.0, Fraction(60)),
        (120.0, Fraction(60)),
        (240.0, Fraction(60)),
        (15.0, Fraction(30)),
        (12.5, Fraction(25)),
        (10.0, Fraction(30)),
        (1.0, Fraction(24)),
    ],
)
def test_the_rate_is_that_of_the_source_or_a_simple_ratio_of_it(fps: float, rate: Fraction) -> None:
    assert output_rate(replace(VIDEO, fps=fps)) == rate


def test_a_variable_rate_becomes_a_usual_one() -> None:
    assert output_rate(replace(VIDEO, fps=20.182, is_variable_rate=True)) == 24
    assert output_rate(replace(VIDEO, fps=29.1, is_variable_rate=True)) == 30
    assert output_rate(replace(VIDEO, fps=90.0, is_variable_rate=True)) == 60


def test_sound_alone_gets_a_usual_rate() -> None:
    assert output_rate(None) == 30


def test_an_estimate_grows_with_everything_that_makes_files_larger() -> None:
    small = estimated_bytes((1080, 1080), Fraction(30), 30, "standard")
    assert 5_000_000 < small < 60_000_000
    assert estimated_bytes((1080, 1920), Fraction(30), 30, "standard") > small
    assert estimated_bytes((1080, 1080), Fraction(60), 30, "standard") > small
    assert estimated_bytes((1080, 1080), Fraction(30), 60, "standard") > small
    assert estimated_bytes((1080, 1080), Fraction(30), 30, "best") > small


def test_a_platform_may_ask_for_another_side_and_a_lower_rate() -> None:
    assert output_size("9:16", 720) == (720, 1280)
    assert output_size("641x359", 720) == (640, 360)
    assert output_rate(replace(VIDEO, fps=60.0), 30) == 30
    assert output_rate(replace(VIDEO, fps=50.0), 30) == 25
    assert output_rate(replace(VIDEO, fps=90.0, is_variable_rate=True), 30) == 30


@pytest.mark.parametrize(
    ("source", "size"),
    [
        ((1280, 720), (1280, 720)),
        ((721, 1281), (720, 1280)),
        ((7680, 4320), (3840, 2160)),
        ((64, 36), (228, 128)),
        ((3000, 64), (3840, 128)),
        (None, (1920, 1080)),
    ],
)
def test_the_sources_own_shape_is_its_size_as_far_as_files_go(
    source: tuple[int, int] | None, size: tuple[int, int]
) -> None:
    assert output_size("source", 1080, source) == size
