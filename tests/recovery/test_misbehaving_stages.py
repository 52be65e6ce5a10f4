"""Stages that fail in every way a program can; the worker lives, and the row says why."""

import os
import resource
from pathlib import Path

import pytest

from clipforge_desktop.app.commands import pause_job
from clipforge_desktop.domain.job import JobState, Queue
from tests.recovery.bench import Bench, until

AT_REST = {JobState.FAILED, JobState.PAUSED, JobState.RETRY_WAIT}


@pytest.mark.parametrize(
    ("how", "state", "code"),
    [
        ("exit", JobState.FAILED, "internal_error"),
        ("interrupt", JobState.FAILED, "internal_error"),
        ("surprise", JobState.FAILED, "internal_error"),
        ("permanent", JobState.FAILED, "no_good"),
        ("full", JobState.PAUSED, "disk_full"),
        ("transient", JobState.RETRY_WAIT, "flaky"),
    ],
)
def test_what_a_stage_raises_decides_the_state_and_the_worker_lives(
    bench: Bench, how: str, state: JobState, code: str
) -> None:
    bad = bench.add("bad.mp4", {"import": {"do": how}}, exports=False)
    worker = bench.fork(Queue.IMPORT)
    until(lambda: bench.jobs(bad)[0].state in AT_REST, "the bad one rests")
    good = bench.add("good.mp4", exports=False)
    until(lambda: bench.states(good, Queue.IMPORT) == [JobState.DONE], "the good one is done")
    job = bench.jobs(bad)[0]
    assert job.failure is not None
    assert (job.state, job.failure.code, job.worker_deaths) == (state, code, 0)
    assert worker.is_alive()
    bench.finish_without_workers()


def test_an_unforeseen_error_names_the_log_that_holds_its_traceback(bench: Bench) -> None:
    bad = bench.add("bad.mp4", {"import": {"do": "surprise"}})
    bench.fork(Queue.IMPORT)
    until(lambda: bench.states(bad, Queue.IMPORT) == [JobState.FAILED], "it failed")
    failure = bench.jobs(bad)[0].failure
    assert failure is not None
    log = bench.home.logs / f"job-{bench.jobs(bad)[0].id}.log"
    assert str(log) in failure.next_step
    assert "ZeroDivisionError: nobody thought of this" in log.read_text()


def test_a_stage_that_needs_more_memory_than_there_is_fails_and_its_neighbour_lives(
    bench: Bench,
) -> None:
    greedy = bench.add("greedy.mp4", {"import": {"do": "memory"}}, exports=False)
    other = bench.add(
        "other.mp4", {"import": {"do": "wait", "go": bench.file("go")}}, exports=False
    )
    worker = bench.fork(Queue.IMPORT)
    resource.prlimit(worker.pid, resource.RLIMIT_AS, (3 << 30, 3 << 30))
    until(lambda: bench.states(greedy, Queue.IMPORT) == [JobState.FAILED], "the greedy one failed")
    failure = bench.jobs(greedy)[0].failure
    assert failure is not None
    assert failure.code == "out_of_memory"
    assert worker.is_alive()
    Path(bench.file("go")).touch()
    until(lambda: bench.states(other, Queue.IMPORT) == [JobState.DONE], "the other one is done")
    bench.finish_without_workers()


def test_a_transient_error_is_tried_three_times_and_then_fails(bench: Bench) -> None:
    order = bench.add("bad.mp4", {"import": {"do": "transient"}})
    bench.fork(Queue.IMPORT)
    for attempt in (1, 2):
        until(lambda: bench.jobs(order)[0].state is JobState.RETRY_WAIT, "it waits to be retried")
        job = bench.jobs(order)[0]
        assert job.attempts == attempt
        with bench.store.transaction() as database:  # the back-off is over
            database.execute("UPDATE jobs SET due_at = 0")
        until(lambda: bench.has_begun("bad.mp4", "import", attempt + 1), "it is tried")  # noqa: B023
    until(lambda: bench.jobs(order)[0].state is JobState.FAILED, "it failed")
    assert bench.jobs(order)[0].attempts == 3


