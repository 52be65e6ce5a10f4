"""Full disks, locked databases, folders that vanish: work waits, says why, and goes on."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clipforge_desktop.app.supervisor import Supervisor
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.paths import Home
from tests.recovery import oracle
from tests.recovery.bench import Bench, Zygote, until, worker_command
from tests.recovery.disks import fill_up, mounted

LOCKED_S = 8.0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 100 MB of its own; needs the right to mount one."""
    with mounted(tmp_path / "disk", "size=100m") as disk:
        yield disk


@pytest.fixture
def cramped(small_disk: Path, tmp_path: Path, zygote: Zygote) -> Iterator[Bench]:
    """A bench whose whole home lies on the small disk."""
    home = Home(small_disk / "home").create()
    bench = Bench(home, tmp_path, zygote)
    yield bench
    bench.tell()
    bench.close()
    oracle.assert_in_order(home, (bench.out,))


def supervisor(bench: Bench) -> Supervisor:
    return Supervisor(bench.home, worker_command=lambda queue: worker_command(bench.home, queue))


def test_a_job_that_fills_the_disk_is_paused_and_goes_on_when_there_is_room(
    cramped: Bench, small_disk: Path
) -> None:
    hog = {"do": "hog", "once": cramped.file("was-hungry")}
    filler = small_disk / "filler"
    filler.write_bytes(bytes(40 << 20))
    order = cramped.add("talk.mp4", {"transcription": hog}, exports=False)
    with supervisor(cramped):
        paused = [JobState.PAUSED]
        until(lambda: cramped.states(order, Queue.TRANSCRIPTION) == paused, "it is paused")
        failure = cramped.jobs(order, Queue.TRANSCRIPTION)[0].failure
        assert failure is not None
        assert failure.code == "disk_full"
        until(lambda: not cramped.scratch("transcription"), "its files are gone")
        filler.unlink()
        until(lambda: cramped.is_all_done(order, 0), "it went on by itself")


def test_on_a_disk_without_a_byte_left_nothing_is_lost_and_work_goes_on_with_room(
    cramped: Bench, small_disk: Path
) -> None:
    go = cramped.file("go")
    order = cramped.add("talk.mp4", {"import": {"do": "wait", "go": go}}, exports=False)
    with supervisor(cramped):
        until(lambda: cramped.has_begun("talk.mp4", "import"), "import begins")
        fill_up(small_disk)
        Path(go).touch()
        until(
            lambda: (
                cramped.is_all_done(order, 0)
                or JobState.PAUSED in [job.state for job in cramped.jobs(order)]
            ),
            "the reserve is enough, or it is paused",
        )
        (small_disk / "filler").unlink()
        until(lambda: cramped.is_all_done(order, 0), "it went on by itself")
    assert cramped.ended("talk.mp4", "import") == 1


def test_a_database_locked_for_eight_seconds_delays_work_and_loses_nothing(bench: Bench) -> None:
    go = bench.file("go")
    order = bench.add("talk.mp4", {"import": {"do": "wait", "go": go}}, exports=False)
    with supervisor(bench):
        until(lambda: bench.has_begun("talk.mp4", "import"), "import begins")
        with contextlib.closing(sqlite3.connect(bench.home.database, timeout=30)) as other:
            other.execute("BEGIN EXCLUSIVE")
            Path(go).touch()
            until(lambda: bench.ended("talk.mp4", "import"), "import ends")
            threading.Event().wait(LOCKED_S)
            other.execute("COMMIT")
        until(lambda: bench.is_all_done(order, 0), "all jobs are done")
    assert bench.ended("talk.mp4", "import") == 1
    assert all(job.worker_deaths == 0 for job in bench.jobs(order))


def test_a_removed_output_folder_pauses_and_its_return_resumes(bench: Bench) -> None:
    pause = {"do": "pause", "code": "output_not_writable", "once": bench.file("was-away")}
    order = bench.add("talk.mp4", {"export": pause})
    away = bench.folder / "away"
    with supervisor(bench):
        at_rest = [JobState.DONE, JobState.PAUSED]
        until(lambda: sorted(bench.states(order, Queue.EXPORT)) == at_rest, "one export waits")
        bench.out.rename(away)
        away.rename(bench.out)
        until(lambda: bench.is_all_done(order), "all jobs are done")
