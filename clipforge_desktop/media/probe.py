"""What is in a file: container, length, the picture as it must be shown, the sound tracks.

PyAV only. The first frame of the picture is really decoded, so what is reported can be played;
every other ending is an InputError with a code of its own. A wrong or missing file ending plays
no part.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import av.stream
import av.video.frame

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.source import AudioStream, MediaInfo, VideoStream
from clipforge_desktop.media import extent, limits, orientation
from clipforge_desktop.media.container import (
    AV_ERRORS,
    Container,
    bounded,
    damaged,
    drm_protected,
    opened,
    refused_size_px,
)

_HEAD_PACKETS = 400  # looked at for the first frame and the rhythm of the frames
_HEAD_FRAMES = 60
_MOST_REORDERED = 16
_USUAL_FPS = 25.0  # of a picture that has no rate, such as a single frame
_MOST_FPS = 1000.0
_LONGEST_TIMECODE = 12
_TRANSFERS = {1: "bt709", 6: "bt709", 14: "bt709", 15: "bt709", 16: "smpte2084", 18: "arib-std-b67"}
_HDR_TRANSFERS = ("smpte2084", "arib-std-b67")
_Attached = av.stream.Disposition.attached_pic | av.stream.Disposition.still_image


@dataclass(frozen=True)
class _Head:
    """What the first packets of the picture told; `frame` None when none could be decoded."""

    frame: av.video.frame.VideoFrame | None
    first_s: float
    times_s: tuple[float, ...]
    is_encrypted: bool


def probe(path: Path, check: Callable[[], None] = lambda: None) -> MediaInfo:
    """Look into a file without trusting it. `check` is called often and may raise to stop.

    Raises InputError (not_found, is_a_folder, not_a_file, no_permission, empty_file, not_media,
    is_a_picture, playlist_refused, index_missing, damaged, drm_protected, no_streams,
    unsupported_codec, picture_too_large, too_long) or TransientError (read_failed, read_timeout).
    """
    with opened(path) as container:
        try:
            return _probe(path, container, check)
        except AV_ERRORS as error:
            raise damaged() from error


def _probe(path: Path, container: Container, check: Callable[[], None]) -> MediaInfo:
    notices: list[str] = []
    pictures = [stream for stream in container.streams.video if _is_moving(stream)]
    tracks = [stream for stream in container.streams.audio if _is_audible(stream)]
    if not pictures and not tracks:
        raise _nothing_playable(container)
    video, start_s = None, None
    if pictures:
        stream = max(pictures, key=_rank)
        head = _read_head(container, stream, check)
        if head.is_encrypted:
            raise drm_protected()
        if head.frame is not None:
            video, start_s = _describe(stream, head), head.first_s
        elif not tracks:
            _refuse_huge(*(refused_size_px(path) or (0, 0)))
            raise damaged("The picture in this file cannot be decoded.")
        else:
            notices.append("The picture cannot be decoded; only the sound is used.")
    if start_s is None:
        start_s = _first_sound_s(tracks)
    audio = tuple(_describe_sound(stream) for stream in sorted(tracks, key=_rank, reverse=True))
    if any(stream.codec_context is None for stream in container.streams.audio):
        notices.append("A sound track is of an unknown kind and is left out.")
    indices = {stream.index for stream in audio} | ({video.index} if video else set())
    end_s, is_whole = extent.end_s(container, indices, check)
    duration_s = _length_s(end_s - start_s, video)
    if not is_whole:
        claimed_s = max((container.duration or 0) / 1_000_000, duration_s)
        notices.append(
            f"The file stops after {_clock(duration_s)} of {_clock(claimed_s)}; "
            "only the part that is there is used."
        )
    return MediaInfo(
        container=container.format.name,
        size_bytes=path.stat().st_size,
        duration_s=duration_s,
        start_s=start_s,
        video=video,
        audio=audio,
        notices=tuple(notices),
        timecode=_timecode(container),
    )


def _timecode(container: Container) -> str:
    """Of the first frame, as the file's or a track's own tag; "" when there is none."""
    tags = [container.metadata, *(stream.metadata for stream in container.streams)]
    named = (text for tag in tags for key, text in tag.items() if key.lower() == "timecode")
    said = next(filter(None, named), "")
    return said if len(said) <= _LONGEST_TIMECODE else ""


def _is_moving(stream: av.video.stream.VideoStream) -> bool:
    context: Any = stream.codec_context  # None for unknown codecs, whatever the types say
    if context is None or stream.disposition & _Attached:
        return False
    if context.width > 0 and context.height > 0:
        _refuse_huge(context.width, context.height)
    return True


def _is_audible(stream: av.audio.stream.AudioStream) -> bool:
    context: Any = stream.codec_context
    return context is not None and context.sample_rate > 0 and context.channels > 0


def _rank(stream: av.stream.Stream) -> tuple[bool, int, int]:
    """Best last: the default track, then the largest picture, then the first."""
    context = stream.codec_context
    area = context.width * context.height if isinstance(context, av.VideoCodecContext) else 0
    return bool(stream.disposition & av.stream.Disposition.default), area, -stream.index


def _read_head(
    container: Container, stream: av.video.stream.VideoStream, check: Callable[[], None]
) -> _Head:
    bounded(stream, threads=1)
    frame: av.video.frame.VideoFrame | None = None
    times_s: list[float] = []
    is_encrypted = False
    packets = container.demux(stream)
    for _ in range(_HEAD_PACKETS):
        check()
        try:
            packet = next(packets)
            is_encrypted |= packet.has_sidedata("encryption_info")
            if packet.pts is not None and packet.time_base is not None and not packet.is_discard:
                times_s.append(float(packet.pts * packet.time_base))
            for decoded in packet.decode() if frame is None else ():
                if isinstance(decoded, av.video.frame.VideoFrame) and frame is None:
                    frame = decoded
        except StopIteration:
            break
        except AV_ERRORS:
            continue  # a broken packet; a later one may do
        if frame is not None and len(times_s) > _HEAD_FRAMES:
            break
    times_s.sort()
    if len(times_s) > _HEAD_FRAMES:  # the last ones may still miss neighbours that are sent later
        del times_s[_HEAD_FRAMES - _MOST_REORDERED :]
    first_s = frame.time if frame is not None else None
    if first_s is None:
        first_s = times_s[0] if times_s else 0.0
    return _Head(frame, first_s, tuple(times_s), is_encrypted)


def _describe(stream: av.video.stream.VideoStream, head: _Head) -> VideoStream:
    frame = head.frame
    assert frame is not None
    _refuse_huge(frame.width, frame.height)
    rotation_deg, is_mirrored = orientation.of_frame(frame)
    transfer = _TRANSFERS.get(int(frame.color_trc), "")
    return VideoStream(
        index=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        width_px=frame.width,
        height_px=frame.height,
        fps=_fps(stream, head.times_s),
        is_variable_rate=_is_variable(stream, head.times_s),
        rotation_deg=rotation_deg,
        is_mirrored=is_mirrored,
        sample_aspect=_sample_aspect(stream),
        pixel_format=frame.format.name,
        is_hdr=transfer in _HDR_TRANSFERS,
        transfer=transfer,
    )


def _describe_sound(stream: av.audio.stream.AudioStream) -> AudioStream:
    context = stream.codec_context
    language = stream.language or ""
    return AudioStream(
        index=stream.index,
        codec=context.codec.canonical_name,
        channels=context.channels,
        sample_rate_hz=context.sample_rate,
        language="" if language == "und" else language,
    )


def _fps(stream: av.video.stream.VideoStream, times_s: tuple[float, ...]) -> float:
    """The average rate, the guessed one, or that of the first frames."""
    rates = [float(rate) for rate in (stream.average_rate, stream.guessed_rate) if rate]
    if len(times_s) > 1 and times_s[-1] > times_s[0]:
        rates.append((len(times_s) - 1) / (times_s[-1] - times_s[0]))
    return next((rate for rate in rates if 0 < rate <= _MOST_FPS), _USUAL_FPS)


def _is_variable(stream: av.video.stream.VideoStream, times_s: tuple[float, ...]) -> bool:
    average, base = stream.average_rate, stream.base_rate
    if average and base and abs(average - base) > base * Fraction(1, 50):
        return True
    steps_s = [after - before for before, after in pairwise(times_s)]
    return bool(steps_s) and max(steps_s) - min(steps_s) > 0.5 * max(min(steps_s), 0.004)


def _sample_aspect(stream: av.video.stream.VideoStream) -> tuple[int, int]:
    aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
    if not aspect or not Fraction(1, 16) <= aspect <= 16:
        return 1, 1
    return aspect.numerator, aspect.denominator


def _first_sound_s(tracks: list[av.audio.stream.AudioStream]) -> float:
    stream = max(tracks, key=_rank)
    if stream.start_time is None or stream.time_base is None:
        return 0.0
    return float(stream.start_time * stream.time_base)


def _length_s(length_s: float, video: VideoStream | None) -> float:
    if length_s > limits.MAX_DURATION_S:
        hours = limits.MAX_DURATION_S / 3600
        raise InputError(
            "too_long",
            f"This file lasts {_clock(length_s)}; at most {hours:.0f} hours are taken.",
            "Split it into shorter files.",
        )
    if length_s > 0:
        return length_s
    if video is None:
        raise damaged("There is no sound in this file.")
    return 1 / video.fps


def _refuse_huge(width_px: int, height_px: int) -> None:
    side_px = max(width_px, height_px)
    if width_px * height_px > limits.MAX_PIXELS or side_px > limits.MAX_SIDE_PX:
        raise InputError(
            "picture_too_large",
            f"The picture is {width_px} x {height_px}; the largest that is taken is 8192 x 4320.",
            "Convert it to 8K or smaller with another program.",
        )


def _nothing_playable(container: Container) -> InputError:
    unknown = [stream for stream in container.streams if stream.type in ("video", "audio")]
    if any(not stream.disposition & _Attached for stream in unknown):
        return InputError(
            "unsupported_codec",
            "The picture and sound in this file are of a kind that cannot be decoded.",
            "Convert it to H.264 and AAC with another program.",
        )
    return InputError(
        "no_streams",
        "There is neither picture nor sound in this file.",
        "Add a video or a sound file.",
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
