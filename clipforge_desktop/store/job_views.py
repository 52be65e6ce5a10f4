"""Looking at jobs: lists, counts, and what changed. Nothing here writes."""

from dataclasses import dataclass

from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.store.job_table import JobTable, job_from

WAITING = (JobState.QUEUED, JobState.RETRY_WAIT, JobState.PAUSED, JobState.BLOCKED)


@dataclass(frozen=True)
class QueueCounts:
    """How many jobs of a queue stand where; cleared ones are not counted."""

    waiting: int
    active: int
    completed: int
    failed: int
    is_paused: bool


@dataclass(frozen=True)
class Demand:
    """Whether a queue needs a worker: jobs that may start, and jobs that a worker holds."""

    due: int
    running: int


class JobViews(JobTable):
    """Reads of the jobs table."""

    def result(self, job_id: int) -> str | None:
        """JSON of what the finished job left on its row."""
        row = self._db.execute("SELECT result FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return None if row is None else row[0]

    def free_when_paused(self, job_id: int) -> int | None:
        """Free bytes of the disk that was full, as measured when the job was paused."""
        row = self._db.execute("SELECT free_bytes FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return None if row is None else row[0]

    def all(self, with_cleared: bool = False) -> list[Job]:
        """In the order of work."""
        rows = self._db.execute(
            "SELECT * FROM jobs WHERE is_cleared <= ? ORDER BY position", (int(with_cleared),)
        )
        return [job_from(row) for row in rows]

    def of_order(self, order_id: int, queue: Queue | None = None) -> list[Job]:
        rows = self._db.execute(
            "SELECT * FROM jobs WHERE order_id = ? AND (? IS NULL OR queue = ?) ORDER BY position",
            (order_id, queue, queue),
        )
        return [job_from(row) for row in rows]

    def changed_since(self, change: int) -> list[Job]:
        """Jobs that changed after `change`, cleared ones not."""
        rows = self._db.execute(
            "SELECT * FROM jobs WHERE changed > ? AND is_cleared = 0 ORDER BY changed", (change,)
        )
        return [job_from(row) for row in rows]

    def cleared_ids(self) -> set[int]:
        rows = self._db.execute("SELECT id FROM jobs WHERE is_cleared = 1")
        return {int(row[0]) for row in rows}

    def running(self, queue: Queue) -> list[Job]:
        """Jobs that a worker holds, those being cancelled included."""
        rows = self._db.execute(
            "SELECT * FROM jobs WHERE queue = ? AND state IN ('running', 'cancelling')", (queue,)
        )
        return [job_from(row) for row in rows]

    def in_state(self, *states: JobState) -> list[Job]:
        marks = ",".join("?" * len(states))
        rows = self._db.execute(
            f"SELECT * FROM jobs WHERE state IN ({marks}) ORDER BY position", states
        )
        return [job_from(row) for row in rows]

    def is_paused(self, queue: Queue) -> bool:
        row = self._db.execute("SELECT is_paused FROM queues WHERE name = ?", (queue,)).fetchone()
        return bool(row and row[0])

    def counts(self) -> dict[Queue, QueueCounts]:
        rows = self._db.execute(
            "SELECT queue, state, count(*) FROM jobs WHERE is_cleared = 0 GROUP BY queue, state"
        )
        by_queue: dict[Queue, dict[JobState, int]] = {queue: {} for queue in Queue}
        for queue, state, count in rows:
            by_queue[Queue(queue)][JobState(state)] = int(count)
        return {
            queue: QueueCounts(
                waiting=sum(states.get(state, 0) for state in WAITING),
                active=states.get(JobState.RUNNING, 0) + states.get(JobState.CANCELLING, 0),
                completed=states.get(JobState.DONE, 0),
                failed=states.get(JobState.FAILED, 0) + states.get(JobState.QUARANTINED, 0),
                is_paused=self.is_paused(queue),
            )
            for queue, states in by_queue.items()
        }

    def demand(self) -> dict[Queue, Demand]:
        """What each queue has for a worker now; a paused queue has nothing due."""
        demand = {}
        for queue in Queue:
            found = dict(
                self._db.execute(
                    "SELECT state, count(*) FROM jobs WHERE queue = ?"
                    " AND state IN ('queued', 'running', 'cancelling') GROUP BY state",
                    (queue,),
                ).fetchall()
            )
            due = 0 if self.is_paused(queue) else int(found.get("queued", 0))
            demand[queue] = Demand(due, found.get("running", 0) + found.get("cancelling", 0))
        return demand
