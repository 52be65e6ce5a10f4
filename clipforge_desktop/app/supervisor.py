"""Sees to it that work gets done: starts workers on need, ends hung ones, resumes what waits.

One supervisor per home does this, from a thread of its own; others wait to take over. It
holds no truth: kill it at any moment, and the next one reads everything from the database.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType

from filelock import FileLock, Timeout

from clipforge_desktop.app.resuming import Resumer
from clipforge_desktop.app.worker_process import LEASE_S, WorkerProcess, program
from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.backup import back_up_when_due, prepare
from clipforge_desktop.store.job_views import Demand
from clipforge_desktop.store.pulse import supervisor_lock_file
from clipforge_desktop.store.reserve import keep_reserve
from clipforge_desktop.work.settling import SETTLED, Settler

__all__ = ["Supervisor", "program"]

logger = logging.getLogger(__name__)

TICK_S = 0.25
LOOK_S = 1.0
IDLE_LOOK_S = 10.0  # with nothing to do only a commit is news, and that is asked every tick
RESUME_S = 3.0
HOUSEKEEPING_S = 60.0
GRACE_S = 3.0
IDLE_MINUTES = 2.0


class Supervisor:
    """Owns the workers of one home while it is started; use it as a context manager."""

    def __init__(
        self,
        home: Home,
        *,
        is_offline: bool = False,
        idle_minutes: float = IDLE_MINUTES,
        lease_s: float = LEASE_S,
        worker_command: Callable[[Queue], Sequence[str]] | None = None,
    ) -> None:
        self._home = home
        self._is_offline = is_offline
        self._idle_minutes = idle_minutes
        self._lease_s = lease_s
        self._command = worker_command or self._own_command
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._workers: dict[Queue, WorkerProcess] = {}
        self.notices: tuple[str, ...] = ()

    def start(self) -> None:
        """Check the database, restoring it when damaged, and begin; `notices` says what was.

        Raises ClipForgeError when the database belongs to a newer version or cannot be opened.
        """
        self._home.create()
        lock = FileLock(supervisor_lock_file(self._home), thread_local=False)
        if _try(lock):
            try:
                self.notices = prepare(self._home)
            except BaseException:
                lock.release()
                raise
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, args=(lock,), name="supervisor")
        self._thread.daemon = True
        self._thread.start()

    def stop(self, grace_s: float = GRACE_S) -> None:
        """Let the workers go; they give their jobs back. After `grace_s` they are ended."""
        self._grace_s = grace_s
        self._stop.set()
        if self._thread is not None:
            self._thread.join(grace_s + 5.0)
            self._thread = None

    @property
    def worker_pids(self) -> dict[Queue, int]:
        """Processes of living workers that this supervisor started."""
        return {queue: w.pid for queue, w in self._workers.items() if w.pid is not None}

    def __enter__(self) -> "Supervisor":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # -- its thread ---------------------------------------------------------------------

    def _run(self, lock: FileLock) -> None:
        while not lock.is_locked and not _try(lock):
            if self._stop.wait(0.5):
                return
        try:
            self._workers = {
                queue: WorkerProcess(
                    self._home, queue, self._command(queue), self._idle_minutes * 60, self._lease_s
                )
                for queue in Queue
            }
            while not self._stop.is_set():
                self._watch()
        finally:
            self._let_go()
            lock.release()

    def _watch(self) -> None:
        """Ticks on one connection until told to stop, or until the database refuses."""
        try:
            with Store.open(self._home) as store:
                watch = _Watch(store, self._workers)
                while not self._stop.wait(TICK_S):
                    watch.tick()
        except Exception:  # the edge of this thread: whatever it was, work must go on
            logger.exception("the supervisor tries again")
            self._stop.wait(LOOK_S)

    def _let_go(self) -> None:
        for worker in self._workers.values():
            worker.let_go()
        deadline_s = time.monotonic() + self._grace_s
        for worker in self._workers.values():
            if not worker.wait(deadline_s - time.monotonic()):
                worker.kill()

    def _own_command(self, queue: Queue) -> list[str]:
        command = [*program(), "worker", str(queue), "--home", str(self._home.root)]
        return [*command, "--offline"] if self._is_offline else command

    _grace_s = GRACE_S


class _Watch:
    """What one look does, and when it is time for which part of it."""

    def __init__(self, store: Store, workers: dict[Queue, WorkerProcess]) -> None:
        self._store = store
        self._workers = workers
        self._resumer = Resumer(store)
        self._settler = Settler(store)
        self._data_version = -1
        self._demand: dict[Queue, Demand] = {}
        self._due_s: dict[str, float] = {}
        self._look_at_s = 0.0

    def tick(self) -> None:
        version = self._store.data_version()
        if version != self._data_version or time.monotonic() >= self._look_at_s:
            self._data_version = version
            self._look()
        for queue, worker in self._workers.items():
            worker.tend(self._demand[queue])
            if worker.cannot_start and self._demand[queue].due:
                worker.failed_starts = 0
                self._store.jobs.fail_queued(queue, _cannot_start(self._store.home))
                self._look()  # our own commits do not move the version
        if self._is_time("resume", RESUME_S) and self._resumer.look():
            self._look()
        if self._is_time("housekeeping", HOUSEKEEPING_S):
            keep_reserve(self._store.home)
            back_up_when_due(self._store)

    def _look(self) -> None:
        """What there is to do, by the table; wakes retries whose back-off is over."""
        for queue in Queue:
            self._store.jobs.wake_retries(queue)
        self._demand = self._store.jobs.demand()
        for queue in SETTLED:
            self._settle(queue)
        has_work = any(demand.due or demand.running for demand in self._demand.values())
        is_idle = not has_work and not self._store.jobs.in_state(JobState.RETRY_WAIT)
        self._look_at_s = time.monotonic() + (IDLE_LOOK_S if is_idle else LOOK_S)

    def _settle(self, queue: Queue) -> None:
        """Jobs whose results are known need no worker; one that is there takes them anyhow."""
        needs_worker = self._demand[queue].due and self._workers[queue].pid is None
        if needs_worker and self._settler.settle(queue):
            self._demand = self._store.jobs.demand()

    def _is_time(self, what: str, every_s: float) -> bool:
        now_s = time.monotonic()
        if now_s < self._due_s.get(what, 0.0):
            return False
        self._due_s[what] = now_s + every_s
        return True


def _cannot_start(home: Home) -> Failure:
    return Failure(
        "worker_cannot_start",
        "The program that does this work cannot be started.",
        f"Run the doctor or install ClipForge again; its log lies in {home.logs}. Then retry.",
    )


def _try(lock: FileLock) -> bool:
    with contextlib.suppress(Timeout):
        lock.acquire(timeout=0)
        return True
    return False
