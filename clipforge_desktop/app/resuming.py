"""Jobs that wait for something outside go on by themselves once it is there again.

A full disk, an output folder that cannot be written, a source on an unplugged drive: each
is looked at every few seconds, cheaply, and the job is queued afresh when the reason is gone.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.order import decode
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.store import Store

FREED_BYTES = 16 * 1024 * 1024
ENOUGH_AT_START_BYTES = 512 * 1024 * 1024


class Resumer:
    """Remembers how full the disk was when a job was paused for it."""

    def __init__(self, store: Store, free_bytes: Callable[[Path], int] | None = None) -> None:
        self._store = store
        self._free_bytes = free_bytes or _free_bytes
        self._free_then: dict[int, int] = {}
        self._is_first_look = True

    def look(self) -> None:
        """Queue what can go on."""
        paused = self._store.jobs.in_state(JobState.PAUSED)
        for job in paused:
            if self._can_go_on(job):
                self._free_then.pop(job.id, None)
                self._store.jobs.retry(job.id)
        known = {job.id for job in paused}
        self._free_then = {key: free for key, free in self._free_then.items() if key in known}
        self._is_first_look = False

    def _can_go_on(self, job: Job) -> bool:
        match job.failure.code if job.failure is not None else "":
            case "disk_full":
                return self._has_room(job)
            case "output_not_writable" | "output_missing":
                return any(_can_write(folder) for folder in _folders(job))
            case "source_missing":
                return self._has_source(job)
        return False

    def _has_room(self, job: Job) -> bool:
        """More room than when it was paused; so it never starts over on an unchanged disk."""
        folders = [self._store.home.root, *_folders(job)]
        free = min((self._free_bytes(folder) for folder in folders), default=0)
        if self._is_first_look and free >= ENOUGH_AT_START_BYTES:
            return True
        then = self._free_then.setdefault(job.id, free)
        if free < then:
            self._free_then[job.id] = free
        return free >= then + FREED_BYTES

    def _has_source(self, job: Job) -> bool:
        source = self._store.library.source(job.source_id)
        try:
            return Path(source.path).stat().st_size == source.size_bytes
        except (OSError, ValueError):
            return False


def _folders(job: Job) -> list[Path]:
    """The output folder of an export."""
    if job.queue is not Queue.EXPORT:
        return []
    try:
        return [Path(decode(ExportTask, job.request).options.out_dir)]
    except ValueError:
        return []


def _free_bytes(folder: Path) -> int:
    """Free space where `folder` is or would be."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return 0


def _can_write(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
