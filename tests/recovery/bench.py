"""The test bench: a home with real rows, real worker processes, and ways to end them.

Nothing here waits for a time, only for conditions with a deadline.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.order import ExportOptions, Order
from clipforge_desktop.domain.pipeline import first_job
from clipforge_desktop.jobs.queues import LONGEST_WAIT_S
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store

ROOT = Path(__file__).resolve().parents[2]
PLENTY_S = 90.0
WAY = (Queue.IMPORT, Queue.TRANSCRIPTION, Queue.CLIP_DETECTION, Queue.EXPORT)
"""The queues that an order with exports walks through."""
Plan = dict[str, dict[str, str]]


def worker_command(home: Home, queue: Queue) -> list[str]:
    """A worker that runs the tests' stages, as a supervisor starts it."""
    return [sys.executable, "-m", "tests.recovery.zygote", str(queue), str(home.root)]


def until(condition: Callable[[], object], what: str, timeout_s: float = PLENTY_S) -> float:
    """Wait until the condition holds; returns the seconds it took."""
    begun_s = time.monotonic()
    pause = threading.Event()
    while not condition():
        if time.monotonic() - begun_s > timeout_s:
            raise AssertionError(f"{what}: not within {timeout_s} s")
        pause.wait(0.01)
    return time.monotonic() - begun_s


class Zygote:
    """Starts workers in some milliseconds; one per test session."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.recovery.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )

    def fork(self, queue: Queue, home: Home, leash: Path, wait_s: float) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{queue}\t{home.root}\t{leash}\t{wait_s}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@dataclass
class ForkedWorker:
    """A worker process on our leash."""

    pid: int
    leash: IO[bytes]

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        self.signal(signal.SIGKILL)
        self.wait_gone()

    def let_go(self) -> None:
        self.leash.close()

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def is_alive(self) -> bool:
        return psutil.pid_exists(self.pid)

    def wait_gone(self, timeout_s: float = PLENTY_S) -> float:
        taken_s = until(lambda: not self.is_alive(), f"worker {self.pid} is gone", timeout_s)
        self.leash.close()
        return taken_s


class Bench:
    """One home under test."""

    def __init__(self, home: Home, folder: Path, zygote: Zygote) -> None:
        self.home = home
        self.folder = folder
        self.out = folder / "out"
        self.store = Store.open(home)
        self._zygote = zygote
        self._workers: list[ForkedWorker] = []
        self._leashes = 0

    def add(
        self, name: str, plan: Plan | None = None, *, exports: bool = True, like: str = ""
    ) -> int:
        """A source with its order and first job; returns the order's id.

        Its content is its own, or that of the source `like`.
        """
        path = self.folder / name
        if not path.exists():
            path.write_bytes((like or name).encode() * 10)
        if plan:
            self.plan(name, plan)
        status = path.stat()
        options = ExportOptions(str(self.out)) if exports else None
        library = self.store.library
        source = library.add_source(str(path), name, status.st_size, status.st_mtime_ns)
        order = library.add_order(source, Order(export=options))
        self.store.jobs.add(first_job(source, order))
        return order

    def plan(self, name: str, plan: Plan) -> None:
        (self.folder / f"{name}.plan.json").write_text(json.dumps(plan))

    def file(self, name: str) -> str:
        """A path for a plan to wait on."""
        return str(self.folder / name)

    def fork(self, queue: Queue, wait_s: float = LONGEST_WAIT_S) -> ForkedWorker:
        """A worker that tests may kill; starts within milliseconds.

        Its threads look for ids that nobody announced every `wait_s`.
        """
        self._leashes += 1
        leash = self.folder / f"leash-{self._leashes}"
        os.mkfifo(leash)
        pid = self._zygote.fork(queue, self.home, leash, wait_s)
        worker = ForkedWorker(pid, leash.open("wb", buffering=0))
        self._workers.append(worker)
        return worker

    def fork_all(self) -> list[ForkedWorker]:
        return [self.fork(queue) for queue in WAY]

    def jobs(self, order: int, queue: Queue | None = None) -> list[Job]:
        return self.store.jobs.of_order(order, queue)

    def scratch(self, queue: str) -> list[Path]:
        """Scratch folders of runs that are not over."""
        return list((self.home.work / queue).glob("*"))

    def states(self, order: int, queue: Queue) -> list[JobState]:
        return [job.state for job in self.jobs(order, queue)]

    def is_all_done(self, order: int, exports: int = 2) -> bool:
        jobs = self.jobs(order)
        return len(jobs) == 3 + exports and all(job.state is JobState.DONE for job in jobs)

    def trace(self, name: str) -> list[str]:
        """What the stages of a source did, in order."""
        file = self.folder / f"{name}.trace"
        return file.read_text().splitlines() if file.exists() else []

    def has_begun(self, name: str, stage: str, times: int = 1) -> bool:
        return sum(line.startswith(f"begin {stage} ") for line in self.trace(name)) >= times

    def ended(self, name: str, stage: str) -> int:
        return sum(line.startswith(f"end {stage} ") for line in self.trace(name))

    def finish_without_workers(self) -> None:
        """Cancel whatever waits for queues that this test does not run."""
        for job in self.store.jobs.all():
            self.store.jobs.cancel(job.id)

    def close_workers(self) -> None:
        """End every worker that is left, in good order."""
        for worker in self._workers:
            worker.signal(signal.SIGCONT)
            worker.let_go()
        for worker in self._workers:
            worker.wait_gone()
        self._workers.clear()

    def tell(self) -> None:
        """What a failed test's report should hold."""
        for job in self.store.jobs.all():
            sys.stdout.write(f"{job}\n")
        for file in sorted(self.home.logs.glob("*.log")):
            sys.stdout.write(f"--- {file.name}\n{file.read_text()[-4000:]}\n")

    def close(self) -> None:
        self.close_workers()
        self.store.close()
