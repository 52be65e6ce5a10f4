"""Every shot can be shown in every framing, with or without faces, in every shape."""

from itertools import pairwise

import pytest

from clipforge_desktop.domain.framing import Backdrop, FramingKind, FramingShot, Rect
from clipforge_desktop.faces.detector import FaceBox
from clipforge_desktop.faces.layout import Evidence, frame_shots
from clipforge_desktop.faces.speaking import Voice
from clipforge_desktop.faces.tracks import Sighting, Track
from clipforge_desktop.faces.ways import Canvas, Shot

LOOKS = tuple(round(n * 0.3, 2) for n in range(40))
SHOT = Shot(0, 12, LOOKS)
SHAPES = {"9:16": 9 / 16, "1:1": 1.0, "4:5": 0.8, "16:9": 16 / 9}
SOURCES = [(1920, 1080), (1080, 1920), (640, 480)]


def person(x: float, y: float, number: int = 0, *, mouth: float | None = None) -> Track:
    box = FaceBox(x - 60, y - 80, 120, 160, 0.9)
    return Track(number, tuple(Sighting(at_s, box, mouth) for at_s in LOOKS))


def ways(
    size: tuple[int, int], shape: float, *people: Track, voices: tuple[Voice, ...] = ()
) -> dict[FramingKind, FramingShot]:
    (framed,) = frame_shots(Canvas(*size, shape), [SHOT], [Evidence(people, voices)])
    return dict(zip(FramingKind, framed.ways, strict=True))


@pytest.mark.parametrize("size", SOURCES)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("people", [0, 1, 2, 3])
def test_every_way_is_inside_picture_and_output_and_keeps_its_shape(
    size: tuple[int, int], shape: float, people: int
) -> None:
    crowd = [person(size[0] * (n + 0.5) / 3, size[1] * 0.4, n) for n in range(people)]
    for kind, shot in ways(size, shape, *crowd).items():
        assert shot.kind is kind
        assert shot.reason
        for pane in shot.panes:
            crop, place = pane.crop_at(6), pane.place
            assert crop.x >= -0.01
            assert crop.y >= -0.01
            assert crop.x + crop.width <= size[0] + 0.01
            assert crop.y + crop.height <= size[1] + 0.01
            assert place.x + place.width <= 1.0001
            assert place.y + place.height <= 1.0001
            shown = shape * place.width / place.height
            assert crop.width / crop.height == pytest.approx(shown, rel=0.01)


def test_panes_of_split_and_screen_cover_the_output() -> None:
    for kind in (FramingKind.SPLIT, FramingKind.SCREEN):
        shot = ways((1920, 1080), 9 / 16)[kind]
        assert sum(pane.place.width * pane.place.height for pane in shot.panes) == pytest.approx(1)
        assert shot.backdrop is Backdrop.NONE


def test_wide_leaves_room_for_captions_below_the_whole_picture() -> None:
    for shape in SHAPES.values():
        shot = ways((1920, 1080), shape)[FramingKind.WIDE]
        (pane,) = shot.panes
        assert pane.crop_at(0) == Rect(0, 0, 1920, 1080)
        assert pane.place.y + pane.place.height <= 0.84
        assert shot.backdrop is Backdrop.DARK


def test_halves_without_faces_are_the_left_and_the_right() -> None:
    left, right = ways((1920, 1080), 9 / 16)[FramingKind.SPLIT].panes
    assert left.crop_at(0).x + left.crop_at(0).width <= 960
    assert right.crop_at(0).x >= 960


