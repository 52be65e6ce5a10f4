"""What an ended ffmpeg means in plain words: exit code and last log lines to a coded error.

Pure functions. ffmpeg exits with the low byte of a negative errno or of an own tag; a full disk
can also hide behind code 0 when the container is written without a trailer that counts.
"""

import errno

from clipforge_desktop.domain.errors import (
    ClipForgeError,
    InputError,
    PausingError,
    TransientError,
)

_COULD_NOT_START = 126  # what `media.leash` says then
_INVALID_DATA = 0xB7  # low byte of AVERROR_INVALIDDATA
_CRASH_SIGNALS = frozenset({4, 6, 7, 8, 10, 11})  # ILL, ABRT, BUS, FPE, BUS on BSD, SEGV
_WINDOWS_CRASHES = range(0xC0000000, 0xD0000000)  # NTSTATUS of the severity "error"


def failure(code: int, log: str, *, needed_bytes: int | None = None) -> ClipForgeError | None:
    """The error that ends a run with exit code `code` and log `log`; None when all went well.

    `needed_bytes` is what the disk would still have to hold, when that is known.
    """
    if code == 0 and not _says(log, "No space left on device"):
        return None
    number = _errno(code)
    if number in (errno.ENOSPC, errno.EDQUOT) or _says(log, "No space left on device"):
        return _disk_full(needed_bytes)
    if -code in _CRASH_SIGNALS or code in _WINDOWS_CRASHES:
        return _crashed()
    if code < 0 or _says_signal(log):
        return _ended_from_outside()
    if "Error opening output" in log:
        return _output_refused(number) or _unknown(log)
    return _by_number(number, code) or _unknown(log)


def last_error(log: str) -> str:
    """The last line that ffmpeg marked as an error, without its brackets; "" when none is."""
    for line in reversed(log.splitlines()):
        for mark in ("[error] ", "[fatal] "):
            if mark in line:
                return line.partition(mark)[2].strip()
    return ""


def _errno(code: int) -> int | None:
    low = 256 - (code & 0xFF)
    return low if code and low in _KNOWN_ERRNOS else None


def _says(log: str, phrase: str) -> bool:
    # Only at the end of a line: a file may be named like an error.
    return any(line.rstrip(" )").endswith(phrase) for line in log.splitlines())


def _says_signal(log: str) -> bool:
    return "Exiting normally, received signal" in log


def _disk_full(needed_bytes: int | None) -> ClipForgeError:
    amount = f"about {max(needed_bytes // 1_000_000, 1):,} MB" if needed_bytes else "some space"
    return PausingError(
        "disk_full",
        f"The disk is full: {amount} more is needed.",
        "Free some space, then press Retry; finished parts are kept.",
    )


def _crashed() -> ClipForgeError:
    return ClipForgeError(
        "ffmpeg_crashed",
        "The video engine crashed on this file.",
        "Convert the file with another program and try again.",
    )


def _ended_from_outside() -> ClipForgeError:
    return TransientError(
        "ffmpeg_killed",
        "The video engine was ended from outside, perhaps because memory ran short.",
        "It is tried again by itself; closing other programs helps.",
    )


def _output_refused(number: int | None) -> ClipForgeError | None:
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return PausingError(
            "output_not_writable",
            "The output folder cannot be written to.",
            "Allow writing there or choose another folder, then press Retry.",
        )
    if number in (errno.ENOENT, errno.ENOTDIR):
        return PausingError(
            "output_missing",
            "The output folder is not there any more.",
            "Bring it back or choose another folder, then press Retry.",
        )
    return None


def _by_number(number: int | None, code: int) -> ClipForgeError | None:
    if code == _COULD_NOT_START:
        return ClipForgeError(
            "ffmpeg_not_executable",
            "The video engine (ffmpeg) could not be started.",
            "Install ClipForge again, or point IMAGEIO_FFMPEG_EXE to a working ffmpeg.",
        )
    if code & 0xFF == _INVALID_DATA:
        return InputError(
            "damaged",
            "The file is damaged, or is not a video at all.",
            "Copy it again from where it came from, or convert it with another program.",
        )
    if number is None:
        return None
    return _BY_ERRNO.get(number, lambda: None)()


def _missing() -> ClipForgeError:
    return InputError(
        "source_missing",
        "The video is not where it was.",
        "Bring it back, or add it again from its new place.",
    )


def _no_permission() -> ClipForgeError:
    return InputError(
        "no_permission",
        "This file may not be read.",
        "Give your user permission to read it, then try again.",
    )


def _out_of_memory() -> ClipForgeError:
    return ClipForgeError(
        "out_of_memory",
        "There is not enough memory for this video.",
        "Close other programs, then press Retry.",
    )


def _read_failed() -> ClipForgeError:
    return TransientError(
        "read_failed",
        "The disk reported an error while the video was read or written.",
        "It is tried again by itself; check the cable or the disk if it happens again.",
    )


def _too_large_for_disk() -> ClipForgeError:
    return ClipForgeError(
        "file_too_large",
        "The disk cannot hold a file this large.",
        "Choose a folder on another disk (FAT32 disks stop at 4 GB).",
    )


_BY_ERRNO = {
    errno.ENOENT: _missing,
    errno.EACCES: _no_permission,
    errno.EPERM: _no_permission,
    errno.ENOMEM: _out_of_memory,
    errno.EIO: _read_failed,
    errno.EFBIG: _too_large_for_disk,
}
_KNOWN_ERRNOS = frozenset(_BY_ERRNO) | {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOTDIR}


def _unknown(log: str) -> ClipForgeError:
    reason = last_error(log)
    return ClipForgeError(
        "ffmpeg_failed",
        "The video engine could not do this" + (f": {reason}" if reason else "."),
        "The job's log tells more; converting the file with another program often helps.",
    )
