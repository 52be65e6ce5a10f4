"""Display matrices become a turn and a mirror that really put a picture upright."""

import struct

import numpy as np
import pytest

from clipforge_desktop.media.orientation import from_matrix, upright

ONE = 1 << 16


def matrix(a: int, b: int, c: int, d: int) -> bytes:
    return struct.pack("=9i", a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30)


@pytest.mark.parametrize(
    ("a", "b", "c", "d", "expected"),
    [
        (1, 0, 0, 1, (0, False)),
        (0, 1, -1, 0, (90, False)),
        (-1, 0, 0, -1, (180, False)),
        (0, -1, 1, 0, (270, False)),
        (-1, 0, 0, 1, (0, True)),
        (1, 0, 0, -1, (180, True)),
        (0, 1, 1, 0, (90, True)),
        (0, -1, -1, 0, (270, True)),
        (0, 0, 0, 0, (0, False)),
    ],
)
def test_every_turn_and_mirror_is_read(
    a: int, b: int, c: int, d: int, expected: tuple[int, bool]
) -> None:
    assert from_matrix(matrix(a, b, c, d)) == expected


def test_half_a_matrix_is_no_turn() -> None:
    assert from_matrix(b"\x00" * 8) == (0, False)


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_a_picture_is_moved_as_the_matrix_says(rotation_deg: int, is_mirrored: bool) -> None:
    # One bright dot at the top left of a 2 x 3 picture.
    picture = np.zeros((2, 3, 3), np.uint8)
    picture[0, 0] = 255
    shown = upright(picture, rotation_deg, is_mirrored=is_mirrored)
    corners = {0: (0, 0), 90: (0, -1), 180: (-1, -1), 270: (-1, 0)}
    row, column = corners[rotation_deg]
    if is_mirrored:
        column = -1 - column
    assert shown.shape[:2] == ((3, 2) if rotation_deg in (90, 270) else (2, 3))
    assert shown[row, column].tolist() == [255, 255, 255]
    assert shown.flags["C_CONTIGUOUS"]
