"""Pictures of a source: its poster, a sheet of thumbnails, one frame, or frames in step.

Thumbnails are keyframes, found by jumping (a jump, one packet, a flush: the same small cost for
two minutes and for two hours); frames in step are decoded once, in order, in flat memory.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from clipforge_desktop.domain.source import MediaInfo
from clipforge_desktop.media.container import damaged
from clipforge_desktop.media.orientation import Pixels
from clipforge_desktop.media.probe import probe
from clipforge_desktop.media.reader import Reader, fitted_px, open_picture, wide_px

THUMBNAILS = 120
TILES_PER_ROW = 10
_TILE_LONG_SIDE_PX = 240
_POSTER_LONG_SIDE_PX = 960
_MOST_PER_S = 2.0
_READ_THROUGH_S = 20.0  # shorter sources are decoded whole: their keyframes are too few
_POSTER_PLACES = (0.1, 0.25, 0.5, 0.0)
_PLAIN_CONTRAST = 12.0  # standard deviation of brightness under which a picture shows nothing
_JPEG_QUALITY = 85
_EDGE_S = 0.002  # half the finest step of common time bases


@dataclass(frozen=True)
class Thumbnails:
    """One sheet of equal tiles in rows of ten, and the source time of each tile, ascending."""

    sheet: Pixels
    times_s: tuple[float, ...]
    tile_px: tuple[int, int]


def poster(path: Path, info: MediaInfo, check: Callable[[], None]) -> Pixels:
    """A telling picture near the beginning, at most 960 pixels long. InputError when none is."""
    assert info.video is not None
    size_px = fitted_px(info.video, _POSTER_LONG_SIDE_PX)
    best: tuple[float, Pixels] | None = None
    with open_picture(path, info, check, threads=1) as reader:
        for place in _POSTER_PLACES:
            found = reader.keyframe_near(info.duration_s * place)
            if found is None:
                continue
            pixels = reader.pixels(found[1], size_px)
            contrast = float(pixels.std())
            if best is None or contrast > best[0]:
                best = contrast, pixels
            if contrast > _PLAIN_CONTRAST:
                break
    if best is None:
        raise damaged("No picture in this file can be decoded.")
    return best[1]


def thumbnails(
    path: Path,
    info: MediaInfo,
    check: Callable[[], None],
    on_progress: Callable[[float], None] = lambda fraction: None,
) -> Thumbnails:
    """At most 120 pictures spread evenly, each shown once; `on_progress` takes 0..1."""
    assert info.video is not None
    tile_px = fitted_px(info.video, _TILE_LONG_SIDE_PX)
    count = min(THUMBNAILS, max(1, int(info.duration_s * min(info.video.fps, _MOST_PER_S))))
    places_s = [info.duration_s * (index + 0.5) / count for index in range(count)]
    tiles: dict[float, Pixels] = {}
    if info.duration_s <= _READ_THROUGH_S:
        step_s = info.duration_s / count
        for at_s, pixels in frames(
            path, step_s / 2, info.duration_s, step_s, tile_px[0], info=info, check=check
        ):
            tiles[at_s] = pixels
            on_progress(at_s / info.duration_s)
    if not tiles:
        with open_picture(path, info, check, threads=1) as reader:
            for index, at_s in enumerate(places_s):
                _add_keyframe(reader, at_s, tile_px, tiles)
                on_progress((index + 1) / count)
    if not tiles:
        raise damaged("No picture in this file can be decoded.")
    times_s = tuple(sorted(tiles)[:THUMBNAILS])
    return Thumbnails(_sheet([tiles[at_s] for at_s in times_s]), times_s, tile_px)


def frame_at(
    path: Path, at_s: float, *, width_px: int = 1920, info: MediaInfo | None = None
) -> Pixels:
    """The picture that is shown at source time `at_s`: BGR, upright, at most `width_px` wide."""
    shown: Pixels | None = None
    info = info or probe(path)
    with open_picture(path, info, lambda: None) as reader:
        size_px = wide_px(reader.video, width_px)
        latest = None
        for frame_s, frame in reader.read_from(at_s):
            if frame_s > at_s + _EDGE_S and latest is not None:
                break
            latest = frame
        if latest is not None:
            shown = reader.pixels(latest, size_px)
    if shown is None:
        raise damaged("No picture can be decoded there.")
    return shown


def frames(
    path: Path,
    start_s: float,
    end_s: float,
    every_s: float,
    width_px: int,
    *,
    info: MediaInfo | None = None,
    check: Callable[[], None] = lambda: None,
) -> Iterator[tuple[float, Pixels]]:
    """Pictures from `start_s` up to `end_s`, about `every_s` apart, with their own source times.

    Each is BGR (height x width x 3), upright, square pixels, at most `width_px` wide. Decodes once,
    in order; `check` is called between packets and may raise. Without `info` the file is probed.
    """
    info = info or probe(path, check)
    with open_picture(path, info, check) as reader:
        size_px = wide_px(reader.video, width_px)
        if every_s * reader.video.fps >= 4:
            reader.skip_unreferenced()
        next_s = start_s
        for frame_s, frame in reader.read_from(start_s):
            if frame_s >= end_s:
                return
            if frame_s + _EDGE_S < next_s:
                continue
            yield frame_s, reader.pixels(frame, size_px)
            missed = int(max(frame_s - next_s, 0.0) / every_s) if every_s > 0 else 0
            next_s += every_s * (missed + 1)


def write_jpeg(pixels: Pixels, path: Path) -> None:
    """Write a BGR picture; raises OSError when the disk does not take it."""
    is_coded, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    if not is_coded:
        raise damaged("A picture of this file cannot be written.")
    path.write_bytes(data.tobytes())


def _add_keyframe(
    reader: Reader, at_s: float, tile_px: tuple[int, int], tiles: dict[float, Pixels]
) -> None:
    found = reader.keyframe_near(at_s)
    if found is not None:
        key_s = max(found[0], 0.0)
        if key_s not in tiles:
            tiles[key_s] = reader.pixels(found[1], tile_px)


def _sheet(tiles: list[Pixels]) -> Pixels:
    height, width = tiles[0].shape[:2]
    rows = -(-len(tiles) // TILES_PER_ROW)
    sheet = np.zeros((rows * height, TILES_PER_ROW * width, 3), np.uint8)
    for index, tile in enumerate(tiles):
        row, column = divmod(index, TILES_PER_ROW)
        sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = tile
    return sheet
