"""The preview is the export: captions in finished files against the painter over the same picture.

Many styles share one real ffmpeg run, each as an output of its own, through the graph, the pipe
and the encoder settings of every export. What comes back is decoded and compared by its
structure (SSIM) and by its place with what the painter shows over the source's own frames.
What little they differ by is the encoder's, so these small pictures get more bits than an export
of that size would: the promise is about the painter, the pipe and the graph.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from clipforge_desktop.captions.composing import lay_over
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.captions.shelf import list_styles
from clipforge_desktop.domain.caption_style import ActiveLook, Box, CaptionStyle, Fill
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import (
    EVERYWHERE,
    CropKey,
    FramingKind,
    FramingPlan,
    FramingShot,
    Pane,
)
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.stages.export import formats, soundtrack
from clipforge_desktop.stages.export.captions import CaptionSheet
from clipforge_desktop.stages.export.clock import clip_clock
from clipforge_desktop.stages.export.picture import Colour
from clipforge_desktop.stages.export.render import Render, RenderOutput, render_arguments
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

RATE = 25
SECONDS = 1.4
FRAMES = (5, 14, 30)  # while words come, are spoken, and change
SAID = ("Nobody", "sold", "90", "in", "Berlin,", "yet!")
WORDS = tuple(
    Word(0.1 + n * 0.22, 0.3 + n * 0.22, text, speaker="Mira") for n, text in enumerate(SAID)
)
LEAST_SSIM = 0.98
FINE = formats.Encoding("veryfast", 12, 0.3, 90)
STYLES = tuple(entry.style for entry in list_styles() if entry.style is not None)
GLASS = next(style for style in STYLES if style.name == "glass")
CLEAR_GLASS = GLASS.model_copy(
    update={
        "name": "clear glass",
        "block_box": Box(fill=Fill(colors=("#FFFFFF18",)), blur_em=1.2, radius_em=0.5),
        "active": ActiveLook(box=Box(fill=Fill(colors=("#FFD40040",)), blur_em=0.4)),
    }
)
FEW = tuple(style for style in STYLES if style.name in ("clean", "ember", "chat", "neon", "meme"))

SOFT = (
    "gradients=size={width}x{height}:rate={rate}:speed=0.008:seed=7:n=4:"
    "c0=#2b3a55:c1=#b9c7d6:c2=#6b4f3a:c3=#e8e2d4"
)
LIVELY = "testsrc2=size={width}x{height}:rate={rate}"

Plane = NDArray[np.float64]


@dataclass(frozen=True)
class Agreement:
    """How well an exported frame's caption region agrees with the preview's."""

    ssim: float
    off_px: tuple[int, int]


def rendered(
    folder: Path,
    size_px: tuple[int, int],
    painters: Sequence[CaptionPainter],
    picture: str = SOFT,
) -> tuple[maker.Frames, list[maker.Frames]]:
    """The source's frames, and those of one export per painter; all from one ffmpeg process."""
    width, height = size_px
    source = folder / "source.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi(picture.format(width=width, height=height, rate=RATE)),
        *media_maker.lavfi("sine=frequency=300:sample_rate=48000"),
        "-t", str(SECONDS + 0.4), "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "8",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        *media_maker.AAC, source,
    )  # fmt: skip
    media = maker.media_of(source)
    clock = clip_clock((Piece(0.0, SECONDS),), Fraction(RATE), 48_000)
    whole = Pane(EVERYWHERE, size_px, (CropKey(0.0, width / 2, height / 2),))
    shot = FramingShot(0, SECONDS, FramingKind.FILL, 1, "", (whole,))
    plan = FramingPlan(size_px, "test", (shot,))
    outputs = tuple(
        RenderOutput(plan, size_px, "standard", folder / f"{number}.mp4", (number,))
        for number in range(len(painters))
    )
    context = RecordingContext(folder)
    soundtrack.make(source, media.info, clock, context)
    sheet = CaptionSheet(painters)
    render = Render(source, media.info, clock, Colour(None, False), outputs, sheet)
    ffmpeg.run(
        render_arguments(render, context.job_dir),
        context=context,
        working_dir=context.job_dir,
        total_s=SECONDS,
        frames=sheet.frames(clock.frames, clock.rate, context.check),
    )
    return maker.decoded(source), [maker.decoded(output.file) for output in outputs]


