"""What is painted: the right words lit at the right time, inside the frame, equal in export."""

import subprocess
from itertools import pairwise

import imageio_ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from clipforge_desktop.captions.layout import optical_height_px
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.raster import pixels
from clipforge_desktop.captions.shelf import list_styles, load_style
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.caption_style import (
    ActiveLook,
    Box,
    CaptionStyle,
    FacedLook,
    Fill,
    FontSpec,
    Glow,
    Idle,
    Keywords,
    LineRules,
    Motion,
    Outline,
    Position,
    Shadow,
    TextRules,
    Underline,
    WordFont,
    WordLook,
)
from clipforge_desktop.domain.transcript import Word

pytestmark = pytest.mark.usefixtures("qapp")

PORTRAIT = (540, 960)
SHAPES = [(540, 960), (540, 540), (960, 540)]
STYLES = [entry.style for entry in list_styles() if entry.style is not None]
NAMES = [style.name for style in STYLES]


def spoken(text: str, step_s: float = 0.4) -> tuple[Word, ...]:
    return tuple(
        Word(0.4 + n * step_s, 0.4 + (n + 1) * step_s - 0.05, part, speaker="Mira")
        for n, part in enumerate(text.split())
    )


WORDS = spoken("Nobody shared 90 videos because the lens was expensive.")


def painter_of(
    style: CaptionStyle, words: tuple[Word, ...] = WORDS, size: tuple[int, int] = PORTRAIT
) -> CaptionPainter:
    return CaptionPainter(words, style, size, 6.0)


def bgra(image: QImage) -> NDArray[np.uint8]:
    return pixels(image).copy()


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


PLAIN = CaptionStyle(
    name="plain",
    font=FontSpec(family="Inter", weight=800, size_percent=4),
    lines=LineRules(max_words=4, max_chars=30, max_lines=1, gap_to_bridge_s=0),
    active=ActiveLook(fill=Fill(colors=("#00FF00",)), linger_s=0),
)


def green_columns(painter: CaptionPainter, clip_s: float) -> NDArray[np.intp]:
    picture = bgra(painter.paint(clip_s)).astype(int)
    is_green = (picture[:, :, 1] > 150) & (picture[:, :, 2] < 90) & (picture[:, :, 3] > 200)
    return np.flatnonzero(is_green.any(axis=0))


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


