"""Boxes over time become tracks: the same face through head turns and short losses.

A sighting joins the track whose predicted box, size and colours it agrees with most. Tracks end
at cuts; a person who is seen again after one, at about the same place and in the same colours,
keeps the same `person` number.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.faces.detector import FaceBox, Picture, overlap

Look = NDArray[np.float32]  # colours of the head and the shoulders, unit length

LONGEST_LOSS_S = 1.5  # a hand before the face, a look down; longer, and it is a new track
_MIN_LIKENESS = 0.35  # below: somebody else, however near
_MIN_AGREEMENT = 0.25  # of 1: a step of about one face width between two looks
_SAME_PERSON_LIKENESS = 0.8
_SAME_PERSON_SHIFT = 1.0  # in face widths, across a cut
_MIN_SIGHTINGS = 3
_PACKED_SCALE = 200.0
_MIN_PEAK_CONFIDENCE = 0.75  # the surest sighting of a real face; patterns stay below


@dataclass(frozen=True)
class Sighting:
    """One face at one time: the source's clock while linking, the clip's afterwards.

    `mouth` is how much the mouth's patch changed right after, over how much the face above it
    did; None where that was not measured.
    """

    at_s: float
    box: FaceBox
    mouth: float | None = None


@dataclass(frozen=True, eq=False)
class Glimpse(Sighting):
    """A sighting with its colours, which only linking needs."""

    look: Look = field(kw_only=True)


@dataclass(frozen=True)
class Track:
    """One face within one shot, in time order."""

    person: int
    sightings: tuple[Sighting, ...]

    @property
    def start_s(self) -> float:
        return self.sightings[0].at_s

    @property
    def end_s(self) -> float:
        return self.sightings[-1].at_s

    @property
    def peak_confidence(self) -> float:
        return max(sighting.box.confidence for sighting in self.sightings)

    @property
    def median_width(self) -> float:
        return float(np.median([sighting.box.width for sighting in self.sightings]))


def look_of(picture: Picture, box: FaceBox, source_width_px: int) -> Look:
    """Colours of the head and the shoulders below it, as a vector that compares by dot product."""
    scale = picture.shape[1] / source_width_px
    left, right = box.x - box.width * 0.25, box.x + box.width * 1.25
    top, bottom = box.y - box.height * 0.25, box.y + box.height * 1.75
    height, width = picture.shape[:2]
    columns = slice(*_span(left * scale, right * scale, width))
    rows = slice(*_span(top * scale, bottom * scale, height))
    patch = cv2.resize(picture[rows, columns], (4, 6), interpolation=cv2.INTER_AREA)
    vector = patch.astype(np.float32).ravel()
    vector -= vector.mean()
    length = float(np.linalg.norm(vector))
    return vector / length if length > 0 else vector


def _span(start: float, end: float, limit: int) -> tuple[int, int]:
    first = min(max(int(start), 0), limit - 1)
    return first, max(first + 1, min(math.ceil(end), limit))


def packed(look: Look) -> bytes:
    """Small enough to keep: one signed byte a number."""
    return np.round(look * _PACKED_SCALE).clip(-127, 127).astype(np.int8).tobytes()


def unpacked(data: bytes) -> Look:
    look = np.frombuffer(data, np.int8).astype(np.float32)
    length = float(np.linalg.norm(look))
    return look / length if length > 0 else look


def likeness(first: Look, second: Look) -> float:
    """1 for the same colours, about 0 for unrelated ones."""
    return float(first @ second)


def link(glimpses: Sequence[Glimpse], cuts_s: Sequence[float]) -> tuple[Track, ...]:
    """All tracks that are surely faces, by start. `glimpses` are in time order."""
    linker = _Linker(sorted(cuts_s))
    moment: list[Glimpse] = []
    for glimpse in glimpses:
        if moment and glimpse.at_s != moment[0].at_s:
            linker.take(moment)
            moment = []
        moment.append(glimpse)
    if moment:
        linker.take(moment)
    return linker.finish()


class _OpenTrack:
    """A track that may still grow."""

    def __init__(self, glimpse: Glimpse) -> None:
        self.glimpses = [glimpse]

    @property
    def last(self) -> Glimpse:
        return self.glimpses[-1]

    def predicted(self, at_s: float) -> FaceBox:
        """Where it should be at `at_s`: the last step goes on for half a second at most."""
        last = self.last
        if len(self.glimpses) < 2:
            return last.box
        before = self.glimpses[-2]
        share = min(at_s - last.at_s, 0.5) / max(last.at_s - before.at_s, 1e-6)
        share = min(share, 1.0)
        return FaceBox(
            last.box.x + (last.box.x - before.box.x) * share,
            last.box.y + (last.box.y - before.box.y) * share,
            last.box.width,
            last.box.height,
            last.box.confidence,
        )

    def agreement(self, seen: Glimpse) -> float:
        """0 to 1: place, size and colours together; 0 when any of them forbids it."""
        alike = likeness(self.last.look, seen.look)
        if alike < _MIN_LIKENESS:
            return 0.0
        place = max(
            _nearness(self.predicted(seen.at_s), seen.box),
            _nearness(self.last.box, seen.box),
        )
        ratio = seen.box.width / self.last.box.width
        size = max(0.0, 1.0 - abs(math.log2(ratio)))
        return place * (0.5 + 0.25 * size + 0.25 * alike) if place > 0 and size > 0 else 0.0


def _nearness(expected: FaceBox, seen: FaceBox) -> float:
    """1 at the expected place, 0 from one and a half face widths away."""
    (x, y), (seen_x, seen_y) = expected.center, seen.center
    apart = math.hypot(seen_x - x, seen_y - y) / max(expected.width, seen.width)
    return max(overlap(expected, seen), 1.0 - apart / 1.5)


class _Linker:
    """Goes through the moments once, keeping the tracks that are still open."""

    def __init__(self, cuts_s: list[float]) -> None:
        self._cuts_s = cuts_s
        self._open: list[_OpenTrack] = []
        self._closed: list[_OpenTrack] = []

    def take(self, moment: list[Glimpse]) -> None:
        """Give every face of one moment to the track that agrees most, or to a new one."""
        self._close_ended(moment[0].at_s)
        pairs = [
            (track.agreement(glimpse), number, index)
            for number, track in enumerate(self._open)
            for index, glimpse in enumerate(moment)
        ]
        used_tracks: set[int] = set()
        used_glimpses: set[int] = set()
        for agreement, number, index in sorted(pairs, key=lambda pair: -pair[0]):
            if agreement < _MIN_AGREEMENT:
                break
            if number not in used_tracks and index not in used_glimpses:
                self._open[number].glimpses.append(moment[index])
                used_tracks.add(number)
                used_glimpses.add(index)
        fresh = [index for index in range(len(moment)) if index not in used_glimpses]
        self._open += [_OpenTrack(moment[index]) for index in fresh]

    def _close_ended(self, at_s: float) -> None:
        still_open: list[_OpenTrack] = []
        for track in self._open:
            last_s = track.last.at_s
            is_cut = any(last_s < cut_s <= at_s for cut_s in self._cuts_s)
            ended = is_cut or at_s - last_s > LONGEST_LOSS_S
            (self._closed if ended else still_open).append(track)
        self._open = still_open

    def finish(self) -> tuple[Track, ...]:
        every = sorted(self._closed + self._open, key=lambda track: track.glimpses[0].at_s)
        kept = [track for track in every if _is_face(track)]
        persons = _persons(kept)
        return tuple(
            Track(
                person, tuple(Sighting(seen.at_s, seen.box, seen.mouth) for seen in track.glimpses)
            )
            for person, track in zip(persons, kept, strict=True)
        )


def _is_face(track: _OpenTrack) -> bool:
    peak = max(glimpse.box.confidence for glimpse in track.glimpses)
    return len(track.glimpses) >= _MIN_SIGHTINGS and peak >= _MIN_PEAK_CONFIDENCE


def _persons(tracks: list[_OpenTrack]) -> list[int]:
    """A number per track; a later track gets an earlier one's when place and colours agree."""
    persons: list[int] = []
    for number, track in enumerate(tracks):
        first = track.glimpses[0]
        same = [
            (likeness(earlier.last.look, first.look), persons[index])
            for index, earlier in enumerate(tracks[:number])
            if earlier.last.at_s < first.at_s and _is_same_person(earlier.last, first)
        ]
        persons.append(max(same)[1] if same else max(persons, default=-1) + 1)
    return persons


def _is_same_person(before: Glimpse, after: Glimpse) -> bool:
    (x, y), (after_x, after_y) = before.box.center, after.box.center
    apart = math.hypot(after_x - x, after_y - y) / max(before.box.width, after.box.width)
    return (
        apart <= _SAME_PERSON_SHIFT and likeness(before.look, after.look) >= _SAME_PERSON_LIKENESS
    )