def previewed(picture: NDArray[np.uint8], painter: CaptionPainter, clip_s: float) -> Plane:
    """What the window shows: the picture with the painter's strip drawn on it."""
    height, width, _ = picture.shape
    borrowed = np.ascontiguousarray(picture)
    frame = QImage(borrowed.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    frame = frame.convertToFormat(QImage.Format.Format_RGB32)
    lay_over(frame, painter, clip_s, painter.strip.y_px)
    shown = frame.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(shown.constBits(), np.uint8).reshape(height, shown.bytesPerLine())
    return luma(rows[:, : 3 * width].reshape(height, width, 3))


def luma(picture: NDArray[np.uint8]) -> Plane:
    """BT.709 luma of (height, width, 3) RGB, 0 to 255."""
    weighed: Plane = picture.astype(np.float64) @ np.array([0.2126, 0.7152, 0.0722])
    return weighed


def ssim(one: Plane, other: Plane) -> float:
    """Mean structural similarity, 7x7 windows (Wang, Bovik, Sheikh, Simoncelli 2004)."""

    def mean(plane: Plane) -> Plane:
        sums = np.pad(plane, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
        found: Plane = (sums[7:, 7:] - sums[:-7, 7:] - sums[7:, :-7] + sums[:-7, :-7]) / 49
        return found

    mean_one, mean_other = mean(one), mean(other)
    var_one = mean(one * one) - mean_one**2
    var_other = mean(other * other) - mean_other**2
    both = mean(one * other) - mean_one * mean_other
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    found = ((2 * mean_one * mean_other + c1) * (2 * both + c2)) / (
        (mean_one**2 + mean_other**2 + c1) * (var_one + var_other + c2)
    )
    return float(found.mean())


def offset_px(expected: Plane, found: Plane) -> tuple[int, int]:
    """By how many pixels (across, down) `found` is moved: the shift of least squared error."""
    reach = 2
    height, width = expected.shape
    inner = expected[reach : height - reach, reach : width - reach]
    errors = {
        (x, y): float(
            np.square(
                inner - found[reach + y : height - reach + y, reach + x : width - reach + x]
            ).sum()
        )
        for x in range(-reach, reach + 1)
        for y in range(-reach, reach + 1)
    }
    return min(errors, key=lambda shift: errors[shift])


def agreement(
    painter: CaptionPainter, source: maker.Frames, exported: maker.Frames, number: int
) -> Agreement:
    """Over the region that captions cover in frame `number`, and a little around it."""
    clip_s = number / RATE
    expected = previewed(source[number], painter, clip_s)
    found = luma(exported[number])
    covered = np.argwhere(_alpha(painter.paint(clip_s)))
    if not covered.size:  # between two captions
        covered = np.array([[0, 0], [painter.strip.height_px - 1, expected.shape[1] - 1]])
    (top, left), (bottom, right) = covered.min(axis=0) - 6, covered.max(axis=0) + 7
    top, bottom = top + painter.strip.y_px, bottom + painter.strip.y_px
    region = slice(max(top, 0), bottom), slice(max(left, 0), right)
    expected, found = expected[region], found[region]
    return Agreement(ssim(expected, found), offset_px(expected, found))


def _alpha(strip: QImage) -> NDArray[np.bool_]:
    rows = np.frombuffer(strip.constBits(), np.uint8).reshape(strip.height(), -1)
    visible: NDArray[np.bool_] = rows[:, 3 : 4 * strip.width() : 4] > 8
    return visible


def disagreements(
    folder: Path,
    size_px: tuple[int, int],
    styles: Sequence[CaptionStyle],
    picture: str = SOFT,
) -> dict[str, list[Agreement]]:
    ensure_gui_application()
    painters = [CaptionPainter(WORDS, style, size_px, SECONDS) for style in styles]
    source, exports = rendered(folder, size_px, painters, picture)
    fresh = [CaptionPainter(WORDS, style, size_px, SECONDS) for style in styles]
    found = {
        style.name: [agreement(painter, source, exported, number) for number in FRAMES]
        for style, painter, exported in zip(styles, fresh, exports, strict=True)
    }
    return {
        name: agreements
        for name, agreements in found.items()
        if any(one.ssim < LEAST_SSIM or max(map(abs, one.off_px)) > 1 for one in agreements)
    }


@pytest.fixture(autouse=True)
def _fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "encoding", lambda quality: FINE)


@pytest.mark.parametrize("half", [0, 1])
def test_every_style_looks_in_the_exported_file_as_in_the_preview(
    tmp_path: Path, half: int
) -> None:
    assert disagreements(tmp_path, (360, 640), STYLES[half::2]) == {}


@pytest.mark.parametrize("size_px", [(480, 480), (640, 360)])
def test_in_wide_and_square_files_the_preview_is_the_export_too(
    tmp_path: Path, size_px: tuple[int, int]
) -> None:
    assert disagreements(tmp_path, size_px, FEW) == {}


@pytest.mark.parametrize("size_px", [(360, 640), (480, 480), (640, 360)])
def test_what_is_seen_through_glass_is_in_the_file_as_in_the_preview(
    tmp_path: Path, size_px: tuple[int, int]
) -> None:
    """Over a picture full of edges, so that what is behind the glass decides."""
    assert disagreements(tmp_path, size_px, [GLASS, CLEAR_GLASS], LIVELY) == {}


def test_a_file_without_glass_differs_from_the_preview_with_it(tmp_path: Path) -> None:
    """The measure sees whether what is behind is out of focus."""
    ensure_gui_application()
    bare = [CaptionPainter(WORDS, without_blur(CLEAR_GLASS), (360, 640), SECONDS)]
    source, exports = rendered(tmp_path, (360, 640), bare, LIVELY)
    glazed = CaptionPainter(WORDS, CLEAR_GLASS, (360, 640), SECONDS)
    assert agreement(glazed, source, exports[0], FRAMES[1]).ssim < LEAST_SSIM - 0.1


def without_blur(style: CaptionStyle) -> CaptionStyle:
    assert style.block_box is not None
    return style.model_copy(
        update={"block_box": style.block_box.model_copy(update={"blur_em": 0.0})}
    )


def shown(style: CaptionStyle) -> Plane:
    ensure_gui_application()
    painter = CaptionPainter(WORDS, style, (360, 640), SECONDS)
    ground = np.full((640, 360, 3), (120, 130, 140), np.uint8)
    top = painter.strip.y_px
    return previewed(ground, painter, 0.8)[top : top + painter.strip.height_px]


def test_the_measure_sees_two_pixels_a_lost_shadow_and_a_lost_outline() -> None:
    style = next(style for style in STYLES if style.name == "clean")
    whole = shown(style)
    assert ssim(whole, whole) == pytest.approx(1)
    moved = np.roll(whole, (2, 1), (0, 1))
    assert ssim(whole, moved) < LEAST_SSIM
    assert offset_px(whole, moved) == (1, 2)
    for lost in ("shadows", "outlines"):
        bare = shown(style.model_copy(update={lost: ()}))
        rows = (whole.shape[0] - bare.shape[0]) // 2
        inner = whole[rows : rows + bare.shape[0]] if rows else whole
        assert ssim(inner, bare) < LEAST_SSIM
