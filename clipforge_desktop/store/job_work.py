"""A worker's side of the jobs table: claim, report, and every way in which running ends.

A running job belongs to whoever holds its token; a late worker with an old token changes
nothing. Due times are wall-clock but never trusted further than one back-off ahead, so a
moved clock cannot strand a retry.
"""

import random
import sqlite3
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import (
    FINISHED_STATES,
    MAX_ATTEMPTS,
    MAX_WORKER_DEATHS,
    Job,
    JobState,
    Queue,
)
from clipforge_desktop.domain.order import encode
from clipforge_desktop.store.job_views import JobViews

LONGEST_BACKOFF_S = 60.0


@dataclass(frozen=True)
class DueJob:
    """A job that may start now. One that a worker died under before must run alone."""

    id: int
    must_run_alone: bool


@dataclass(frozen=True)
class ProgressReport:
    """Where a running job is; `fraction` is 0 to 1."""

    job_id: int
    token: str
    fraction: float
    note: str
    seconds_left: float | None


def backoff_s(attempts: int, jitter: float) -> float:
    """Seconds to wait after the `attempts`-th failure (1, 2, ...); `jitter` is 0 to 1.

    Exponential, half of it jittered, so that jobs that failed together come back apart.
    """
    return min(LONGEST_BACKOFF_S, 2.0 * 4.0 ** (attempts - 1)) * (0.5 + 0.5 * jitter)


