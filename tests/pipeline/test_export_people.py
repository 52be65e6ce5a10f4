"""Captions behind people: through a real network, real files and the whole export.

The network is one that calls bright pixels people, so every test knows where they are: a white
square that wanders over a dark picture. What the file shows is held against what the window does.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from clipforge_desktop.captions.composing import lay_over
from clipforge_desktop.captions.matte import PersonTrack, matte_folder, missing_chunks
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.domain.caption_style import (
    Box,
    CaptionStyle,
    Fill,
    FontSpec,
    LineRules,
    Position,
)
from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.framing import Backdrop, FramingPlan, Rect
from clipforge_desktop.domain.order import ExportRequest, Framing, FramingRequest
from clipforge_desktop.faces.matting import MATTE_FILE, SIDE_PX, SteadyMatte
from clipforge_desktop.stages import exporting, framing
from clipforge_desktop.stages.export import formats
from clipforge_desktop.stages.export.recipe import read_recipe
from clipforge_desktop.stages.matting import NOBODY, find_people
from clipforge_desktop.ui.framing import picture
from clipforge_desktop.ui.framing.layout import Layout
from tests import media_maker
from tests.person_net import write_person_net
from tests.pipeline import export_maker as maker
from tests.pipeline.test_export_captions import FINE, luma, offset_px, ssim
from tests.stage_context import RecordingContext

RATE, SECONDS = 25, 2.4
PIECES = (Piece(0.2, 1.0), Piece(1.4, 2.2))
SAID = [(0.2, 1.0, "WIDE"), (1.4, 2.2, "WORDS")]
SIDE = 120
GLASS = Box(fill=Fill(colors=("#30D03060",)), blur_em=0.5, pad_x_em=0.4, pad_y_em=0.3)
STYLE = CaptionStyle(
    name="behind",
    font=FontSpec(family="Anton", size_percent=9),
    fill=Fill(colors=("#FF00FF",)),
    lines=LineRules(max_words=1, max_lines=1, gap_to_bridge_s=0, min_s=0),
    position=Position(y=0.5, behind_people=True),
)


@pytest.fixture(autouse=True)
def _fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "encoding", lambda quality: FINE)
    ensure_gui_application()


def video(folder: Path, *, has_person: bool = True) -> Path:
    """640x360: a white square that goes from left to right over a dark picture."""
    path = folder / "source.mp4"
    dark = f"testsrc2=size=640x360:rate={RATE},lutyuv=y=16+(val-16)*0.25,boxblur=6"
    if has_person:
        dark += f"[d];color=white:size={SIDE}x{SIDE}:rate={RATE}[w];[d][w]overlay=x=20+160*t:y=110"
    media_maker.ffmpeg(
        *media_maker.lavfi(dark),
        *media_maker.lavfi("sine=frequency=300:sample_rate=48000"),
        "-t", str(SECONDS), "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "8",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        *media_maker.AAC, path,
    )  # fmt: skip
    return path


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    made = RecordingContext(tmp_path / "home")
    write_person_net(made.models_dir / MATTE_FILE)
    return made


def asked(
    path: Path,
    style: CaptionStyle | None,
    *,
    size_px: tuple[int, int] = (360, 640),
    kind: Framing = "fill",
) -> ExportRequest:
    aspect = f"{size_px[0]}x{size_px[1]}"
    name = style.name if style is not None else "bare"
    return maker.request(
        path,
        path.parent / "out",
        pieces=[(piece.start_s, piece.end_s) for piece in PIECES],
        words=SAID,
        aspects=(aspect,),
        framing=kind,
        style=style,
        stem=name,
    )


def people_in(
    track: PersonTrack, plan: FramingPlan, painter: CaptionPainter, at_s: float
) -> QImage:
    """The matte in the panes, as the window paints it."""
    width, height = painter.frame_size_px
    strip = painter.strip
    source_px = plan.source_size_px
    panes = tuple(
        (place, Rect(crop.x / source_px[0], crop.y / source_px[1],
                     crop.width / source_px[0], crop.height / source_px[1]))
        for place, crop in plan.panes_at(at_s)
    )  # fmt: skip
    matte = track.image_at(at_s)
    assert matte is not None
    found = QImage(width, strip.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    found.fill(0)
    brush = QPainter(found)
    brush.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    picture.paint(brush, QRectF(0, -strip.y_px, width, height), matte, Layout(panes, Backdrop.NONE))
    brush.end()
    return found


def image_of(frame: NDArray[np.uint8]) -> QImage:
    rows = np.ascontiguousarray(frame)
    height, width, _ = rows.shape
    borrowed = QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)


def rgb(image: QImage) -> NDArray[np.uint8]:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def magenta(frame: NDArray[np.uint8]) -> NDArray[np.bool_]:
    red, green, blue = (frame[..., channel].astype(int) for channel in range(3))
    return (red > 140) & (blue > 140) & (green < 110)


@pytest.mark.parametrize(
    ("size_px", "kind", "box"),
    [
        ((360, 640), "fill", None),
        ((360, 640), "fit", GLASS),
        ((480, 480), "fill", GLASS),
        ((640, 360), "fit", None),
    ],
)
def test_the_file_hides_captions_behind_people_as_the_window_does(
    tmp_path: Path, context: RecordingContext, size_px: tuple[int, int], kind: Framing,
    box: Box | None,
) -> None:  # fmt: skip
    path = video(tmp_path)
    style = STYLE.model_copy(update={"block_box": box})
    bare = exporting.run(asked(path, None, size_px=size_px, kind=kind), context)
    made = exporting.run(asked(path, style, size_px=size_px, kind=kind), context)
    assert made.notices == ()
    recipe = read_recipe(Path(made.files[0].recipe))
    assert recipe is not None
    assert recipe.ingredients.people
    before, after = maker.decoded(bare.files[0].video), maker.decoded(made.files[0].video)
    words = TimeMap(PIECES).words(maker.transcript(*SAID).words)
    zone = recipe.ingredients.safe_zone
    painter = CaptionPainter(words, style, size_px, 1.6, zone)
    cache_dir = context.cache_dir(maker.media_of(path).content_key)
    track = PersonTrack(cache_dir, PIECES)
    strip, plan = painter.strip, recipe.ingredients.framing
    rows = slice(strip.y_px, strip.y_px + strip.height_px)
    hidden = 0
    for number in (4, 10, 24, 33):
        at_s = number / RATE
        expected = image_of(before[number])
        people = people_in(track, plan, painter, at_s)
        lay_over(expected, painter, at_s, strip.y_px, people)
        unhidden = image_of(before[number])
        lay_over(unhidden, painter, at_s, strip.y_px)
        hidden += int(magenta(rgb(unhidden)).sum() - magenta(rgb(expected)).sum())
        one, other = luma(rgb(expected))[rows], luma(after[number])[rows]
        assert ssim(one, other) >= 0.98
        assert max(map(abs, offset_px(one, other))) <= 1
    assert hidden > 500


def test_what_is_bright_is_never_covered_and_the_rest_of_the_words_is_there(
    tmp_path: Path, context: RecordingContext
) -> None:
    made = exporting.run(asked(video(tmp_path), STYLE, size_px=(640, 360), kind="fit"), context)
    frames = maker.decoded(made.files[0].video)
    for number in (3, 12):
        left = round(20 + 160 * (PIECES[0].start_s + number / RATE))
        square = frames[number][118 : 110 + SIDE - 8, left + 8 : left + SIDE - 8]
        assert not magenta(square).any()
        assert magenta(frames[number]).sum() > 300


def test_a_source_that_stands_on_its_side_hides_the_right_words(
    tmp_path: Path, context: RecordingContext
) -> None:
    path = media_maker.with_rotation(video(tmp_path), tmp_path / "turned.mp4", 90)
    bare, made = (
        exporting.run(asked(path, style, size_px=(270, 480), kind="fit"), context)
        for style in (None, STYLE)
    )
    before, after = (maker.decoded(result.files[0].video) for result in (bare, made))
    is_bright = before[12].min(axis=2) > 225
    assert is_bright.sum() > 1000
    inner = is_bright.copy()
    for shift, axis in ((5, 0), (-5, 0), (5, 1), (-5, 1)):
        inner &= np.roll(is_bright, shift, axis)
    assert not magenta(after[12])[inner].any()
    assert magenta(after[12]).sum() > 300


@pytest.mark.parametrize("has_model", [True, False])
def test_the_look_ahead_of_the_window_makes_what_the_export_uses(
    tmp_path: Path, context: RecordingContext, has_model: bool
) -> None:
    path = video(tmp_path)
    media = maker.media_of(path)
    if not has_model:
        (context.models_dir / MATTE_FILE).unlink()
    wish = FramingRequest(str(path), media, PIECES, ("9:16",), is_matted=True)
    result = framing.run(wish, context)
    missing = missing_chunks(context.cache_dir(media.content_key), PIECES)
    assert len(result.studies) == 1
    assert missing == (() if has_model else (0, 1))
    assert [("pphumanseg" in notice) for notice in result.notices] == [True] * (not has_model)
    assert not framing.run(replace(wish, is_matted=False), context).notices


def test_mattes_are_made_once_and_kept_with_the_source(
    tmp_path: Path, context: RecordingContext
) -> None:
    path = video(tmp_path)
    media = maker.media_of(path)
    cache_dir = context.cache_dir(media.content_key)
    assert missing_chunks(cache_dir, PIECES) == (0, 1)
    shares: list[float] = []
    track = find_people(path, media, PIECES, context, shares.append)
    assert shares == [0.5, 1.0]
    assert missing_chunks(cache_dir, PIECES) == ()
    assert track.has_person()
    (context.models_dir / MATTE_FILE).unlink()
    again = find_people(path, media, (Piece(0.5, 2.0),), context, shares.append)
    assert len(shares) == 2
    first, second = track.at(0.5), again.at(0.2)  # both 0.7 s of the source
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)


def test_a_matte_that_is_not_whole_is_made_again(tmp_path: Path, context: RecordingContext) -> None:
    path = video(tmp_path)
    media = maker.media_of(path)
    find_people(path, media, PIECES, context, lambda done: None)
    folder = matte_folder(context.cache_dir(media.content_key))
    damaged = folder / "0.npz"
    damaged.write_bytes(damaged.read_bytes()[:200])
    track = find_people(path, media, PIECES, context, lambda done: None)
    assert track.at(0.2) is not None
    assert not list(folder.glob("*.part"))


def test_the_square_is_where_the_matte_says(tmp_path: Path, context: RecordingContext) -> None:
    path = video(tmp_path)
    track = find_people(path, maker.media_of(path), PIECES, context, lambda done: None)
    for clip_s, source_s in ((0.1, 0.3), (0.6, 0.8), (0.9, 1.5), (1.5, 2.1)):
        matte = track.at(clip_s)
        assert matte is not None
        columns = np.flatnonzero((matte > 127).any(axis=0)) / SIDE_PX * 640
        assert columns.min() == pytest.approx(20 + 160 * source_s, abs=10)
        assert columns.max() == pytest.approx(20 + 160 * source_s + SIDE, abs=10)


def test_without_the_model_captions_stand_in_front_and_that_is_said(
    tmp_path: Path, context: RecordingContext
) -> None:
    (context.models_dir / MATTE_FILE).unlink()
    path = video(tmp_path)
    made = exporting.run(asked(path, STYLE), context)
    front = STYLE.position.model_copy(update={"behind_people": False})
    plain = exporting.run(
        asked(path, STYLE.model_copy(update={"name": "front", "position": front})), context
    )
    assert "models install pphumanseg" in made.notices[0]
    assert "stand in front" in made.notices[0]
    one, other = (maker.decoded(result.files[0].video) for result in (made, plain))
    assert np.array_equal(one, other)


def test_once_the_model_is_there_the_file_is_made_anew(
    tmp_path: Path, context: RecordingContext
) -> None:
    path, model = video(tmp_path), context.models_dir / MATTE_FILE
    network = model.read_bytes()
    model.unlink()
    first = exporting.run(asked(path, STYLE), context)
    model.write_bytes(network)
    second = exporting.run(asked(path, STYLE), context)
    assert second.notices == ()
    assert first.files[0].video != second.files[0].video or first.notices


@pytest.mark.parametrize("damage", ["noise", "three planes", "huge"])
def test_another_file_in_the_models_place_is_refused(
    tmp_path: Path, context: RecordingContext, damage: str
) -> None:
    model = context.models_dir / MATTE_FILE
    if damage == "noise":
        model.write_bytes(b"not a network" * 50)
    elif damage == "huge":
        model.write_bytes(bytes(33_000_000))
    else:
        write_person_net(model, planes=3)
    path = video(tmp_path)
    with pytest.raises(InputError, match="damaged or another model"):
        find_people(path, maker.media_of(path), PIECES, context, lambda done: None)


def test_where_nobody_is_a_notice_says_so(tmp_path: Path, context: RecordingContext) -> None:
    made = exporting.run(asked(video(tmp_path, has_person=False), STYLE), context)
    assert made.notices == (NOBODY,)
    assert magenta(maker.decoded(made.files[0].video)[4]).sum() > 300


def test_a_style_that_does_not_ask_needs_no_mattes(
    tmp_path: Path, context: RecordingContext
) -> None:
    path = video(tmp_path)
    front = STYLE.position.model_copy(update={"behind_people": False})
    exporting.run(asked(path, STYLE.model_copy(update={"position": front})), context)
    cache_dir = context.cache_dir(maker.media_of(path).content_key)
    assert missing_chunks(cache_dir, PIECES) == (0, 1)


def test_a_matte_flickers_less_than_what_the_network_says_and_follows_what_moves() -> None:
    rng = np.random.default_rng(3)
    steady = SteadyMatte()
    still = np.full((SIDE_PX, SIDE_PX), 0.5, np.float32)
    raw = [still + rng.normal(0, 0.06, still.shape).astype(np.float32) for _ in range(12)]
    alone = np.array([SteadyMatte().next(one) for one in raw[4:]], float)
    mattes = np.array([steady.next(one) for one in raw], float)[4:]
    assert np.abs(np.diff(mattes, axis=0)).mean() < 0.6 * np.abs(np.diff(alone, axis=0)).mean()
    gone = steady.next(np.zeros_like(still))
    assert gone.max() == 0
    assert steady.next(np.ones_like(still)).min() == 255
