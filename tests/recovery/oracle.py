"""The one question after every provocation: is everything still in order?

Only legal states, no job lost or done twice, no half-written file, no process left, a whole
database, and for every failure a code with two plain sentences.
"""

import contextlib
import sqlite3
from pathlib import Path

import psutil

from clipforge_desktop.domain.job import FINISHED_STATES, Job, JobState, Queue
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store

AT_REST = FINISHED_STATES | {JobState.PAUSED}
EXPLAINED = {JobState.FAILED, JobState.QUARANTINED, JobState.PAUSED, JobState.RETRY_WAIT}


def assert_in_order(home: Home, folders: tuple[Path, ...] = ()) -> None:
    """`folders` are where exports went. No worker may run any more."""
    with Store.open(home) as store:
        jobs = store.jobs.all(with_cleared=True)
        assert [job for job in jobs if job.state not in AT_REST] == []
        for job in jobs:
            _assert_explained(job)
            _assert_followed(store, job)
        if all(job.state is JobState.DONE for job in jobs):
            kept = store.connection.execute("SELECT count(*) FROM checkpoints").fetchone()[0]
            assert kept == 0
    _assert_no_leftovers(home, folders)
    assert processes_of(home) == []
    assert integrity(home.database) == "ok"


def _assert_explained(job: Job) -> None:
    assert (job.token, job.worker) == (None, None) or job.state not in AT_REST, job
    if job.state in EXPLAINED:
        assert job.failure is not None, job
        assert all((job.failure.code, job.failure.message, job.failure.next_step)), job
        assert job.failure.message.endswith((".", ")."))


def _assert_followed(store: Store, job: Job) -> None:
    """A done job has its result and its successors."""
    if job.state is not JobState.DONE:
        return
    queues = {other.queue for other in store.jobs.of_order(job.order_id)}
    match job.queue:
        case Queue.IMPORT:
            assert store.library.source(job.source_id).media is not None
            assert Queue.TRANSCRIPTION in queues
        case Queue.TRANSCRIPTION:
            assert Queue.CLIP_DETECTION in queues
        case Queue.CLIP_DETECTION:
            assert store.library.clips_of_order(job.order_id)
        case Queue.EXPORT:
            exports = store.library.exports_of_job(job.id)
            assert exports
            assert all(Path(export.file.video).is_file() for export in exports)


def _assert_no_leftovers(home: Home, folders: tuple[Path, ...]) -> None:
    for folder in (home.root, *folders):
        if folder.is_dir():
            assert list(folder.rglob("*.part*")) == []
    assert [run for queue in home.work.iterdir() for run in queue.iterdir()] == []


def processes_of(home: Home) -> list[str]:
    """Command lines of living processes that work for this home."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            line = " ".join(process.cmdline())
            cwd = Path(process.cwd())
            if process.status() == psutil.STATUS_ZOMBIE or process.pid == psutil.Process().pid:
                continue
            if str(home.root) in line or home.work in cwd.parents:
                found.append(line)
    return found


def integrity(database: Path) -> str:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
