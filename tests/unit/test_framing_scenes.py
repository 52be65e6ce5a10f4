"""What was seen on the source's clock, put on the clip's: cuts, joins, removed parts, speech."""

from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import FramingKind, FramingOverride, FramingStudy
from clipforge_desktop.domain.source import MediaInfo, SourceMedia, SpeechRange
from clipforge_desktop.faces.detector import FaceBox
from clipforge_desktop.faces.tracks import Sighting, Track
from clipforge_desktop.stages.export.framing import Scenes, study_of
from clipforge_desktop.stages.export.hearing import voices_at
from clipforge_desktop.stages.export.looking import Stretch

RATE = Fraction(25)
SIZE = (1920, 1080)


def study(
    *pieces: Piece, at: Callable[[float], float], cuts_s: tuple[float, ...] = ()
) -> FramingStudy:
    """One face at `at(source time)`, looked at three times a second; one track per scene."""
    start_s, end_s = pieces[0].start_s, pieces[-1].end_s
    looked_s = tuple(round(float(at_s), 2) for at_s in np.arange(start_s, end_s, 0.3))
    edges = [start_s, *cuts_s, end_s]
    tracks = []
    for number, (first_s, last_s) in enumerate(pairwise(edges)):
        boxes = [
            Sighting(at_s, FaceBox(at(at_s) - 60, 320, 120, 160, 0.95))
            for at_s in looked_s
            if first_s <= at_s < last_s
        ]
        tracks.append(Track(number, tuple(boxes)))
    seen = Stretch(start_s, end_s, looked_s, cuts_s)
    scenes = Scenes(tuple(pieces), 0.0, seen, tuple(tracks), ())
    *_, duration_s = accumulate(piece.duration_s for piece in pieces)
    return study_of([scenes], "9:16", (1080, 1920), SIZE, duration_s, RATE)


def centers(found: FramingStudy, count: int) -> list[float]:
    plan = found.plan(FramingKind.FILL)
    crops = [plan.crop_at(n / 25) for n in range(count)]
    return [crop.x + crop.width / 2 for crop in crops]


def test_a_cut_in_the_source_is_a_new_shot_on_its_frame() -> None:
    found = study(Piece(10, 16), at=lambda at_s: 500 if at_s < 13 else 1400, cuts_s=(13.0,))
    assert [shot.ways[0].start_s for shot in found.shots] == [0.0, 3.0]
    xs = centers(found, 150)
    assert xs[74] == pytest.approx(500, abs=5)
    assert xs[75] == pytest.approx(1400, abs=5)


def test_words_cut_out_while_the_person_sits_still_change_nothing() -> None:
    found = study(Piece(10, 13), Piece(14, 17), Piece(17.5, 20), at=lambda at_s: 900.0)
    assert len(found.shots) == 1
    (pane,) = found.plan().shots[0].panes
    assert len(pane.keys) == 1


def test_a_join_at_which_the_face_jumps_is_a_snap_and_never_a_pan() -> None:
    found = study(
        Piece(10, 13), Piece(17, 20), at=lambda at_s: float(np.interp(at_s, [13, 17], [500, 1400]))
    )
    assert len(found.shots) == 1, "still one shot for the user"
    xs = centers(found, 150)
    assert max(xs[:75]) == pytest.approx(500, abs=5)
    assert min(xs[75:]) == pytest.approx(1400, abs=5)


def test_what_lies_in_removed_parts_moves_nothing() -> None:
    found = study(
        Piece(10, 13), Piece(16, 19), at=lambda at_s: 1700.0 if 13.2 < at_s < 15.7 else 600.0
    )
    assert centers(found, 150) == pytest.approx([600.0] * 150, abs=5)


def test_a_choice_stays_with_its_scene_when_other_words_are_cut() -> None:
    choice = [FramingOverride(14.5, FramingKind.WIDE)]

    def at(at_s: float) -> float:
        return 500 if at_s < 13 else 1400

    for pieces in ([Piece(10, 16)], [Piece(10, 14), Piece(15, 16)], [Piece(11, 15.5)]):
        found = study(*pieces, at=at, cuts_s=(13.0,))
        plan = found.plan(None, choice)
        assert [shot.kind for shot in plan.shots] == [FramingKind.FILL, FramingKind.WIDE]


def test_pieces_shorter_than_a_look_still_know_where_the_face_is() -> None:
    pieces = [Piece(10 + n, 10.2 + n) for n in range(8)]
    found = study(*pieces, at=lambda at_s: 500.0 if at_s < 13.6 else 1300.0)
    xs = centers(found, 40)
    assert xs[10] == pytest.approx(500, abs=10)
    assert xs[35] == pytest.approx(1300, abs=10)


def heard(folder: Path, *speech: SpeechRange) -> SourceMedia:
    """Four seconds of sound: a second of hiss, two of tone, a second of hiss."""
    hiss = np.random.default_rng(2).normal(0, 20, 64_000)
    hiss[16_000:48_000] += 8000 * np.sin(np.arange(32_000) * 0.2)
    (folder / "sound.s16").write_bytes(hiss.astype("<i2").tobytes())
    info = MediaInfo("mp4", 1, 4.0, 0.0, None, ())
    return SourceMedia("k", info, None, None, (), (0, 0), "sound.s16", None, None, None, speech)


LOOKS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5)


def test_speech_is_what_stands_out_of_the_hiss(tmp_path: Path) -> None:
    voices = voices_at(LOOKS, heard(tmp_path), tmp_path)
    assert [voice.is_speech for voice in voices] == [1.0 <= at_s < 3.0 for at_s in LOOKS]


def test_known_ranges_of_speech_count_more_than_loudness(tmp_path: Path) -> None:
    voices = voices_at(LOOKS, heard(tmp_path, SpeechRange(1.0, 1.9)), tmp_path)
    assert [voice.at_s for voice in voices if voice.is_speech] == [1.0, 1.5]


def test_without_sound_there_are_no_voices(tmp_path: Path) -> None:
    media = heard(tmp_path)
    (tmp_path / "sound.s16").unlink()
    assert voices_at(LOOKS, media, tmp_path) == ()
