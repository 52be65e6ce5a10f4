"""Where logo and headline stand: in the safe zone, and never on captions or on each other.

Pure geometry in pixels of the frame. Captions stay where they are; a logo goes up or down along
its side until it is free, or to the corner beside it, a headline down from the top.
"""

from collections.abc import Sequence

from clipforge_desktop.captions.layout import Area
from clipforge_desktop.domain.branding import Corner
from clipforge_desktop.domain.caption_style import SafeZone

_GAP = 0.02  # of the frame's short side: air between what must not touch
_OTHER_SIDE = 0.12  # of the zone's height: so far up or down its side is as bad as the other one


def zone_area(zone: SafeZone, frame_size_px: tuple[int, int]) -> Area:
    width, height = frame_size_px
    return Area(
        zone.left * width,
        zone.top * height,
        width * (1 - zone.left - zone.right),
        height * (1 - zone.top - zone.bottom),
    )


def gap_px(frame_size_px: tuple[int, int]) -> float:
    return _GAP * min(frame_size_px)


def logo_area(
    picture_px: tuple[int, int],
    corner: Corner,
    size: float,
    frame_size_px: tuple[int, int],
    zone: Area,
    taken: Sequence[Area],
) -> Area | None:
    """Where a logo of `picture_px` goes, in whole pixels; None where nowhere is free.

    As near to its corner as may be; the corner beside it rather than far up or down its side.
    """
    width, height = _fitted(picture_px, size * min(frame_size_px), zone)
    gap = gap_px(frame_size_px)
    left, right = zone.x, zone.x + zone.width - width
    sides = (left, right) if corner.endswith("left") else (right, left)
    is_low = corner.startswith("bottom")
    wanted = zone.y + zone.height - height if is_low else zone.y
    found: list[tuple[float, Area]] = []
    for x, aside in zip(sides, (0.0, _OTHER_SIDE * zone.height), strict=True):
        y = nearest_free(x, width, height, is_low, zone, taken, gap)
        if y is not None:
            found.append((abs(y - wanted) + aside, Area(round(x), round(y), width, height)))
    return min(found, key=lambda one: one[0])[1] if found else None


def nearest_free(
    x: float,
    width: float,
    height: float,
    is_from_below: bool,
    zone: Area,
    taken: Sequence[Area],
    gap: float,
) -> float | None:
    """The top of a box of this size that touches nothing, nearest to the zone's end."""
    highest, lowest = zone.y, zone.y + zone.height - height
    wanted = lowest if is_from_below else highest
    near = [one for one in taken if one.x < x + width + gap and x < one.x + one.width + gap]
    tops = [wanted]
    tops += [one.y + one.height + gap for one in near]
    tops += [one.y - gap - height for one in near]
    free = [
        top
        for top in tops
        if highest <= top <= lowest and not any(_share_rows(top, height, one, gap) for one in near)
    ]
    return min(free, key=lambda top: abs(top - wanted), default=None)


def _share_rows(top: float, height: float, other: Area, gap: float) -> bool:
    slack = 0.01  # what lies just one gap away is free
    above, below = other.y - gap + slack, other.y + other.height + gap - slack
    return top < below and top + height > above


def _fitted(picture_px: tuple[int, int], side_px: float, zone: Area) -> tuple[int, int]:
    """As large as wished, but no larger than the zone; at least a pixel."""
    width, height = picture_px
    scale = min(side_px / max(width, height), zone.width / width, zone.height / height)
    return max(round(width * scale), 1), max(round(height * scale), 1)