VARIANTS: dict[str, dict[str, object]] = {
    "fill": {"fill": Fill(colors=("#FF0000", "#0000FF"), angle_deg=0)},
    "outline": {"outlines": (Outline(color="#FF0000", width_em=0.1),)},
    "second outline": {"outlines": (Outline(), Outline(color="#00FFFF", width_em=0.1))},
    "outline offset": {"outlines": (Outline(offset_x_em=0.2),)},
    "shadow": {"shadows": (Shadow(color="#FF0000", offset_x_em=0.2, blur_em=0.2),)},
    "glow": {"glow": Glow(color="#FF00FF")},
    "glow strength": {"glow": Glow(color="#FF00FF", strength=3)},
    "block box": {"block_box": Box()},
    "line box": {"line_box": Box()},
    "word box": {"word_box": Box()},
    "box border": {"block_box": Box(border=Outline(color="#FF0000"))},
    "box shadow": {"block_box": Box(shadow=Shadow())},
    "box tilt": {"block_box": Box(tilt_deg=5)},
    "box radius": {"block_box": Box(radius_em=0)},
    "bubble": {"block_box": Box(shape="bubble")},
    "window": {"block_box": Box(shape="window")},
    "tape": {"block_box": Box(shape="tape")},
    "grow": {"font": FontSpec(grow=1.5)},
    "cursor": {
        "entrance": Motion(kind="typewriter", scope="word", at_word=True, cursor=True),
    },
    "active box": {"active": ActiveLook(box=Box())},
    "active scale": {"active": ActiveLook(scale=1.3)},
    "active lift": {"active": ActiveLook(lift_em=0.3)},
    "active tilt": {"active": ActiveLook(tilt_deg=8)},
    "active underline": {"active": ActiveLook(underline=Underline())},
    "active cycle": {"active": ActiveLook(cycle=("#FF0000", "#0000FF"))},
    "active sweep": {"active": ActiveLook(fill=Fill(colors=("#FF0000",)), sweep=True)},
    "active outlines": {"active": ActiveLook(outlines=(Outline(color="#FF0000"),))},
    "active shadows": {"active": ActiveLook(shadows=(Shadow(offset_y_em=0.3),))},
    "active glow": {"active": ActiveLook(glow=Glow())},
    "active opacity": {"active": ActiveLook(opacity=0.5)},
    "spoken": {"spoken": WordLook(opacity=0.4)},
    "unspoken": {"unspoken": WordLook(fill=Fill(colors=("#888888",)))},
    "keyword list": {"keywords": Keywords(first=FacedLook(scale=1.2), first_words=("two",))},
    "second keywords": {"keywords": Keywords(second=FacedLook(scale=1.2), second_words=("TWO",))},
    "numbers": {"keywords": Keywords(first=FacedLook(opacity=0.5), numbers="first")},
    "names": {"keywords": Keywords(second=FacedLook(opacity=0.5), names="second")},
    "rare": {"keywords": Keywords(first=FacedLook(opacity=0.5), rare="first")},
    "family": {"font": FontSpec(family="Anton")},
    "weight": {"font": FontSpec(weight=400)},
    "italic": {"font": FontSpec(italic=True)},
    "size": {"font": FontSpec(size_percent=3)},
    "case": {"font": FontSpec(case="upper")},
    "letter spacing": {"font": FontSpec(letter_spacing_em=0.1)},
    "word spacing": {"font": FontSpec(word_spacing_em=0.3)},
    "line height": {"font": FontSpec(line_height_em=2)},
    "position": {"position": Position(y=0.2)},
    "anchor": {"position": Position(anchor="bottom")},
    "alignment": {"position": Position(alignment="left")},
    "margin": {"position": Position(margin=0.2, alignment="left")},
    "max words": {"lines": LineRules(max_words=2)},
    "max chars": {"lines": LineRules(max_chars=8)},
    "max lines": {"lines": LineRules(max_lines=1)},
    "punctuation": {"text": TextRules(punctuation="drop")},
    "censored": {"text": TextRules(censored=("two",))},
    "speaker labels": {"text": TextRules(speaker_labels="inline")},
    "speaker colors": {"text": TextRules(speaker_colors=("#FF0000",))},
    "sounds": {"text": TextRules(sounds="hide")},
    "speaker names above": {"text": TextRules(speaker_labels="above")},
    "names in colour": {
        "text": TextRules(
            speaker_labels="inline", speaker_colors=("#FF0000",), speaker_colors_for="names"
        )
    },
    "second face": {
        "keywords": Keywords(first=FacedLook(font=WordFont(family="Lora")), first_words=("two",))
    },
    "second size": {
        "keywords": Keywords(first=FacedLook(font=WordFont(size=1.6)), first_words=("two",))
    },
    "second case": {
        "keywords": Keywords(first=FacedLook(font=WordFont(case="upper")), first_words=("two",))
    },
    "shimmer": {"fill": Fill(colors=("#FF0000", "#0000FF"), shimmer_s=2)},
    "stretch": {"active": ActiveLook(stretch=1.4)},
    "wave": {"idle": Idle()},
    "wave of letters": {"idle": Idle(scope="letter")},
    "shake": {"idle": Idle(kind="shake", only_active=True)},
    "sound look": {"text": TextRules(sound_look=FacedLook(opacity=0.5))},
}


@pytest.mark.parametrize("change", VARIANTS.values(), ids=VARIANTS.keys())
def test_every_attribute_of_the_style_is_painted(change: dict[str, object]) -> None:
    words = spoken("Well, two extraordinary 90 Berlin cats! [laughs]", step_s=0.5)
    base = CaptionStyle(name="base", lines=LineRules(max_words=9, max_chars=18, max_lines=4))
    changed = base.model_copy(update=change)
    size = (540, 960)
    first, second = (CaptionPainter(words, style, size, 6.0) for style in (base, changed))
    differs = first.strip != second.strip or any(
        first.paint(at_s) != second.paint(at_s) for at_s in (0.65, 1.15, 3.7)
    )
    assert differs


