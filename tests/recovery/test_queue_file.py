"""Huey's file is disposable: whatever happens to it, the jobs are done."""

import sqlite3
from pathlib import Path

import pytest

from clipforge_desktop.domain.job import JobState, Queue
from tests.recovery.bench import Bench, until

GARBAGE = b"this is no database" * 500
SQLITE = b"SQLite format 3\0"


def test_a_queue_file_of_garbage_is_made_anew(bench: Bench) -> None:
    for queue in Queue:
        (bench.home.queues / f"{queue}.db").write_bytes(GARBAGE)
    order = bench.add("talk.mp4")
    bench.fork_all()
    until(lambda: bench.is_all_done(order), "all jobs are done")
    for job in bench.jobs(order):
        assert (job.attempts, job.worker_deaths) == (0, 0)
        head = (bench.home.queues / f"{job.queue}.db").read_bytes()[: len(SQLITE)]
        assert head == SQLITE, job.queue


@pytest.mark.parametrize("damage", ["deleted", "overwritten"])
def test_a_queue_file_that_is_damaged_under_a_running_worker_loses_nothing(
    bench: Bench, damage: str
) -> None:
    first = bench.add("first.mp4", exports=False)
    worker = bench.fork(Queue.IMPORT)
    until(lambda: bench.states(first, Queue.IMPORT) == [JobState.DONE], "the first one is done")
    file = bench.home.queues / "import.db"
    if damage == "deleted":
        file.unlink()
    else:
        file.write_bytes(GARBAGE)
    more = [bench.add(f"more{n}.mp4", exports=False) for n in range(4)]
    until(
        lambda: all(bench.states(order, Queue.IMPORT) == [JobState.DONE] for order in more),
        "the others are done",
    )
    assert worker.is_alive()
    bench.finish_without_workers()


def test_messages_that_are_no_ids_or_name_no_job_are_harmless(bench: Bench) -> None:
    order = bench.add("talk.mp4", {"import": {"do": "wait", "go": bench.file("go")}})
    worker = bench.fork(Queue.IMPORT, wait_s=0.2)
    until(lambda: bench.has_begun("talk.mp4", "import"), "import begins")
    done = bench.jobs(order)[0].id
    messages = [b"\x80\x04nonsense", b"", b"-1", b"999999", b"9" * 400, b"%d" % done, b"1e5"]
    with sqlite3.connect(bench.home.queues / "import.db") as queue:
        queue.executemany(
            "INSERT INTO task (queue, data) VALUES ('import', ?)", [(data,) for data in messages]
        )
    queue.close()
    Path(bench.file("go")).touch()
    until(lambda: bench.states(order, Queue.IMPORT) == [JobState.DONE], "the job is done")
    until(lambda: _is_empty(bench.home.queues / "import.db"), "the messages are gone")
    assert bench.ended("talk.mp4", "import") == 1
    assert worker.is_alive()
    bench.finish_without_workers()


def _is_empty(file: Path) -> bool:
    connection = sqlite3.connect(file)
    try:
        return bool(connection.execute("SELECT count(*) FROM task").fetchone()[0] == 0)
    finally:
        connection.close()
