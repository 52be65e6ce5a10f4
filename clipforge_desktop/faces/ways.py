"""One shot in each of the five framings: where the panes lie and what they show.

Every framing has a sensible form even where nothing speaks for it, because the user may choose
it: the middle for Fill, the two halves for Split, the likeliest corner for Screen. Where there
is one person for two panes, one shows the person from close by and the other the whole picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from clipforge_desktop.domain.framing import (
    EVERYWHERE,
    Backdrop,
    CropKey,
    FramingKind,
    FramingShot,
    Pane,
    Rect,
)
from clipforge_desktop.faces.following import FACE_HEIGHT_SHARE, Followed, Leg, follow
from clipforge_desktop.faces.tracks import Track

_ROWS_UP_TO = 1.2  # outputs of a wider shape than this put panes side by side
_PORTRAIT = 3.0  # face heights: a head with its shoulders
_OTHER_FACE = 0.9  # face widths around a face's centre that another's crop stays clear of
_SCREEN_SHARE = 0.45  # of the output's height; beside each other, of its width: _SCREEN_BESIDE
_SCREEN_BESIDE = 0.66
_WHOLE_MOST = 0.5  # of the output: the part of the whole picture where it is longer than that
_CLOSER = 1.5  # times as large as in the whole picture: less is the same picture twice
_LEAST_HEAD = 1.4  # face heights and widths that a crop from close by holds at least
_CORNER = 0.26  # of the picture's width: an inset that nobody found
_WIDE_MOST = 0.72  # of the output's height: the rest is for captions
_WIDE_ABOVE = 0.4  # of the free height
_ALMOST = 0.995


@dataclass(frozen=True)
class Shot:
    """Clip time between two cuts, the times at which faces were looked for, and the joins.

    `jumps_s` are joins of pieces at which the picture jumps: crops snap there.
    """

    start_s: float
    end_s: float
    looked_s: tuple[float, ...]
    jumps_s: tuple[float, ...] = ()


@dataclass(frozen=True)
class Canvas:
    """The source picture in source pixels, and the output's width / height."""

    width: float
    height: float
    shape: float

    @property
    def whole(self) -> Rect:
        return Rect(0.0, 0.0, self.width, self.height)

    @property
    def kept(self) -> float:
        """Share of the picture that a crop of the output's shape keeps."""
        width, height = largest(self.whole, self.shape)
        return width * height / (self.width * self.height)

    @property
    def is_stacked(self) -> bool:
        return self.shape <= _ROWS_UP_TO


def largest(within: Rect, shape: float) -> tuple[float, float]:
    """(width, height) of the largest crop of a shape inside a rectangle."""
    if within.width / within.height > shape:
        return within.height * shape, within.height
    return within.width, within.width / shape


def legs_of(shot: Shot, people: Sequence[Track]) -> tuple[Leg, ...]:
    """The whole shot with the same people, snapped at its jumps."""
    edges = [shot.start_s, *shot.jumps_s, shot.end_s]
    return tuple(
        Leg(start_s, end_s, tuple(people)) for start_s, end_s in pairwise(edges) if end_s > start_s
    )


def fill(canvas: Canvas, shot: Shot, legs: Sequence[Leg]) -> tuple[FramingShot, Followed | None]:
    """The crop that follows the people of `legs`; without any, the middle."""
    crop_px = largest(canvas.whole, canvas.shape)
    if not legs:
        return _made(shot, FramingKind.FILL, (_still(canvas, shot),)), None
    followed = follow(canvas.whole, crop_px, legs)
    return _made(shot, FramingKind.FILL, (Pane(EVERYWHERE, crop_px, followed.keys),)), followed


def fit(canvas: Canvas, shot: Shot) -> FramingShot:
    place = _letterbox(canvas, 1.0, 0.5)
    return _made(shot, FramingKind.FIT, (_whole(canvas, shot, place),), Backdrop.BLUR)


def wide(canvas: Canvas, shot: Shot) -> FramingShot:
    place = _letterbox(canvas, _WIDE_MOST, _WIDE_ABOVE)
    return _made(shot, FramingKind.WIDE, (_whole(canvas, shot, place),), Backdrop.DARK)


