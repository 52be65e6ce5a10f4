"""Where captions may stand: what the platforms' own buttons and titles leave free.

The figures are those of resources/presets/platforms.toml, a dated file that people can correct.
"""

import tomllib
from functools import cache

from clipforge_desktop.domain.caption_style import SafeZone
from clipforge_desktop.domain.delivery import Covered
from clipforge_desktop.paths import resources

_MEASURED_PX = (1080, 1920)
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
        if covered is None:
            sides = [max(side) for side in zip(*_zones().values(), strict=True)]
        else:
            sides = [covered.top, covered.right, covered.bottom, covered.left]
    top, right, bottom, left = (min(max(share, _TITLE_SAFE), 0.45) for share in sides)
    return SafeZone(top=top, right=right, bottom=bottom, left=left)


@cache
def _zones() -> dict[str, tuple[float, float, float, float]]:
    """Top, right, bottom and left of each platform, as shares of the frame."""
    file = resources() / "presets" / "platforms.toml"
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    width, height = _MEASURED_PX
    sides = (("top_px", height), ("right_px", width), ("bottom_px", height), ("left_px", width))
    found: dict[str, tuple[float, float, float, float]] = {}
    for name, platform in content.get("platforms", {}).items():
        zone = platform.get("safe_zone", {})
        top, right, bottom, left = (float(zone.get(side, 0)) / length for side, length in sides)
        found[name] = (top, right, bottom, left)
    return found
