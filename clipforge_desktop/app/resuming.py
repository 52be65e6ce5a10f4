"""Jobs that wait for something outside go on by themselves once it is there again.

A full disk, an output folder that cannot be written, a source on an unplugged drive: each
is looked at every few seconds, cheaply, and the job is queued afresh when the reason is gone.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.order import decode
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.reserve import free_space

FREED_BYTES = 16 * 1024 * 1024


class Resumer:
    """Looks at paused jobs; keeps nothing but what the rows say."""

    def __init__(self, store: Store, free_space: Callable[[Home, Job], int] = free_space) -> None:
        self._store = store
        self._free_space = free_space

    def look(self) -> int:
        """Queue what can go on; returns how many jobs."""
        ready = [job for job in self._store.jobs.in_state(JobState.PAUSED) if self._can_go_on(job)]
        for job in ready:
            self._store.jobs.retry(job.id)
        return len(ready)

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
        then = self._store.jobs.free_when_paused(job.id) or 0
        return self._free_space(self._store.home, job) >= then + FREED_BYTES

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


def _can_write(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
