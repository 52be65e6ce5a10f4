"""A source is a video file that the user gave us; we read it and never write to it.

Its content key (`size + hash of head, middle, tail`) names everything computed from it, so
a moved, renamed or twice-dropped file is recognised. Sizes are pixels, times are seconds on
the source's own clock, which starts at its first presented frame.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class VideoStream:
    """The picture as coded, and what must be done to show it upright and in the right shape."""

    index: int
    codec: str
    width_px: int
    height_px: int
    fps: float
    is_variable_rate: bool
    rotation_deg: int  # clockwise turn that makes the picture upright: 0, 90, 180 or 270
    is_mirrored: bool
    sample_aspect: tuple[int, int]  # width : height of one pixel
    pixel_format: str
    is_hdr: bool
    transfer: str  # "bt709", "smpte2084" (PQ), "arib-std-b67" (HLG), "" when unknown

    @property
    def display_size_px(self) -> tuple[int, int]:
        """(width, height) as shown: square pixels, upright."""
        width, height = self.width_px, self.height_px
        numerator, denominator = self.sample_aspect
        if numerator > 0 and denominator > 0:
            width = max(1, round(width * numerator / denominator))
        return (height, width) if self.rotation_deg in (90, 270) else (width, height)


@dataclass(frozen=True)
class AudioStream:
    index: int
    codec: str
    channels: int
    sample_rate_hz: int
    language: str  # ISO 639 code, "" when unknown


@dataclass(frozen=True)
class MediaInfo:
    """What probing found. `start_s` is the container time of the first presented frame.

    `timecode` is what the camera counted at that frame (`01:00:00:00`), "" when it says nothing.
    """

    container: str
    size_bytes: int
    duration_s: float
    start_s: float
    video: VideoStream | None
    audio: tuple[AudioStream, ...]
    notices: tuple[str, ...] = ()  # plain sentences, e.g. "The file stops after 31 s of 60 s."
    timecode: str = ""


@dataclass(frozen=True)
class SpeechRange:
    """A stretch of source time in which somebody speaks."""

    start_s: float
    end_s: float


@dataclass(frozen=True)
class SourceMedia:
    """Everything import learned. File names are relative to the source's cache folder."""

    content_key: str
    info: MediaInfo
    poster: str | None  # JPEG
    thumbnails: str | None  # one JPEG sprite sheet, rows of 10 tiles
    thumbnail_times_s: tuple[float, ...]
    thumbnail_size_px: tuple[int, int]
    audio: str | None  # raw little-endian s16 mono 16 kHz, time 0 = source time 0
    waveform: str | None  # uint8 peaks, 50 a second
    loudness: str | None  # int8 momentary loudness in LUFS, 10 a second
    integrated_lufs: float | None
    speech: tuple[SpeechRange, ...]
