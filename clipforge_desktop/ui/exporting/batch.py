"""How far the running exports are, taken together: one batch, one progress, one end.

A batch begins with the first export that is waiting and ends when none of its jobs is under way
any more; what is asked for meanwhile joins it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from clipforge_desktop.domain.job import FINISHED_STATES, Job, JobState, Queue
from clipforge_desktop.ui import phrases
from clipforge_desktop.ui.desk import Desk

_ACTIVE = frozenset({JobState.RUNNING, JobState.CANCELLING})
_BROKEN = frozenset({JobState.FAILED, JobState.QUARANTINED})
LEAST_SHARE = 0.02  # of a batch: what is done before tells nothing yet of the time left


@dataclass(frozen=True)
class Progress:
    """A batch under way. Files count when their clip is done; `share` is 0 to 1."""

    files_done: int
    files: int
    share: float
    left_s: float | None
    is_paused: bool
    failed: int

    @property
    def text(self) -> str:
        """4 of 30 files, 6 min left."""
        return phrases.joined(
            f"{self.files_done} of {phrases.count(self.files, 'file')}",
            "paused" if self.is_paused else phrases.time_left(self.left_s),
            f"{self.failed} failed" if self.failed else "",
        )


@dataclass(frozen=True)
class Outcome:
    """How a batch ended: its jobs."""

    done: tuple[int, ...]
    failed: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """10 clips are ready; 9 clips are ready, 1 failed."""
        done, failed = len(self.done), len(self.failed)
        ready = f"{phrases.count(done, 'clip')} {'is' if done == 1 else 'are'} ready"
        if not failed:
            return f"{ready}."
        return (
            f"{ready}, {failed} failed." if done else f"{phrases.count(failed, 'export')} failed."
        )


class Batch(QObject):
    changed = Signal(object)  # Progress, None when there is no batch
    ended = Signal(object)  # Outcome
    files_wanted = Signal(list)  # ids of jobs whose files are not counted yet

    def __init__(
        self, desk: Desk, parent: QObject, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._desk, self._now = desk, now
        self._jobs: dict[int, Job] = {}
        self._files: dict[int, int] = {}
        self._asked = 0
        self._began: tuple[float, float] | None = None  # when it worked first, at which share
        desk.jobs_changed.connect(self.take)

    @property
    def jobs(self) -> list[Job]:
        """Those of the batch that is under way."""
        return list(self._jobs.values())

    def expect(self) -> None:
        """More exports are being asked for: the batch does not end before they are here."""
        self._asked += 1

    def join(self, jobs: list[Job]) -> None:
        """The exports that were asked for, those that were finished before, too."""
        self._asked -= 1
        known = self._desk.jobs
        self._keep([max(job, known.get(job.id, job), key=_change) for job in jobs])
        self._tell()

    def take(self, jobs: list[Job]) -> None:
        """Jobs that changed; exports that wait or run belong to the batch."""
        exports = [job for job in jobs if job.queue is Queue.EXPORT]
        resting = FINISHED_STATES | {JobState.PAUSED}
        self._keep([one for one in exports if one.id in self._jobs or one.state not in resting])
        if exports:
            self._tell()

    def count_files(self, files: Mapping[int, int]) -> None:
        self._files.update(files)
        self._tell()

    def _keep(self, jobs: list[Job]) -> None:
        fresh = [job.id for job in jobs if job.id not in self._files]
        self._jobs.update((job.id, job) for job in jobs)
        if fresh:
            self._files.update(dict.fromkeys(fresh, 1))
            self.files_wanted.emit(fresh)

    def _tell(self) -> None:
        if not self._jobs:
            return
        if self._asked <= 0 and all(job.state in FINISHED_STATES for job in self._jobs.values()):
            self._end()
        else:
            self.changed.emit(self._progress())

    def _end(self) -> None:
        jobs = sorted(self._jobs.values(), key=lambda job: job.id)
        done = tuple(job.id for job in jobs if job.state is JobState.DONE)
        failed = tuple(job.id for job in jobs if job.state in _BROKEN)
        self._jobs.clear()
        self._files.clear()
        self._began = None
        self.changed.emit(None)
        if done or failed:
            self.ended.emit(Outcome(done, failed))

    def _progress(self) -> Progress:
        jobs = [job for job in self._jobs.values() if job.state is not JobState.CANCELLED]
        files = sum(self._files[job.id] for job in jobs)
        done = sum(self._files[job.id] for job in jobs if job.state is JobState.DONE)
        failed = sum(job.state in _BROKEN for job in jobs)
        share = sum(self._files[job.id] * _share(job) for job in jobs) / max(files, 1)
        left_s = self._left_s(share, jobs)
        is_paused = not any(
            job.state not in FINISHED_STATES | {JobState.PAUSED} for job in jobs
        ) and any(job.state is JobState.PAUSED for job in jobs)
        return Progress(done, files, share, left_s, is_paused, failed)

    def _left_s(self, share: float, jobs: list[Job]) -> float | None:
        """By how fast it went since it works; None while that says nothing.

        Where nothing waits any more, it is what the running ones say.
        """
        running = [job for job in jobs if job.state in _ACTIVE]
        if not running:
            self._began = None
            return None
        said = [job.seconds_left for job in running if job.seconds_left is not None]
        if said and all(job.state in FINISHED_STATES or job in running for job in jobs):
            return max(said)
        if self._began is None or share < self._began[1]:
            self._began = (self._now(), share)
        began_s, from_share = self._began
        if share - from_share < LEAST_SHARE:
            return None
        return (self._now() - began_s) * (1 - share) / (share - from_share)


def _change(job: Job) -> int:
    return job.changed


def _share(job: Job) -> float:
    return 1.0 if job.state in FINISHED_STATES else job.progress
