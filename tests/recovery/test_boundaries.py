"""A worker is killed at every boundary of every stage, five times each.

A job has four moments: just claimed, its stage at work, its result made but not committed, and
committed but with the next job not handed out yet. Each video is killed once in every stage, so
that no job comes near quarantine; a video that nobody disturbed tells what the result must be.
"""

import contextlib
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from clipforge_desktop.domain.clip import FoundClip
from clipforge_desktop.domain.job import JobState, Queue
from tests.recovery.bench import WAY, Bench, ForkedWorker, until

TIMES = 5
MOMENTS = ["claimed", "running", "made"]
AFTER = {Queue.IMPORT: Queue.TRANSCRIPTION, Queue.TRANSCRIPTION: Queue.CLIP_DETECTION,
         Queue.CLIP_DETECTION: Queue.EXPORT}  # fmt: skip
Output = tuple[list[str], list[FoundClip], list[bytes]]


def output_of(bench: Bench, order: int) -> Output:
    """Words, clips and files of a finished order."""
    store = bench.store
    source = store.library.source(bench.jobs(order)[0].source_id)
    transcript = store.library.transcript(source.content_key or "")
    assert transcript is not None
    clips = [clip.found for clip in store.library.clips_of_order(order)]
    exports = [
        export
        for job in bench.jobs(order, Queue.EXPORT)
        for export in store.library.exports_of_job(job.id)
    ]
    files = [Path(export.file.video).read_bytes() for export in exports]
    return [word.text for word in transcript.words], clips, files


def undisturbed(bench: Bench) -> Output:
    order = bench.add("undisturbed.mp4")
    until(lambda: bench.is_all_done(order), "the undisturbed one is done")
    return output_of(bench, order)


def has_come(bench: Bench, name: str, moment: str, queue: Queue, times: int) -> bool:
    word = "begin" if moment == "running" else moment
    lines = [line for line in bench.trace(name) if line.startswith(f"{word} {queue} ")]
    return len(lines) >= times


def freeze(bench: Bench, worker: ForkedWorker) -> None:
    """SIGSTOP, at a moment at which the worker holds no lock that would stop the others."""

    def is_frozen_without_a_lock() -> bool:
        worker.signal(signal.SIGSTOP)
        try:
            with contextlib.closing(sqlite3.connect(bench.home.database, timeout=1)) as other:
                other.execute("BEGIN EXCLUSIVE")
                other.execute("ROLLBACK")
        except sqlite3.OperationalError:
            worker.signal(signal.SIGCONT)
            return False
        return True

    until(is_frozen_without_a_lock, "the worker is frozen")


@contextlib.contextmanager
def nobody_commits(bench: Bench) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(bench.home.database, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def kill_at(bench: Bench, name: str, moment: str, queue: Queue, worker: ForkedWorker) -> None:
    """kill -9 with the job exactly there; from then on nothing holds it up."""
    go = Path(bench.file(f"{name}.{queue}.go"))
    jobs = 2 if queue is Queue.EXPORT else 1
    until(lambda: has_come(bench, name, moment, queue, jobs), f"{queue} is {moment}")
    if moment != "made":
        worker.kill()
        go.touch()
        return
    with nobody_commits(bench):
        go.touch()
        until(lambda: not bench.scratch(queue), "its result waits to be committed")
        worker.kill()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_worker_killed_five_times_at_a_boundary_of_each_stage_repeats_at_most_one_unit(
    bench: Bench, moment: str
) -> None:
    workers = dict(zip(WAY, bench.fork_all(), strict=True))
    expected = undisturbed(bench)
    for n in range(TIMES):
        name = f"talk-{n}.mp4"
        go = {queue: bench.file(f"{name}.{queue}.go") for queue in WAY}
        wait = {"do": "wait"} if moment == "running" else {}
        key = "go" if moment == "running" else moment
        order = bench.add(name, {queue.value: {**wait, key: go[queue]} for queue in WAY})
        for queue in WAY:
            kill_at(bench, name, moment, queue, workers[queue])
            workers[queue] = bench.fork(queue)
        until(lambda: bench.is_all_done(order), f"{name} is done")  # noqa: B023
        assert output_of(bench, order) == expected
        assert [job.worker_deaths for job in bench.jobs(order)] == [1] * 5
        assert_little_was_repeated(bench, name, moment)


def assert_little_was_repeated(bench: Bench, name: str, moment: str) -> None:
    """One unit at most: a whole small stage, a speech range; never a finished render."""
    trace = bench.trace(name)
    units = [line for line in trace if line.startswith("unit")]
    assert len(units) == (11 if moment == "running" else 10)
    ended = {queue: bench.ended(name, queue) for queue in WAY}
    again = 2 if moment == "made" else 1
    assert ended[Queue.IMPORT] == ended[Queue.CLIP_DETECTION] == again
    assert ended[Queue.TRANSCRIPTION] == 1
    assert ended[Queue.EXPORT] == 2


def test_workers_killed_five_times_between_a_commit_and_the_next_job_repeat_nothing(
    bench: Bench,
) -> None:
    workers = dict(zip(WAY, bench.fork_all(), strict=True))
    expected = undisturbed(bench)
    for n in range(TIMES):
        name = f"talk-{n}.mp4"
        for following in AFTER.values():
            freeze(bench, workers[following])
        order = bench.add(name)
        for queue, following in AFTER.items():
            waiting = [JobState.QUEUED] * (2 if following is Queue.EXPORT else 1)
            until(lambda: bench.states(order, following) == waiting, "it was committed")  # noqa: B023
            assert bench.states(order, queue) == [JobState.DONE]
            for each in (queue, following):
                workers[each].kill()
                workers[each] = bench.fork(each)
        until(lambda: bench.is_all_done(order), f"{name} is done")  # noqa: B023
        workers[Queue.EXPORT].kill()
        workers[Queue.EXPORT] = bench.fork(Queue.EXPORT)
        assert output_of(bench, order) == expected
        assert [job.worker_deaths for job in bench.jobs(order)] == [0] * 5
        assert [bench.ended(name, queue) for queue in WAY] == [1, 1, 1, 2]
