"""The source's own pictures, unchanged: where an export is nothing but a cut, they are copied.

Only where nobody could tell: one piece between two keyframes (or up to the end), frames and
no fields, and shape, size, rate and colours as they are. What was written is compared with the
source, picture by picture, before anybody sees it; where anything differs, the clip is encoded.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import ffmpeg as ffmpeg_python

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.framing import EVERYWHERE, FramingPlan
from clipforge_desktop.domain.source import MediaInfo, VideoStream
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.media.container import Container, bounded, opened
from clipforge_desktop.stages.export.clock import ClipClock
from clipforge_desktop.stages.export.formats import AUDIO_BITS_S
from clipforge_desktop.stages.export.recipe import Ingredients

_CONTAINERS = ("mov", "mp4")
_BT709, _UNTAGGED, _FULL_RANGE = 1, 2, 2  # ISO/IEC 23091-2; AVCOL_RANGE_JPEG
_HD_HEIGHT_PX = 720  # from there on untagged pictures are taken as BT.709
_AHEAD_S = 1.0  # read on, to see whether a keyframe follows the cut
_SAME_PX = 0.01


@dataclass(frozen=True)
class Cut:
    """Pictures that can be copied: `frames` of them from the keyframe at `start_s` on.

    `start_s` is the container's own time. `digest` tells their bytes, in coded order.
    """

    start_s: float
    frames: int
    size_bytes: int
    digest: str


@dataclass(frozen=True)
class _Picture:
    """One coded picture; `at_s` is when it is shown, in the container's own time."""

    at_s: float
    is_key: bool
    size_bytes: int
    digest: bytes


def find_cut(
    path: Path,
    info: MediaInfo,
    clock: ClipClock,
    made_of: Ingredients,
    largest_bytes: int | None,
    check: Callable[[], None],
) -> Cut | None:
    """The source's own pictures where they are just what `made_of` asks for; else None."""
    video = info.video
    if video is None or not _is_untouched(info, video, clock, made_of):
        return None
    piece = clock.pieces[0]
    begin_s, frame_s = info.start_s + piece.start_s, float(1 / clock.rate)
    end_s = begin_s + clock.duration_s
    try:
        with opened(path) as container:
            stream = next(one for one in container.streams.video if one.index == video.index)
            if not _is_bt709(stream.codec_context, video):
                return None
            pictures = list(
                _pictures(container, stream, begin_s + frame_s, end_s + _AHEAD_S, check)
            )
            taken = _between_keyframes(pictures, begin_s, end_s, frame_s)
            if abs(len(taken) - clock.frames) > 1 or _has_fields(container, stream, taken, check):
                return None
    except (ClipForgeError, av.FFmpegError, OSError, ValueError, StopIteration):
        return None
    size_bytes = sum(picture.size_bytes for picture in taken)
    cut = Cut(taken[0].at_s, len(taken), size_bytes, _digest(taken))
    sound_bytes = 1.1 * AUDIO_BITS_S / 8 * clock.duration_s
    whole_bytes = 1.02 * cut.size_bytes + sound_bytes + 40 * cut.frames + 20_000
    return None if largest_bytes is not None and whole_bytes > largest_bytes else cut


def copy(
    path: Path, info: MediaInfo, cut: Cut, sound: str, file: Path, context: StageContext
) -> bool:
    """Write the pictures of `cut` with the sound `sound` of the job's folder into `file`.

    Whether the very same pictures are in it, from time 0 on. Raises what `media.ffmpeg` raises.
    """
    assert info.video is not None
    source = ffmpeg.input_file(path, ss=f"{cut.start_s + 1e-6:.6f}", seek_timestamp=1)
    output = ffmpeg_python.output(
        source[str(info.video.index)],
        ffmpeg_python.input(sound)["a"],
        f"file:{file}",
        **{"c": "copy", "frames:v": cut.frames, "format": "mp4"},
        map_metadata=-1,
        movflags="+faststart",
    )
    ffmpeg.run(output.get_args(), context=context, working_dir=context.job_dir)
    with opened(file) as container:
        (stream,) = container.streams.video
        written = list(_pictures(container, stream, None, float("inf"), context.check))
    begins_s = min((picture.at_s for picture in written), default=1.0)
    frame_s = 1 / info.video.fps
    return _digest(written) == cut.digest and abs(begins_s) < frame_s / 2


def with_sound(made: Path, sound: str, file: Path, context: StageContext) -> None:
    """Write the pictures of the finished file `made` with another sound of the job into `file`."""
    output = ffmpeg_python.output(
        ffmpeg.input_file(made)["v"],
        ffmpeg_python.input(sound)["a"],
        f"file:{file}",
        c="copy",
        format="mp4",
        map_metadata=-1,
        movflags="+faststart",
    ).global_args("-copyts")
    ffmpeg.run(output.get_args(), context=context, working_dir=context.job_dir)


