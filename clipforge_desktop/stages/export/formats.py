"""What an exported file is: its size in pixels, its frame rate, and how it is encoded.

Pure arithmetic. Sizes are always even (4:2:0 needs that); rates are exact fractions, so that
captions, picture and sound never drift apart.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.source import VideoStream

Quality = Literal["draft", "standard", "best"]

SHORT_SIDE_PX = 1080
AUDIO_HZ = 48_000
AUDIO_BITS_S = 192_000
USUAL_RATE = Fraction(30)
KEYFRAME_EVERY_S = 5

_LEAST_SIDE_PX, _MOST_SIDE_PX = 128, 3840
_MOST_STRETCH = 4  # no shape is wider than 4:1 or taller than 1:4
_NTSC = (Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001))
_EVEN_RATES = tuple(Fraction(rate) for rate in (24, 25, 30, 48, 50, 60))


@dataclass(frozen=True)
class Encoding:
    """x264 settings. `bits_per_pixel` is a generous estimate, for asking whether the disk holds it.

    Draft and Best aim at the look of Standard for less or more time; they are not yet measured.
    """

    preset: str
    crf: int
    bits_per_pixel: float


_ENCODINGS: dict[Quality, Encoding] = {
    "draft": Encoding("superfast", 23, 0.16),
    "standard": Encoding("veryfast", 20, 0.16),
    "best": Encoding("medium", 18, 0.22),
}


def encoding(quality: Quality) -> Encoding:
    return _ENCODINGS[quality]


def output_size(aspect: str) -> tuple[int, int]:
    """(width, height) of "W:H" (shorter side 1080) or "WxH" (pixels, made even).

    Raises InputError("aspect_not_understood").
    """
    match = re.fullmatch(r"(\d{1,4})([:x])(\d{1,4})", aspect)
    if match is None:
        raise _not_understood(aspect)
    width, height = int(match[1]), int(match[3])
    if not (width and height and 1 / _MOST_STRETCH <= width / height <= _MOST_STRETCH):
        raise _not_understood(aspect)
    if match[2] == ":":
        scale = Fraction(SHORT_SIDE_PX, min(width, height))
        width, height = round(width * scale), round(height * scale)
    width, height = even(width), even(height)
    if not all(_LEAST_SIDE_PX <= side <= _MOST_SIDE_PX for side in (width, height)):
        raise _not_understood(aspect)
    return width, height


def even(length: float) -> int:
    """The nearest even number, at least 2."""
    return max(2, round(length / 2) * 2)


def output_rate(video: VideoStream | None) -> Fraction:
    """The source's own rate where players take it, else a whole part or multiple of it.

    Very slow pictures are repeated, so that captions can move; above 60 every second is kept.
    """
    if video is None or not 0 < video.fps < 10_000:
        return USUAL_RATE
    if video.is_variable_rate:
        return next((rate for rate in _EVEN_RATES if video.fps <= rate + 1), _EVEN_RATES[-1])
    rate = _usual(video.fps)
    while rate > 60 + Fraction(1, 2):
        rate /= 2
    if rate < 20:
        rate *= -(-Fraction(24) // rate)  # the least multiple of at least 24
    return rate


def _usual(fps: float) -> Fraction:
    near = [rate for rate in (*_NTSC, *_EVEN_RATES) if abs(float(rate) - fps) < 0.004]
    return (
        min(near, key=lambda rate: abs(float(rate) - fps))
        if near
        else Fraction(fps).limit_denominator(1001)
    )


def estimated_bytes(
    size_px: tuple[int, int], rate: Fraction, duration_s: float, quality: Quality
) -> int:
    """About as large as the file can get: for the question before the render, on the safe side."""
    width, height = size_px
    video_bits = width * height * float(rate) * encoding(quality).bits_per_pixel * duration_s
    return int((video_bits + AUDIO_BITS_S * duration_s) / 8) + 500_000


def _not_understood(aspect: str) -> InputError:
    return InputError(
        "aspect_not_understood",
        f"The shape {aspect[:20]!r} is not one that can be made.",
        "Use 9:16, 1:1, 4:5, 16:9, another W:H, or a size such as 720x1280.",
    )
