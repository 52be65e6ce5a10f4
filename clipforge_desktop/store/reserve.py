"""A few megabytes set aside, given back when the disk is full.

On a full disk even the row that says so cannot be written; deleting the reserve makes room
for it. It is laid down again once there is plenty of space.
"""

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.job import Job, Queue
from clipforge_desktop.domain.order import decode
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.paths import Home

RESERVE_BYTES = 4 * 1024 * 1024
PLENTY_BYTES = 64 * 1024 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_Value = TypeVar("_Value")


def keep_reserve(home: Home) -> None:
    """Lay the reserve down unless it is there or space is short."""
    with contextlib.suppress(OSError):
        if home.reserve.exists() or shutil.disk_usage(home.root).free < PLENTY_BYTES:
            return
        with home.reserve.open("wb") as reserve:
            reserve.write(os.urandom(RESERVE_BYTES))  # zeros may take no space at all


def release_reserve(home: Home) -> bool:
    """Give the space back; False when it was gone already."""
    try:
        home.reserve.unlink()
    except OSError:
        return False
    return True


def is_disk_full(error: BaseException | None) -> bool:
    """Looks through the causes, too: a library may wrap what the system said."""
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False


def with_room(home: Home, act: Callable[[], _Value]) -> _Value:
    """Do `act`; on a full disk give the reserve back and try once more.

    Raises ClipForgeError `disk_full` when that is not enough; nothing is half done then.
    """
    try:
        return act()
    except (sqlite3.OperationalError, OSError) as error:
        if not is_disk_full(error):
            raise
    release_reserve(home)
    try:
        return act()
    except (sqlite3.OperationalError, OSError) as error:
        if not is_disk_full(error):
            raise
        raise ClipForgeError(
            "disk_full",
            f"The disk with ClipForge's library in {home.root} is full, so this was not done.",
            "Free some space there, then do it again; nothing was lost.",
        ) from error


def free_space(home: Home, job: Job) -> int:
    """Free bytes where the job writes: the home, and the output folder of an export."""
    places = [home.root]
    if job.queue is Queue.EXPORT:
        with contextlib.suppress(ValueError):
            places.append(Path(decode(ExportTask, job.request).options.out_dir))
    return min(_free_bytes(place) for place in places)


def _free_bytes(folder: Path) -> int:
    """Free space where `folder` is or would be."""
    for place in (folder, *folder.parents):
        with contextlib.suppress(OSError):
            return shutil.disk_usage(place).free
    return 0
