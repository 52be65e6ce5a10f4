"""How far the running exports are, taken together: one batch, one progress, one end.

A batch begins with the first export that is waiting and ends when none of its jobs is under way
any more; what is asked for meanwhile joins it. Where all that is left is paused, it has ended too,
and is told with the reason: what is held is a batch of its own, silent until it goes on. Only
what a user paused just now is not news to them.
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
_AT_REST = FINISHED_STATES | {JobState.PAUSED}
_BY_USER = "paused_by_user"
LEAST_SHARE, LEAST_S = 0.02, 8.0
"""Of a batch: what is done before tells nothing yet of the time left."""


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
    """How a batch ended: its jobs. `why` is the reason of the first that is paused."""

    done: tuple[int, ...]
    failed: tuple[int, ...]
    paused: tuple[int, ...] = ()
    why: str = ""

    @property
    def sentence(self) -> str:
        """10 clips are ready; 9 clips are ready, 1 is paused: The disk is full."""
        parts: list[str] = []
        for jobs, state in ((self.done, "ready"), (self.failed, "failed"), (self.paused, "paused")):
            number = len(jobs)
            if not number:
                continue
            is_so = state if state == "failed" else f"{'is' if number == 1 else 'are'} {state}"
            what = phrases.count(number, "clip" if state == "ready" else "export")
            parts.append(f"{number if parts else what} {is_so}")
        why = f": {self.why}" if self.paused and self.why else "."
        return ", ".join(parts) + why


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
        self._held: dict[int, str] = {}  # paused jobs that were told, and why they are
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
        self._keep([one for one in exports if one.id in self._jobs or one.state not in _AT_REST])
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
        jobs = sorted(self._jobs.values(), key=lambda job: job.id)
        if not jobs:
            return
        if self._asked <= 0 and all(job.state in _AT_REST for job in jobs):
            held = [job for job in jobs if job.state is JobState.PAUSED]
            if not held or self._is_news(held):
                self._end(jobs, held)
        self.changed.emit(self._progress() if self._jobs else None)

    def _is_news(self, held: list[Job]) -> bool:
        """Whether something ended, or stopped for another reason than what was told."""
        if _is_by_user(max(self._jobs.values(), key=_change)):
            return False
        has_ended = any(job.state in _BROKEN | {JobState.DONE} for job in self._jobs.values())
        return has_ended or any(
            self._held.get(job.id) != _why(job) for job in held if not _is_by_user(job)
        )

    def _end(self, jobs: list[Job], held: list[Job]) -> None:
        """Tell how it ended; what is held is left, for when it goes on."""
        done = tuple(job.id for job in jobs if job.state is JobState.DONE)
        failed = tuple(job.id for job in jobs if job.state in _BROKEN)
        self._jobs = {job.id: job for job in held}
        self._files = {job.id: self._files[job.id] for job in held}
        self._held = {job.id: _why(job) for job in held}
        self._began = None
        if done or failed or held:
            why = next(filter(None, map(_why, held)), "")
            self.ended.emit(Outcome(done, failed, tuple(self._held), why))

    def _progress(self) -> Progress:
        jobs = [job for job in self._jobs.values() if job.state is not JobState.CANCELLED]
        files = sum(self._files[job.id] for job in jobs)
        done = sum(self._files[job.id] for job in jobs if job.state is JobState.DONE)
        failed = sum(job.state in _BROKEN for job in jobs)
        share = sum(self._files[job.id] * _share(job) for job in jobs) / max(files, 1)
        left_s = self._left_s(share, jobs)
        is_paused = all(job.state in _AT_REST for job in jobs) and any(
            job.state is JobState.PAUSED for job in jobs
        )
        return Progress(done, files, share, left_s, is_paused, failed)

    def _left_s(self, share: float, jobs: list[Job]) -> float | None:
        """By how fast it went since it works; None while that says nothing.

        Where nothing waits any more, it is what the running ones say: their first steps are quick.
        """
        running = [job for job in jobs if job.state in _ACTIVE]
        if not running:
            self._began = None
            return None
        if all(job.state in FINISHED_STATES or job in running for job in jobs):
            said = [job.seconds_left for job in running if job.seconds_left is not None]
            return max(said) if len(said) == len(running) else None
        if self._began is None or share < self._began[1]:
            self._began = (self._now(), share)
        began_s, from_share = self._began
        passed_s = self._now() - began_s
        if share - from_share < LEAST_SHARE or passed_s < LEAST_S:
            return None
        return passed_s * (1 - share) / (share - from_share)


def _change(job: Job) -> int:
    return job.changed


def _why(job: Job) -> str:
    return job.failure.message if job.failure is not None else ""


def _is_by_user(job: Job) -> bool:
    is_paused = job.state is JobState.PAUSED
    return is_paused and job.failure is not None and job.failure.code == _BY_USER


def _share(job: Job) -> float:
    return 1.0 if job.state in FINISHED_STATES else job.progress
