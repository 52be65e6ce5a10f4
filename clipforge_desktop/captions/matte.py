"""Where people are in a source, frame by frame, so that captions can stand behind them.

The workshop writes mattes in chunks of source time into the source's cache folder; the window
and the export read them through the same `PersonTrack`, so both cut captions by the same pixels.
A matte covers the whole upright picture, squeezed to a square: 255 is a person.
"""

import io
import os
import zipfile
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from clipforge_desktop.domain.clip import Piece, TimeMap

CHUNK_S = 2
SIDE_PX = 192
"""How fine a matte is, each way."""

FOLDER = "mattes"
MATTE_VERSION = "1-pphumanseg-2023mar"
"""Names the network and how its answers are steadied: part of every place where mattes lie."""

_KEPT_CHUNKS = 3  # two seconds of 30 frames are 2 MB
_EDGE_S = 0.1  # this near to a chunk's end the nearest frame may be in the next one
_FARTHEST_S = 0.3  # a frame further away than this shows something else
_LEAST_SHARE = 0.01  # of the picture: less is no person that a caption could stand behind

Mattes = NDArray[np.uint8]  # (frames, side, side)


@dataclass(frozen=True)
class Chunk:
    """Mattes of the frames in one stretch of source time, in order."""

    times_s: NDArray[np.float64]
    mattes: Mattes


def chunks_of(pieces: Sequence[Piece]) -> tuple[int, ...]:
    """The numbers of the chunks that the pieces touch, ascending."""
    numbers: set[int] = set()
    for piece in pieces:
        last = max(piece.end_s - 1e-6, piece.start_s)
        numbers.update(range(int(max(piece.start_s, 0) // CHUNK_S), int(last // CHUNK_S) + 1))
    return tuple(sorted(numbers))


def matte_folder(cache_dir: Path) -> Path:
    """Where the mattes of the source lie whose cache folder this is."""
    return cache_dir / FOLDER / MATTE_VERSION


def write_chunk(cache_dir: Path, number: int, chunk: Chunk) -> None:
    """Keep a chunk, whole or not at all."""
    folder = matte_folder(cache_dir)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{number}.{os.getpid()}.part"
    with part.open("wb") as file:
        np.savez_compressed(file, times_s=chunk.times_s, mattes=chunk.mattes)
    part.replace(_file(folder, number))


def read_chunk(cache_dir: Path, number: int) -> Chunk | None:
    """None when it is not there, or not whole: then it is made anew."""
    try:
        whole = io.BytesIO(_file(matte_folder(cache_dir), number).read_bytes())
        with np.load(whole, allow_pickle=False) as found:
            chunk = Chunk(found["times_s"].astype(np.float64), found["mattes"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    shape = (*chunk.times_s.shape, SIDE_PX, SIDE_PX)
    return chunk if chunk.mattes.dtype == np.uint8 and chunk.mattes.shape == shape else None


def missing_chunks(cache_dir: Path, pieces: Sequence[Piece]) -> tuple[int, ...]:
    """What has still to be made before all of the pieces is known."""
    folder = matte_folder(cache_dir)
    return tuple(number for number in chunks_of(pieces) if not _file(folder, number).is_file())


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number}.npz"


class PersonTrack:
    """The mattes of one clip, on the clip's clock. For one thread at a time."""

    def __init__(self, cache_dir: Path, pieces: tuple[Piece, ...]) -> None:
        self._cache_dir = cache_dir
        self._map = TimeMap(pieces)
        self._chunks: OrderedDict[int, Chunk | None] = OrderedDict()
        self._shown: tuple[int, int, QImage] | None = None

    def has_person(self) -> bool:
        """Is anybody in the clip, large enough to hide a caption?"""
        numbers = chunks_of(self._map.pieces)
        return any(self._share(self._chunk(number)) >= _LEAST_SHARE for number in numbers)

    @staticmethod
    def _share(chunk: Chunk | None) -> float:
        if chunk is None or not len(chunk.mattes):
            return 0.0
        return float(chunk.mattes.mean(axis=(1, 2)).max()) / 255

    def at(self, clip_s: float) -> NDArray[np.uint8] | None:
        """The matte of the frame at `clip_s`; None where none is known."""
        place = self.key_at(clip_s)
        chunk = self._chunk(place[0]) if place is not None else None
        return None if place is None or chunk is None else chunk.mattes[place[1]]

    def image_at(self, clip_s: float) -> QImage | None:
        """The same as a picture of its own, Alpha8."""
        place = self.key_at(clip_s)
        if place is None:
            return None
        if self._shown is None or self._shown[:2] != place:
            matte = self.at(clip_s)
            assert matte is not None
            lines = np.ascontiguousarray(matte)
            side = lines.shape[1]
            borrowed = QImage(lines.data, side, len(lines), side, QImage.Format.Format_Alpha8)
            self._shown = (*place, borrowed.copy())
        return self._shown[2]

    def key_at(self, clip_s: float) -> tuple[int, int] | None:
        """Equal keys are the same matte. That of the nearest frame: (chunk, its number there)."""
        source_s = self._map.to_source_s(clip_s)
        numbers = {int(max(source_s + reach, 0) // CHUNK_S) for reach in (-_EDGE_S, 0, _EDGE_S)}
        nearest: tuple[float, int, int] | None = None
        for number in sorted(numbers):
            chunk = self._chunk(number)
            if chunk is None or not len(chunk.times_s):
                continue
            apart = np.abs(chunk.times_s - source_s)
            index = int(apart.argmin())
            if apart[index] <= _FARTHEST_S and (nearest is None or apart[index] < nearest[0]):
                nearest = (float(apart[index]), number, index)
        return None if nearest is None else nearest[1:]

    def _chunk(self, number: int) -> Chunk | None:
        if number not in self._chunks:
            self._chunks[number] = read_chunk(self._cache_dir, number)
            if len(self._chunks) > _KEPT_CHUNKS:
                self._chunks.popitem(last=False)
        self._chunks.move_to_end(number)
        return self._chunks[number]
