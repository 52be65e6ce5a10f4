"""The desk dies, the user logs off, the window closes: workers go, and nobody is to blame."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from clipforge_desktop.app.supervisor import Supervisor
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.store.pulse import read_mark
from tests.recovery.bench import ROOT, WAY, Bench, until, worker_command

WAIT = "go"


def children_of(bench: Bench, queue: Queue) -> list[psutil.Process]:
    mark = read_mark(bench.home, queue)
    return psutil.Process(mark.pid).children(recursive=True) if mark else []


@pytest.mark.parametrize("how", ["desk gone", "log-off"])
def test_a_worker_that_is_told_to_leave_gives_its_jobs_back_without_blame(
    bench: Bench, how: str
) -> None:
    order = bench.add("talk.mp4", {"export": {"do": "wait", "go": bench.file(WAIT)}})
    worker = dict(zip(WAY, bench.fork_all(), strict=True))[Queue.EXPORT]
    until(lambda: bench.has_begun("talk.mp4", "export", 2), "two exports run")
    until(lambda: len(children_of(bench, Queue.EXPORT)) == 2, "each has its child")
    children = children_of(bench, Queue.EXPORT)
    if how == "desk gone":
        worker.let_go()
    else:
        worker.signal(signal.SIGTERM)
    worker.wait_gone()
    assert not any(child.is_running() for child in children)
    assert bench.states(order, Queue.EXPORT) == [JobState.QUEUED] * 2
    assert [job.worker_deaths for job in bench.jobs(order)] == [0] * 5
    Path(bench.file(WAIT)).touch()
    bench.fork(Queue.EXPORT)
    until(lambda: bench.is_all_done(order), "all jobs are done")


def test_a_worker_whose_stage_is_deaf_still_leaves_in_time_and_without_blame(bench: Bench) -> None:
    order = bench.add("talk.mp4", {"import": {"do": "deafly", "go": bench.file(WAIT)}})
    worker = bench.fork(Queue.IMPORT)
    until(lambda: bench.has_begun("talk.mp4", "import"), "import begins")
    worker.let_go()
    worker.wait_gone()
    job = bench.jobs(order)[0]
    assert (job.state, job.worker_deaths) == (JobState.QUEUED, 0)
    bench.finish_without_workers()


def test_after_a_killed_desk_all_workers_go_and_a_new_one_goes_on(bench: Bench) -> None:
    order = bench.add("talk.mp4", {"export": {"do": "wait", "go": bench.file(WAIT)}})
    command = [sys.executable, "-m", "tests.recovery.desk_main", str(bench.home.root)]
    desk = subprocess.Popen(command, cwd=ROOT)
    until(lambda: bench.has_begun("talk.mp4", "export", 2), "two exports run")
    until(lambda: len(children_of(bench, Queue.EXPORT)) == 2, "each has its child")
    family = psutil.Process(desk.pid).children(recursive=True)
    desk.kill()
    desk.wait()
    until(lambda: not any(each.is_running() for each in family), "all are gone")
    assert bench.states(order, Queue.EXPORT) == [JobState.QUEUED] * 2
    Path(bench.file(WAIT)).touch()
    with Supervisor(bench.home, worker_command=lambda queue: worker_command(bench.home, queue)):
        until(lambda: bench.is_all_done(order), "all jobs are done")
    assert all(job.worker_deaths == 0 for job in bench.jobs(order))
