"""Where captions may stand: what the platforms' own buttons and titles leave free.

The figures are those of the platform presets, a dated file that people can correct.
"""

from clipforge_desktop.domain.caption_style import SafeZone
from clipforge_desktop.domain.delivery import Covered
from clipforge_desktop.presets import covered_anywhere

_TITLE_SAFE = 0.05
_TALL = 1.6
"""Pictures at least this much taller than wide are played full screen, under buttons."""


def safe_zone(frame_size_px: tuple[int, int], covered: Covered | None = None) -> SafeZone:
    """What a platform leaves free (None: every known one), never less than 5 % a side.

    Only tall pictures lie under buttons; others keep the 5 %.
    """
    width, height = frame_size_px
    sides = [0.0] * 4
    if height >= _TALL * width:
        zone = covered_anywhere() if covered is None else covered
        sides = [zone.top, zone.right, zone.bottom, zone.left]
    top, right, bottom, left = (min(max(share, _TITLE_SAFE), 0.45) for share in sides)
    return SafeZone(top=top, right=right, bottom=bottom, left=left)


def is_under_buttons(zone: SafeZone, frame_size_px: tuple[int, int], covered: Covered) -> bool:
    """Whether a platform covers more of a tall picture than captions can keep out of."""
    width, height = frame_size_px
    return height >= _TALL * width and (
        covered.top > zone.top
        or covered.right > zone.right
        or covered.bottom > zone.bottom
        or covered.left > zone.left
    )
