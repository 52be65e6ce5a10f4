"""At which height each caption stands: where its style says, or beside what its shot shows.

Where two pictures meet one above the other, captions stand at the seam, as their usual place is
the lower person's face. Beside a picture that leaves room they do not cross its edge, and are set
a little smaller where that helps. A caption keeps one place as long as it is shown: that of the
shots in which it is seen longest. A style may ask to be left alone (`Position.follows_framing`);
one that stands behind people belongs into the picture.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf

from clipforge_desktop.domain.caption_style import Position, SafeZone
from clipforge_desktop.domain.framing import Rect
from clipforge_desktop.domain.shown import COVERED_TIME, Ground, is_over

_UPPER = 1 / 3  # of the picture's height: captions whose middle is in it are at the top
_TOUCHED = 0.1  # of a face: a place for a whole shot is not chosen on it
_EASILY, _LEAST = 0.8, 0.7  # type this much smaller is no loss; smaller than that is one
ANCHORS = {"top": 0.0, "middle": 0.5, "bottom": 1.0}
"""Which part of the block's height lies above the point where it stands."""


@dataclass(frozen=True)
class _Spot:
    """A place in pixels: the block's middle, None where the style says, between two edges.

    `scale` is how much smaller the type is set.
    """

    middle_px: float | None = None
    top_px: float = 0.0
    bottom_px: float = inf
    scale: float = 1.0


_OWN = _Spot()


class Standing:
    """The heights of one clip's captions in one frame size.

    `room_px` is what boxes and ink need above and below the text, `gap_px` the air to the edge of
    a picture, `blocks_px` width and height of every caption's text, and `left_of` says where one
    of a width begins. `grounds` are in order.
    """

    def __init__(
        self,
        position: Position,
        frame_size_px: tuple[int, int],
        zone: SafeZone,
        room_px: float,
        gap_px: float,
        blocks_px: Sequence[tuple[float, float]],
        left_of: Callable[[float], float],
        grounds: Sequence[Ground],
    ) -> None:
        self._position = position
        self._frame_px = frame_size_px
        height = frame_size_px[1]
        self._top = zone.top * height
        self._height = height * (1 - zone.top - zone.bottom)
        self._room_px, self._gap_px = room_px, gap_px
        by_size = sorted(blocks_px, key=lambda block: block[::-1])
        self._typical = by_size[len(by_size) // 2] if by_size else (0.0, 0.0)
        self._left_of = left_of
        self._lowest_px, self._tallest_px = (by_size[end][1] if by_size else 0.0 for end in (0, -1))
        stays = position.behind_people or not position.follows_framing or not blocks_px
        followed = () if stays else grounds
        self._starts_s = [one.start_s for one in followed]
        self._spots = [(one.start_s, one.end_s, self._spot(one)) for one in followed]

    def place(self, height_px: float, start_s: float, end_s: float) -> tuple[float, float]:
        """(scale of its type, top) of a block so high that is shown from `start_s` to `end_s`."""
        seen_s = {_OWN: end_s - start_s}
        first = max(bisect_right(self._starts_s, start_s) - 1, 0)
        for begins_s, ends_s, spot in self._spots[first : bisect_left(self._starts_s, end_s)]:
            shared_s = min(end_s, ends_s) - max(start_s, begins_s)
            if shared_s > 0:
                seen_s[_OWN] -= shared_s
                seen_s[spot] = seen_s.get(spot, 0.0) + shared_s
        spot = max(seen_s, key=lambda spot: seen_s[spot])
        return spot.scale, self._top_at(height_px * spot.scale, spot)

    def _top_at(self, height_px: float, spot: _Spot) -> float:
        wanted_px = self._top + self._position.y * self._height
        wanted_px -= ANCHORS[self._position.anchor] * height_px
        if spot.middle_px is not None:
            wanted_px = spot.middle_px - height_px / 2
        room_px = self._room_px * spot.scale
        beside_px = room_px + self._gap_px * spot.scale
        wanted_px = min(wanted_px, spot.bottom_px - beside_px - height_px)
        if spot.top_px:
            wanted_px = max(wanted_px, spot.top_px + beside_px)
        lowest_px = self._top + self._height - room_px - height_px
        return max(min(wanted_px, lowest_px), self._top + room_px)

    @property
    def _is_above(self) -> bool:
        """The style's own place is in the upper part of the picture."""
        height_px = self._typical[1]
        middle_px = self._top_at(height_px, _OWN) + height_px / 2
        return middle_px < _UPPER * self._frame_px[1]

    def _spot(self, ground: Ground) -> _Spot:
        if ground.seam is not None:
            return self._at_seam(ground.seam, ground.faces)
        return self._beside(ground.band) if ground.band is not None else _OWN

    def _at_seam(self, seam: float, faces: Sequence[Rect]) -> _Spot:
        """The seam; the style's own place where that is free, and at the top or the seam is not."""
        at_seam = _Spot(seam * self._frame_px[1])
        spots = [_OWN, at_seam] if self._is_above else [at_seam, _OWN]
        for spot in spots:
            if self._covered(spot, faces) < COVERED_TIME:
                return spot
        return at_seam

    def _covered(self, spot: _Spot, faces: Sequence[Rect]) -> float:
        """The share of the faces that a caption of middling size would touch."""
        if not faces:
            return 0.0
        (across, along), (width_px, height_px) = self._frame_px, self._typical
        tall_px = height_px + 2 * self._room_px
        top_px = self._top_at(height_px, spot) - self._room_px
        left_px = self._left_of(width_px)
        block = Rect(left_px / across, top_px / along, width_px / across, tall_px / along)
        return sum(is_over(block, face, _TOUCHED) for face in faces) / len(faces)

    def _beside(self, band: tuple[float, float]) -> _Spot:
        """Below or above the picture, where there is more room; nowhere when not for a line."""
        top_px, bottom_px = (share * self._frame_px[1] for share in band)
        rooms_px = top_px - self._top, self._top + self._height - bottom_px
        scales = [min(self._fitting(room_px, self._tallest_px), 1.0) for room_px in rooms_px]
        spots = [_Spot(bottom_px=top_px), _Spot(top_px=bottom_px)]
        sides = (0, 1) if self._is_above else (1, 0)
        easy = next((side for side in sides if scales[side] >= _EASILY), None)
        side = max(sides, key=lambda one: scales[one]) if easy is None else easy
        if self._fitting(rooms_px[side], self._lowest_px) < _LEAST:
            return _OWN
        return replace(spots[side], scale=max(scales[side], _LEAST))

    def _fitting(self, room_px: float, height_px: float) -> float:
        """How large type can be, of its size, for a caption that high to fit in the room."""
        return room_px / (height_px + 2 * self._room_px + self._gap_px)
