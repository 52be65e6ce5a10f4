"""The one way PyAV opens a user's file: plain local file, known formats, bounded pictures.

The same whitelists as `ffmpeg.input_file`. Whatever libav says no to comes out as one of our own
errors; nothing of it (nor of PyAV's own surprises on broken files) escapes.
"""

import contextlib
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import av
import av.container
import av.logging

from clipforge_desktop.domain.errors import ClipForgeError, InputError, TransientError
from clipforge_desktop.media import limits, sniff

Container = av.container.InputContainer
AV_ERRORS = (
    av.FFmpegError,
    ValueError,
    EOFError,
    IndexError,
    AttributeError,
    OverflowError,
    ArithmeticError,
)
"""What PyAV raises on broken files: libav's own errors, and Python's where it did not expect."""

_TIMEOUTS_S = (20.0, 20.0)  # opening; one read
_OPTIONS = {
    "protocol_whitelist": limits.PROTOCOLS,
    "format_whitelist": limits.FORMAT_WHITELIST,
    "max_pixels": str(limits.MAX_PIXELS),
}

_REFUSED_SIZE = re.compile(
    r"Picture size (\d+)x(\d+) (?:is invalid|exceeds)"
)  # libavutil/imgutils.c

# A hostile file may log by the megabyte, and errors come as exceptions.
av.logging.set_level(None)
av.logging.set_skip_repeated(False)  # the second file may be refused for the same reason
logging.getLogger("libav").propagate = False


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Container]:
    """The file as an open container. Raises InputError when it cannot be taken."""
    head = sniff.check_file(path)
    try:
        container = _open(path, _OPTIONS)
    except AV_ERRORS as error:
        raise _refused(path, head, error) from error
    with container:
        yield container


def refused_size_px(path: Path) -> tuple[int, int] | None:
    """The picture size that libav found too large, None when that was not its trouble.

    libav forgets a size that it refuses and only its log names it; so the file is opened once
    more, with this thread listening to the log.
    """
    with av.logging.Capture(local=True) as logged:
        av.logging.set_level(av.logging.ERROR)
        try:
            with contextlib.suppress(*AV_ERRORS):
                _open(path, _OPTIONS).close()
        finally:
            av.logging.set_level(None)
    for _, _, message in logged:
        size = _REFUSED_SIZE.search(message)
        if size:
            return int(size[1]), int(size[2])
    return None


def _open(path: Path, options: dict[str, str]) -> Container:
    return av.open(
        f"file:{path.absolute()}", metadata_errors="ignore", options=options, timeout=_TIMEOUTS_S
    )


def bounded(stream: av.stream.Stream, *, threads: int = 0, is_rough: bool = False) -> None:
    """Set a stream's decoder to our limits before its first frame; 0 threads means by cores."""
    context = stream.codec_context
    smoothing = {"skip_loop_filter": "all"} if is_rough else {}
    context.options = {"max_pixels": str(limits.MAX_PIXELS), **smoothing}
    context.thread_count = threads
    if isinstance(context, av.VideoCodecContext):
        context.thread_type = "AUTO" if threads != 1 else "SLICE"


def damaged(what: str = "The file is damaged and cannot be played.") -> InputError:
    return InputError(
        "damaged",
        what,
        "Copy it again from where it came from, or convert it with another program.",
    )


def drm_protected() -> InputError:
    return InputError(
        "drm_protected",
        "This file is copy-protected (DRM), so no program but its shop's may open it.",
        "Use a video without copy protection.",
    )


def _refused(path: Path, head: bytes, error: Exception) -> ClipForgeError:
    if isinstance(error, av.error.TimeoutError | av.error.ExitError):
        return TransientError(
            "read_timeout",
            "Reading this file takes too long; its disk or network folder does not answer.",
            "It is tried again by itself; copying the file to this computer helps.",
        )
    if isinstance(error, PermissionError):
        return InputError(
            "no_permission",
            "This file may not be read.",
            "Give your user permission to read it, then try again.",
        )
    if sniff.has_drm_marks(head):
        return drm_protected()
    if sniff.is_mp4_without_index(path, head):
        return InputError(
            "index_missing",
            "The end of this file is missing, and with it the index that players need.",
            "Copy it again in full; a recording that was cut off needs a repair program.",
        )
    if sniff.content_of(head) is sniff.Content.MEDIA:
        return damaged()
    return sniff.not_media()
