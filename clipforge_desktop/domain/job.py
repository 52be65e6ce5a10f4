"""Jobs as rows: states, queues, and what the desk shows of them.

The jobs table is the truth. `LEGAL_MOVES` is the whole state machine; the store refuses any
other move.
"""

from dataclasses import dataclass
from enum import StrEnum

from clipforge_desktop.domain.errors import Failure


class Queue(StrEnum):
    """The queues; each is also the name of its stage."""

    IMPORT = "import"
    TRANSCRIPTION = "transcription"
    CLIP_DETECTION = "clip_detection"
    FRAMING = "framing"  # of single clips, for the preview; no other job waits for it
    EXPORT = "export"


class JobState(StrEnum):
    BLOCKED = "blocked"
    QUEUED = "queued"
    RUNNING = "running"
    RETRY_WAIT = "retry_wait"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    CANCELLED = "cancelled"


FINISHED_STATES = frozenset(
    {JobState.DONE, JobState.FAILED, JobState.QUARANTINED, JobState.CANCELLED}
)

LEGAL_MOVES: dict[JobState, frozenset[JobState]] = {
    JobState.BLOCKED: frozenset({JobState.QUEUED, JobState.CANCELLED}),
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.PAUSED, JobState.CANCELLED}),
    JobState.RUNNING: frozenset(
        {
            JobState.DONE,
            JobState.QUEUED,  # its worker died
            JobState.RETRY_WAIT,
            JobState.FAILED,
            JobState.QUARANTINED,
            JobState.PAUSED,
            JobState.CANCELLING,
        }
    ),
    JobState.RETRY_WAIT: frozenset({JobState.QUEUED, JobState.PAUSED, JobState.CANCELLED}),
    JobState.PAUSED: frozenset({JobState.QUEUED, JobState.CANCELLED}),
    JobState.CANCELLING: frozenset({JobState.CANCELLED}),
    JobState.DONE: frozenset({JobState.QUEUED}),  # its files were deleted: made again
    JobState.FAILED: frozenset({JobState.QUEUED}),
    JobState.QUARANTINED: frozenset({JobState.QUEUED}),
    JobState.CANCELLED: frozenset({JobState.QUEUED}),
}

MAX_ATTEMPTS = 3
MAX_WORKER_DEATHS = 3


@dataclass(frozen=True)
class Job:
    """One row of the jobs table. Wall-clock times are Unix seconds."""

    id: int
    queue: Queue
    state: JobState
    source_id: int
    order_id: int
    clip_id: int | None
    request: str  # JSON of the stage's request
    priority: int  # higher first; then lower id first
    attempts: int  # finished tries that failed with a transient error
    worker_deaths: int
    due_at: float
    token: str | None
    worker: str | None
    progress: float  # 0 to 1
    note: str  # what it does right now, for people: "Transcribing 12:40 of 52:10"
    seconds_left: float | None
    failure: Failure | None
    created_at: float
    started_at: float | None
    finished_at: float | None
    changed: int  # grows with every change of any row: "what is new since N"
    notices: tuple[str, ...] = ()  # what people should know of its result, in plain sentences


@dataclass(frozen=True)
class NewJob:
    """A job to insert. Equal `work_key` means the same work: it is never inserted twice."""

    queue: Queue
    source_id: int
    order_id: int
    work_key: str
    request: str
    clip_id: int | None = None
    priority: int = 0
    state: JobState = JobState.QUEUED
