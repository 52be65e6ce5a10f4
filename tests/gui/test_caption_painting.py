"""What is painted: the right words lit at the right time, inside the frame, equal in export."""

import math
import subprocess
from itertools import pairwise

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray

from clipforge_desktop.captions.layout import optical_height_px
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.caption_style import (
    CaptionStyle,
    LineRules,
    Motion,
    Shadow,
)
from clipforge_desktop.domain.transcript import Word
from tests.gui.caption_words import (
    NAMES,
    PLAIN,
    PORTRAIT,
    SHAPES,
    STYLES,
    WORDS,
    bgra,
    green_columns,
    painter_of,
    spoken,
)

pytestmark = pytest.mark.usefixtures("qapp")

BACKGROUND = (110, 120, 135)  # Y, Cb, Cr
BT709 = np.array([[0.2126, 0.7152, 0.0722], [-0.1146, -0.3854, 0.5], [0.5, -0.4542, -0.0458]])


def expected_planes(painter: CaptionPainter, clip_s: float) -> list[NDArray[np.float64]]:
    """The preview picture over BACKGROUND, by the definition of BT.709 and of "over"."""
    picture = bgra(painter.paint(clip_s)).astype(float) / 255
    color = picture[:, :, 2::-1] @ BT709.T  # premultiplied, so already weighted by alpha
    luma = 16 * picture[:, :, 3] + 219 * color[:, :, 0] + (1 - picture[:, :, 3]) * BACKGROUND[0]
    planes = [luma]
    for channel in (1, 2):
        half = [halved(picture[:, :, 3]), halved(color[:, :, channel])]
        planes.append(128 * half[0] + 224 * half[1] + (1 - half[0]) * BACKGROUND[channel])
    return planes


