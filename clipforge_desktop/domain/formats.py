"""What an exported file is: its size in pixels, its frame rate, and about how large it gets.

Pure arithmetic that the stage renders by and the desk plans by. Sizes are always even (4:2:0
needs that); rates are exact fractions, so that captions, picture and sound never drift apart.
"""

import re
from fractions import Fraction

from clipforge_desktop.domain.delivery import Quality
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.source import VideoStream

SHORT_SIDE_PX = 1080
MOST_FPS = 60
AUDIO_BITS_S = 192_000
USUAL_RATE = Fraction(30)
OWN_SHAPE = "source"
"""The aspect of a file that has the source's own shape and size."""
BITS_PER_PIXEL: dict[Quality, float] = {"draft": 0.16, "standard": 0.16, "best": 0.22}
"""What x264 needs, generously: for asking whether the disk holds a file."""

_LEAST_SIDE_PX, _MOST_SIDE_PX = 128, 3840
_MOST_STRETCH = 4  # no shape is wider than 4:1 or taller than 1:4
_NTSC = (Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001))
_EVEN_RATES = tuple(Fraction(rate) for rate in (24, 25, 30, 48, 50, 60))


def output_size(
    aspect: str,
    short_side_px: int = SHORT_SIDE_PX,
    source_size_px: tuple[int, int] | None = None,
) -> tuple[int, int]:
    """(width, height) of "W:H" (with that shorter side), "WxH" (pixels) or "source".

    Always even. "source" is the source's upright size, made smaller where no file can be so
    large, and larger where none can be so small; 1920x1080 for sound alone. Raises InputError
    `aspect_not_understood`.
    """
    if aspect == OWN_SHAPE:
        return _own_size(source_size_px or (1920, 1080))
    match = re.fullmatch(r"(\d{1,4})([:x])(\d{1,4})", aspect)
    if match is None:
        raise _not_understood(aspect)
    width, height = int(match[1]), int(match[3])
    if not (width and height and 1 / _MOST_STRETCH <= width / height <= _MOST_STRETCH):
        raise _not_understood(aspect)
    if match[2] == ":":
        scale = Fraction(short_side_px, min(width, height))
        width, height = round(width * scale), round(height * scale)
    width, height = even(width), even(height)
    if not all(_LEAST_SIDE_PX <= side <= _MOST_SIDE_PX for side in (width, height)):
        raise _not_understood(aspect)
    return width, height


def even_shape(aspect: str) -> str:
    """The shape as it is made: a size in pixels with even sides, any other as it is."""
    match = re.fullmatch(r"(\d{1,4})x(\d{1,4})", aspect)
    return aspect if match is None else f"{even(int(match[1]))}x{even(int(match[2]))}"


def made_even(typed: str, made: str) -> str:
    """The sentence about a size that is not made as it was typed."""
    return f"A picture's sides are even, so {typed} is made as {made}."


def _own_size(source_size_px: tuple[int, int]) -> tuple[int, int]:
    scale = max(1.0, _LEAST_SIDE_PX / min(source_size_px))
    scale = min(scale, _MOST_SIDE_PX / max(source_size_px))
    width, height = (max(even(side * scale), _LEAST_SIDE_PX) for side in source_size_px)
    return width, height


def even(length: float) -> int:
    """The nearest even number, at least 2."""
    return max(2, round(length / 2) * 2)


def output_rate(video: VideoStream | None, most_fps: int = MOST_FPS) -> Fraction:
    """The source's own rate where players take it, else a whole part or multiple of it.

    Very slow pictures are repeated, so that captions can move; above `most_fps` every second
    picture is kept.
    """
    if video is None or not 0 < video.fps < 10_000:
        return USUAL_RATE
    if video.is_variable_rate:
        rate = next((one for one in _EVEN_RATES if video.fps <= one + 1), _EVEN_RATES[-1])
    else:
        rate = _usual(video.fps)
    while rate > most_fps + Fraction(1, 2):
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
    video_bits = width * height * float(rate) * BITS_PER_PIXEL[quality] * duration_s
    return int((video_bits + AUDIO_BITS_S * duration_s) / 8) + 500_000


def _not_understood(aspect: str) -> InputError:
    return InputError(
        "aspect_not_understood",
        f"The shape {aspect[:20]!r} is not one that can be made.",
        "Use 9:16, 1:1, 4:5, 16:9, another W:H, or a size such as 720x1280.",
    )
