"""Boxes become tracks: through losses, past each other, and never across a cut."""

import numpy as np

from clipforge_desktop.faces.detector import FaceBox
from clipforge_desktop.faces.tracks import Glimpse, Look, link, look_of


def look(seed: int) -> Look:
    vector = np.random.default_rng(seed).normal(size=72).astype(np.float32)
    vector -= vector.mean()
    return vector / np.linalg.norm(vector)


def seen(clip_s: float, x: float, person: int = 0, confidence: float = 0.9) -> Glimpse:
    return Glimpse(clip_s, FaceBox(x, 100, 80, 100, confidence), look=look(person))


def in_time(*glimpses: Glimpse) -> list[Glimpse]:
    return sorted(glimpses, key=lambda glimpse: glimpse.at_s)


STEPS = [n * 0.25 for n in range(20)]


def test_a_face_that_walks_is_one_track() -> None:
    tracks = link([seen(t, 100 + 120 * t) for t in STEPS], [])
    assert [len(track.sightings) for track in tracks] == [20]


def test_a_face_lost_for_a_second_comes_back_into_its_track() -> None:
    tracks = link([seen(t, 300) for t in STEPS if not 1.0 < t < 2.0], [])
    assert len(tracks) == 1
    assert tracks[0].end_s == STEPS[-1]


def test_a_face_gone_for_long_begins_a_new_track_of_the_same_person() -> None:
    tracks = link([seen(t, 300) for t in STEPS if not 1.0 < t < 3.5], [])
    assert len(tracks) == 2
    assert tracks[0].person == tracks[1].person


def test_two_people_who_pass_each_other_keep_their_tracks() -> None:
    crossing = in_time(
        *(seen(t, 100 + 100 * t, person=1) for t in STEPS),
        *(seen(t, 575 - 100 * t, person=2) for t in STEPS),
    )
    tracks = link(crossing, [])
    assert [len(track.sightings) for track in tracks] == [20, 20]
    ends = sorted(track.sightings[-1].box.x for track in tracks)
    assert ends == [100, 575]
    rising = [track for track in tracks if track.sightings[0].box.x == 100]
    assert rising[0].sightings[-1].box.x == 575


def test_a_track_ends_at_a_cut_and_the_same_person_is_known_again() -> None:
    same = link([seen(t, 300) for t in STEPS], [2.5])
    assert [track.person for track in same] == [0, 0]
    assert same[0].end_s < 2.5 <= same[1].start_s
    other = link([seen(t, 300, person=0 if t < 2.5 else 1) for t in STEPS], [2.5])
    assert [track.person for track in other] == [0, 1]


def test_a_pattern_that_is_never_surely_a_face_is_dropped() -> None:
    assert link([seen(t, 300, confidence=0.65) for t in STEPS], []) == ()


def test_a_glimpse_of_half_a_second_is_no_track() -> None:
    assert link([seen(t, 300) for t in STEPS[:2]], []) == ()


def test_the_colours_of_a_face_are_known_again_at_another_place_and_size() -> None:
    generator = np.random.default_rng(7)
    person = generator.integers(0, 255, (90, 60, 3), np.uint8)
    other = generator.integers(0, 255, (90, 60, 3), np.uint8)
    picture = np.full((180, 320, 3), 90, np.uint8)
    picture[20:110, 30:90] = person
    picture[60:150, 200:260] = person
    picture[0:90, 130:190] = other
    boxes = [FaceBox(x * 4, y * 4, 160, 180, 0.9) for x, y in ((40, 32), (210, 72), (140, 12))]
    first, second, third = (look_of(picture, box, 1280) for box in boxes)
    assert float(first @ second) > 0.9
    assert float(first @ third) < 0.6