@pytest.mark.parametrize("kind", [FramingKind.SPLIT, FramingKind.SCREEN])
@pytest.mark.parametrize("size", SOURCES)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_one_person_is_seen_from_close_by_and_in_the_whole_picture(
    kind: FramingKind, size: tuple[int, int], shape: float
) -> None:
    shot = ways(size, shape, person(size[0] * 0.6, size[1] * 0.4))[kind]
    assert "whole picture" in shot.reason
    first, second = shot.panes
    close, whole = (first, second) if kind is FramingKind.SPLIT else (second, first)
    assert whole.crop_at(6) == Rect(0, 0, *size)
    crop = close.crop_at(6)
    assert crop.x < size[0] * 0.6 - 60 < size[0] * 0.6 + 60 < crop.x + crop.width
    assert crop.y < size[1] * 0.4 - 80 < size[1] * 0.4 + 80 < crop.y + crop.height
    closer = close.place.width / crop.width * size[0] / whole.place.width
    assert closer >= 1.49, "twins of one size are no two pictures"
    is_below = first.place.y + first.place.height <= second.place.y + 1e-9
    is_beside = first.place.x + first.place.width <= second.place.x + 1e-9
    assert is_below or is_beside
    covered = sum(pane.place.width * pane.place.height for pane in shot.panes)
    assert (shot.backdrop is Backdrop.NONE) == (covered > 0.999)


def test_a_face_that_fills_the_picture_is_shown_once_with_the_reason() -> None:
    box = FaceBox(200, 40, 300, 400, 0.9)
    track = Track(0, tuple(Sighting(at_s, box) for at_s in LOOKS))
    framed = ways((640, 480), 16 / 9, track)
    for kind in (FramingKind.SPLIT, FramingKind.SCREEN):
        (pane,) = framed[kind].panes
        assert pane.crop_at(6) == Rect(0, 0, 640, 480)
        assert framed[kind].backdrop is Backdrop.BLUR
        assert "fills the picture" in framed[kind].reason


def test_panes_lie_beside_each_other_in_wide_outputs() -> None:
    left, right = ways((1920, 1080), 16 / 9, person(400, 400), person(1500, 400, 1))[
        FramingKind.SPLIT
    ].panes
    assert (left.place.x, right.place.x) == (0, 0.5)


def heard() -> tuple[Voice, ...]:
    return tuple(Voice(at_s, -20, True) for at_s in LOOKS)


def talker(x: float, number: int, turns: list[tuple[float, float]]) -> Track:
    plain = person(x, 400, number)
    spoken = [
        any(start_s <= seen.at_s < end_s for start_s, end_s in turns) for seen in plain.sightings
    ]
    return Track(
        number,
        tuple(
            Sighting(seen.at_s, seen.box, (2.6 if n % 3 else 1.4) if speaks else 1.0)
            for n, (seen, speaks) in enumerate(zip(plain.sightings, spoken, strict=True))
        ),
    )


def chosen(*people: Track) -> FramingShot:
    evidence = [Evidence(people, heard())]
    (framed,) = frame_shots(Canvas(1920, 1080, 9 / 16), [SHOT], evidence)
    return framed.ways[list(FramingKind).index(framed.chosen)]


def test_the_one_who_speaks_throughout_fills_the_frame() -> None:
    shot = chosen(talker(400, 0, []), talker(1500, 1, [(0, 12)]))
    assert shot.kind is FramingKind.FILL
    assert "speaks" in shot.reason
    crop = shot.panes[0].crop_at(6)
    assert crop.x < 1500 < crop.x + crop.width
    assert len(shot.panes[0].keys) == 1


def test_people_who_take_turns_are_shown_in_turn_by_a_snap() -> None:
    shot = chosen(talker(400, 0, [(0, 6)]), talker(1500, 1, [(6, 12)]))
    assert shot.kind is FramingKind.FILL
    assert "take turns" in shot.reason
    pane = shot.panes[0]
    for at_s, x in ((1, 400), (4.5, 400), (7.5, 1500), (11, 1500)):
        crop = pane.crop_at(at_s)
        assert crop.x < x - 60
        assert x + 60 < crop.x + crop.width
    steps = [pane.crop_at(n / 30).x for n in range(360)]
    moves = [abs(b - a) for a, b in pairwise(steps) if b != a]
    assert len(moves) == 1, "one snap, and no pan"


def test_people_who_interrupt_each_other_both_matter() -> None:
    quick = [(2.0 * n, 2.0 * n + 1) for n in range(6)]
    other = [(2.0 * n + 1, 2.0 * n + 2) for n in range(6)]
    assert chosen(talker(400, 0, quick), talker(1500, 1, other)).kind is FramingKind.SPLIT
