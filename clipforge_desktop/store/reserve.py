"""A few megabytes set aside, given back when the disk is full.

On a full disk even the row that says so cannot be written; deleting the reserve makes room
for it. It is laid down again once there is plenty of space.
"""

import contextlib
import os
import shutil
from pathlib import Path

from clipforge_desktop.domain.job import Job, Queue
from clipforge_desktop.domain.order import decode
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.paths import Home

RESERVE_BYTES = 4 * 1024 * 1024
PLENTY_BYTES = 64 * 1024 * 1024


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
