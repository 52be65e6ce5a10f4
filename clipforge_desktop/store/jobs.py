"""The jobs table: every move of every job, each one compare-and-set.

A running job belongs to whoever holds its token; a late worker with an old token changes
nothing. Due times are wall-clock but never trusted further than one back-off ahead, so a
moved clock cannot strand a retry. Policy (what follows what) lives in the jobs room.
"""

import random
import sqlite3
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import (
    FINISHED_STATES,
    LEGAL_MOVES,
    MAX_ATTEMPTS,
    MAX_WORKER_DEATHS,
    Job,
    JobState,
    NewJob,
    Queue,
)
from clipforge_desktop.domain.order import decode, encode

if TYPE_CHECKING:
    from clipforge_desktop.store.connection import Store

LONGEST_BACKOFF_S = 60.0
_WAITING = (JobState.QUEUED, JobState.RETRY_WAIT, JobState.PAUSED, JobState.BLOCKED)


@dataclass(frozen=True)
class QueueCounts:
    waiting: int
    active: int
    completed: int
    failed: int
    is_paused: bool


def backoff_s(attempts: int, jitter: float) -> float:
    """Seconds to wait after the `attempts`-th failure (1, 2, ...); `jitter` is 0 to 1.

    Exponential, half of it jittered, so that jobs that failed together come back apart.
    """
    return min(LONGEST_BACKOFF_S, 2.0 * 4.0 ** (attempts - 1)) * (0.5 + 0.5 * jitter)


