"""Where one shot ends and the next begins, within two frames, in one cheap pass.

Most frames are skipped and every other one is looked at 64 by 36 pixels in size; the pass may be
somebody else's (`CutSearch`). Where too much was skipped, that place is looked at closer.
A hard cut is a step that stands out of its surroundings and from which the picture does not come
back: a dissolve has no such step, a flash comes back, a fast pan is all steps. A fade through black
is one border, where the new picture begins to show.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from clipforge_desktop.domain.source import MediaInfo
from clipforge_desktop.media.orientation import Pixels
from clipforge_desktop.media.probe import probe
from clipforge_desktop.media.reader import Reader, open_picture

Gray = npt.NDArray[np.float32]
Border = tuple[float, float]
"""(time of the last old frame, time of the first new frame)"""

_SIZE_PX = (64, 36)
_LEAST_STEP = 0.03  # of 1: less is movement within a shot
_LIGHT_WEIGHT = 0.3  # how much of an even change of brightness counts: exposure is no cut
_STANDS_OUT = 3.0  # times the mean step around it
_MAY_STAND_OUT = 1.6  # times what such a long time would bring, where frames were skipped
_STAYS = 0.5  # share of the step by which the picture must still differ a moment later
_DARK = 0.006  # mean brightness under which a picture is black
_LEAST_DARK_S = 0.1
_AROUND_S = 0.35
_AROUND_FRAMES = 6
_MOST_LATE_FRAMES = 3.2  # between two frames looked at; a wider gap is searched frame by frame
_LEAST_SHOT_S = 0.2
_FULL_RATE_FPS = 20.0  # slower sources are looked at frame by frame
_EDGE_S = 1e-4
_FEW = 3  # places that are looked at one by one; with more of them, and close together,
_DENSE_S = 6.0  # (seconds for each, about what a keyframe is away) everything between them is


@dataclass(frozen=True)
class Look:
    """One frame as the search sees it; `step` is its difference from the look before, 0..1."""

    at_s: float
    gray: Gray
    step: float

    @property
    def is_dark(self) -> bool:
        return float(self.gray.mean()) < _DARK


def find_cuts(
    path: Path,
    start_s: float,
    end_s: float,
    check: Callable[[], None],
    *,
    info: MediaInfo | None = None,
) -> tuple[float, ...]:
    """Source times of the first frame of each new shot within `start_s` to `end_s`, ascending.

    `check` is called between packets and may raise. Without `info` the file is probed first.
    """
    info = info or probe(path, check)
    search = CutSearch(info)
    with open_picture(path, info, check, is_rough=True) as reader:
        if search.is_fast:
            reader.skip_unreferenced()
        frames = _between(reader.read_from(start_s), start_s, end_s)
        return search.cuts(path, (tiny(at_s, frame, reader) for at_s, frame in frames), check)


@dataclass(frozen=True)
class Tiny:
    """One decoded frame as the search sees it."""

    at_s: float
    pixels: Pixels
    is_keyframe: bool


def tiny(at_s: float, frame: VideoFrame, reader: Reader) -> Tiny:
    return Tiny(at_s, reader.grey(frame, _SIZE_PX), bool(frame.key_frame))


class CutSearch:
    """Finds cuts in the frames of a pass, which may do something else with them as well."""

    def __init__(self, info: MediaInfo) -> None:
        fps = info.video.fps if info.video else _FULL_RATE_FPS
        self.is_fast = fps >= _FULL_RATE_FPS  # fast enough that frames may be skipped
        self._info = info
        self._around_s = max(_AROUND_S, _AROUND_FRAMES / fps)
        self._widest_s = _MOST_LATE_FRAMES / fps
        self._keyframes_s: set[float] = set()

    def cuts(
        self, path: Path, frames: Iterable[Tiny], check: Callable[[], None]
    ) -> tuple[float, ...]:
        """Times of the first frame of each new shot; may look closer into `path` afterwards.

        `frames` are in display order, and no more than those of a second are held.
        """
        rough = list(borders(_compared(self._noted(frames)), self._around_s, self._widest_s))
        cuts_s = [after_s for before_s, after_s in rough if self._is_exact(before_s, after_s)]
        unsure = [border for border in rough if not self._is_exact(*border)]
        places = [_hull(unsure)] if len(unsure) > _FEW and _is_dense(unsure) else unsure
        for place in places:
            cuts_s += self._closer(path, place, unsure, check)
        return _apart(sorted(set(cuts_s)))

    def _noted(self, frames: Iterable[Tiny]) -> Iterator[tuple[float, Pixels]]:
        last_s = -float("inf")
        for frame in frames:
            if frame.is_keyframe:
                self._keyframes_s.add(frame.at_s)
            if frame.at_s > last_s:
                yield frame.at_s, frame.pixels
                last_s = frame.at_s

    def _is_exact(self, before_s: float, after_s: float) -> bool:
        """Encoders begin a new shot with a keyframe, if they see that it is one."""
        return after_s - before_s <= self._widest_s or after_s in self._keyframes_s

    def _closer(
        self, path: Path, place: Border, rough: Sequence[Border], check: Callable[[], None]
    ) -> list[float]:
        """Look again, at every frame around `place`, for the cuts inside the `rough` borders."""
        first_s, last_s = place[0] - self._around_s, place[1] + self._around_s
        with open_picture(path, self._info, check, is_rough=True) as reader:
            seen = (
                (at_s, reader.grey(frame, _SIZE_PX))
                for at_s, frame in _between(reader.read_from(first_s), first_s, last_s)
            )
            found = list(borders(_compared(seen), self._around_s))
        return [
            cut_s
            for _, cut_s in found
            if any(before_s < cut_s <= after_s + _EDGE_S for before_s, after_s in rough)
        ]


def _hull(places: Sequence[Border]) -> Border:
    return places[0][0], places[-1][1]


def _is_dense(places: Sequence[Border]) -> bool:
    first_s, last_s = _hull(places)
    return last_s - first_s < len(places) * _DENSE_S


def _between(
    frames: Iterable[tuple[float, VideoFrame]], start_s: float, end_s: float
) -> Iterator[tuple[float, VideoFrame]]:
    for at_s, frame in frames:
        if at_s >= end_s:
            return
        if at_s >= start_s:
            yield at_s, frame


def borders(
    looks: Iterable[Look], around_s: float = _AROUND_S, widest_s: float = float("inf")
) -> Iterator[Border]:
    """Where shots change, in order; holds no more than the looks of about a second.

    A step over more than `widest_s` is taken on weaker evidence: the caller looks closer.
    """
    window: deque[Look] = deque()
    place = 0  # of the look that is judged next
    dark_since_s: float | None = None
    was_lit = False
    for look in _with_end(looks):
        if look is not None:
            window.append(look)
        while place < len(window) and (look is None or window[place].at_s + around_s < look.at_s):
            here, before = window[place], window[max(place - 1, 0)]
            is_cut = _is_cut(list(window), place, around_s, widest_s)
            was_dark_s = 0.0 if dark_since_s is None else here.at_s - dark_since_s
            if is_cut or (was_lit and not here.is_dark and was_dark_s >= _LEAST_DARK_S):
                yield before.at_s, here.at_s
            if not here.is_dark:
                dark_since_s, was_lit = None, True
            elif dark_since_s is None:
                # A cut to black is a border already: what then rises out of it is no second one.
                dark_since_s, was_lit = here.at_s, was_lit and not is_cut
            place += 1
            while place > 1 and window[0].at_s < here.at_s - 2 * around_s:
                window.popleft()
                place -= 1


def _with_end(looks: Iterable[Look]) -> Iterator[Look | None]:
    yield from looks
    yield None


def _is_cut(looks: list[Look], place: int, around_s: float, widest_s: float) -> bool:
    here = looks[place]
    if place == 0 or here.step < _LEAST_STEP:
        return False
    before = looks[place - 1]
    around = [
        (look.step, look.at_s - earlier.at_s)
        for index, (earlier, look) in enumerate(pairwise(looks), 1)
        if index != place and abs(look.at_s - here.at_s) <= around_s
    ]
    steps, spans_s = sum(step for step, _ in around), sum(span_s for _, span_s in around)
    gap_s = here.at_s - before.at_s
    if gap_s > widest_s:
        usual = _MAY_STAND_OUT * steps / spans_s * gap_s if around else 0.0
    else:
        usual = _STANDS_OUT * steps / len(around) if around else 0.0
    if here.step < usual:
        return False
    later = [look for look in looks[place:] if look.at_s <= here.at_s + around_s]
    earlier = [look for look in looks[:place] if look.at_s >= before.at_s - around_s]
    stays = min(
        min(_difference(before.gray, look.gray) for look in later),
        min(_difference(look.gray, here.gray) for look in earlier),
    )
    return stays >= _STAYS * here.step


def _apart(cuts_s: list[float]) -> tuple[float, ...]:
    kept: list[float] = []
    for cut_s in cuts_s:
        if not kept or cut_s - kept[-1] >= _LEAST_SHOT_S:
            kept.append(cut_s)
    return tuple(kept)


def _compared(seen: Iterable[tuple[float, Pixels]]) -> Iterator[Look]:
    before: Gray | None = None
    for at_s, pixels in seen:
        gray = pixels.astype(np.float32) / np.float32(255)
        yield Look(at_s, gray, 0.0 if before is None else _difference(before, gray))
        before = gray


def _difference(one: Gray, other: Gray) -> float:
    change = one - other
    light = float(change.mean())
    return float(np.abs(change - np.float32(light)).mean()) + _LIGHT_WEIGHT * abs(light)
