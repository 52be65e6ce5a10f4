"""The supervisor starts, watches, ends and resumes; two of them never get in each other's way."""

import signal
import sys
from pathlib import Path

import psutil

from clipforge_desktop.app import resuming
from clipforge_desktop.app.supervisor import Supervisor
from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.store.pulse import read_mark
from tests.recovery.bench import Bench, until, worker_command


def supervisor(bench: Bench, idle_minutes: float = 2.0, lease_s: float = 20.0) -> Supervisor:
    return Supervisor(
        bench.home,
        idle_minutes=idle_minutes,
        lease_s=lease_s,
        worker_command=lambda queue: worker_command(bench.home, queue),
    )


def test_it_starts_workers_on_need_and_lets_idle_ones_go(bench: Bench) -> None:
    with supervisor(bench, idle_minutes=0.01) as desk:
        assert desk.worker_pids == {}
        order = bench.add("talk.mp4")
        until(lambda: bench.is_all_done(order), "all jobs are done")
        until(lambda: desk.worker_pids == {}, "idle workers are let go")


def test_a_stopped_worker_is_ended_after_its_lease_and_its_job_done_by_another(
    bench: Bench,
) -> None:
    go = bench.file("go")
    order = bench.add("talk.mp4", {"import": {"do": "wait", "go": go}}, exports=False)
    with supervisor(bench, lease_s=3.0) as desk:
        until(lambda: bench.has_begun("talk.mp4", "import"), "import begins")
        until(lambda: read_mark(bench.home, Queue.IMPORT), "it beats")
        stopped = psutil.Process(desk.worker_pids[Queue.IMPORT])
        stopped.send_signal(signal.SIGSTOP)
        until(lambda: not stopped.is_running(), "it is ended")
        Path(go).touch()
        until(lambda: bench.is_all_done(order, exports=0), "all jobs are done")
    assert bench.jobs(order)[0].worker_deaths == 1


def test_of_two_supervisors_one_works_and_the_other_takes_over(bench: Bench) -> None:
    go = bench.file("go")
    first, second = supervisor(bench), supervisor(bench)
    first.start()
    second.start()
    order = bench.add("talk.mp4", {"clip_detection": {"do": "wait", "go": go}}, exports=False)
    until(lambda: bench.has_begun("talk.mp4", "clip_detection"), "clip detection begins")
    assert first.worker_pids != {}
    assert second.worker_pids == {}
    first.stop()
    Path(go).touch()
    until(lambda: bench.is_all_done(order, exports=0), "the second one goes on")
    second.stop()
    assert all(job.worker_deaths == 0 for job in bench.jobs(order))


def test_a_worker_that_cannot_start_is_not_tried_forever_and_its_jobs_say_so(
    bench: Bench,
) -> None:
    order = bench.add("talk.mp4")
    starts = bench.folder / "starts"
    broken = f"open({str(starts)!r}, 'a').write('x'); raise SystemExit(1)"
    with Supervisor(bench.home, worker_command=lambda _: [sys.executable, "-c", broken]):
        until(lambda: bench.states(order, Queue.IMPORT) == [JobState.FAILED], "it says so")
    failure = bench.jobs(order)[0].failure
    assert failure is not None
    assert failure.code == "worker_cannot_start"
    assert len(starts.read_text()) == 5


def test_jobs_that_wait_for_something_outside_go_on_by_themselves(bench: Bench) -> None:
    order = bench.add("talk.mp4", exports=False)
    source = bench.folder / "talk.mp4"
    hidden = source.rename(bench.folder / "unplugged.mp4")
    with supervisor(bench):
        until(lambda: bench.states(order, Queue.IMPORT) == [JobState.PAUSED], "it waits")
        hidden.rename(source)
        until(lambda: bench.is_all_done(order, exports=0), "it went on")


def test_a_disk_full_pause_ends_when_space_was_freed_and_not_before(bench: Bench) -> None:
    order = bench.add("talk.mp4")
    job = bench.store.jobs.claim(bench.jobs(order)[0].id, "worker")
    assert job is not None
    full = Failure("disk_full", "The disk is full.", "Free some space.")
    bench.store.jobs.pause_running(job.id, job.token or "", full, free_bytes=10 << 20)
    free_bytes = [0]
    resumer = resuming.Resumer(bench.store, lambda home, job: free_bytes[0])
    for free_mb, state in ((10, JobState.PAUSED), (20, JobState.PAUSED), (30, JobState.QUEUED)):
        free_bytes[0] = free_mb << 20
        resumer.look()
        assert bench.jobs(order)[0].state is state
    bench.finish_without_workers()


def test_what_the_user_paused_stays_paused(bench: Bench) -> None:
    order = bench.add("talk.mp4")
    paused = Failure("paused_by_user", "You paused this.", "Retry it to go on.")
    bench.store.jobs.pause(bench.jobs(order)[0].id, paused)
    resuming.Resumer(bench.store).look()
    assert bench.states(order, Queue.IMPORT) == [JobState.PAUSED]
