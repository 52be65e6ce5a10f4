"""Captions that follow a style while it is edited: every change shows in the next frame.

Laying out a whole clip takes some tens of milliseconds, so a change lays out only the caption
under the play head, at once; the whole clip follows from the background when the user pauses.
It shows what a `CaptionPainter` would, and is used like one.
"""

from bisect import bisect_right
from dataclasses import dataclass

from PySide6.QtGui import QImage

from clipforge_desktop.captions.extents import Strip
from clipforge_desktop.captions.glass import Panes
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.caption_style import CaptionStyle, SafeZone
from clipforge_desktop.domain.delivery import Covered
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Word


@dataclass(frozen=True)
class Scene:
    """What is captioned: the clip's words on its own clock, its length, the picture's size.

    `grounds` are what captions stand on in its shots, `covered` is under a platform's buttons.
    """

    words: tuple[Word, ...]
    duration_s: float
    size_px: tuple[int, int]
    grounds: tuple[Ground, ...] = ()
    covered: Covered | None = None

    @property
    def zone(self) -> SafeZone:
        return safe_zone(self.size_px, self.covered)

    def painter(self, style: CaptionStyle) -> CaptionPainter:
        """All captions of the clip in that style."""
        return CaptionPainter(
            self.words, style, self.size_px, self.duration_s, self.zone, grounds=self.grounds
        )


@dataclass(frozen=True)
class _Near:
    """A painter of the words around one moment; right from `start_s` to `end_s`."""

    painter: CaptionPainter
    start_s: float
    end_s: float


class LiveCaptions:
    """One clip's captions in a style that changes; belongs to the window's thread."""

    def __init__(self, scene: Scene, whole: CaptionPainter) -> None:
        self.scene = scene
        self._style = whole.style
        self._whole: CaptionPainter | None = whole
        self._near: _Near | None = None
        self._used = whole
        self._ranges = _ranges(whole)

    @property
    def style(self) -> CaptionStyle:
        return self._style

    @property
    def frame_size_px(self) -> tuple[int, int]:
        return self.scene.size_px

    @property
    def strip(self) -> Strip:
        """Where the picture that was painted last belongs."""
        return self._used.strip

    @property
    def is_whole(self) -> bool:
        """The whole clip is laid out in the style that is shown."""
        return self._whole is not None

    @property
    def notices(self) -> tuple[str, ...]:
        return self._used.notices

    def show(self, style: CaptionStyle) -> None:
        """From the next frame on, this style."""
        if style != self._style:
            self._style = style
            self._whole = None
            self._near = None

    def take(self, whole: CaptionPainter) -> None:
        """The whole clip, laid out meanwhile; ignored when the style has changed since."""
        if whole.style == self._style:
            self._whole = whole
            self._near = None
            self._ranges = _ranges(whole)

    def paint(self, clip_s: float) -> QImage:
        """The picture at `clip_s`; `strip` says where it belongs."""
        self._used = self._whole or self._painter_near(clip_s)
        return self._used.paint(clip_s)

    def backdrop(self, clip_s: float) -> Panes | None:
        """Where the picture at `clip_s`, which was painted last, is glass."""
        return self._used.backdrop(clip_s)

    def _painter_near(self, clip_s: float) -> CaptionPainter:
        near = self._near
        if near is None or not near.start_s <= clip_s < near.end_s:
            near = self._near = self._laid_out(clip_s)
        return near.painter

    def _laid_out(self, clip_s: float) -> _Near:
        """The words of the caption at `clip_s`, with those around it if lines may break anew."""
        place = max(bisect_right([start_s for start_s, _, _ in self._ranges], clip_s) - 1, 0)
        first, last = place, place
        if self._breaks_anew():
            first, last = max(place - 1, 0), min(place + 1, len(self._ranges) - 1)
        words = self.scene.words
        chosen = words[self._ranges[first][1] : self._ranges[last][2]] if self._ranges else ()
        has_next = place + 1 < len(self._ranges)
        end_s = self._ranges[place + 1][0] if has_next else self.scene.duration_s + 1
        start_s = self._ranges[place][0] if place else -1.0
        stop_s = end_s if has_next and first == last else self.scene.duration_s
        scene, used = self.scene, self._used
        painter = CaptionPainter(
            chosen, self._style, scene.size_px, stop_s, scene.zone, used, grounds=scene.grounds
        )
        return _Near(painter, min(start_s, clip_s), max(end_s, clip_s + 1e-3))

    def _breaks_anew(self) -> bool:
        """Whether the style's lines may break elsewhere than in what was laid out last."""
        before, now = self._used.style, self._style
        return (before.lines, before.font, before.text, before.position.margin) != (
            now.lines,
            now.font,
            now.text,
            now.position.margin,
        )


def _ranges(painter: CaptionPainter) -> list[tuple[float, int, int]]:
    """(start, first word, end of its words) of every caption, in order."""
    tokens = painter.track.tokens
    found = []
    for caption in painter.track.captions:
        words = [t.word for t in tokens[caption.first : caption.end] if t.word >= 0]
        if words:
            found.append((caption.start_s, min(words), max(words) + 1))
    return found
