"""Which framing a shot gets: faces kept whole, doubts fall to Fit, and reasons are told."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from clipforge_desktop.domain.framing import FramingKind, FramingPlan, FramingShot
from clipforge_desktop.faces.detector import FaceBox
from clipforge_desktop.faces.layout import Evidence, Framed, frame_shots
from clipforge_desktop.faces.tracks import Sighting, Track
from clipforge_desktop.faces.ways import Canvas, Shot

HD = (1920, 1080)
WHOLE_HD = (1920.0, 1080.0)
TALL = 9 / 16
LOOKS = tuple(round(n * 0.25, 2) for n in range(40))
WHOLE = Shot(0, 10, LOOKS)


def track(
    at: Callable[[float], tuple[float, float]] | tuple[float, float],
    *,
    size: float = 150,
    person: int = 0,
    times: Sequence[float] = LOOKS,
    confidence: float = 0.9,
) -> Track:
    """A face of `size` x 1.3 `size` whose centre is `at(t)`."""
    sightings = []
    for clip_s in times:
        x, y = at(clip_s) if callable(at) else at
        box = FaceBox(x - size / 2, y - size * 0.65, size, size * 1.3, confidence)
        sightings.append(Sighting(clip_s, box))
    return Track(person, tuple(sightings))


def frame(
    *tracks: Track,
    size: tuple[int, int] = HD,
    shape: float = TALL,
    shots: Sequence[Shot] = (WHOLE,),
) -> tuple[Framed, ...]:
    evidence = [
        Evidence(tuple(one for one in tracks if shot.start_s <= one.start_s < shot.end_s))
        for shot in shots
    ]
    return frame_shots(Canvas(*size, shape), shots, evidence)


def plan(
    *tracks: Track,
    choice: FramingKind | None = None,
    size: tuple[int, int] = HD,
    shape: float = TALL,
    shots: Sequence[Shot] = (WHOLE,),
) -> FramingPlan:
    framed = frame(*tracks, size=size, shape=shape, shots=shots)
    ways = [dict(zip(FramingKind, each.ways, strict=True)) for each in framed]
    kinds = [choice or each.chosen for each in framed]
    return FramingPlan(
        size, "test", tuple(way[kind] for way, kind in zip(ways, kinds, strict=True))
    )


def keys(shot: FramingShot) -> int:
    return len(shot.panes[0].keys)


def is_inside(plan: FramingPlan, sighting: Sighting) -> bool:
    crop, box = plan.crop_at(sighting.at_s), sighting.box
    return (
        crop.x <= box.x
        and box.x + box.width <= crop.x + crop.width
        and crop.y <= box.y
        and box.y + box.height <= crop.y + crop.height
    )


def test_a_person_at_the_side_is_in_the_middle_of_the_crop() -> None:
    shot = plan(track((1500, 400))).shots[0]
    assert shot.kind is FramingKind.FILL
    assert shot.confidence > 0.8
    assert keys(shot) == 1, "still while the person is still"
    assert shot.panes[0].keys[0].center_x == pytest.approx(1500, abs=5)
    assert shot.reason == "One face is followed."


def test_the_head_is_in_the_upper_third_where_there_is_room() -> None:
    framed = plan(track((400, 900)), size=(1080, 1920), shape=1.0)
    crop = framed.crop_at(5)
    assert crop.width == crop.height == 1080
    assert (900 - crop.y) / crop.height == pytest.approx(0.38, abs=0.02)


def test_a_crop_at_the_edge_stays_in_the_picture() -> None:
    crop = plan(track((60, 400))).crop_at(3)
    assert crop.x == pytest.approx(0, abs=0.01)


def test_a_walking_person_stays_whole_in_the_crop_without_jumps() -> None:
    walking = track(lambda t: (300 + 130 * t, 420 + 10 * np.sin(t * 5)))
    framed = plan(walking)
    assert framed.shots[0].kind is FramingKind.FILL
    inside = [is_inside(framed, sighting) for sighting in walking.sightings]
    assert sum(inside) / len(inside) >= 0.98
    xs = [framed.crop_at(n / 24).x for n in range(240)]
    assert np.abs(np.diff(xs)).max() <= 0.005 * HD[0]


def test_a_slow_move_uses_a_slow_camera() -> None:
    framed = plan(track(lambda t: (700 + 20 * t, 420)))
    xs = [framed.crop_at(n / 30).x for n in range(300)]
    assert np.abs(np.diff(xs)).max() <= 0.005 * framed.crop_at(0).width


def test_auto_shows_the_whole_picture_when_there_is_no_face() -> None:
    shot = plan().shots[0]
    assert shot.kind is FramingKind.FIT
    assert shot.panes[0].crop_size_px == WHOLE_HD
    assert "No face" in shot.reason


def test_fill_takes_the_middle_when_there_is_no_face() -> None:
    shot = plan(choice=FramingKind.FILL).shots[0]
    assert shot.kind is FramingKind.FILL
    assert shot.panes[0].keys[0].center_x == 960
    assert shot.confidence < 0.5


def test_fit_is_never_decided_again() -> None:
    shot = plan(track((1500, 400)), choice=FramingKind.FIT).shots[0]
    assert (shot.kind, shot.confidence) == (FramingKind.FIT, 1.0)


def test_two_people_near_each_other_are_both_in_the_crop() -> None:
    left, right = track((800, 400)), track((1080, 420), person=1)
    framed = plan(left, right)
    assert framed.shots[0].kind is FramingKind.FILL
    assert "two faces" in framed.shots[0].reason
    assert all(is_inside(framed, sighting) for sighting in left.sightings + right.sightings)


def test_two_people_far_apart_each_get_a_half_and_fill_follows_the_larger() -> None:
    left, right = track((400, 400), size=200), track((1500, 420), size=160, person=1)
    automatic = plan(left, right).shots[0]
    assert automatic.kind is FramingKind.SPLIT
    assert "too far apart" in automatic.reason
    upper, lower = automatic.panes
    assert (upper.place.y, lower.place.y) == (0, 0.5)
    assert upper.crop_at(5).x < 400 - 100 < 400 + 100 < upper.crop_at(5).x + upper.crop_at(5).width
    assert lower.crop_at(5).x > 400 + 200, "the other one's face is not in it"
    filled = plan(left, right, choice=FramingKind.FILL).shots[0]
    assert filled.kind is FramingKind.FILL
    assert filled.panes[0].keys[0].center_x == pytest.approx(400, abs=5)


def test_three_people_far_apart_are_shown_whole() -> None:
    three = [track((x, 400), person=n) for n, x in enumerate((300, 950, 1600))]
    shot = plan(*three).shots[0]
    assert shot.kind is FramingKind.FIT
    assert "three people" in shot.reason


def test_a_small_face_in_the_background_changes_nothing() -> None:
    speaker, bystander = track((700, 400), size=220), track((1700, 300), size=60, person=1)
    shot = plan(speaker, bystander).shots[0]
    assert shot.kind is FramingKind.FILL
    assert shot.panes[0].keys[0].center_x == pytest.approx(700, abs=5)


def test_a_face_too_large_for_the_shape_is_shown_whole() -> None:
    shot = plan(track((960, 540), size=700)).shots[0]
    assert shot.kind is FramingKind.FIT


def test_a_face_that_darts_about_falls_to_fit() -> None:
    darting = track(lambda t: (300 if int(t * 2) % 2 else 1600, 400))
    assert plan(darting).shots[0].kind is FramingKind.FIT


def test_a_face_seen_rarely_is_not_followed() -> None:
    assert plan(track((1500, 400), times=LOOKS[:4])).shots[0].kind is FramingKind.FIT


def test_a_picture_of_the_right_shape_is_left_alone() -> None:
    shot = plan(track((200, 300)), size=(1080, 1920)).shots[0]
    assert shot.kind is FramingKind.FILL
    assert shot.panes[0].keys[0].center_x == 540
    assert "already" in shot.reason


def test_the_crop_snaps_at_a_cut_and_never_pans_over_it() -> None:
    shots = (Shot(0, 5, LOOKS[:20]), Shot(5, 10, LOOKS[20:]))
    before = track((400, 400), times=LOOKS[:20])
    after = track((1500, 400), times=LOOKS[20:], person=1)
    framed = plan(before, after, shots=shots)
    assert framed.crop_at(4.999).x == pytest.approx(400 - 303.75, abs=5)
    assert framed.crop_at(5.0).x == pytest.approx(1500 - 303.75, abs=5)
    assert [keys(shot) for shot in framed.shots] == [1, 1]


def test_a_turned_head_gets_room_where_it_looks() -> None:
    def looking_right(sighting: Sighting) -> Sighting:
        box = sighting.box
        x, y = box.center
        marks = ((x, y), (x + 20, y), (x + 40, y + 10), (x, y + 40), (x + 20, y + 40))
        return Sighting(sighting.at_s, FaceBox(box.x, box.y, box.width, box.height, 0.9, marks))

    plain = track((900, 400))
    turned = Track(0, tuple(looking_right(sighting) for sighting in plain.sightings))
    assert plan(turned).crop_at(1).x > plan(plain).crop_at(1).x + 10


def test_the_same_faces_give_the_same_plan() -> None:
    walking = track(lambda t: (300 + 130 * t, 420))
    assert plan(walking) == plan(walking)
