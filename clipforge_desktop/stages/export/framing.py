"""Where the faces of a clip are and where its cuts are, looked up once and kept.

One low-resolution pass over the clip's own range: faces at about four pictures a second, and
between two pictures that differ a closer look for the cut. What was seen is cached per source,
so a new caption style, shape or framing never decodes anything again.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.framing import CropKey, FramingKind, FramingPlan, FramingShot
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.wire import decode, encode, fingerprint
from clipforge_desktop.faces.detector import PICTURE_WIDTH_PX, FaceDetector, Picture
from clipforge_desktop.faces.layout import Choice, Shot, plan_framing
from clipforge_desktop.faces.tracks import Glimpse, Track, link, look_of
from clipforge_desktop.media.reader import open_picture, wide_px
from clipforge_desktop.media.shots import find_cuts
from clipforge_desktop.stages.export.clock import SEEK_GAP_S

LOOK_EVERY_S = 0.3
ANALYSIS_VERSION = 1

_MAY_BE_A_CUT = 10.0  # mean difference of small grey pictures, 0 to 255; the closer look decides
_FRAMES_TO_SPARE = 4  # between two looks, before frames that none builds on are left out
_EDGE_S = 0.002  # half the finest step of common time bases
_FEW = 3  # places that are looked at one by one; with more, the whole range is

Check = Callable[[], None]
SmallPicture = NDArray[np.uint8]


@dataclass(frozen=True)
class Analysis:
    """All on the clip's clock. `cuts_s` are cuts in the picture and joins that look like one."""

    looked_s: tuple[float, ...]
    cuts_s: tuple[float, ...]
    tracks: tuple[Track, ...]


NOTHING_SEEN = Analysis((), (), ())


@dataclass(frozen=True)
class _Look:
    """One picture that was looked at."""

    source_s: float
    clip_s: float
    small: SmallPicture
    faces: tuple[Glimpse, ...]


def analysis_of(
    path: Path,
    media: SourceMedia,
    pieces: tuple[Piece, ...],
    detector: FaceDetector,
    cache_dir: Path,
    check: Check,
    on_progress: Callable[[float], None],
) -> Analysis:
    """The clip's faces and cuts, from the cache when they are there."""
    key = fingerprint(media.content_key, detector.name, str(ANALYSIS_VERSION), Clip(pieces))
    cached = cache_dir / "framing" / f"{key}.json"
    try:
        return decode(Analysis, cached.read_text("utf-8"))
    except (OSError, ValueError, msgspec.MsgspecError):  # not there yet, or not whole
        analysis = _analyse(path, media, pieces, detector, check, on_progress)
    cached.parent.mkdir(parents=True, exist_ok=True)
    part = cached.with_name(f"{key}.{os.getpid()}.part")
    part.write_text(encode(analysis), encoding="utf-8")
    part.replace(cached)
    return analysis


@dataclass(frozen=True)
class Clip:
    """The pieces as one value, for the cache key."""

    pieces: tuple[Piece, ...]


def plan_of(
    analysis: Analysis,
    choice: Choice,
    aspect: str,
    size_px: tuple[int, int],
    source_size_px: tuple[int, int],
    duration_s: float,
    rate: Fraction,
) -> FramingPlan:
    """The framing of one output; shots begin on the frame that first shows the new picture."""
    frames_at = sorted({round(cut_s * rate) for cut_s in analysis.cuts_s})
    last = round(duration_s * rate)
    edges = [0.0, *(float(n / rate) for n in frames_at if 0 < n < last), duration_s]
    shots = [
        Shot(start_s, end_s, tuple(at_s for at_s in analysis.looked_s if start_s <= at_s < end_s))
        for start_s, end_s in pairwise(edges)
    ]
    shape = size_px[0] / size_px[1]
    return plan_framing(choice, aspect, shape, source_size_px, shots, analysis.tracks)


def plain_plan(aspect: str, size_px: tuple[int, int], duration_s: float) -> FramingPlan:
    """For sources without a picture: a plain background of the output's own size."""
    width, height = size_px
    key = CropKey(0.0, width / 2, height / 2)
    reason = "There is no picture, so a plain background is shown."
    shot = FramingShot(
        0.0, duration_s, FramingKind.FILL, 1.0, reason, (float(width), float(height)), (key,)
    )
    return FramingPlan(size_px, aspect, (shot,))


