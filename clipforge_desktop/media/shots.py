"""Where one shot ends and the next begins, within two frames, in one cheap pass.

Frames that nothing builds on are skipped and every other one is looked at 64 by 36 pixels in size.
A hard cut is a step that stands out of its surroundings and from which the picture does not come
back: a dissolve has no such step, a flash comes back, a fast pan is all steps. A fade through black
is one border, where the new picture begins to show.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from clipforge_desktop.domain.source import MediaInfo
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
    fps = info.video.fps if info.video else _FULL_RATE_FPS
    around_s, widest_s = max(_AROUND_S, _AROUND_FRAMES / fps), _MOST_LATE_FRAMES / fps
    with open_picture(path, info, check, is_rough=True) as reader:
        if fps >= _FULL_RATE_FPS:
            reader.skip_unreferenced()
        rough = list(borders(_looks(reader, start_s, end_s), around_s, widest_s))
    cuts_s: list[float] = []
    with open_picture(path, info, check, is_rough=True) as reader:
        for before_s, after_s in rough:
            if after_s - before_s <= widest_s:
                cuts_s.append(after_s)
                continue
            # Frames were skipped just here: look again, at every one of them.
            first_s, last_s = before_s - around_s, after_s + around_s
            closer = borders(_looks(reader, first_s, min(last_s, end_s)), around_s)
            cuts_s += [cut_s for _, cut_s in closer if before_s < cut_s <= after_s + _EDGE_S]
    return _apart(cuts_s)


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


def _looks(reader: Reader, start_s: float, end_s: float) -> Iterator[Look]:
    before: Gray | None = None
    for at_s, frame in reader.read_from(start_s):
        if at_s >= end_s:
            return
        if at_s < start_s:
            continue
        gray = _gray(frame)
        yield Look(at_s, gray, 0.0 if before is None else _difference(before, gray))
        before = gray


def _gray(frame: VideoFrame) -> Gray:
    width, height = _SIZE_PX
    scaled = frame.reformat(width, height, "gray", interpolation="FAST_BILINEAR", threads=1)
    return scaled.to_ndarray().astype(np.float32) / np.float32(255)


def _difference(one: Gray, other: Gray) -> float:
    change = one - other
    light = float(change.mean())
    return float(np.abs(change - np.float32(light)).mean()) + _LIGHT_WEIGHT * abs(light)