@pytest.mark.parametrize("state", ["queued", "retry_wait", "paused", "heeding", "deaf", "two deaf"])
def test_a_cancel_takes_at_most_a_quarter_second_and_leaves_nothing(
    bench: Bench, state: str
) -> None:
    does = {
        "retry_wait": {"do": "transient"},
        "paused": {"do": "full"},
        "heeding": {"do": "wait", "go": bench.file("never")},
        "deaf": {"do": "deafly", "go": bench.file("never")},
        "two deaf": {"do": "deafly", "go": bench.file("never")},
    }
    order = bench.add("talk.mp4", {"import": does[state]} if state in does else None)
    neighbour = None
    if state == "two deaf":  # with a neighbour the process cannot simply end
        plan = {"import": {"do": "wait", "go": bench.file("go")}}
        neighbour = bench.add("neighbour.mp4", plan, exports=False)
    worker = bench.fork(Queue.IMPORT) if state != "queued" else None
    if worker is not None:
        until(lambda: bench.has_begun("talk.mp4", "import"), "it begins")
        if state in ("retry_wait", "paused"):
            until(lambda: bench.states(order, Queue.IMPORT) == [JobState(state)], "it rests")
    if neighbour is not None:
        until(lambda: bench.has_begun("neighbour.mp4", "import"), "the neighbour begins")
    bench.store.jobs.cancel(bench.jobs(order)[0].id)
    until(lambda: bench.states(order, Queue.IMPORT) == [JobState.CANCELLED], "it is cancelled")
    if neighbour is not None:
        Path(bench.file("go")).touch()
        until(lambda: bench.states(neighbour, Queue.IMPORT) == [JobState.DONE], "it lives on")
        Path(bench.file("never")).touch()
        until(lambda: not bench.scratch("import"), "the deaf one is gone")
        assert bench.states(order, Queue.IMPORT) == [JobState.CANCELLED]
        bench.finish_without_workers()


def test_a_paused_running_job_stops_and_goes_on_where_it_was(bench: Bench) -> None:
    order = bench.add("talk.mp4", {"transcription": {"do": "wait", "go": bench.file("go")}})
    bench.fork_all()
    until(lambda: bench.has_begun("talk.mp4", "transcription"), "transcription is at 60 %")
    job = bench.jobs(order, Queue.TRANSCRIPTION)[0]
    pause_job(bench.store, job.id)
    until(lambda: not bench.scratch("transcription"), "it stopped")
    assert bench.states(order, Queue.TRANSCRIPTION) == [JobState.PAUSED]
    Path(bench.file("go")).touch()
    bench.store.jobs.retry(job.id)
    until(lambda: bench.is_all_done(order), "all jobs are done")
    units = [line for line in bench.trace("talk.mp4") if line.startswith("unit")]
    assert len(units) == 11


def test_a_missing_source_pauses_the_job_and_a_changed_one_fails_it(bench: Bench) -> None:
    missing, changed = bench.add("missing.mp4"), bench.add("changed.mp4")
    (bench.folder / "missing.mp4").rename(bench.folder / "elsewhere.mp4")
    (bench.folder / "changed.mp4").write_bytes(b"something else")
    bench.fork(Queue.IMPORT)
    until(lambda: bench.states(missing, Queue.IMPORT) == [JobState.PAUSED], "it waits")
    until(lambda: bench.states(changed, Queue.IMPORT) == [JobState.FAILED], "it failed")
    codes = [job.failure.code for job in bench.store.jobs.all() if job.failure]
    assert codes == ["source_missing", "source_changed"]


