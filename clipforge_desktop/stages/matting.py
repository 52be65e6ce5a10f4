"""Who stands in front: the mattes of a clip's people, made once and kept with the source.

Only captions that stand behind people need them. It costs one more decode of the clip, small, and
the network's time for every frame; both the window and every later export reuse what is found.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from clipforge_desktop.captions.matte import (
    CHUNK_S,
    MATTE_VERSION,
    Chunk,
    PersonTrack,
    chunks_of,
    read_chunk,
    write_chunk,
)
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.formats import output_rate
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.faces.matting import (
    SIDE_PX,
    Matte,
    PersonFinder,
    SteadyMatte,
    open_person_finder,
)
from clipforge_desktop.media.frames import frames
from clipforge_desktop.paths import resources

PEOPLE = "Looking for people"
NOBODY = (
    "Nobody was found in front of the background in this clip, so its captions stand in front. "
    "Choose another style if that is not what you want."
)
_MODEL_CODES = ("person_model_missing", "person_model_invalid")
_WARM_UP_S = 0.4  # frames before a chunk, so that its first mattes are steady too


def find_people(
    path: Path,
    media: SourceMedia,
    pieces: tuple[Piece, ...],
    context: StageContext,
    on_progress: Callable[[float], None],
) -> PersonTrack:
    """The mattes of every frame of the pieces, of a source with a picture.

    Raises InputError (person_model_missing, person_model_invalid, and what opening a damaged
    file raises) and CancelledError.
    """
    cache_dir = context.cache_dir(media.content_key)
    missing = [one for one in chunks_of(pieces) if read_chunk(cache_dir, one) is None]
    if missing:
        finder = open_person_finder([context.models_dir, resources() / "models"])
        done = 0
        for run in _runs(missing):
            for number, chunk in _looked(path, media, run, finder, context):
                write_chunk(cache_dir, number, chunk)
                done += 1
                on_progress(done / len(missing))
    return PersonTrack(cache_dir, pieces)


@dataclass(frozen=True)
class Found:
    """`version` names the mattes that can hide captions, "" where there are none to do so."""

    version: str
    notices: tuple[str, ...] = ()


def mattes(
    path: Path,
    media: SourceMedia,
    pieces: tuple[Piece, ...],
    context: StageContext,
    on_progress: Callable[[float], None],
) -> Found:
    """As `find_people`; without the model, or where nobody is, a notice says so instead."""
    try:
        track = find_people(path, media, pieces, context, on_progress)
    except InputError as error:
        if error.failure.code not in _MODEL_CODES:
            raise
        return Found("", (f"{error.failure.message} {error.failure.next_step}",))
    return Found(MATTE_VERSION) if track.has_person() else Found("", (NOBODY,))


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Numbers that follow each other, together."""
    for _, run in groupby(enumerate(numbers), lambda item: item[1] - item[0]):
        yield [number for _, number in run]


def _looked(
    path: Path,
    media: SourceMedia,
    numbers: list[int],
    finder: PersonFinder,
    context: StageContext,
) -> Iterator[tuple[int, Chunk]]:
    """Every chunk of a run, by one decode."""
    video = media.info.video
    assert video is not None
    width, height = video.display_size_px
    width_px = max(SIDE_PX, -(-SIDE_PX * width // height))
    start_s, end_s = numbers[0] * CHUNK_S, (numbers[-1] + 1) * CHUNK_S
    every_s = float(1 / output_rate(video))
    steady = SteadyMatte()
    times_s: list[float] = []
    mattes: list[Matte] = []
    number = numbers[0]
    first_s = max(start_s - _WARM_UP_S, 0.0)
    for at_s, picture in frames(
        path, first_s, end_s, every_s, width_px, info=media.info, check=context.check
    ):
        while at_s >= (number + 1) * CHUNK_S:
            yield number, _chunk(times_s, mattes)
            times_s, mattes, number = [], [], number + 1
        matte = steady.next(finder.find(picture))
        if at_s >= start_s:
            times_s.append(at_s)
            mattes.append(matte)
    for rest in range(number, numbers[-1] + 1):  # the source may end before its last chunk
        yield rest, _chunk(times_s, mattes)
        times_s, mattes = [], []


def _chunk(times_s: list[float], mattes: list[Matte]) -> Chunk:
    stacked = np.stack(mattes) if mattes else np.empty((0, SIDE_PX, SIDE_PX), np.uint8)
    return Chunk(np.array(times_s, np.float64), stacked)
