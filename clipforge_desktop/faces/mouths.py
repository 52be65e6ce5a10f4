"""How much mouths move between one picture and the next, while several faces are seen.

The change of the mouth's patch over that of the face above it: so a nod, a camera that shakes
and grain count for little. Pictures are grey, of one size, and come in display order.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.faces.detector import FaceBox

Grey = NDArray[np.uint8]  # (height, width)
Patch = tuple[slice, slice]

PICTURE_WIDTH_PX = 640  # a mouth needs finer pictures than a face does

_MOUTH = (0.25, 0.66, 0.5, 0.34)  # x, y, width, height in shares of the face's box
_ABOVE = (0.0, 0.0, 1.0, 0.6)
_LEAST_CHANGE = 0.7  # of 255: a picture that stands still says nothing


class MouthWatch:
    """Follows the mouths of one look until the next look."""

    def __init__(self, faces: Sequence[FaceBox], picture: Grey, source_width_px: int) -> None:
        scale = picture.shape[1] / source_width_px
        self._mouths = [_patch(face, _MOUTH, scale, picture) for face in faces]
        self._faces = [_patch(face, _ABOVE, scale, picture) for face in faces]
        self._before = picture.astype(np.int16)
        self._motions: list[list[float]] = [[] for _ in faces]

    def see(self, picture: Grey) -> None:
        """The next picture."""
        now = picture.astype(np.int16)
        for motions, mouth, face in zip(self._motions, self._mouths, self._faces, strict=True):
            moved = float(np.abs(now[face] - self._before[face]).mean())
            spoke = float(np.abs(now[mouth] - self._before[mouth]).mean())
            motions.append((spoke + _LEAST_CHANGE) / (moved + _LEAST_CHANGE))
        self._before = now

    def motions(self) -> list[float | None]:
        """Per face the mean so far; about 1 for a mouth that moves no more than the rest."""
        return [round(float(np.mean(seen)), 4) if seen else None for seen in self._motions]


def _patch(
    face: FaceBox, part: tuple[float, float, float, float], scale: float, picture: Grey
) -> Patch:
    x, y = face.x + part[0] * face.width, face.y + part[1] * face.height
    rows = _span(y * scale, (y + part[3] * face.height) * scale, picture.shape[0])
    columns = _span(x * scale, (x + part[2] * face.width) * scale, picture.shape[1])
    return rows, columns


def _span(start: float, end: float, limit: int) -> slice:
    first = min(max(round(start), 0), limit - 1)
    return slice(first, max(first + 1, min(round(end), limit)))