def covered(painter: CaptionPainter, clip_s: float) -> bytes:
    """The picture in the whole frame, so that strips of different heights compare."""
    width, height = painter.frame_size_px
    frame = np.zeros((height, width, 4), np.uint8)
    strip = painter.strip
    frame[strip.y_px : strip.y_px + strip.height_px] = bgra(painter.paint(clip_s))
    return frame.tobytes()


TRANSITIONS: dict[str, ActiveLook] = {
    "grow": ActiveLook(box=Box(), transition_s=0.2, box_motion="grow"),
    "slide": ActiveLook(box=Box(), transition_s=0.2, box_motion="slide"),
    "unroll": ActiveLook(box=Box(), transition_s=0.2, box_motion="unroll"),
    "tilt": ActiveLook(box=Box(), transition_s=0.2, box_motion="tilt"),
    "fade": ActiveLook(box=Box(), transition_s=0.2),
    "stretch": ActiveLook(stretch=1.3, transition_s=0.2),
    "linear": ActiveLook(box=Box(), transition_s=0.2, easing="linear"),
    "overshoot": ActiveLook(scale=1.2, transition_s=0.2, easing="overshoot"),
    "underline": ActiveLook(underline=Underline(), transition_s=0.2),
    "colour": ActiveLook(fill=Fill(colors=("#FF0000",)), transition_s=0.2),
}


@pytest.mark.parametrize("active", TRANSITIONS.values(), ids=TRANSITIONS.keys())
def test_every_transition_of_the_active_word_is_painted(active: ActiveLook) -> None:
    """Between 0.8 s and 1.0 s the second word becomes active."""
    words = spoken("one two three four")
    smooth = PLAIN.model_copy(update={"active": active})
    sudden = PLAIN.model_copy(update={"active": active.model_copy(update={"transition_s": 0.0})})
    moving, still = (CaptionPainter(words, style, PORTRAIT, 4.0) for style in (smooth, sudden))
    assert covered(moving, 0.86) != covered(still, 0.86)
    assert covered(moving, 0.86) != covered(moving, 0.92)
    assert covered(moving, 1.15) == covered(still, 1.15)


def test_kinds_of_box_motion_and_easing_differ() -> None:
    words = spoken("one two three four")
    pictures = {
        covered(
            CaptionPainter(words, PLAIN.model_copy(update={"active": active}), PORTRAIT, 4.0), 0.86
        )
        for active in TRANSITIONS.values()
    }
    assert len(pictures) == len(TRANSITIONS)


def test_the_active_look_lingers_as_long_as_the_style_says() -> None:
    words = (Word(0.5, 1.0, "one"), Word(3.0, 3.5, "two"))
    lines = LineRules(max_words=4, pause_s=5)
    for linger_s in (0.0, 0.6):
        active = ActiveLook(fill=Fill(colors=("#00FF00",)), linger_s=linger_s)
        style = PLAIN.model_copy(update={"active": active, "lines": lines})
        painter = CaptionPainter(words, style, PORTRAIT, 6.0)
        assert (green_columns(painter, 1.5).size > 0) == (linger_s > 0.5)
        assert green_columns(painter, 2.0).size == 0


KINDS = ["fade", "pop", "rise", "drop", "slide", "bounce", "wipe", "reveal"]
KINDS += ["typewriter", "snap", "glitch"]


@pytest.mark.parametrize("scope", ["block", "line", "word"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_entrance_and_exit_moves_and_ends_at_rest(kind: str, scope: str) -> None:
    motion = Motion.model_validate({"kind": kind, "scope": scope, "duration_s": 0.4})
    words = spoken("one two three four")
    still = CaptionPainter(words, PLAIN, PORTRAIT, 6.0)
    coming = CaptionPainter(words, PLAIN.model_copy(update={"entrance": motion}), PORTRAIT, 6.0)
    going = CaptionPainter(words, PLAIN.model_copy(update={"exit": motion}), PORTRAIT, 6.0)
    end_s = still.track.captions[0].end_s
    assert coming.key_at(0.5) != coming.key_at(0.56)
    assert going.key_at(end_s - 0.1) != going.key_at(end_s - 0.15)
    assert covered(coming, 1.4) == covered(still, 1.4) == covered(going, 1.4)
    assert covered(coming, 0.55) != covered(still, 0.55)
    assert covered(going, end_s - 0.1) != covered(still, end_s - 0.1)
