"""Captions stand where the shots have room for them: at the seam of two pictures, beside one."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from clipforge_desktop.captions.layout import Area
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.subtitles import subtitles_of
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.caption_style import CaptionStyle, LineRules, Position
from clipforge_desktop.domain.framing import FramingKind, FramingOverride, Rect
from clipforge_desktop.domain.shown import Ground, caption_grounds
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.store import Store
from clipforge_desktop.ui.main_window import MainWindow
from tests.gui import framed
from tests.gui import furnishing as f

pytestmark = pytest.mark.usefixtures("qapp")

PATIENCE_MS = 90_000
FRAME = (360, 640)
ONE_BY_ONE = LineRules(max_words=1, min_s=0.2, gap_to_bridge_s=0)
LOW = CaptionStyle(name="low", lines=ONE_BY_ONE, position=Position(y=0.96, anchor="bottom"))
HIGH = CaptionStyle(name="high", lines=ONE_BY_ONE, position=Position(y=0, anchor="top"))
WORDS = tuple(Word(at_s, at_s + 0.5, "Hello") for at_s in (0.2, 1.7, 2.8, 4.0))
"""With a cut at 2 s: before it, mostly before it, after it, after the next one at 3.5 s."""
SPLIT = Ground(2.0, 3.5, seam=0.5)
UPPER_FACE = Rect(0.35, 0.1, 0.25, 0.16)
LOWER_FACE = Rect(0.35, 0.61, 0.25, 0.16)


def boxes(
    style: CaptionStyle,
    grounds: Sequence[Ground],
    words: tuple[Word, ...] = WORDS,
    size_px: tuple[int, int] = FRAME,
) -> tuple[Area, ...]:
    return CaptionPainter(words, style, size_px, 6.0, grounds=grounds).boxes


def middles(style: CaptionStyle, *grounds: Ground) -> list[float]:
    """Of every caption in turn, in shares of the picture's height."""
    return [round((box.y + box.height / 2) / FRAME[1], 2) for box in boxes(style, grounds)]


def test_captions_go_to_the_seam_with_the_shot_and_back_with_the_next() -> None:
    own, at_seam = middles(LOW)[0], 0.5
    assert own > 0.7
    assert middles(LOW, SPLIT) == [own, own, at_seam, own]
    assert middles(LOW, replace(SPLIT, seam=0.45)) == [own, own, 0.45, own]


def test_a_caption_across_a_cut_takes_the_place_of_where_it_is_seen_longer() -> None:
    own = middles(LOW)[0]
    assert middles(LOW, replace(SPLIT, start_s=1.8))[1] == 0.5
    assert middles(LOW, replace(SPLIT, start_s=2.1))[1] == own
    two = Ground(1.7, 1.9, seam=0.5), Ground(1.9, 2.05, seam=0.5)
    assert middles(LOW, *two)[1] == 0.5, "two shots with one seam are one place"


@pytest.mark.parametrize("change", [{"follows_framing": False}, {"behind_people": True}])
def test_captions_moved_by_hand_stay_and_so_do_those_behind_people(change: dict[str, bool]) -> None:
    position = LOW.position.model_copy(update=change)
    assert middles(LOW.model_copy(update={"position": position}), SPLIT) == middles(LOW)


def test_captions_at_the_top_stay_unless_over_the_upper_face() -> None:
    own = middles(HIGH)[0]
    assert own < 0.2
    below = replace(SPLIT, faces=(Rect(0.35, 0.25, 0.25, 0.16), LOWER_FACE))
    assert middles(HIGH, SPLIT) == middles(HIGH, below) == [own] * 4
    assert middles(HIGH, replace(SPLIT, faces=(UPPER_FACE, LOWER_FACE)))[2] == 0.5


def test_where_a_face_is_at_the_seam_and_none_below_captions_stay_below() -> None:
    crop = replace(SPLIT, faces=(Rect(0.35, 0.42, 0.25, 0.16),))
    assert middles(LOW, crop) == middles(LOW)


def test_a_seam_outside_of_the_safe_zone_is_kept_within() -> None:
    zone = safe_zone(FRAME)
    box = boxes(LOW, [replace(SPLIT, seam=0.95)])[2]
    assert box.y + box.height <= (1 - zone.bottom) * FRAME[1] + 0.5


@pytest.mark.parametrize("y", [0.5, 0.68])
def test_captions_do_not_cross_the_edge_of_a_picture_that_leaves_room(y: float) -> None:
    style = LOW.model_copy(update={"position": Position(y=y)})
    band = Ground(0.0, 6.0, band=(0.27, 0.59))
    assert any(box.y < 0.59 * FRAME[1] for box in boxes(style, ()))
    for box in boxes(style, [band]):
        assert 0.59 * FRAME[1] < box.y < 0.64 * FRAME[1]
    assert boxes(LOW, [band]) == boxes(LOW, ()), "what lies below it already stays"
    assert boxes(HIGH, [band]) == boxes(HIGH, ()), "so does what lies above"


