"""Decoded pictures of a source by source time: jump to a keyframe, or read on from a moment.

Every picture comes out as it is meant to be seen: upright, square pixels, BT.709 colours, already
scaled down. Time is the source's clock: 0 is its first presented frame.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import av.video.stream
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.source import MediaInfo, VideoStream
from clipforge_desktop.media import hdr
from clipforge_desktop.media.container import AV_ERRORS, Container, bounded, damaged, opened
from clipforge_desktop.media.orientation import Pixels, upright

_PACKETS_TO_KEYFRAME = 600  # looked at after a jump
_BACK_OFF_S = (0.0, 3.0, 12.0, 60.0, float("inf"))
_EDGE_S = 0.002  # half the finest step of common time bases
_HD_HEIGHT_PX = 720
_UNKNOWN_COLORSPACE = 2


class Reader:
    """The picture of one open source. Made by `open_picture`."""

    def __init__(
        self,
        container: Container,
        stream: av.video.stream.VideoStream,
        info: MediaInfo,
        video: VideoStream,
        check: Callable[[], None],
    ) -> None:
        self.info, self.video = info, video
        self._container, self._stream, self._check = container, stream, check
        self._scalers: dict[tuple[int, int], VideoReformatter] = {}  # each keeps its tables

    def keyframe_near(self, at_s: float) -> tuple[float, VideoFrame] | None:
        """The last keyframe before `at_s`, or the next one where a format cannot tell; or None."""
        self._seek(at_s)
        packets = self._container.demux(self._stream)
        for _ in range(_PACKETS_TO_KEYFRAME):
            self._check()
            try:
                packet = next(packets)
                if not packet.is_keyframe:
                    continue
                # One packet and a flush: the picture comes out without waiting for its followers.
                decoded = [*packet.decode(), *self._stream.codec_context.decode(None)]
            except StopIteration:
                return None
            except AV_ERRORS:
                decoded = []
            for frame in decoded:
                if isinstance(frame, VideoFrame):
                    return self._time_s(frame), frame
            self._stream.codec_context.flush_buffers()
        return None

    def read_from(self, start_s: float) -> Iterator[tuple[float, VideoFrame]]:
        """Every frame from the keyframe before `start_s` on, in order; broken ones are skipped."""
        for back_s in _BACK_OFF_S:
            # Some formats jump to the time and not to the keyframe before it: go further back.
            frames = self._read_from(start_s - back_s)
            first = next(frames, None)
            is_early = first is not None and first[0] <= start_s + _EDGE_S
            if is_early or start_s - back_s <= 0:
                if first is not None:
                    yield first
                yield from frames
                return

    def _read_from(self, start_s: float) -> Iterator[tuple[float, VideoFrame]]:
        self._seek(start_s)
        packets = self._container.demux(self._stream)
        while True:
            self._check()
            try:
                decoded = next(packets).decode()
            except StopIteration:
                return
            except AV_ERRORS:
                continue
            for frame in decoded:
                if isinstance(frame, VideoFrame) and frame.time is not None:
                    yield self._time_s(frame), frame

    def skip_unreferenced(self) -> None:
        """From now on leave out frames that no other frame builds on: half the work."""
        self._stream.codec_context.skip_frame = "NONREF"

    def skip_bidirectional(self) -> None:
        """From now on leave out every frame built on a later one: a third of the work.

        Some encoders make almost all frames that way: `read_from` then gives hardly any.
        """
        self._stream.codec_context.skip_frame = "BIDIR"

    def grey(self, frame: VideoFrame, size_px: tuple[int, int]) -> Pixels:
        """The frame's brightness (height x width), upright; `size_px` is (width, height) so."""
        width, height = size_px
        if self.video.rotation_deg in (90, 270):
            width, height = height, width
        scaled = self._scaler(size_px).reformat(
            frame, width, height, "gray", interpolation=Interpolation.FAST_BILINEAR, threads=1
        )
        grey = scaled.to_ndarray().astype(np.uint8, copy=False)
        return upright(grey, self.video.rotation_deg, is_mirrored=self.video.is_mirrored)

    def _scaler(self, size_px: tuple[int, int]) -> VideoReformatter:
        return self._scalers.setdefault(size_px, VideoReformatter())

    def pixels(self, frame: VideoFrame, size_px: tuple[int, int]) -> Pixels:
        """The frame as BGR (height x width x 3), upright; `size_px` is (width, height) so."""
        width, height = size_px
        if self.video.rotation_deg in (90, 270):
            width, height = height, width
        is_hdr = self.video.is_hdr
        halved = (
            frame.width >= 2 * width
        )  # AREA only pays, and only helps, when much is thrown away
        scaled = (
            self._scaler(size_px)
            .reformat(
                frame,
                width,
                height,
                "rgb48le" if is_hdr else "bgr24",
                src_colorspace=_colorspace(frame),
                interpolation=Interpolation.AREA if halved else Interpolation.FAST_BILINEAR,
                threads=1,
            )
            .to_ndarray()
        )
        shown = (
            hdr.to_sdr(scaled.astype(np.uint16, copy=False), self.video.transfer)
            if is_hdr
            else scaled.astype(np.uint8, copy=False)
        )
        return upright(shown, self.video.rotation_deg, is_mirrored=self.video.is_mirrored)

    def _seek(self, at_s: float) -> None:
        time_base = self._stream.time_base
        target_s = self.info.start_s + max(at_s, 0.0)
        with contextlib.suppress(*AV_ERRORS):  # a stream without jumps is read from where it is
            if time_base:
                self._container.seek(int(target_s / time_base), stream=self._stream)

    def _time_s(self, frame: VideoFrame) -> float:
        # Frames that flushing gives up carry no time base of their own: `frame.time` is NaN there.
        base = self._stream.time_base
        at_s = float(frame.pts * base) if frame.pts is not None and base else 0.0
        return at_s - self.info.start_s


