"""How an exported file is encoded. Its size and rate are arithmetic of the domain."""

from dataclasses import dataclass

from clipforge_desktop.domain.delivery import Quality
from clipforge_desktop.domain.formats import (
    AUDIO_BITS_S,
    BITS_PER_PIXEL,
    estimated_bytes,
    even,
    output_rate,
    output_size,
)

__all__ = ["AUDIO_BITS_S", "Quality", "estimated_bytes", "even", "output_rate", "output_size"]

AUDIO_HZ = 48_000
KEYFRAME_EVERY_S = 5


@dataclass(frozen=True)
class Encoding:
    """x264 settings, and the estimate of `domain.formats` for them.

    Draft and Best aim at the look of Standard for less or more time; they are not yet measured.
    """

    preset: str
    crf: int
    bits_per_pixel: float


_ENCODINGS: dict[Quality, Encoding] = {
    "draft": Encoding("superfast", 23, BITS_PER_PIXEL["draft"]),
    "standard": Encoding("veryfast", 20, BITS_PER_PIXEL["standard"]),
    "best": Encoding("medium", 18, BITS_PER_PIXEL["best"]),
}


def encoding(quality: Quality) -> Encoding:
    return _ENCODINGS[quality]