def test_captions_are_set_smaller_to_fit_below_a_picture_but_not_much() -> None:
    wide, text = (640, 360), "Good work stands in a corner and waits for us"
    words = tuple(Word(n * 0.3, n * 0.3 + 0.3, word) for n, word in enumerate(text.split()))
    style = CaptionStyle(name="two", lines=LineRules(max_lines=2), position=LOW.position)
    [own, *_] = boxes(style, (), words, wide)
    [set_below, *_] = boxes(style, [Ground(0, 6, band=(0.1, 0.83))], words, wide)
    assert own.y < 0.83 * 360 < set_below.y
    assert 0.7 < set_below.height / own.height < 1
    assert boxes(style, [Ground(0, 6, band=(0.02, 0.93))], words, wide)[0] == own, "no room"


def test_the_study_says_what_every_shot_has_for_captions() -> None:
    study = framed.study_of("9:16")
    cut_s, end_s = framed.CUT_S, framed.DURATION_S
    plan = study.plan(FramingKind.SPLIT, [FramingOverride(1.2, FramingKind.WIDE)])
    split, wide = caption_grounds(study, plan, study.pieces)
    assert (split.start_s, split.end_s, split.seam, split.band) == (0.0, cut_s, 0.5, None)
    assert (wide.start_s, wide.end_s, wide.seam) == (cut_s, end_s, None)
    assert wide.band is not None
    assert wide.band[0] < 0.3 < 0.55 < wide.band[1] < 0.65
    assert caption_grounds(study, study.plan(), study.pieces) == ()
    later = (replace(study.pieces[0], start_s=0.5),)  # cut anew, not looked at again yet
    [first, second] = caption_grounds(study, plan, later)
    assert first.end_s == second.start_s == pytest.approx(cut_s - 0.5)
    screen = caption_grounds(study, study.plan(FramingKind.SCREEN), study.pieces)
    assert {one.seam for one in screen} == {0.45}
    beside = framed.study_of("16:9")
    assert caption_grounds(beside, beside.plan(FramingKind.SPLIT), beside.pieces) == ()


def test_subtitles_with_places_have_them_by_shot() -> None:
    text = subtitles_of(WORDS, "ass", style=LOW, grounds=[SPLIT])
    found = [line.split("\\pos(")[1].split(")")[0] for line in text.splitlines() if "\\pos" in line]
    ys = [int(place.split(",")[1]) for place in found]
    assert ys[0] == ys[1] == ys[3] > 1400
    em_px = LOW.font.size_percent / 100 * 1920
    assert ys[2] == pytest.approx(960 + em_px / 2, abs=em_px / 4), "the anchor is the bottom"


def test_the_player_moves_captions_with_the_framing_that_a_key_chooses(
    qtbot: QtBot, store: Store, framed_clips: list[int], framed_window: MainWindow
) -> None:
    """The study may come later than the captions, too: nothing of it was known when they came."""
    window = framed_window
    said = [(0.1, 0.6, "Hello there."), (0.9, 1.4, "Nobody came.")]
    clip = store.library.clip(framed_clips[0])
    media = store.library.source(clip.source_id).media
    assert media is not None
    transcript = f.transcript_of(said)
    store.library.save_transcript(media.content_key, "{}", transcript)
    window.stage.refresh()

    def at_seam() -> list[bool]:
        painter = window.player.canvas.captions
        if not isinstance(painter, CaptionPainter):
            return []
        height = painter.frame_size_px[1]
        return [abs(box.y + box.height / 2 - height / 2) < 2 for box in painter.boxes]

    qtbot.waitUntil(lambda: at_seam() == [False, False], timeout=PATIENCE_MS)
    framed.go_to(qtbot, window, 1.2)
    window.framing.choose(FramingKind.SPLIT)
    qtbot.waitUntil(lambda: at_seam() == [False, True], timeout=PATIENCE_MS)
    window.framing.choose_for_clip(FramingKind.SCREEN)
    window.framing.choose(FramingKind.SPLIT)  # once more gives it back
    qtbot.waitUntil(lambda: at_seam() == [False, False], timeout=PATIENCE_MS)
    painter = window.player.canvas.captions
    assert isinstance(painter, CaptionPainter)
    middles = [(box.y + box.height / 2) / painter.frame_size_px[1] for box in painter.boxes]
    assert middles == pytest.approx([0.45, 0.45], abs=0.01)
