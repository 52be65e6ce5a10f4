"""All that lies over an export as one stream of frames: the strips of every output in one sheet.

Captions, logos and headlines have strips of their own. Where a style has glass, a strip that says
where it lies follows; where one stands behind people, a matte of the whole source is the last.
ffmpeg reads the sheet from one pipe and crops the strips apart. A sheet is only put together when
one of its strips changes; in between the same bytes go through the pipe again.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from fractions import Fraction
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.captions.marks import MarkPainter
from clipforge_desktop.captions.matte import SIDE_PX, PersonTrack
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.stages.export.crop import Window
from clipforge_desktop.stages.export.layers import CaptionArea, GlassArea

Plane = NDArray[np.uint8]

_VIDEO_LEVELS = np.rint(16 + np.arange(256) * 219 / 255).astype(np.uint8)

_KEPT_SHEETS = 8
_BLANK = (0, 128, 128, 0)  # nowhere glass, and wholly transparent


class CaptionSheet:
    """The strips of `painters`, then of `marks`, one below the other: yuva420p of `size_px`."""

    def __init__(
        self,
        painters: Sequence[CaptionPainter],
        people: PersonTrack | None = None,
        marks: Sequence[MarkPainter] = (),
    ) -> None:
        """`people` are those before whom captions of a style that asks for it do not stand."""
        is_behind = [
            people is not None and painter.style.position.behind_people for painter in painters
        ]
        is_behind += repeat(False, len(marks))
        self._people = people if any(is_behind) else None
        self._painters: Sequence[MarkPainter] = (*painters, *marks)
        self.areas: list[CaptionArea] = []
        height = 0
        for painter, hides in zip(self._painters, is_behind, strict=True):
            strip_px = painter.strip.height_px
            top, height = height, height + strip_px
            pane = None
            if painter.glass is not None:
                pane, height = GlassArea(painter.glass, height), height + strip_px
            self.areas.append(CaptionArea(painter.strip, top, pane, hides))
        width = max(painter.strip.width_px for painter in self._painters)
        self.matte: Window | None = None
        if self._people is not None:
            self.matte = (0, height, SIDE_PX, SIDE_PX)
            width, height = max(width, SIDE_PX), height + SIDE_PX
        self.size_px = (width, height)
        self._kept: dict[tuple[Hashable, ...], bytes] = {}

    def frame(self, clip_s: float) -> bytes:
        """Y, U, V and A planes of the sheet at one clip time."""
        if len(self._painters) == 1 and self.areas[0].glass is None and self.matte is None:
            return self._painters[0].frame(clip_s)
        keys: tuple[Hashable, ...] = tuple(painter.key_at(clip_s) for painter in self._painters)
        if self._people is not None:
            keys = (*keys, self._people.key_at(clip_s))
        sheet = self._kept.pop(keys, None)
        if sheet is None:
            sheet = self._stacked(clip_s)
        self._kept[keys] = sheet  # the latest is last
        if len(self._kept) > _KEPT_SHEETS:
            del self._kept[next(iter(self._kept))]
        return sheet

    def frames(self, count: int, rate: Fraction, check: Callable[[], None]) -> Iterator[bytes]:
        """The first `count` frames at `rate`; strips of slower outputs are thinned by ffmpeg."""
        for number in range(count):
            check()
            yield self.frame(float(number / rate))

    def _stacked(self, clip_s: float) -> bytes:
        width, height = self.size_px
        sides = [
            (width, height),
            (width // 2, height // 2),
            (width // 2, height // 2),
            self.size_px,
        ]
        sheet = [
            np.full(side[::-1], blank, np.uint8) for side, blank in zip(sides, _BLANK, strict=True)
        ]
        for painter, area in zip(self._painters, self.areas, strict=True):
            own = area.strip
            strip = _planes(painter.frame(clip_s), own.width_px, own.height_px)
            for number, (target, plane) in enumerate(zip(sheet, strip, strict=True)):
                top = area.sheet_y_px // (2 if number in (1, 2) else 1)
                target[top : top + plane.shape[0], : plane.shape[1]] = plane
            panes = painter.backdrop(clip_s)
            if area.glass is not None and panes is not None:
                mask, top = panes.lines(), area.glass.sheet_y_px
                sheet[0][top : top + mask.shape[0], : mask.shape[1]] = mask
        if self._people is not None and self.matte is not None:
            _, top, across, along = self.matte
            matte = self._people.at(clip_s)
            sheet[0][top : top + along, :across] = 16 if matte is None else _VIDEO_LEVELS[matte]
        return b"".join(plane.tobytes() for plane in sheet)


def _planes(frame: bytes, width: int, height: int) -> list[Plane]:
    pixels = np.frombuffer(frame, np.uint8)
    chroma = (height // 2, width // 2)
    shapes = [(height, width), chroma, chroma, (height, width)]
    planes: list[Plane] = []
    start = 0
    for rows, columns in shapes:
        planes.append(pixels[start : start + rows * columns].reshape(rows, columns))
        start += rows * columns
    return planes
