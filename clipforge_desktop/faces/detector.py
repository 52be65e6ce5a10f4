"""Faces in one picture: OpenCV's YuNet when its model file is there, Haar cascades otherwise.

Pictures are upright BGR with square pixels, best about 320 pixels wide: larger costs more and
finds little else. Boxes come back in source pixels, so nothing else needs to know the size
that was looked at.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # (height, width, 3), BGR

PICTURE_WIDTH_PX = 320
YUNET_FILE = "face_detection_yunet_2023mar.onnx"

_YUNET_MIN_CONFIDENCE = 0.6  # a track needs a surer sighting than that; these keep it alive
_HAAR_MIN_SHARE = 0.07  # of the picture's shorter side: smaller finds are mostly patterns
_HAAR_MIN_NEIGHBOURS = 5
_HAAR_SURE_WEIGHT = 5.5  # a cascade's own certainty at which it is practically never wrong
_HAAR_PROFILE_MIN_WEIGHT = 2.5  # profiles are mistaken more often than faces from the front
_SAME_FACE_OVERLAP = 0.3


@dataclass(frozen=True)
class FaceBox:
    """One face in source pixels, from the forehead to the chin; `confidence` is 0 to 1.

    `landmarks` are right eye, left eye, nose tip, right and left corner of the mouth (as the
    person's own right and left), or empty when the detector knows none.
    """

    x: float
    y: float
    width: float
    height: float
    confidence: float
    landmarks: tuple[tuple[float, float], ...] = ()

    @property
    def center(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def area(self) -> float:
        return self.width * self.height


class FaceDetector(Protocol):
    """Finds faces. Not safe to share between threads."""

    @property
    def name(self) -> str:
        """Stable name of the method and its model: part of every cache key."""

    def detect(self, picture: Picture, source_width_px: int) -> tuple[FaceBox, ...]:
        """Faces of `picture`, which shows a source `source_width_px` wide; surest first."""


def open_detector(model_dirs: Iterable[Path]) -> FaceDetector:
    """YuNet from the first of `model_dirs` in which its file can be read, else Haar.

    OpenCV then works on one thread in this process: pictures this small only lose by more.
    """
    cv2.setNumThreads(1)
    for folder in model_dirs:
        model = folder / YUNET_FILE
        if model.is_file():
            try:
                return YuNetDetector(model)
            except cv2.error:  # half downloaded or damaged: the cascades still work
                continue
    return HaarDetector()


def overlap(first: FaceBox, second: FaceBox) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    width = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (first.area + second.area - shared)


class YuNetDetector:
    """OpenCV's small convolutional detector (Wu et al. 2023, "YuNet"), 3 to 5 ms a picture."""

    def __init__(self, model: Path) -> None:
        """Raises cv2.error when the file is no such model."""
        weights = np.frombuffer(model.read_bytes(), np.uint8)  # OpenCV opens ASCII paths only
        self._net = cv2.FaceDetectorYN.create(
            "onnx",
            weights,
            np.empty(0, np.uint8),
            (PICTURE_WIDTH_PX, PICTURE_WIDTH_PX),
            _YUNET_MIN_CONFIDENCE,
        )

    @property
    def name(self) -> str:
        return "yunet-2023mar"

    def detect(self, picture: Picture, source_width_px: int) -> tuple[FaceBox, ...]:
        height, width = picture.shape[:2]
        self._net.setInputSize((width, height))
        _, rows = self._net.detect(picture)
        if np.ndim(rows) == 0:  # None where there is no face
            return ()
        scale = source_width_px / width
        faces = [_from_yunet(row, scale) for row in np.asarray(rows, np.float64)]
        return tuple(sorted(faces, key=lambda face: -face.confidence))


def _from_yunet(row: NDArray[np.float64], scale: float) -> FaceBox:
    """A row is x, y, width, height, five landmarks, confidence."""
    x, y, width, height = (float(value) * scale for value in row[:4])
    points = (row[4:14] * scale).reshape(5, 2)
    landmarks = tuple((float(point[0]), float(point[1])) for point in points)
    return FaceBox(x, y, width, height, float(row[14]), landmarks)


class HaarDetector:
    """The cascades inside OpenCV 4 (Viola and Jones 2001): no model file, about 30 ms a picture.

    Faces from the front first, each confirmed by a second cascade that was trained otherwise;
    profiles, either way, only where no such face was found.
    """

    def __init__(self) -> None:
        folder = Path(cv2.__file__).parent / "data"
        self._front = _cascade(folder / "haarcascade_frontalface_default.xml")
        self._second = _cascade(folder / "haarcascade_frontalface_alt2.xml")
        self._profile = _cascade(folder / "haarcascade_profileface.xml")

    @property
    def name(self) -> str:
        return "haar-2"

    def detect(self, picture: Picture, source_width_px: int) -> tuple[FaceBox, ...]:
        grey = cv2.equalizeHist(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
        scale = source_width_px / picture.shape[1]
        found = [
            replace(face, confidence=0.5 + 0.5 * face.confidence)
            for face in _search(self._front, grey, scale, 0.0)
            if _is_confirmed(self._second, grey, face, scale)
        ]
        if not found:
            found = _search(self._profile, grey, scale, _HAAR_PROFILE_MIN_WEIGHT)
            mirrored = _search(self._profile, cv2.flip(grey, 1), scale, _HAAR_PROFILE_MIN_WEIGHT)
            found += [_mirror(face, source_width_px) for face in mirrored]
        return _without_doubles(found)


def _cascade(file: Path) -> cv2.CascadeClassifier:
    cascade = cv2.CascadeClassifier()
    storage = cv2.FileStorage(file.read_text("ascii"), cv2.FILE_STORAGE_MEMORY)
    cascade.read(storage.getFirstTopLevelNode())  # by content: OpenCV opens ASCII paths only
    return cascade


def _search(
    cascade: cv2.CascadeClassifier, grey: MatLike, scale: float, min_weight: float
) -> list[FaceBox]:
    side = max(20, round(min(grey.shape[:2]) * _HAAR_MIN_SHARE))
    boxes, _, weights = cascade.detectMultiScale3(
        grey,
        scaleFactor=1.1,
        minNeighbors=_HAAR_MIN_NEIGHBOURS,
        minSize=(side, side),
        outputRejectLevels=True,
    )
    faces: list[FaceBox] = []
    for box, weight in zip(boxes, np.ravel(weights), strict=True):
        if weight >= min_weight:
            confidence = min(max(float(weight) / _HAAR_SURE_WEIGHT, 0.05), 1.0)
            x, y, width, height = (float(side) * scale for side in box)
            faces.append(_from_haar(x, y, width, height, confidence))
    return faces


def _is_confirmed(
    cascade: cv2.CascadeClassifier, grey: MatLike, face: FaceBox, scale: float
) -> bool:
    """Does `cascade` see a face there too? Looks at the face's surroundings only."""
    margin = face.width * 0.45
    left, top = max(0, int((face.x - margin) / scale)), max(0, int((face.y - margin) / scale))
    right = math.ceil((face.x + face.width + margin) / scale)
    bottom = math.ceil((face.y + face.height + margin) / scale)
    side = max(20, int(face.width / scale * 0.7))
    around = grey[top:bottom, left:right]
    return len(cascade.detectMultiScale(around, 1.1, 2, minSize=(side, side))) > 0


def _from_haar(x: float, y: float, width: float, height: float, confidence: float) -> FaceBox:
    """A cascade's square reaches past the cheeks: narrowed to what YuNet calls the face."""
    return FaceBox(x + width * 0.14, y + height * 0.04, width * 0.72, height * 0.94, confidence)


def _mirror(face: FaceBox, source_width_px: int) -> FaceBox:
    x = source_width_px - face.x - face.width
    return FaceBox(x, face.y, face.width, face.height, face.confidence)


def _without_doubles(faces: list[FaceBox]) -> tuple[FaceBox, ...]:
    kept: list[FaceBox] = []
    for face in sorted(faces, key=lambda face: -face.confidence):
        if all(overlap(face, other) < _SAME_FACE_OVERLAP for other in kept):
            kept.append(face)
    return tuple(kept)