class Jobs:
    """Moves and views of jobs on one connection."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._db = store.connection

    # -- putting in ---------------------------------------------------------------------

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

    # -- a worker's side ----------------------------------------------------------------

    def due(self, queue: Queue, limit: int) -> list[int]:
        """Ids of jobs that may start now, in order; wakes retries whose back-off is over."""
        now = time.time()
        self._wake_retries(queue, now)
        if self.is_paused(queue):
            return []
        rows = self._db.execute(
            "SELECT id FROM jobs WHERE queue = ? AND state = ?"
            " ORDER BY priority DESC, position LIMIT ?",
            (queue, JobState.QUEUED, limit),
        )
        return [int(row[0]) for row in rows]

    def next_due_in_s(self, queue: Queue) -> float | None:
        """Seconds until the queue has work: 0 when it has some now, None when never."""
        if self.is_paused(queue):
            return None
        row = self._db.execute(
            "SELECT min(CASE state WHEN 'queued' THEN 0 ELSE due_at END) FROM jobs"
            " WHERE queue = ? AND state IN ('queued', 'retry_wait')",
            (queue,),
        ).fetchone()
        if row[0] is None:
            return None
        return min(max(float(row[0]) - time.time(), 0.0), LONGEST_BACKOFF_S) if row[0] else 0.0

    def claim(self, job_id: int, worker: str) -> Job | None:
        """Take a queued job; None when another was faster or it is no longer queued."""
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

    def report(
        self, job_id: int, token: str, progress: float, note: str, seconds_left: float | None
    ) -> bool:
        """Store progress; False when the job is no longer ours."""
        with self._store.transaction():
            cursor = self._db.execute(
                "UPDATE jobs SET progress = ?, note = ?, seconds_left = ?, changed = ?"
                " WHERE id = ? AND token = ? AND state = 'running'",
                (progress, note, seconds_left, self._store.next_change(), job_id, token),
            )
            return cursor.rowcount == 1

    def finish(self, job_id: int, token: str, result: str) -> bool:
        """running -> done. Call it in the transaction that stores the result's rows.

        False when the token is old: the caller must then roll everything back.
        """
        return self._leave(job_id, token, JobState.DONE, result=result)

    def fail(self, job_id: int, token: str, failure: Failure) -> bool:
        """running -> failed, for good."""
        return self._leave(job_id, token, JobState.FAILED, failure=failure)

    def pause_running(self, job_id: int, token: str, failure: Failure) -> bool:
        """running -> paused, for the reason in `failure`."""
        return self._leave(job_id, token, JobState.PAUSED, failure=failure)

    def retry_later(self, job_id: int, token: str, failure: Failure) -> JobState | None:
        """running -> retry_wait with back-off, or failed at the last attempt; None: not ours."""
        with self._store.transaction():
            job = self.get(job_id)
            attempts = job.attempts + 1
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

    # -- the user's side ----------------------------------------------------------------

    def cancel(self, job_id: int) -> JobState:
        """Waiting jobs are cancelled at once, a running one is `cancelling` until it stopped."""
        with self._store.transaction():
            state = self.get(job_id).state
            if state in _WAITING:
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
                "UPDATE jobs SET position = position + 1, changed = ? WHERE position >= ?",
                (self._store.next_change(), position),
            )
            self._db.execute(
                "UPDATE jobs SET position = ?, changed = ? WHERE id = ?",
                (position, self._store.next_change(), job_id),
            )

    def clear_finished(self) -> int:
        """Take finished jobs off the list; their results stay. Returns how many."""
        states = ",".join(f"'{state}'" for state in sorted(FINISHED_STATES))
        with self._store.transaction():
            cursor = self._db.execute(
                f"UPDATE jobs SET is_cleared = 1, changed = ?"
                f" WHERE is_cleared = 0 AND state IN ({states})",
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

    def is_paused(self, queue: Queue) -> bool:
        row = self._db.execute("SELECT is_paused FROM queues WHERE name = ?", (queue,)).fetchone()
        return bool(row and row[0])

    # -- looking ------------------------------------------------------------------------

    def get(self, job_id: int) -> Job:
        """Raises KeyError when there is no such job."""
        row = self._db.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
        if row is None:
            raise KeyError(job_id)
        return _job(row)

    def result(self, job_id: int) -> str | None:
        """JSON of the finished job's result."""
        row = self._db.execute("SELECT result FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return None if row is None else row[0]

    def all(self, with_cleared: bool = False) -> list[Job]:
        """In the order of work."""
        rows = self._db.execute(
            "SELECT * FROM jobs WHERE is_cleared <= ? ORDER BY position", (int(with_cleared),)
        )
        return [_job(row) for row in rows]

    def of_order(self, order_id: int) -> list[Job]:
        rows = self._db.execute(
            "SELECT * FROM jobs WHERE order_id = ? ORDER BY position", (order_id,)
        )
        return [_job(row) for row in rows]

    def changed_since(self, change: int) -> list[Job]:
        """Jobs that changed after `change`, cleared ones not."""
        rows = self._db.execute(
            "SELECT * FROM jobs WHERE changed > ? AND is_cleared = 0 ORDER BY changed", (change,)
        )
        return [_job(row) for row in rows]

    def cleared_ids(self) -> set[int]:
        rows = self._db.execute("SELECT id FROM jobs WHERE is_cleared = 1")
        return {int(row[0]) for row in rows}

    def running(self, queue: Queue) -> list[Job]:
        rows = self._db.execute(
            "SELECT * FROM jobs WHERE queue = ? AND state IN ('running', 'cancelling')", (queue,)
        )
        return [_job(row) for row in rows]

    def in_state(self, *states: JobState) -> list[Job]:
        marks = ",".join("?" * len(states))
        rows = self._db.execute(
            f"SELECT * FROM jobs WHERE state IN ({marks}) ORDER BY position", states
        )
        return [_job(row) for row in rows]

    def counts(self) -> dict[Queue, QueueCounts]:
        rows = self._db.execute(
            "SELECT queue, state, count(*) FROM jobs WHERE is_cleared = 0 GROUP BY queue, state"
        )
        by_queue: dict[Queue, dict[JobState, int]] = {queue: {} for queue in Queue}
        for queue, state, count in rows:
            by_queue[Queue(queue)][JobState(state)] = int(count)
        return {
            queue: QueueCounts(
                waiting=sum(states.get(state, 0) for state in _WAITING),
                active=states.get(JobState.RUNNING, 0) + states.get(JobState.CANCELLING, 0),
                completed=states.get(JobState.DONE, 0),
                failed=states.get(JobState.FAILED, 0) + states.get(JobState.QUARANTINED, 0),
                is_paused=self.is_paused(queue),
            )
            for queue, states in by_queue.items()
        }

    # -- workers ------------------------------------------------------------------------

    def register_worker(self, worker: str, queue: Queue, pid: int, pid_created: float) -> None:
        """The one worker of a queue; the rows of earlier ones are forgotten."""
        with self._store.transaction():
            self._db.execute("DELETE FROM workers WHERE queue = ?", (queue,))
            self._db.execute(
                "INSERT INTO workers (id, queue, pid, pid_created) VALUES (?, ?, ?, ?)",
                (worker, queue, pid, pid_created),
            )

    def beat(self, worker: str) -> bool:
        """Count one heartbeat; False when another worker took over the queue."""
        with self._store.transaction():
            cursor = self._db.execute("UPDATE workers SET beat = beat + 1 WHERE id = ?", (worker,))
            return cursor.rowcount == 1

    def beats(self) -> dict[Queue, tuple[str, int, int]]:
        """Per queue: (worker id, pid, heartbeats so far)."""
        rows = self._db.execute("SELECT queue, id, pid, beat FROM workers")
        return {Queue(row[0]): (str(row[1]), int(row[2]), int(row[3])) for row in rows}

    def forget_worker(self, worker: str) -> None:
        with self._store.transaction():
            self._db.execute("DELETE FROM workers WHERE id = ?", (worker,))

    # -- inside -------------------------------------------------------------------------

    def _wake_retries(self, queue: Queue, now: float) -> None:
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
        if row["state"] == JobState.CANCELLING:
            self._set(row["id"], JobState.CANCELLED, token=None, finished_at=time.time())
        elif deaths >= MAX_WORKER_DEATHS:
            failure = Failure(
                "worker_died",
                f"This job was set aside: the program doing it died {deaths} times.",
                "Retry it alone; if it dies again, the file or the computer's memory is at fault.",
            )
            self._set(
                row["id"],
                JobState.QUARANTINED,
                token=None,
                worker=None,
                worker_deaths=deaths,
                finished_at=time.time(),
                failure=encode(failure),
            )
        else:
            self._set(
                row["id"],
                JobState.QUEUED,
                token=None,
                worker=None,
                worker_deaths=deaths,
                progress=0.0,
                note="",
            )

    def _set(self, job_id: int, state: JobState, **columns: str | float | None) -> None:
        """Move by `LEGAL_MOVES`; the caller holds the transaction and has checked the state."""
        before = self.get(job_id).state
        if state not in LEGAL_MOVES[before]:
            raise ValueError(f"job {job_id}: {before} cannot become {state}")
        names = "".join(f", {name} = ?" for name in columns)
        self._db.execute(
            f"UPDATE jobs SET state = ?, changed = ?{names} WHERE id = ?",
            (state, self._store.next_change(), *columns.values(), job_id),
        )


def _job(row: sqlite3.Row) -> Job:
    return Job(
        id=row["id"],
        queue=Queue(row["queue"]),
        state=JobState(row["state"]),
        source_id=row["source_id"],
        order_id=row["order_id"],
        clip_id=row["clip_id"],
        request=row["request"],
        priority=row["priority"],
        attempts=row["attempts"],
        worker_deaths=row["worker_deaths"],
        due_at=row["due_at"],
        token=row["token"],
        worker=row["worker"],
        progress=row["progress"],
        note=row["note"],
        seconds_left=row["seconds_left"],
        failure=decode(Failure, row["failure"]) if row["failure"] else None,
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        changed=row["changed"],
    )