def _analyse(
    path: Path,
    media: SourceMedia,
    pieces: tuple[Piece, ...],
    detector: FaceDetector,
    check: Check,
    on_progress: Callable[[float], None],
) -> Analysis:
    looks: list[_Look] = []
    cuts_s: list[float] = []
    whole_s = TimeMap(pieces).duration_s
    for group, clip_start_s in _groups(pieces):
        found: list[_Look] = []
        for look in _looks(path, media, group, clip_start_s, detector, check):
            found.append(look)
            on_progress(min(look.clip_s / whole_s, 1.0))
        if looks:
            cuts_s.append(clip_start_s)
        cuts_s += _cuts(path, media, group, clip_start_s, found, check)
        looks += found
    cuts_s.sort()
    glimpses = [glimpse for look in looks for glimpse in look.faces]
    return Analysis(tuple(look.clip_s for look in looks), tuple(cuts_s), link(glimpses, cuts_s))


def _groups(pieces: tuple[Piece, ...]) -> Iterator[tuple[tuple[Piece, ...], float]]:
    """(pieces near each other and in order, the clip time at which they begin)."""
    group: list[Piece] = []
    start_s = at_s = 0.0
    for piece in pieces:
        if group and not 0 <= piece.start_s - group[-1].end_s <= SEEK_GAP_S:
            yield tuple(group), start_s
            group, start_s = [], at_s
        group.append(piece)
        at_s += piece.duration_s
    yield tuple(group), start_s


def _looks(
    path: Path,
    media: SourceMedia,
    group: tuple[Piece, ...],
    clip_start_s: float,
    detector: FaceDetector,
    check: Check,
) -> Iterator[_Look]:
    assert media.info.video is not None
    width_px = media.info.video.display_size_px[0]
    clock = TimeMap(group)
    for source_s, picture in _pictures(path, media, group[0].start_s, group[-1].end_s, check):
        inside_s = clock.to_clip_s(max(source_s, group[0].start_s))
        if inside_s is not None:
            clip_s = round(clip_start_s + inside_s, 4)
            faces = tuple(
                Glimpse(clip_s, box, look_of(picture, box, width_px))
                for box in detector.detect(picture, width_px)
            )
            yield _Look(source_s, clip_s, _small(picture), faces)


def _pictures(
    path: Path, media: SourceMedia, start_s: float, end_s: float, check: Check
) -> Iterator[tuple[float, Picture]]:
    """Pictures for finding faces, as cheaply as they can be had: a third of a full decode."""
    with open_picture(path, media.info, check, threads=1, is_rough=True) as reader:
        size_px = wide_px(reader.video, PICTURE_WIDTH_PX)
        if LOOK_EVERY_S * reader.video.fps >= _FRAMES_TO_SPARE:
            reader.skip_unreferenced()
        next_s = start_s
        for source_s, frame in reader.read_from(start_s):
            if source_s >= end_s:
                return
            if source_s > next_s - _EDGE_S:
                yield source_s, reader.pixels(frame, size_px)
                next_s = max(next_s + LOOK_EVERY_S, source_s + LOOK_EVERY_S / 2)


def _small(picture: Picture) -> SmallPicture:
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, (32, 18), interpolation=cv2.INTER_AREA), np.uint8)


def _cuts(
    path: Path,
    media: SourceMedia,
    group: tuple[Piece, ...],
    clip_start_s: float,
    looks: list[_Look],
    check: Check,
) -> list[float]:
    """Cuts of a group in clip time: in the picture, and joins between unlike pictures."""
    clock = TimeMap(group)
    joins_s = [clip_start_s + join_s for join_s in clock.cuts_s()]
    cuts_s: list[float] = []
    places: list[tuple[float, float]] = []
    for before, after in pairwise(looks):
        if float(np.abs(before.small.astype(int) - after.small).mean()) < _MAY_BE_A_CUT:
            continue
        joins = [join_s for join_s in joins_s if before.clip_s < join_s <= after.clip_s]
        if joins:
            cuts_s.append(joins[0])
        else:
            places.append((before.source_s, after.source_s))
    if len(places) > _FEW:
        places = [(places[0][0], places[-1][1])]
    for start_s, end_s in places:
        for cut_s in find_cuts(path, start_s - 0.5, end_s + 0.5, check, info=media.info):
            inside_s = clock.to_clip_s(cut_s)
            if start_s <= cut_s <= end_s and inside_s is not None:
                cuts_s.append(round(clip_start_s + inside_s, 4))
    return cuts_s
