"""The jobs table itself: one row in, one row out, and the one function that moves a job.

Every move is checked against `LEGAL_MOVES` and gives the row a new change number, so that
whoever watches sees it. The verbs of workers and of users stand on top of this.
"""

import sqlite3
from dataclasses import dataclass

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import LEGAL_MOVES, Job, JobState, Queue
from clipforge_desktop.domain.order import decode
from clipforge_desktop.store.connection import Room


@dataclass(frozen=True)
class _Left:
    """The part of a finished job's result that everybody may read."""

    notices: tuple[str, ...] = ()


class JobTable(Room):
    """Rows of jobs on one connection."""

    def get(self, job_id: int) -> Job:
        """Raises KeyError when there is no such job."""
        row = self._db.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
        if row is None:
            raise KeyError(job_id)
        return job_from(row)

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


def job_from(row: sqlite3.Row) -> Job:
    """The row as a value."""
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
        notices=decode(_Left, row["result"]).notices if row["result"] else (),
    )