@contextlib.contextmanager
def open_picture(
    path: Path,
    info: MediaInfo,
    check: Callable[[], None],
    *,
    threads: int = 0,
    is_rough: bool = False,
) -> Iterator[Reader]:
    """Open the picture of a probed source; `check` is called between packets and may raise.

    `is_rough` leaves out the codec's smoothing filter: faster, and blocky when looked at closely.
    Raises InputError("no_picture") for sources without one, and what `container.opened` raises.
    """
    if info.video is None:
        raise InputError(
            "no_picture", "There is no picture in this file.", "Choose a file that has one."
        )
    with opened(path) as container:
        for stream in container.streams.video:
            if stream.index == info.video.index and stream.codec_context is not None:
                bounded(stream, threads=threads, is_rough=is_rough)
                yield Reader(container, stream, info, info.video, check)
                return
        raise damaged("The picture that was in this file is not there any more.")


def fitted_px(video: VideoStream, long_side_px: int) -> tuple[int, int]:
    """(width, height) as shown, scaled down to `long_side_px` at most, both even."""
    width, height = video.display_size_px
    scale = min(long_side_px / max(width, height), 1.0)
    return _even(width * scale), _even(height * scale)


def wide_px(video: VideoStream, width_px: int) -> tuple[int, int]:
    """(width, height) as shown at a width of `width_px`, or less for smaller pictures."""
    width, height = video.display_size_px
    scale = min(width_px / width, 1.0)
    return _even(width * scale), _even(height * scale)


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def _colorspace(frame: VideoFrame) -> Colorspace | None:
    """Untagged pictures: BT.709 from HD upwards, BT.601 below, as players take them."""
    if int(frame.colorspace) != _UNKNOWN_COLORSPACE:
        return None
    return Colorspace.ITU709 if frame.height >= _HD_HEIGHT_PX else Colorspace.ITU601
