"""Captions in a finished file stand where its shots have room, as the preview shows them there."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.domain.caption_style import CaptionStyle, LineRules, Position
from clipforge_desktop.domain.clip import TimeMap
from clipforge_desktop.domain.framing import FramingKind, FramingOverride, FramingStudy
from clipforge_desktop.domain.order import ExportRequest, ExportResult
from clipforge_desktop.domain.recipe import parse_recipe
from clipforge_desktop.domain.shown import caption_grounds
from clipforge_desktop.stages import exporting, framing
from clipforge_desktop.stages.export import formats
from clipforge_desktop.stages.export.clock import clip_clock
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

CUT_S = 1.5
SIZE = (216, 384)
STYLE = CaptionStyle(
    name="low",
    lines=LineRules(max_words=1, min_s=0.2, gap_to_bridge_s=0),
    position=Position(y=0.96, anchor="bottom"),
)
WORDS = ((0.2, 0.7, "HELLO"), (1.2, 1.65, "ACROSS"), (2.0, 2.6, "AGAIN"))
"""Before the cut, longer before it than after it, and after it."""
TIMES_S = (0.48, 1.28, 1.56, 2.28)
OVERRIDES = (FramingOverride(0.5, FramingKind.FILL), FramingOverride(2.0, FramingKind.SPLIT))


def two_scenes(path: Path) -> Path:
    """Two flat tones of 1.5 s: only captions are bright."""
    media_maker.ffmpeg(
        *media_maker.lavfi(f"color=c=0x081018:size=320x240:rate=25:duration={CUT_S}"),
        *media_maker.lavfi(f"color=c=0x887060:size=320x240:rate=25:duration={CUT_S}"),
        *media_maker.lavfi("sine=frequency=300:sample_rate=48000:duration=3"),
        "-filter_complex", "[0][1]concat=n=2[v]", "-map", "[v]", "-map", "2:a",
        *media_maker.H264, "-crf", "10", *media_maker.AAC, path,
    )  # fmt: skip
    return path


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> ExportRequest:
    folder = tmp_path_factory.mktemp("seam")
    wanted = maker.request(
        two_scenes(folder / "scenes.mp4"),
        folder / "out",
        pieces=((0.0, 3.0),),
        words=WORDS,
        framing="auto",
        style=STYLE,
    )
    return replace(wanted, options=replace(wanted.options, overrides=OVERRIDES))


@pytest.fixture(scope="module")
def made(asked: ExportRequest, tmp_path_factory: pytest.TempPathFactory) -> ExportResult:
    return exporting.run(asked, RecordingContext(tmp_path_factory.mktemp("context")))


def rows(bright: NDArray[np.bool_]) -> tuple[int, int]:
    found = np.flatnonzero(bright.any(axis=1))
    assert found.size, "a caption is shown"
    return int(found[0]), int(found[-1])


def exported_rows(video: str, at_s: float) -> tuple[int, int]:
    frame = maker.decoded(video)[round(at_s * 25)]
    return rows(frame.min(axis=2) > 170)


def previewed_rows(painter: CaptionPainter, at_s: float) -> tuple[int, int]:
    """Where the window's painter has white letters."""
    strip = painter.paint(at_s)
    lines = np.frombuffer(strip.constBits(), np.uint8).reshape(strip.height(), -1, 4)
    first, last = rows(lines.min(axis=2) > 170)
    return first + painter.strip.y_px, last + painter.strip.y_px


def study_of(asked: ExportRequest, folder: Path) -> FramingStudy:
    """What the window has of the clip, by the stage that looks at it for the window."""
    context = RecordingContext(folder)
    rate = formats.output_rate(asked.media.info.video)
    clock = clip_clock(asked.pieces, Fraction(rate), formats.AUDIO_HZ)
    path = Path(asked.path)
    scenes = framing.look(path, asked.media, asked.pieces, context, lambda _: None)
    [study] = framing.studies_of(scenes, asked.media, ["9:16"], clock)
    return study


def test_captions_are_at_the_styles_place_then_at_the_seam_in_file_and_preview(
    asked: ExportRequest, made: ExportResult, tmp_path: Path
) -> None:
    study = study_of(asked, tmp_path)
    plan = study.plan(None, OVERRIDES)
    assert [shot.kind for shot in plan.shots] == [FramingKind.FILL, FramingKind.SPLIT]
    words = TimeMap(asked.pieces).words(asked.transcript.words)
    grounds = caption_grounds(study, plan, asked.pieces)
    painter = CaptionPainter(words, STYLE, SIZE, 3.0, grounds=grounds)
    video = made.files[0].video
    shown = [exported_rows(video, at_s) for at_s in TIMES_S]
    for at_s, found in zip(TIMES_S, shown, strict=True):
        assert found == pytest.approx(previewed_rows(painter, at_s), abs=1)
    own, before, after, at_seam = ((first + last) / 2 for first, last in shown)
    assert own > 0.7 * SIZE[1]
    assert before == pytest.approx(own, abs=1)
    assert after == pytest.approx(before, abs=1), "no jump while it is shown"
    letters_px = shown[3][1] - shown[3][0]
    assert at_seam == pytest.approx(SIZE[1] / 2, abs=1 + letters_px / 4), "tails have room below"
    box = painter.boxes[-1]
    assert box.y + box.height / 2 == pytest.approx(SIZE[1] / 2, abs=1)


def test_a_recipe_from_before_captions_followed_the_framing_is_made_as_it_was(
    asked: ExportRequest, made: ExportResult, tmp_path: Path
) -> None:
    text = json.loads(Path(made.files[0].recipe).read_text(encoding="utf-8"))
    assert [ground["seam"] for ground in text["ingredients"].pop("grounds")] == [0.5]
    text["recipe_version"], text["ingredients"]["stage_version"] = 3, 4
    recipe = parse_recipe(json.dumps(text).encode(), "older.json")
    bare = maker.request(Path(asked.path), tmp_path / "out", stem="again")
    older = replace(bare, names=("again",), recipe=recipe)
    done = exporting.run(older, RecordingContext(tmp_path / "context"))
    assert "Another version" in " ".join(done.notices)
    first, last = exported_rows(done.files[0].video, TIMES_S[3])
    assert (first + last) / 2 > 0.7 * SIZE[1]
