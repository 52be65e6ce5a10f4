"""Goal 10: what the queue itself costs, and how soon a job starts.

Floor and subject interleaved: a stage that burns a fixed amount of CPU is run bare, and
through a real worker (claim, progress, commit, successors). Latency is from the commit of a
new row to the stage's first line, in a worker that has been idle. `python -m
tests.benchmarks.queue` prints both figures beside their goals; it never fails a build.
"""

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from clipforge_desktop.domain.job import JobState, NewJob, Queue
from clipforge_desktop.domain.order import Order
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from tests.recovery.bench import ROOT, until

PAIRS = 5
BURN_S = 8.0
STARTS = 40
IDLE_S = 5.0


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home").create()
        with Store.open(home) as store, _Worker(home) as worker:
            shares = [_share(store, worker, Path(folder), n) for n in range(PAIRS)]
            idle_share = _idle_share(worker)
            starts = sorted(_start_s(store, Path(folder), n) for n in range(STARTS))
    p95_ms = starts[int(len(starts) * 0.95) - 1] * 1000
    median_ms = statistics.median(starts) * 1000
    cost = statistics.median(shares)
    print(f"RESULT\tqueue, progress, database\t{cost:.2%} of stage CPU\t<= 0.50 %")
    print(f"RESULT\tan idle worker\t{idle_share:.2%} of a core\t-")
    print(f"RESULT\tenqueue to start, median\t{median_ms:.0f} ms\t-")
    print(f"RESULT\tenqueue to start, p95\t{p95_ms:.0f} ms\t<= 150 ms")


class _Worker:
    """A worker process with the burning stage."""

    def __init__(self, home: Home) -> None:
        code = (
            "import sys; from pathlib import Path; from clipforge_desktop.paths import Home;"
            "from clipforge_desktop.jobs.worker import main;"
            f"main('import', Home(Path({str(home.root)!r})), True,"
            " stages='tests.benchmarks.burning')"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE
        )
        self._psutil = psutil.Process(self._process.pid)

    def cpu_s(self) -> float:
        times = self._psutil.cpu_times()
        return float(times.user + times.system)

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def _add(store: Store, folder: Path, name: str, seconds: float) -> tuple[int, Path]:
    """A job that burns `seconds` of CPU; returns it with the file of its measured times."""
    path = folder / name
    path.write_text(f"{seconds} {name}")
    status = path.stat()
    with store.transaction():
        source = store.library.add_source(str(path), name, status.st_size, status.st_mtime_ns)
        order = store.library.add_order(source, Order())
        job = store.jobs.add(NewJob(Queue.IMPORT, source, order, name, "{}"))
    return job, folder / f"{name}.times"


def _wait(store: Store, job: int) -> None:
    until(lambda: store.jobs.get(job).state is JobState.DONE, "the job is done", 120)


def _share(store: Store, worker: _Worker, folder: Path, n: int) -> float:
    """CPU beyond the stage's own, as a share of it; the stage measures its own thread."""
    warm, _ = _add(store, folder, f"warm-{n}", 0.0)
    _wait(store, warm)
    before_s = worker.cpu_s()
    job, times = _add(store, folder, f"burn-{n}", BURN_S)
    _wait(store, job)
    stage_s = float(times.read_text().split()[1])
    return (worker.cpu_s() - before_s - stage_s) / stage_s


def _idle_share(worker: _Worker) -> float:
    before_s = worker.cpu_s()
    threading.Event().wait(IDLE_S)
    return (worker.cpu_s() - before_s) / IDLE_S


def _start_s(store: Store, folder: Path, n: int) -> float:
    threading.Event().wait(0.3 + n * 0.007)  # any phase of the worker's ticks
    job, times = _add(store, folder, f"start-{n}", 0.0)
    added = time.time()
    _wait(store, job)
    return float(times.read_text().split()[0]) - added


if __name__ == "__main__":
    main()