def split(
    canvas: Canvas, shot: Shot, people: Sequence[Track]
) -> tuple[FramingShot, Followed | None]:
    """The first two people, the left one first; one and the whole picture; or the two halves."""
    places, shape = _halves(canvas)
    if not people:
        return _made(shot, FramingKind.SPLIT, _half_panes(canvas, shot, places, shape)), None
    if len(people) == 1:
        return _close_and_whole(canvas, shot, FramingKind.SPLIT, people[0]), None
    left, right = sorted(people[:2], key=_middle_x)
    halves: list[Pane] = []
    ways: list[Followed] = []
    for place, person, other in ((places[0], left, right), (places[1], right, left)):
        crop_px = _portrait(canvas, shape, person, other)
        followed = follow(canvas.whole, crop_px, legs_of(shot, (person,)))
        ways.append(followed)
        halves.append(Pane(place, crop_px, followed.keys))
    worst = min(ways, key=lambda way: way.inside)
    return _made(shot, FramingKind.SPLIT, tuple(halves)), worst


def screen(
    canvas: Canvas, shot: Shot, inset: Rect | None, person: Track | None
) -> tuple[FramingShot, Followed | None]:
    """The screen first, then the inset, in which `person` is followed if given.

    Without an inset the whole picture comes first, then the person from close by; without
    anybody, the likeliest corner is the inset.
    """
    if inset is None and person is not None:
        return _close_and_whole(canvas, shot, FramingKind.SCREEN, person), None
    places = _screen_places(canvas)
    found = inset or _likely_corner(canvas)
    crop_px = largest(found, _shape(canvas, places[1]))
    followed = follow(found, crop_px, legs_of(shot, (person,))) if person else None
    keys = followed.keys if followed else (_key(shot, *_center(found)),)
    screen_px = largest(canvas.whole, _shape(canvas, places[0]))
    center = _away_from(canvas, found, screen_px)
    panes = (Pane(places[0], screen_px, (_key(shot, *center),)), Pane(places[1], crop_px, keys))
    return _made(shot, FramingKind.SCREEN, panes), followed


def _made(
    shot: Shot, kind: FramingKind, panes: tuple[Pane, ...], backdrop: Backdrop = Backdrop.NONE
) -> FramingShot:
    covers = all(pane.place == EVERYWHERE for pane in panes)
    ground = Backdrop.NONE if covers else backdrop
    return FramingShot(shot.start_s, shot.end_s, kind, 1.0, "", panes, ground)


def _key(shot: Shot, x: float, y: float) -> CropKey:
    return CropKey(shot.start_s, round(x, 3), round(y, 3))


def _still(canvas: Canvas, shot: Shot) -> Pane:
    """The middle; of a picture that is too tall, nearer to its top, where heads are."""
    crop_px = largest(canvas.whole, canvas.shape)
    spare = canvas.height - crop_px[1]
    middle_y = crop_px[1] / 2 + spare * FACE_HEIGHT_SHARE
    return Pane(EVERYWHERE, crop_px, (_key(shot, canvas.width / 2, middle_y),))


def _whole(canvas: Canvas, shot: Shot, place: Rect) -> Pane:
    key = _key(shot, canvas.width / 2, canvas.height / 2)
    return Pane(place, (canvas.width, canvas.height), (key,))


def _letterbox(canvas: Canvas, most_height: float, above: float) -> Rect:
    """Where the whole picture lies: as large as fits, `above` of the free height over it."""
    shape = canvas.width / canvas.height
    height = min(most_height, canvas.shape / shape)
    width = min(1.0, height * shape / canvas.shape)
    if width > _ALMOST and height > _ALMOST:
        return EVERYWHERE
    return Rect((1 - width) / 2, (1 - height) * above, width, height)


def _halves(canvas: Canvas) -> tuple[tuple[Rect, Rect], float]:
    """The two places of Split, and the shape of each."""
    if canvas.is_stacked:
        return (Rect(0, 0, 1, 0.5), Rect(0, 0.5, 1, 0.5)), canvas.shape * 2
    return (Rect(0, 0, 0.5, 1), Rect(0.5, 0, 0.5, 1)), canvas.shape / 2


def _half_panes(
    canvas: Canvas, shot: Shot, places: tuple[Rect, Rect], shape: float
) -> tuple[Pane, ...]:
    panes: list[Pane] = []
    for place, start in zip(places, (0.0, canvas.width / 2), strict=True):
        half = Rect(start, 0.0, canvas.width / 2, canvas.height)
        crop_px = largest(half, shape)
        spare = canvas.height - crop_px[1]
        middle_y = crop_px[1] / 2 + spare * FACE_HEIGHT_SHARE
        panes.append(Pane(place, crop_px, (_key(shot, start + canvas.width / 4, middle_y),)))
    return tuple(panes)


def _middle_x(person: Track) -> float:
    return float(np.median([seen.box.center[0] for seen in person.sightings]))


