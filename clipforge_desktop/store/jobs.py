"""The jobs of one home, as `store.jobs`: what users ask for, on top of looking and working.

The jobs table is the truth; every move is one compare-and-set in a transaction of its own.
Policy (what follows what) lives in `domain.pipeline`.
"""

import time

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import FINISHED_STATES, LEGAL_MOVES, JobState, NewJob, Queue
from clipforge_desktop.domain.order import encode
from clipforge_desktop.store.job_views import WAITING, Demand, QueueCounts
from clipforge_desktop.store.job_work import (
    LONGEST_BACKOFF_S,
    DueJob,
    JobWork,
    ProgressReport,
    backoff_s,
)

__all__ = [
    "LONGEST_BACKOFF_S",
    "Demand",
    "DueJob",
    "Jobs",
    "ProgressReport",
    "QueueCounts",
    "backoff_s",
]

_WAITING_STATES = ",".join(f"'{state}'" for state in WAITING)
_FINISHED_STATES = ",".join(f"'{state}'" for state in sorted(FINISHED_STATES))


class Jobs(JobWork):
    """Moves and views of jobs on one connection."""

    def add(self, new: NewJob) -> int:
        """Insert, or find the job of the same work; returns its id either way."""
        with self._store.transaction():
            found = self._db.execute(
                "SELECT id FROM jobs WHERE work_key = ?", (new.work_key,)
            ).fetchone()
            if found:
                return int(found[0])
            cursor = self._db.execute(
                "INSERT INTO jobs (queue, state, source_id, order_id, clip_id, work_key, request,"
                " priority, position, created_at, changed)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?,"
                " (SELECT coalesce(max(position), 0) + 1 FROM jobs), ?, ?)",
                (
                    new.queue,
                    new.state,
                    new.source_id,
                    new.order_id,
                    new.clip_id,
                    new.work_key,
                    new.request,
                    new.priority,
                    time.time(),
                    self._store.next_change(),
                ),
            )
            return int(cursor.lastrowid or 0)

    def hurry(self, job_id: int, priority: int) -> None:
        """Let a waiting job come before others of its queue; never makes it later."""
        with self._store.transaction():
            self._db.execute(
                "UPDATE jobs SET priority = ?, changed = ? WHERE id = ? AND priority < ?",
                (priority, self._store.next_change(), job_id, priority),
            )

    def cancel(self, job_id: int) -> JobState:
        """Waiting jobs are cancelled at once, a running one is `cancelling` until it stopped."""
        with self._store.transaction():
            state = self.get(job_id).state
            if state in WAITING:
                self._set(job_id, JobState.CANCELLED, finished_at=time.time(), failure=None)
            elif state is JobState.RUNNING:
                self._set(job_id, JobState.CANCELLING)
            return self.get(job_id).state

    def pause(self, job_id: int, failure: Failure) -> JobState:
        """Hold a waiting or running job until it is retried; a running one keeps checkpoints."""
        with self._store.transaction():
            state = self.get(job_id).state
            if JobState.PAUSED in LEGAL_MOVES[state]:
                self._set(
                    job_id,
                    JobState.PAUSED,
                    token=None,
                    worker=None,
                    note="",
                    seconds_left=None,
                    failure=encode(failure),
                )
            return self.get(job_id).state

    def retry(self, job_id: int) -> JobState:
        """Queue a finished, paused or waiting-to-retry job afresh, with all its attempts."""
        with self._store.transaction():
            state = self.get(job_id).state
            can_be_queued = JobState.QUEUED in LEGAL_MOVES[state]
            if can_be_queued and state is not JobState.RUNNING and state is not JobState.BLOCKED:
                self._set(
                    job_id,
                    JobState.QUEUED,
                    attempts=0,
                    worker_deaths=0,
                    due_at=0.0,
                    progress=0.0,
                    failure=None,
                    result=None,
                    finished_at=None,
                    is_cleared=0,
                )
            return self.get(job_id).state

    def move_before(self, job_id: int, other_id: int) -> None:
        """Put a waiting job right before another one in the order of work."""
        with self._store.transaction():
            position = self._db.execute(
                "SELECT position FROM jobs WHERE id = ?", (other_id,)
            ).fetchone()[0]
            self._db.execute(
                "UPDATE jobs SET position = position + 1, changed = ?"
                f" WHERE position >= ? AND state IN ({_WAITING_STATES})",
                (self._store.next_change(), position),
            )
            self._db.execute(
                "UPDATE jobs SET position = ?, changed = ? WHERE id = ?",
                (position, self._store.next_change(), job_id),
            )

    def clear_finished(self) -> int:
        """Take finished jobs off the list; their results stay. Returns how many."""
        with self._store.transaction():
            cursor = self._db.execute(
                f"UPDATE jobs SET is_cleared = 1, changed = ?"
                f" WHERE is_cleared = 0 AND state IN ({_FINISHED_STATES})",
                (self._store.next_change(),),
            )
            return cursor.rowcount

    def pause_queue(self, queue: Queue, is_paused: bool) -> None:
        """A paused queue starts nothing new; what runs, runs on."""
        with self._store.transaction():
            self._db.execute(
                "INSERT INTO queues (name, is_paused) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET is_paused = excluded.is_paused",
                (queue, int(is_paused)),
            )
