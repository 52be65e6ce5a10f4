"""What a file is that somebody gave: its path without detours, its size and time of change.

Only a look from outside, so that hundreds of files can be dropped at once; import looks closer.
"""

import os
import stat
from pathlib import Path

from clipforge_desktop.domain.errors import Failure

TEXT_ENDINGS = frozenset({".srt", ".vtt", ".ass", ".ssa", ".json", ".txt", ".md"})
_HEAD_BYTES = 4096


def plain_path(path: Path) -> Path:
    """The path without detours (`a/../b`), so that one file is one source."""
    given = path.expanduser().absolute()
    short = Path(os.path.normpath(given))
    try:
        return short if short.samefile(given) else given  # a link may lead elsewhere
    except (OSError, ValueError):
        return given


def identify(path: Path) -> tuple[int, int] | Failure:
    """(size in bytes, time of change in ns) of a file, or why it cannot be added."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return Failure(
            "name_not_text",
            "The name of this file holds bytes that are no letters in any alphabet.",
            "Rename the file, then add it again.",
        )
    try:
        status = path.stat()
    except FileNotFoundError:
        return Failure(
            "not_found",
            f"There is no file {path.name} at that place.",
            "Check the path, or plug the drive in.",
        )
    except (OSError, ValueError) as error:
        return _unreadable(path, error)
    return _no_video(path, status) or (status.st_size, status.st_mtime_ns)


def _no_video(path: Path, status: os.stat_result) -> Failure | None:
    """Why this can be no video, as far as a look at its first bytes tells; import looks closer."""
    if stat.S_ISDIR(status.st_mode):
        return Failure(
            "is_a_folder",
            f"There are no videos in the folder {path.name}.",
            "Give a video, or a folder with videos in it.",
        )
    if path.suffix.casefold() not in TEXT_ENDINGS or not stat.S_ISREG(status.st_mode):
        return None
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        return _unreadable(path, error)
    if b"\0" in head.removeprefix(b"\xff\xfe"):
        return None  # a video under a strange name, or text in UTF-16: import knows
    return Failure(
        "not_a_video",
        f"{path.name} is a text or subtitle file, not a video.",
        "Give the video: subtitles beside it are found by themselves, others by --transcript.",
    )


def _unreadable(path: Path, error: OSError | ValueError) -> Failure:
    return Failure(
        "no_permission",
        f"{path.name} cannot be read: {getattr(error, 'strerror', None) or error}.",
        "Check the file's permissions and name.",
    )
