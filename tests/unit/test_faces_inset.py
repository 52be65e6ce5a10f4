"""A camera's inset is found by its borders, and a person in a picture of their own is none."""

import numpy as np
import pytest
from numpy.typing import NDArray

from clipforge_desktop.domain.framing import FramingKind, Rect
from clipforge_desktop.faces.detector import FaceBox
from clipforge_desktop.faces.inset import find_inset, is_inset_face
from clipforge_desktop.faces.layout import Evidence, frame_shots
from clipforge_desktop.faces.tracks import Sighting, Track
from clipforge_desktop.faces.ways import Canvas, Shot

SIZE = (1280, 720)
LOOKS = tuple(round(n * 0.3, 2) for n in range(30))


def face(x: float, y: float, size: float = 60, sway: float = 4) -> Track:
    return Track(
        0,
        tuple(
            Sighting(
                at_s,
                FaceBox(x - size / 2 + sway * np.sin(n), y - size * 0.65, size, size * 1.3, 0.9),
            )
            for n, at_s in enumerate(LOOKS)
        ),
    )


def screen(inset: Rect | None, *, paper: int = 235) -> list[NDArray[np.uint8]]:
    """Pages of text, 320 pixels wide, with noise that moves in a rectangle of the source."""
    chance = np.random.default_rng(5)
    page = np.full((180, 320), paper, np.uint8)
    for row in range(20, 170, 9):
        for word in range(8, 300, 30):
            page[row : row + 2, word : word + int(chance.integers(8, 26))] = 60
    pictures: list[NDArray[np.uint8]] = []
    for _ in range(12):
        picture = page.copy()
        if inset is not None:
            rows = slice(round(inset.y / 4), round((inset.y + inset.height) / 4))
            columns = slice(round(inset.x / 4), round((inset.x + inset.width) / 4))
            picture[rows, columns] = chance.integers(80, 140, picture[rows, columns].shape)
        pictures.append(picture)
    return pictures


@pytest.mark.parametrize(
    "rect",
    [Rect(940, 520, 320, 180), Rect(960, 540, 320, 180), Rect(20, 24, 240, 200)],
    ids=["free", "in the corner", "top left"],
)
def test_the_borders_of_an_inset_are_found_within_two_small_pixels(rect: Rect) -> None:
    person = face(rect.x + rect.width / 2, rect.y + rect.height / 2)
    inset = find_inset(person, screen(rect), *SIZE)
    assert inset is not None
    assert inset.confidence >= 0.8
    found = (inset.rect.x, inset.rect.y, inset.rect.width, inset.rect.height)
    assert found == pytest.approx((rect.x, rect.y, rect.width, rect.height), abs=8)


def test_without_borders_three_face_widths_around_a_low_face_are_taken_with_less_trust() -> None:
    inset = find_inset(face(1150, 610), [np.full((180, 320), 90, np.uint8)] * 5, *SIZE)
    assert inset is not None
    assert inset.confidence == 0.5
    assert inset.rect.width == pytest.approx(180, abs=2)
    assert inset.rect.y + inset.rect.height <= 720


@pytest.mark.parametrize(
    "person",
    [face(640, 610), face(1150, 360), face(1150, 610, 240), face(1150, 600, sway=60)],
    ids=["in the middle", "at half height", "large", "walking"],
)
def test_other_faces_are_no_insets(person: Track) -> None:
    assert not is_inset_face(person, *SIZE)


def test_a_small_face_high_up_without_borders_is_a_person_in_the_picture() -> None:
    assert find_inset(face(1150, 110), [np.full((180, 320), 90, np.uint8)] * 5, *SIZE) is None


def test_a_shared_screen_is_shown_above_its_enlarged_camera() -> None:
    rect = Rect(940, 520, 320, 180)
    person = face(1100, 610)
    inset = find_inset(person, screen(rect), *SIZE)
    assert inset is not None
    known = Evidence((person,), (), ((person, inset),))
    (framed,) = frame_shots(Canvas(*SIZE, 9 / 16), [Shot(0, 9, LOOKS)], [known])
    assert framed.chosen is FramingKind.SCREEN
    above, below = framed.ways[list(FramingKind).index(FramingKind.SCREEN)].panes
    shown, camera = above.crop_at(4), below.crop_at(4)
    assert shown.x == 0, "the part of the screen that the camera does not hide"
    assert rect.x - 8 <= camera.x
    assert camera.x + camera.width <= rect.x + rect.width + 8
    assert camera.x < 1100 < camera.x + camera.width