def _portrait(
    canvas: Canvas, shape: float, person: Track, other: Track | None
) -> tuple[float, float]:
    """Head and shoulders of one of two people, without the other's face where that can be."""
    most_width, most_height = largest(canvas.whole, shape)
    face = float(np.percentile([seen.box.height for seen in person.sightings], 75))
    clear = canvas.width
    if other is not None:
        clear = abs(_middle_x(person) - _middle_x(other)) - _OTHER_FACE * other.median_width
    height = min(face * _PORTRAIT, max(2 * clear / shape, face * _PORTRAIT / 1.5), most_height)
    height = min(height, most_width / shape)
    return height * shape, height


def _close_and_whole(canvas: Canvas, shot: Shot, kind: FramingKind, person: Track) -> FramingShot:
    """A person from close by and the whole picture: before it in Split, after it in Screen.

    Fitted over a blurred copy, alone, where the picture shows nothing but that person's head.
    """
    close, whole = _close_places(canvas, is_close_first=kind is FramingKind.SPLIT)
    crop_px = _closer(canvas, close, whole, person)
    if crop_px is None:
        place = _letterbox(canvas, 1.0, 0.5)
        return _made(shot, kind, (_whole(canvas, shot, place),), Backdrop.BLUR)
    followed = follow(canvas.whole, crop_px, legs_of(shot, (person,)))
    panes = (Pane(close, crop_px, followed.keys), _whole(canvas, shot, whole))
    in_order = panes if kind is FramingKind.SPLIT else panes[::-1]
    is_tiled = whole.width > _ALMOST or whole.height > _ALMOST
    return _made(shot, kind, in_order, Backdrop.NONE if is_tiled else Backdrop.BLUR)


def _close_places(canvas: Canvas, *, is_close_first: bool) -> tuple[Rect, Rect]:
    """Where the person is, and where the whole picture: as long as it needs, up to a limit.

    Longer ones stand in the middle of their part.
    """
    natural = canvas.shape * canvas.height / canvas.width
    natural = natural if canvas.is_stacked else 1 / natural
    part = min(natural, _WHOLE_MOST)
    side = part / natural
    first, own = (0.0, 1 - part) if is_close_first else (part, 0.0)
    if canvas.is_stacked:
        return Rect(0, first, 1, 1 - part), Rect((1 - side) / 2, own, side, part)
    return Rect(first, 0, 1 - part, 1), Rect(own, (1 - side) / 2, part, side)


def _closer(canvas: Canvas, close: Rect, whole: Rect, person: Track) -> tuple[float, float] | None:
    """Head and shoulders, clearly larger than in the whole picture; None where no head fits."""
    shape = _shape(canvas, close)
    width, height = _portrait(canvas, shape, person, None)
    width = min(width, canvas.width * close.width / (whole.width * _CLOSER))
    height = min(height, width / shape)
    boxes = [seen.box for seen in person.sightings]
    tall, broad = (
        float(np.percentile(sides, 75))
        for sides in ([box.height for box in boxes], [box.width for box in boxes])
    )
    if height < tall * _LEAST_HEAD or height * shape < broad * _LEAST_HEAD:
        return None
    return height * shape, height


def _screen_places(canvas: Canvas) -> tuple[Rect, Rect]:
    if canvas.is_stacked:
        return Rect(0, 0, 1, _SCREEN_SHARE), Rect(0, _SCREEN_SHARE, 1, 1 - _SCREEN_SHARE)
    return Rect(0, 0, _SCREEN_BESIDE, 1), Rect(_SCREEN_BESIDE, 0, 1 - _SCREEN_BESIDE, 1)


def _shape(canvas: Canvas, place: Rect) -> float:
    return canvas.shape * place.width / place.height


def _likely_corner(canvas: Canvas) -> Rect:
    """At the bottom right, in the picture's own shape: where most programs put the camera."""
    width, height = canvas.width * _CORNER, canvas.height * _CORNER
    return Rect(canvas.width - width, canvas.height - height, width, height)


def _center(rect: Rect) -> tuple[float, float]:
    return rect.x + rect.width / 2, rect.y + rect.height / 2


def _away_from(canvas: Canvas, inset: Rect, crop_px: tuple[float, float]) -> tuple[float, float]:
    """The crop's centre on the side of the picture where the inset is not."""
    x, y = _center(inset)
    across = crop_px[0] / 2 if x > canvas.width / 2 else canvas.width - crop_px[0] / 2
    along = crop_px[1] / 2 if y > canvas.height / 2 else canvas.height - crop_px[1] / 2
    return across, along