class JobWork(JobViews):
    """What workers do with rows."""

    def due(self, queue: Queue, limit: int) -> list[DueJob]:
        """Jobs that may start now, in order; wakes retries whose back-off is over."""
        self.wake_retries(queue)
        if self.is_paused(queue):
            return []
        rows = self._db.execute(
            "SELECT id, worker_deaths FROM jobs WHERE queue = ? AND state = 'queued'"
            " ORDER BY priority DESC, position LIMIT ?",
            (queue, limit),
        )
        return [DueJob(int(row[0]), row[1] > 0) for row in rows]

    def wake_retries(self, queue: Queue) -> None:
        """retry_wait -> queued when the back-off is over, whatever the clock did meanwhile."""
        now = time.time()
        waiting = self._db.execute(
            "SELECT id, due_at, attempts FROM jobs WHERE queue = ? AND state = 'retry_wait'",
            (queue,),
        ).fetchall()
        for row in waiting:
            longest_s = backoff_s(max(int(row["attempts"]), 1), 1.0)
            if row["due_at"] <= now:
                with self._store.transaction():
                    if self.get(row["id"]).state is JobState.RETRY_WAIT:
                        self._set(row["id"], JobState.QUEUED)
            elif row["due_at"] > now + longest_s:  # the clock was moved back
                with self._store.transaction():
                    self._db.execute(
                        "UPDATE jobs SET due_at = ? WHERE id = ? AND state = 'retry_wait'",
                        (now + longest_s, row["id"]),
                    )

    def claim(self, job_id: int, worker: str) -> Job | None:
        """Take a queued job; None when another was faster, it is not queued or there is none."""
        with self._store.transaction():
            taken = self._db.execute(
                "UPDATE jobs SET state = 'running', token = ?, worker = ?, started_at = ?,"
                " finished_at = NULL, failure = NULL, progress = 0, note = '',"
                " seconds_left = NULL, changed = ?"
                " WHERE id = ? AND state = 'queued'",
                (uuid.uuid4().hex, worker, time.time(), self._store.next_change(), job_id),
            )
            return self.get(job_id) if taken.rowcount == 1 else None

    def is_ours(self, job_id: int, token: str) -> bool:
        """False once the job was cancelled, paused or given to another worker."""
        row = self._db.execute(
            "SELECT 1 FROM jobs WHERE id = ? AND token = ? AND state = 'running'", (job_id, token)
        ).fetchone()
        return row is not None

    def report(self, reports: Iterable[ProgressReport]) -> None:
        """Store where jobs are, in one commit; a report with an old token changes nothing."""
        with self._store.transaction():
            for report in reports:
                self._db.execute(
                    "UPDATE jobs SET progress = ?, note = ?, seconds_left = ?, changed = ?"
                    " WHERE id = ? AND token = ? AND state = 'running'",
                    (
                        report.fraction,
                        report.note,
                        report.seconds_left,
                        self._store.next_change(),
                        report.job_id,
                        report.token,
                    ),
                )

    def finish(self, job_id: int, token: str, result: str) -> bool:
        """running -> done. Call it in the transaction that stores the result's rows.

        False when the token is old: the caller must then roll everything back.
        """
        return self._leave(job_id, token, JobState.DONE, result=result)

    def fail(self, job_id: int, token: str, failure: Failure) -> bool:
        """running -> failed, for good."""
        return self._leave(job_id, token, JobState.FAILED, failure=failure)

    def pause_running(
        self, job_id: int, token: str, failure: Failure, free_bytes: int | None = None
    ) -> bool:
        """running -> paused, for the reason in `failure`.

        `free_bytes` of the disk, when that is the reason: with more than that it may go on.
        """
        with self._store.transaction():
            moved = self._leave(job_id, token, JobState.PAUSED, failure=failure)
            if moved:
                self._db.execute(
                    "UPDATE jobs SET free_bytes = ? WHERE id = ?", (free_bytes, job_id)
                )
            return moved

    def retry_later(self, job_id: int, token: str, failure: Failure) -> JobState | None:
        """running -> retry_wait with back-off, or failed at the last attempt; None: not ours."""
        with self._store.transaction():
            attempts = self.get(job_id).attempts + 1
            is_last = attempts >= MAX_ATTEMPTS
            state = JobState.FAILED if is_last else JobState.RETRY_WAIT
            if not self._leave(job_id, token, state, failure=failure):
                return None
            self._db.execute(
                "UPDATE jobs SET attempts = ?, due_at = ? WHERE id = ?",
                (attempts, time.time() + backoff_s(attempts, random.random()), job_id),
            )
            return state

    def confirm_cancel(self, job_id: int, token: str) -> bool:
        """cancelling -> cancelled, once everything of the job is stopped and removed."""
        with self._store.transaction():
            cursor = self._db.execute(
                "UPDATE jobs SET state = 'cancelled', token = NULL, worker = NULL,"
                " finished_at = ?, note = '', seconds_left = NULL, changed = ?"
                " WHERE id = ? AND token = ? AND state = 'cancelling'",
                (time.time(), self._store.next_change(), job_id, token),
            )
            return cursor.rowcount == 1

    def give_back(self, job_id: int, token: str) -> bool:
        """running -> queued without blame: its worker is leaving in good order."""
        with self._store.transaction():
            cursor = self._db.execute(
                "UPDATE jobs SET state = 'queued', token = NULL, worker = NULL, progress = 0,"
                " note = '', seconds_left = NULL, changed = ?"
                " WHERE id = ? AND token = ? AND state = 'running'",
                (self._store.next_change(), job_id, token),
            )
            return cursor.rowcount == 1

    def release_dead(self, queue: Queue, alive: Iterable[str] = ()) -> list[Job]:
        """Free the jobs of workers that died under them, and count the death on each.

        running -> queued, or quarantined after the third death; cancelling -> cancelled.
        Returns the jobs as they are now.
        """
        living = set(alive)
        with self._store.transaction():
            rows = self._db.execute(
                "SELECT id, worker, state, worker_deaths FROM jobs"
                " WHERE queue = ? AND state IN ('running', 'cancelling')",
                (queue,),
            ).fetchall()
            dead = [row for row in rows if row["worker"] not in living]
            for row in dead:
                self._bury(row)
            return [self.get(int(row["id"])) for row in dead]

    def mark_done(self, job_id: int) -> None:
        """To done by way of running, from any state at rest: its result is there already."""
        with self._store.transaction():
            state = self.get(job_id).state
            if state in (JobState.DONE, JobState.RUNNING, JobState.CANCELLING):
                return
            if state is not JobState.QUEUED:
                self._set(job_id, JobState.QUEUED, failure=None)
            self._set(job_id, JobState.RUNNING)
            self._set(job_id, JobState.DONE, progress=1.0, finished_at=time.time())

    def fail_queued(self, queue: Queue, failure: Failure) -> int:
        """queued -> failed, by way of running: no worker of this queue can be started at all."""
        with self._store.transaction():
            rows = self._db.execute(
                "SELECT id FROM jobs WHERE queue = ? AND state = 'queued'", (queue,)
            ).fetchall()
            for row in rows:
                self._set(row["id"], JobState.RUNNING)
                self._set(
                    row["id"],
                    JobState.FAILED,
                    failure=encode(failure),
                    finished_at=time.time(),
                )
            return len(rows)

    def _leave(
        self,
        job_id: int,
        token: str,
        state: JobState,
        failure: Failure | None = None,
        result: str | None = None,
    ) -> bool:
        """running -> `state` for the holder of the token."""
        with self._store.transaction():
            is_finished = state in FINISHED_STATES
            cursor = self._db.execute(
                "UPDATE jobs SET state = ?, token = NULL, worker = NULL, failure = ?, result = ?,"
                " progress = CASE WHEN ? THEN 1 ELSE progress END, note = '',"
                " seconds_left = NULL, finished_at = ?, changed = ?"
                " WHERE id = ? AND token = ? AND state = 'running'",
                (
                    state,
                    encode(failure) if failure else None,
                    result,
                    state is JobState.DONE,
                    time.time() if is_finished else None,
                    self._store.next_change(),
                    job_id,
                    token,
                ),
            )
            return cursor.rowcount == 1

    def _bury(self, row: sqlite3.Row) -> None:
        deaths = int(row["worker_deaths"]) + 1
        orphaned: dict[str, str | float | None] = {
            "token": None,
            "worker": None,
            "note": "",
            "seconds_left": None,
        }
        if row["state"] == JobState.CANCELLING:
            self._set(row["id"], JobState.CANCELLED, **orphaned, finished_at=time.time())
        elif deaths >= MAX_WORKER_DEATHS:
            failure = Failure(
                "worker_died",
                f"This job was set aside: the program doing it died {deaths} times.",
                "Retry it alone; if it dies again, the file or the computer's memory is at fault.",
            )
            self._set(
                row["id"],
                JobState.QUARANTINED,
                **orphaned,
                worker_deaths=deaths,
                finished_at=time.time(),
                failure=encode(failure),
            )
        else:
            self._set(row["id"], JobState.QUEUED, **orphaned, worker_deaths=deaths, progress=0.0)
