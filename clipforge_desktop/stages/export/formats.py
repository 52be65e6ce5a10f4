"""How an exported file is encoded. Its size and rate are arithmetic of the domain."""

from dataclasses import dataclass

from clipforge_desktop.domain.delivery import Quality
from clipforge_desktop.domain.errors import InputError
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
BUFFER_S = 1

_LOOK_AHEAD = 20  # frames that x264 holds back at most: bounds the memory of several encoders
_MOST_BITS_S = 50_000_000  # at 1080p: a cap above it would ask for a level that phones lack
_LEAST_BITS_S = 100_000
_SELDOM_BITS_S = 20_000_000  # at 1080p: more than nearly every clip takes
_SAFETY = 0.97
_MOST_THREADS = 4  # beyond it the filters before x264 are what is waited for
_CONTAINER_BYTES, _BYTES_PER_FRAME = 60_000, 40  # the index, generously: picture and sound


@dataclass(frozen=True)
class Encoding:
    """x264 settings, the estimate of `domain.formats` for them, and what they take of memory.

    Chosen by `tests/benchmarks/quality.py` (VMAF of two talking people and a film trailer at
    1080x1920, 2 s each, against veryfast at crf 20). Superfast looks like that at crf 23.2, 23.4
    and 27.8: Draft has crf 23, for 0.8 to 1.3x the CPU (a noisy machine) and 1.3 to 1.4x the bytes
    on people. Medium looks like it at crf 22.7, 23.5 and 26.7: Best has crf 22 and looks better on
    all three (by 0.4 to 2 VMAF), for 1.1 to 2.3x the CPU and about the same bytes.
    """

    preset: str
    crf: int
    bits_per_pixel: float
    bytes_per_pixel: int  # of memory, beside what every render takes


_ENCODINGS: dict[Quality, Encoding] = {
    "draft": Encoding("superfast", 23, BITS_PER_PIXEL["draft"], 60),
    "standard": Encoding("veryfast", 20, BITS_PER_PIXEL["standard"], 90),
    "best": Encoding("medium", 22, BITS_PER_PIXEL["best"], 120),
}


def encoding(quality: Quality) -> Encoding:
    return _ENCODINGS[quality]


def x264(quality: Quality, threads: int, most_bits_s: int | None = None) -> dict[str, str | int]:
    """Options of ffmpeg's libx264; `most_bits_s` is what a decoder with a second's buffer sees.

    With as many threads, the same frames are encoded to the same bytes. For that x264 may not look
    ahead in a thread of its own, nor keep a rate over frames that are made at once: what one thread
    has seen of the other by then is chance.
    """
    settings = encoding(quality)
    held_back = {"rc-lookahead": _LOOK_AHEAD} if settings.preset == "medium" else {}
    threading: dict[str, str | int] = {"threads": threads, "x264-params": "sync-lookahead=0"}
    if most_bits_s:
        threading = {"threads": 1, "maxrate": most_bits_s, "bufsize": BUFFER_S * most_bits_s}
    return {
        "vcodec": "libx264",
        "preset": settings.preset,
        "crf": settings.crf,
        "profile:v": "high",
        "pix_fmt": "yuv420p",
        **held_back,
        **threading,
    }


def encoder_threads(cores: int, files: int) -> int:
    """Of each x264 of a job that may fill `cores` and makes so many files.

    They have half of the cores, for decoding, filters and captions want theirs. On two cores a
    second thread made a lone clip an eighth faster, but its CPU time 4 % longer.
    """
    return max(1, min(cores // (2 * files), _MOST_THREADS))


def is_tight(most_bits_s: int, size_px: tuple[int, int]) -> bool:
    """Whether a cap may well be reached; else it is tried without first, with all threads."""
    return most_bits_s < _SELDOM_BITS_S * size_px[0] * size_px[1] / (1920 * 1080)


def bits_within(
    largest_bytes: int, size_px: tuple[int, int], duration_s: float, frames: int
) -> int:
    """The highest bit rate of the picture with which a file stays within `largest_bytes`.

    A buffer of `BUFFER_S` may be emptied on top of it. Raises InputError("file_size_too_small").
    """
    index_bytes = _CONTAINER_BYTES + _BYTES_PER_FRAME * (frames + 47 * duration_s)
    sound_bits = 1.05 * AUDIO_BITS_S * duration_s
    bits_s = (8 * (_SAFETY * largest_bytes - index_bytes) - sound_bits) / (duration_s + BUFFER_S)
    if bits_s < _LEAST_BITS_S:
        raise InputError(
            "file_size_too_small",
            f"A clip of {duration_s:.0f} seconds cannot be put into {largest_bytes / 1e6:.1f} MB.",
            "Allow a larger file, choose another platform, or make the clip shorter.",
        )
    finest = _MOST_BITS_S * max(1.0, size_px[0] * size_px[1] / (1920 * 1080))
    return int(min(bits_s, finest))