def test_an_emptied_cache_is_computed_again_by_itself(bench: Bench) -> None:
    order = bench.add("talk.mp4", exports=False)
    worker = bench.fork(Queue.IMPORT)
    until(lambda: bench.states(order, Queue.IMPORT) == [JobState.DONE], "it is imported")
    for file in bench.home.cache.rglob("audio.s16"):
        file.unlink()
    bench.fork_all()
    until(lambda: bench.is_all_done(order, exports=0), "all jobs are done")
    assert bench.ended("talk.mp4", "import") == 2
    assert worker.is_alive()


def test_the_same_content_under_another_name_is_not_computed_twice(bench: Bench) -> None:
    first = bench.add("talk.mp4", exports=False)
    bench.fork_all()
    until(lambda: bench.is_all_done(first, exports=0), "all jobs are done")
    second = bench.add("again.mp4", exports=False, like="talk.mp4")
    until(lambda: bench.is_all_done(second, exports=0), "all jobs are done")
    assert bench.trace("again.mp4") == []


def test_two_orders_of_one_source_at_once_compute_it_once(bench: Bench) -> None:
    go = bench.file("go")
    first = bench.add("talk.mp4", {"import": {"do": "wait", "go": go}}, exports=False)
    second = bench.add("talk.mp4", {"import": {"do": "wait", "go": go}}, exports=True)
    bench.fork_all()
    until(lambda: bench.has_begun("talk.mp4", "import"), "the first one imports")
    until(lambda: len(bench.store.jobs.running(Queue.IMPORT)) == 2, "the second one waits")
    Path(go).touch()
    until(lambda: bench.is_all_done(first, 0) and bench.is_all_done(second), "both are done")
    begun = [line.split()[1] for line in bench.trace("talk.mp4") if line.startswith("begin")]
    assert begun.count("import") == 1


def test_jobs_side_by_side_share_the_cores_and_a_lone_one_has_them_all(bench: Bench) -> None:
    together = [bench.add(name, exports=False) for name in ("one.mp4", "two.mp4")]
    bench.fork(Queue.IMPORT)
    until(lambda: all(_is_imported(bench, order) for order in together), "both are done")
    alone = bench.add("three.mp4", exports=False)
    until(lambda: _is_imported(bench, alone), "the last one is done")
    told = [bench.trace(name)[0] for name in ("one.mp4", "three.mp4")]
    cores = os.cpu_count() or 1
    assert told == [f"cores {max(1, cores // 2)}", f"cores {cores}"]
    bench.finish_without_workers()


def _is_imported(bench: Bench, order: int) -> bool:
    return bench.states(order, Queue.IMPORT) == [JobState.DONE]


def test_jobs_start_in_the_order_of_the_table(bench: Bench) -> None:
    wait = {"clip_detection": {"do": "wait", "go": bench.file("go")}}
    names = ["a.mp4", "b.mp4", "c.mp4", "d.mp4"]
    orders = [bench.add(name, wait, exports=False) for name in names]
    early = [bench.fork(Queue.IMPORT), bench.fork(Queue.TRANSCRIPTION)]
    until(lambda: all(len(bench.jobs(order)) == 3 for order in orders), "all wait to be searched")
    assert all(worker.is_alive() for worker in early)
    jobs = [job.id for job in bench.store.jobs.all() if job.queue is Queue.CLIP_DETECTION]
    bench.store.jobs.move_before(jobs[3], jobs[0])
    bench.fork(Queue.CLIP_DETECTION)
    moved = bench.store.jobs.get
    until(lambda: moved(jobs[3]).state is JobState.RUNNING, "the moved one is first")
    bench.store.jobs.move_before(jobs[2], jobs[1])
    Path(bench.file("go")).touch()
    until(lambda: all(bench.is_all_done(order, 0) for order in orders), "all jobs are done")
    started = sorted(jobs, key=lambda job: bench.store.jobs.get(job).started_at or 0.0)
    assert started[0] == jobs[3]
    assert started.index(jobs[2]) < started.index(jobs[1])