def halved(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = (
        plane[::2, ::2] + plane[1::2, ::2] + plane[::2, 1::2] + plane[1::2, 1::2]
    ) / 4
    return mean


def exported_planes(painter: CaptionPainter, clip_s: float) -> list[NDArray[np.float64]]:
    """The strip over BACKGROUND by ffmpeg's own overlay."""
    width, height = painter.frame_size_px[0], painter.strip.height_px
    y, u, v = BACKGROUND
    graph = (
        f"color=s={width}x{height}:r=25,format=yuv420p,lutyuv=y={y}:u={u}:v={v}[b];"
        "[b][0:v]overlay=format=yuv420:shortest=1,format=yuv420p"
    )
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "rawvideo"]
    command += ["-pixel_format", "yuva420p", "-video_size", f"{width}x{height}", "-i", "pipe:0"]
    command += ["-filter_complex", graph, "-frames:v", "1", "-f", "rawvideo", "pipe:1"]
    done = subprocess.run(command, input=painter.frame(clip_s), capture_output=True, check=True)
    data = np.frombuffer(done.stdout, np.uint8).astype(float)
    luma, chroma = width * height, width * height // 4
    return [
        data[:luma].reshape(height, width),
        data[luma : luma + chroma].reshape(height // 2, width // 2),
        data[luma + chroma :].reshape(height // 2, width // 2),
    ]


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_the_exported_picture_is_the_preview_picture(style: CaptionStyle) -> None:
    painter = painter_of(style)
    expected, found = (planes(painter, 2.3) for planes in (expected_planes, exported_planes))
    for one, other in zip(expected, found, strict=True):
        assert np.abs(one - other).max() <= 3  # levels of 255; rounding of 8-bit alpha
        assert np.abs(one - other).mean() < 0.5
    assert np.ptp(found[0]) > 60


@pytest.mark.parametrize("size", SHAPES)
@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_captions_stay_inside_the_safe_zone_at_rest(
    style: CaptionStyle, size: tuple[int, int]
) -> None:
    plain_active = {"glow": None, "shadows": (), "scale": 1.0, "tilt_deg": 0.0}
    still = style.model_copy(
        update={
            "entrance": Motion(),
            "exit": Motion(),
            "shadows": (),
            "glow": None,
            "block_box": style.block_box and style.block_box.model_copy(update={"shadow": None}),
            "active": style.active.model_copy(update=plain_active),
        }
    )
    painter = painter_of(still, size=size)
    zone = safe_zone(size)
    width, height = size
    for clip_s in (0.5, 1.7, 3.3):
        alpha = bgra(painter.paint(clip_s))[:, :, 3]
        rows, columns = np.nonzero(alpha > 8)
        assert rows.size
        slack = 0.012 * height
        assert columns.min() >= zone.left * width - slack
        assert columns.max() <= width * (1 - zone.right) + slack
        assert painter.strip.y_px + rows.min() >= zone.top * height - slack
        assert painter.strip.y_px + rows.max() <= height * (1 - zone.bottom) + slack


FEW = [style for style in STYLES if style.lines.max_words <= 5]


@pytest.mark.parametrize("style", FEW, ids=[style.name for style in FEW])
def test_a_caption_of_few_words_shows_in_its_first_frame_already(style: CaptionStyle) -> None:
    starts_s = [n / 5 for n in range(1, 13)]
    words = tuple(Word(start_s, start_s + 0.2, "camera") for start_s in starts_s)
    painter = painter_of(style, words, (270, 480))
    for caption in painter.track.captions:
        first_s = math.ceil(caption.start_s * 25 - 1e-6) / 25
        assert bgra(painter.paint(first_s))[:, :, 3].max() > 80


COMING = [
    *[("typewriter", easing, 0.3) for easing in ("linear", "ease_in", "ease_out", "snap")],
    *[("wipe", easing, length_s) for easing in ("ease_in", "ease_in_out") for length_s in (0.3, 1)],
    *[("reveal", easing, 0.3) for easing in ("linear", "ease_in", "ease_out")],
    *[("fade", "ease_in", length_s) for length_s in (0.3, 1.0)],
    *[("fade", "ease_in_out", length_s) for length_s in (0.3, 1.0)],
]


@pytest.mark.parametrize(("kind", "easing", "length_s"), COMING)
@pytest.mark.parametrize("scope", ["block", "word"])
def test_what_comes_slowly_shows_in_its_first_frame_already(
    kind: str, easing: str, length_s: float, scope: str
) -> None:
    entrance = {"kind": kind, "easing": easing, "duration_s": length_s, "scope": scope}
    lines = LineRules(max_words=1, min_s=0)
    style = PLAIN.model_copy(update={"entrance": Motion.model_validate(entrance), "lines": lines})
    short = "camera" if kind == "wipe" else "we"
    words = (Word(0.2, 0.4, short), Word(0.4, 0.6, "camera"), Word(1.0, 3.0, short))
    painter = painter_of(style, words, (270, 480))
    assert len(painter.track.captions) == 3
    for caption in painter.track.captions:
        at_first, at_last = (
            bgra(painter.paint(at_s))[:, :, 3].astype(int).sum()
            for at_s in (math.ceil(caption.start_s * 25 - 1e-6) / 25, caption.end_s - 0.01)
        )
        assert 0.03 * at_last < at_first < 0.6 * at_last


def test_words_that_have_gone_one_by_one_do_not_come_back() -> None:
    leaving = Motion(kind="pop", scope="word", duration_s=0.2, stagger_s=0.4)
    style = PLAIN.model_copy(update={"exit": leaving})
    painter = painter_of(style, spoken("one two three four"))
    (caption,) = painter.track.captions
    alone = bgra(painter.paint(caption.end_s - 0.25))[:, :, 3].max(axis=0)
    assert not alone[: len(alone) // 2].any()
    assert alone.any()


@pytest.mark.parametrize("kind", ["fade", "pop", "rise", "reveal", "wipe", "typewriter"])
def test_what_leaves_is_all_but_gone_in_the_end(kind: str) -> None:
    leaving = Motion.model_validate({"kind": kind, "scope": "word", "duration_s": 0.4})
    painter = painter_of(PLAIN.model_copy(update={"exit": leaving}), spoken("one two three four"))
    (caption,) = painter.track.captions
    before, last = (
        bgra(painter.paint(caption.end_s - left_s))[:, :, 3].astype(float).sum()
        for left_s in (0.5, 0.005)
    )
    assert last < 0.25 * before


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_nothing_is_ever_cut_off_by_the_strip(style: CaptionStyle) -> None:
    painter = painter_of(style)
    strip = painter.strip
    assert strip.y_px % 2 == 0
    assert strip.height_px % 2 == 0
    last = None
    for frame in range(0, 150, 2):
        key = painter.key_at(frame / 25)
        if key == last:
            continue
        last = key
        alpha = bgra(painter.paint(frame / 25))[:, :, 3]
        assert strip.y_px == 0 or not alpha[0].any()
        assert not alpha[-1].any()


def test_the_shadow_of_letters_without_outlines_is_no_wider_than_they_are() -> None:
    shadow = Shadow(color="#000000", blur_em=0.0, offset_x_em=0.0, offset_y_em=0.0)
    plain, cast = (
        painter_of(PLAIN.model_copy(update={"outlines": (), "shadows": shadows}))
        for shadows in ((), (shadow,))
    )
    letters, with_shadow = (bgra(painter.paint(0.5))[:, :, 3] > 0 for painter in (plain, cast))
    below = np.array([cast.strip.y_px - plain.strip.y_px, 0])
    assert np.array_equal(np.argwhere(with_shadow) + below, np.argwhere(letters))


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_the_small_strip_of_known_times_shows_all_of_the_large_one(style: CaptionStyle) -> None:
    times_s = [frame / 12 for frame in range(36)]
    whole = CaptionPainter(WORDS, style, PORTRAIT, 6.0)
    small = CaptionPainter(WORDS, style, PORTRAIT, 6.0, times_s=times_s)
    strip = small.strip
    assert all(side % 2 == 0 for side in (strip.x_px, strip.y_px))
    assert small.glass is not None or strip.width_px < whole.strip.width_px
    left, top = strip.x_px, strip.y_px - whole.strip.y_px
    for clip_s in times_s:
        if whole.key_at(clip_s) == whole.key_at(clip_s - 1 / 12):
            continue
        everything, part = bgra(whole.paint(clip_s)).copy(), bgra(small.paint(clip_s))
        inside = (slice(top, top + strip.height_px), slice(left, left + strip.width_px))
        assert (everything[inside] == part).all()
        everything[inside] = 0
        assert not everything.any()


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_equal_keys_are_equal_pictures_and_changes_change_the_key(style: CaptionStyle) -> None:
    watched, fresh = painter_of(style), painter_of(style)
    times = [frame / 10 for frame in range(60)]
    keys = [watched.key_at(clip_s) for clip_s in times]
    pictures = [fresh.paint(clip_s).copy() for clip_s in times]
    for (key, picture), (next_key, next_picture) in pairwise(zip(keys, pictures, strict=True)):
        if key == next_key:
            assert picture == next_picture
    assert len(set(keys)) > 2


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_a_picture_depends_on_the_time_alone(style: CaptionStyle) -> None:
    forward, backward = painter_of(style), painter_of(style)
    times = [0.0, 0.45, 0.9, 1.31, 2.0, 2.75, 3.9, 5.9]
    seen = {clip_s: (forward.paint(clip_s).copy(), forward.frame(clip_s)) for clip_s in times}
    for clip_s in reversed(times):
        assert backward.paint(clip_s) == seen[clip_s][0]
        assert backward.frame(clip_s) == seen[clip_s][1]


def test_the_planes_have_the_strips_size_and_are_empty_without_words() -> None:
    painter = CaptionPainter((), load_style("clean"), PORTRAIT, 5.0)
    width, height = PORTRAIT[0], painter.strip.height_px
    planes = painter.frame(1.0)
    assert len(planes) == width * height * 5 // 2
    assert planes == bytes([16]) * (width * height) + bytes([128]) * (width * height // 2) + bytes(
        width * height
    )


def test_the_active_word_is_lit_exactly_while_it_is_spoken() -> None:
    words = (Word(1.0, 1.4, "one"), Word(1.4, 2.0, "two"), Word(2.5, 3.0, "three"))
    painter = CaptionPainter(words, PLAIN, PORTRAIT, 5.0)
    assert painter.key_at(0.99) == ()
    first, second, third = (green_columns(painter, at_s) for at_s in (1.01, 1.41, 2.51))
    assert first.max() < second.min()
    assert second.max() < third.min()
    assert (green_columns(painter, 1.39) == first).all()
    assert green_columns(painter, 2.2).size == 0  # the pause


def test_words_stand_still_when_the_active_word_changes() -> None:
    painter = CaptionPainter(spoken("one two three"), PLAIN, PORTRAIT, 5.0)
    first, later = (bgra(painter.paint(at_s))[:, :, 3] for at_s in (0.5, 1.3))
    assert (first == later).all()


@pytest.mark.parametrize(
    ("text", "direction"), [("one two three", 1), ("أحب هذا الفيلم", -1), ("אני אוהב סרטים", -1)]
)
def test_the_active_word_moves_in_the_direction_of_reading(text: str, direction: int) -> None:
    painter = CaptionPainter(spoken(text), PLAIN, PORTRAIT, 5.0)
    middles = [green_columns(painter, at_s).mean() * direction for at_s in (0.5, 0.9, 1.3)]
    assert middles == sorted(middles)


def test_type_is_larger_in_wide_frames_by_at_most_a_third() -> None:
    sizes = ((1080, 1920), (1080, 1350), (1080, 1080), (1920, 1080))
    heights = [optical_height_px(size) / size[1] for size in sizes]
    assert heights == sorted(heights)
    assert heights[0] == 1
    assert heights[-1] == pytest.approx(4 / 3)


def test_lines_break_alike_at_every_resolution() -> None:
    large = CaptionPainter(WORDS, load_style("ember"), (1080, 1920), 6.0)
    small = CaptionPainter(WORDS, load_style("ember"), (270, 480), 6.0)
    assert [c.lines for c in large.track.captions] == [c.lines for c in small.track.captions]
