"""The one way PyAV opens a user's file: plain local file, known formats, bounded pictures.

The same whitelists as `ffmpeg.input_file`. Whatever libav says no to comes out as one of our own
errors; nothing of it (nor of PyAV's own surprises on broken files) escapes.
"""

import contextlib
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

av.logging.set_level(None)  # a hostile file may log by the megabyte; errors come as exceptions


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Container]:
    """The file as an open container. Raises InputError when it cannot be taken."""
    head = sniff.check_file(path)
    try:
        container = av.open(
            f"file:{path.absolute()}",
            metadata_errors="ignore",
            options=_OPTIONS,
            timeout=_TIMEOUTS_S,
        )
    except AV_ERRORS as error:
        raise _refused(path, head, error) from error
    with container:
        yield container


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
