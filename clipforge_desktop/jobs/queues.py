"""The queues: how many threads each has, which stage it runs, and its Huey.

Huey's file is a disposable cache of the jobs table: only ids travel through it, as plain
numbers (never pickles), and a damaged or deleted file is simply made anew.
"""

import importlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast
from uuid import uuid4

import psutil
from huey import SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import SqliteStorage

from clipforge_desktop.domain.job import Queue
from clipforge_desktop.paths import Home

STAGES = "clipforge_desktop.stages"
"""The package that holds one module per stage; tests put their own in its place."""

LONGEST_WAIT_S = 5.0
BYTES_PER_EXPORT = 1_500_000_000
MOST_EXPORTS = 6


class Stage(Protocol):
    """A stage's module. `parameters(request, context) -> str` may be there as well: what,
    besides content and version, decides the result."""

    VERSION: int

    def run(self, request: Any, context: Any) -> Any:  # each stage has its own two types
        ...


@dataclass(frozen=True)
class QueueRow:
    """What makes one queue different from the others."""

    queue: Queue
    stage: str
    threads: int
    paints: bool = False


def queue_row(queue: Queue) -> QueueRow:
    """The row of `queue` on this machine."""
    match queue:
        case Queue.IMPORT:
            return QueueRow(queue, "importing", 2)
        case Queue.TRANSCRIPTION:
            return QueueRow(queue, "transcribing", 1)
        case Queue.CLIP_DETECTION:
            return QueueRow(queue, "finding", 1)
        case Queue.FRAMING:
            return QueueRow(queue, "framing", 1)
        case Queue.EXPORT:
            memory = psutil.virtual_memory().total
            return QueueRow(queue, "exporting", export_threads(os.cpu_count() or 1, memory), True)


def export_threads(cores: int, memory_bytes: int) -> int:
    """Two exports at once on small machines, half the cores on larger ones, as memory allows.

    On two cores two at once beat one; a three-way split peaked at 1.25 GB.
    """
    by_cores = min(max(2, cores // 2), MOST_EXPORTS)
    return max(1, min(by_cores, memory_bytes // BYTES_PER_EXPORT))


def load_stage(row: QueueRow, stages: str = STAGES) -> Stage:
    """Import the one stage that this worker runs."""
    return cast(Stage, importlib.import_module(f"{stages}.{row.stage}"))


class JobIds(Serializer):  # type: ignore[misc]  # huey has no types
    """A message is the decimal id of a job and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.task_name = ""

    def _serialize(self, data: Message) -> bytes:
        return b"%d" % data.args[0]

    def _deserialize(self, data: bytes) -> Message:
        job_id = int(bytes(data)[:20])  # longer is no id of ours
        return Message(
            uuid4().hex, self.task_name, retries=0, retry_delay=0, args=(job_id,), kwargs={}
        )


class WakingStorage(SqliteStorage):  # type: ignore[misc]  # huey has no types
    """Wakes a waiting thread when an id is put in, instead of letting it poll."""

    blocking = True

    def __init__(self, *args: Any, **options: Any) -> None:
        self._put_in = threading.Semaphore(0)
        super().__init__(*args, **options)

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        super().enqueue(data, priority)
        self._put_in.release()

    def dequeue(self) -> bytes | None:
        self._put_in.acquire(timeout=LONGEST_WAIT_S)
        message: bytes | None = super().dequeue()
        return message

    def renew(self) -> None:
        """Throw the file away and start an empty one."""
        self.close()
        with self.lock:
            discard(Path(self.filename))
        self.initialize_schema()


def discard(file: Path) -> None:
    """Remove a database file and its journal."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


class JobChannel:
    """One queue's Huey: `put` an id here, and `run_job(id)` is called in a worker thread."""

    def __init__(self, home: Home, queue: Queue, run_job: Callable[[int], None]) -> None:
        file = home.queues / f"{queue}.db"
        ids = JobIds()
        try:
            self.huey = _open(file, queue, ids)
        except sqlite3.Error:
            discard(file)
            self.huey = _open(file, queue, ids)
        self._task = self.huey.task(name="run_job")(run_job)
        ids.task_name = self.huey._registry.task_to_string(self._task.task_class)
        self.huey.storage.flush_queue()

    def put(self, job_id: int) -> None:
        """Hand an id to the threads, through a new file when this one is damaged or gone."""
        try:
            self._task(job_id)
        except sqlite3.Error:
            self.huey.storage.renew()
            self._task(job_id)

    def start(self, threads: int) -> None:
        """Start Huey's consumer with its threads; call it on the main thread."""
        self._consumer = self.huey.create_consumer(
            workers=threads,
            worker_type="thread",
            periodic=False,
            initial_delay=0.05,
            max_delay=0.25,
            scheduler_interval=60,
        )
        self._consumer.start()
        self._checked_s = time.monotonic()

    def check(self) -> None:
        """Replace threads that ended; call it now and then."""
        if time.monotonic() - self._checked_s > 5:
            self._checked_s = time.monotonic()
            self._consumer.check_worker_health()

    def stop(self) -> None:
        """Threads take nothing more; what runs is not waited for."""
        self._consumer.stop_flag.set()


def _open(file: Path, queue: Queue, ids: JobIds) -> SqliteHuey:
    return SqliteHuey(
        str(queue),
        results=False,
        serializer=ids,
        storage_class=WakingStorage,
        filename=str(file),
        journal_mode="memory",
        fsync=False,
    )
