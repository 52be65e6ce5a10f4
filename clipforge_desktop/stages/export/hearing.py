"""How loud it is at the moments that were looked at, from the sound that import left on disk.

Only what is asked for is read: a few kilobytes for each second. Without that sound there are no
voices, and nobody is taken for the speaker.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.faces.speaking import Voice

_HZ = 16_000
_LISTENED_S = 0.3
_SILENT_DB = -90.0
_LEAST_SPEECH_DB = -50.0
_ABOVE_FLOOR_DB = 8.0
_FLOOR_PERCENTILE = 10


def voices_at(looked_s: Sequence[float], media: SourceMedia, cache_dir: Path) -> tuple[Voice, ...]:
    """One voice per look, in the same order; none without the sound of import."""
    if media.audio is None or not looked_s:
        return ()
    try:
        with (cache_dir / media.audio).open("rb") as file:
            levels: list[float] = []
            for at_s in looked_s:
                file.seek(2 * round(max(at_s, 0.0) * _HZ))
                levels.append(_level_db(file.read(2 * round(_LISTENED_S * _HZ))))
    except OSError:
        return ()
    floor_db = float(np.percentile(levels, _FLOOR_PERCENTILE)) + _ABOVE_FLOOR_DB
    return tuple(
        Voice(at_s, level_db, _is_speech(at_s, level_db, floor_db, media))
        for at_s, level_db in zip(looked_s, levels, strict=True)
    )


def _is_speech(at_s: float, level_db: float, floor_db: float, media: SourceMedia) -> bool:
    if level_db < _LEAST_SPEECH_DB:
        return False
    if media.speech:
        middle_s = at_s + _LISTENED_S / 2
        return any(spoken.start_s <= middle_s < spoken.end_s for spoken in media.speech)
    return level_db >= floor_db


def _level_db(data: bytes) -> float:
    samples = np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float64)
    if not samples.size:
        return _SILENT_DB
    return max(_SILENT_DB, 10 * math.log10(float(np.mean(samples**2)) / 32768**2 + 1e-12))