def _is_untouched(
    info: MediaInfo, video: VideoStream, clock: ClipClock, made_of: Ingredients
) -> bool:
    return (
        any(name in _CONTAINERS for name in info.container.split(","))
        and (video.codec, video.pixel_format) == ("h264", "yuv420p")
        and (video.rotation_deg, video.is_mirrored, video.is_hdr) == (0, False, False)
        and video.display_size_px == (video.width_px, video.height_px) == made_of.size_px
        and not video.is_variable_rate
        and abs(float(clock.rate) - video.fps) < 0.004
        and made_of.every == 1
        and made_of.style is None
        and made_of.branding is None
        and len(clock.pieces) == 1
        and _shows_everything(made_of.framing)
    )


def _shows_everything(plan: FramingPlan) -> bool:
    width, height = plan.source_size_px
    for shot in plan.shots:
        if len(shot.panes) != 1 or shot.panes[0].place != EVERYWHERE:
            return False
        pane = shot.panes[0]
        sides = zip(pane.crop_size_px, (width, height), strict=True)
        if any(abs(crop - whole) > _SAME_PX for crop, whole in sides):
            return False
    return True


def _is_bt709(coding: av.VideoCodecContext, video: VideoStream) -> bool:
    matrix, primaries = int(coding.colorspace), int(coding.color_primaries)
    known = (_BT709, _UNTAGGED) if video.height_px >= _HD_HEIGHT_PX else (_BT709,)
    return (
        matrix in known
        and primaries in (_BT709, _UNTAGGED)
        and int(coding.color_range) != _FULL_RANGE
    )


def _has_fields(
    container: Container, stream: av.VideoStream, taken: list[_Picture], check: Callable[[], None]
) -> bool:
    """Is a keyframe of `taken` flagged as two fields? The render would join them (`whole_frames`).

    Each is decoded alone, as it says enough: interlaced pictures are flagged throughout.
    """
    base = stream.time_base
    assert base is not None
    bounded(stream, threads=1, is_rough=True)
    decoder = stream.codec_context
    last_s = max(picture.at_s for picture in taken)
    container.seek(int(taken[0].at_s / base), stream=stream)
    for packet in container.demux(stream):
        check()
        if packet.pts is None or packet.dts is None or packet.dts * base > last_s:
            break
        if packet.is_keyframe:
            frames = [*decoder.decode(packet), *decoder.decode(None)]
            if any(frame.interlaced_frame for frame in frames):
                return True
            decoder.flush_buffers()
    return False


def _pictures(
    container: Container,
    stream: av.VideoStream,
    from_s: float | None,
    until_s: float,
    check: Callable[[], None],
) -> Iterator[_Picture]:
    """Coded pictures from the keyframe before `from_s` (None: the first) until `until_s`."""
    base = stream.time_base
    assert base is not None
    if from_s is not None:
        container.seek(int(from_s / base), stream=stream)
    for packet in container.demux(stream):
        check()
        if packet.pts is None or packet.dts is None or not packet.size:
            continue
        if packet.dts * base > until_s:
            return
        digest = hashlib.sha256(bytes(packet)).digest()
        yield _Picture(float(packet.pts * base), packet.is_keyframe, packet.size, digest)


def _between_keyframes(
    pictures: list[_Picture], begin_s: float, end_s: float, frame_s: float
) -> list[_Picture]:
    """The pictures from a keyframe within a frame of `begin_s` to one about `end_s`, if whole."""
    keys = [number for number, picture in enumerate(pictures) if picture.is_key]
    first = next((n for n in keys if abs(pictures[n].at_s - begin_s) <= frame_s), None)
    if first is None:
        return []
    after = next((n for n in keys if n > first and pictures[n].at_s >= end_s - frame_s), None)
    taken = pictures[first:after]
    next_s = None if after is None else pictures[after].at_s
    return taken if _are_whole(taken, next_s, frame_s) else []


def _are_whole(taken: list[_Picture], next_s: float | None, frame_s: float) -> bool:
    """Is nothing missing, and does no picture need or precede one outside?"""
    shown_s = sorted(picture.at_s for picture in taken)
    if not shown_s or shown_s[0] != taken[0].at_s:
        return False
    if next_s is not None and shown_s[-1] >= next_s:
        return False
    steps = [after - before for before, after in pairwise(shown_s)]
    return all(abs(step - frame_s) < frame_s / 4 for step in steps)


def _digest(pictures: list[_Picture]) -> str:
    return hashlib.sha256(b"".join(picture.digest for picture in pictures)).hexdigest()
