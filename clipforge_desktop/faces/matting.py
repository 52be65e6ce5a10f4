"""Which pixels of a picture are people: OpenCV Zoo's PP-HumanSeg, and a steady matte from it.

Needs the network's file: there is no other way to tell a person from the room, so without it
callers do without a matte and say so. Pictures are upright BGR; mattes are square and as fine as
the network sees, whatever the shape of the picture.
"""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.faces.detector import Picture

MATTE_FILE = "human_segmentation_pphumanseg_2023mar.onnx"
SIDE_PX = 192

_LARGEST_BYTES = 32_000_000  # five times the real one: something else is not even opened
_FOLLOWS, _HURRIES = 0.35, 1.6  # how much of a small change is taken up at once, and of a large one
_SURE_NOT, _SURE = 0.25, 0.75  # certainty between which a pixel is partly a person
_INSTALL = "Run `clipforge models install pphumanseg`."

Certainty = NDArray[np.float32]  # (SIDE_PX, SIDE_PX), 0 to 1
Matte = NDArray[np.uint8]  # (SIDE_PX, SIDE_PX), 255 is a person


class PersonFinder:
    """The network (PP-HumanSeg, Chu et al. 2021), about 10 ms a picture. Not for two threads."""

    def __init__(self, model: Path) -> None:
        """Raises InputError (person_model_invalid) when the file is no such network."""
        try:
            if model.stat().st_size > _LARGEST_BYTES:
                raise _invalid(model)
            weights = np.frombuffer(model.read_bytes(), np.uint8)  # OpenCV opens ASCII paths only
            self._net = cv2.dnn.readNetFromONNX(weights)
            found = self._forward(np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8))
        except (OSError, cv2.error) as error:
            raise _invalid(model) from error
        if found.shape != (1, 2, SIDE_PX, SIDE_PX) or not np.isfinite(found).all():
            raise _invalid(model)

    def _forward(self, square: Picture) -> NDArray[np.float32]:
        """Scaled to -1 to 1, red first; out come the planes "background" and "person"."""
        blob = cv2.dnn.blobFromImage(square, 1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True)
        self._net.setInput(blob)
        return np.asarray(self._net.forward(), np.float32)

    def find(self, picture: Picture) -> Certainty:
        """How sure it is of a person in every part of `picture`, which is squeezed to a square."""
        square = cv2.resize(picture, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        background, person = self._forward(np.asarray(square, np.uint8))[0]
        sums = background + person
        if background.min() >= 0 and np.abs(sums - 1).max() < 0.02:
            return np.asarray(person, np.float32)
        found: Certainty = 1 / (1 + np.exp(np.clip(background - person, -30, 30)))
        return found


class SteadyMatte:
    """Mattes of frames in order: small changes are averaged over time, large ones followed."""

    def __init__(self) -> None:
        self._before: Certainty | None = None

    def next(self, found: Certainty) -> Matte:
        """The matte of the next frame, its edges softened."""
        if self._before is not None:
            change = found - self._before
            share = np.clip(_FOLLOWS + _HURRIES * np.abs(change), 0, 1)
            found = self._before + change * share
        self._before = found
        soft = cv2.GaussianBlur(found, (3, 3), 0.8)
        edge = np.clip((soft - _SURE_NOT) / (_SURE - _SURE_NOT), 0, 1)
        return np.asarray(np.rint(edge * edge * (3 - 2 * edge) * 255), np.uint8)


def open_person_finder(model_dirs: Iterable[Path]) -> PersonFinder:
    """The network from the first of `model_dirs` that has its file.

    Raises InputError: person_model_missing, or person_model_invalid when the file is another.
    """
    cv2.setNumThreads(1)
    for folder in model_dirs:
        model = folder / MATTE_FILE
        if model.is_file():
            return PersonFinder(model)
    raise InputError(
        "person_model_missing",
        "The model that tells people from the background is not installed, so captions stand in "
        "front of them.",
        _INSTALL,
    )


def _invalid(model: Path) -> InputError:
    return InputError(
        "person_model_invalid",
        f"{model.name} is damaged or another model, so captions stand in front of people.",
        f"Remove it. {_INSTALL}",
    )
