"""How a source's colours must be read, by its first keyframe in the clip.

Tags decide where there are any. Untagged pictures are taken as players take them: BT.709 from HD
upwards, BT.601 below (ffmpeg alone would take all of them as BT.601).
"""

from collections.abc import Callable
from pathlib import Path

from clipforge_desktop.domain.source import MediaInfo
from clipforge_desktop.media.reader import open_picture
from clipforge_desktop.stages.export.picture import Colour

_UNTAGGED = 2  # ISO/IEC 23091-2, "unspecified"
_BT2020_PRIMARIES = 9
_HD_HEIGHT_PX = 720


def source_colour(path: Path, info: MediaInfo, at_s: float, check: Callable[[], None]) -> Colour:
    """How the picture at source time `at_s` is coded."""
    assert info.video is not None
    is_hd = min(info.video.width_px, info.video.height_px) >= _HD_HEIGHT_PX
    assumed = "bt709" if is_hd else "bt601"
    with open_picture(path, info, check, threads=1) as reader:
        found = reader.keyframe_near(at_s)
    if found is None:
        return Colour(assumed, info.video.is_hdr)
    frame = found[1]
    is_wide = info.video.is_hdr or int(frame.color_primaries) == _BT2020_PRIMARIES
    return Colour(assumed if int(frame.colorspace) == _UNTAGGED else None, is_wide)
