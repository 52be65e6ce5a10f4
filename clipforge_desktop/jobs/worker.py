"""A worker process: the one of its queue, until there is nothing to do or nobody to do it for.

Its main thread is a short loop: hand due jobs to Huey's threads in the order of the table,
store their progress, pass on the user's wish to stop, and leave when told. Everything that
must survive is in the table, so it may be killed at any moment.
"""

import logging
import os
import sys
import threading
import time
import uuid
from collections.abc import Callable

import psutil
from filelock import FileLock, Timeout

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.jobs.cleaning import remove_parts, remove_scratch
from clipforge_desktop.jobs.context import StopReason
from clipforge_desktop.jobs.endings import is_locked
from clipforge_desktop.jobs.leaving import EXIT_LEFT, EXIT_TAKEN, Leaving
from clipforge_desktop.jobs.queues import STAGES, JobChannel, load_stage, queue_row
from clipforge_desktop.jobs.recovery import recover
from clipforge_desktop.jobs.runner import Runner, Running
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.pulse import WorkerMark, beat, lock_file, sign
from clipforge_desktop.store.reserve import is_disk_full, keep_reserve, release_reserve

logger = logging.getLogger(__name__)

IDLE_S = 600.0  # the supervisor lets a worker go much earlier
TICK_S = 0.075  # with OVERDUE_S the whole of a cancel stays below a quarter second
IDLE_TICK_S = 0.1
SETTLE_TICK_S = 0.05
PREDECESSOR_S = 5.0
BEAT_S = 1.0
REPORT_S = 0.45  # a watcher sees at least two updates a second
LOOK_S = 1.0  # for what no commit announces: a back-off that is over
REST_S = 0.5
STRAY_S = 2.0
OVERDUE_S = 0.13
SETTLE_S = 1.2


def main(
    queue: str,
    home: Home,
    is_offline: bool,
    *,
    idle_s: float = IDLE_S,
    stages: str = STAGES,
) -> int:
    """Work on `queue` until idle for `idle_s`, told to leave, or the desk is gone.

    Ends the process with code 0; returns 3 when another worker holds the queue.
    """
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("huey").setLevel(logging.WARNING)
    woken = threading.Event()
    leaving = Leaving(woken)
    leaving.watch_leash()
    leaving.watch_signals()
    home.create()
    lock = FileLock(lock_file(home, Queue(queue)))
    try:
        lock.acquire(timeout=PREDECESSOR_S, poll_interval=0.05)
    except Timeout:
        logger.info("another worker holds the queue %s", queue)
        return EXIT_TAKEN
    with lock, Store.open(home, repair=False) as store:
        worker = Worker(store, Queue(queue), is_offline, leaving, woken, stages)
        worker.run(idle_s)
    return EXIT_LEFT


class Worker:
    """The loop of one worker process; the queue's lock is held around it."""

    def __init__(
        self,
        store: Store,
        queue: Queue,
        is_offline: bool,
        leaving: Leaving,
        woken: threading.Event,
        stages: str,
    ) -> None:
        self._store = store
        self._home = store.home
        self._row = queue_row(queue)
        self._name = uuid.uuid4().hex
        self._leaving = leaving
        self._woken = woken
        self._stages = stages
        self._is_offline = is_offline
        self._handed: dict[int, float] = {}
        self._data_version = -1
        self._due_s: dict[str, float] = {}
        self._useful_s = time.monotonic()

    def run(self, idle_s: float) -> None:
        """Recover, then work until it is time to leave; ends the process, in good order."""
        self._patiently(lambda: recover(self._store, self._row.queue))
        keep_reserve(self._home)
        if self._row.paints:
            from clipforge_desktop.captions.qt import ensure_gui_application  # this queue only

            ensure_gui_application()
        stage = load_stage(self._row, self._stages)
        self._runner = Runner(
            self._home, self._name, self._row, stage, self._is_offline, self._woken
        )
        self._channel = JobChannel(self._home, self._row.queue, self._runner.work)
        self._channel.start(self._row.threads)
        self._leaving.watch_signals()  # huey has put its own in place
        self._sign()
        while not self._leaving.has_begun.is_set():
            self._patiently(self._tick)
            if time.monotonic() - self._useful_s > idle_s:
                self._leaving.begin("nothing to do")
            self._woken.wait(TICK_S if self._runner.running() else IDLE_TICK_S)
            self._woken.clear()
        self._leave()

    # -- one tick -----------------------------------------------------------------------

    def _tick(self) -> None:
        running = self._runner.running()
        has_news = self._has_news()
        if running or self._handed:
            self._useful_s = time.monotonic()
        if running and (has_news or self._is_time("stops", LOOK_S)):
            self._pass_on_stops(running)
        self._end_overdue(running)
        if self._is_time("report", REPORT_S):
            reports = [each.context.take_report() for each in running]
            if any(reports):
                self._store.jobs.report(report for report in reports if report)
        if has_news or self._is_time("feed", LOOK_S):
            self._feed()
        if self._is_time("strays", STRAY_S):
            self._tend_strays()
            self._channel.check()

    def _has_news(self) -> bool:
        """True when somebody else committed, or one of our threads took or ended a job."""
        begun = self._runner.take_begun()
        for job_id in begun:
            self._handed.pop(job_id, None)
        version = self._store.data_version()
        is_new = version != self._data_version or bool(begun)
        self._data_version = version
        return is_new

    def _feed(self) -> None:
        """Hand over as many due jobs as threads are free, in the order of the table."""
        now_s = time.monotonic()
        for job_id, handed_s in list(self._handed.items()):
            if now_s - handed_s > STRAY_S:  # its message was lost with Huey's file
                del self._handed[job_id]
        busy = {each.job.id for each in self._runner.running()} | set(self._handed)
        free = self._row.threads - len(busy)
        if free <= 0:
            return
        for due in self._store.jobs.due(self._row.queue, free + len(busy)):
            if due.id in busy:
                continue
            if free <= 0 or self._has_loner(busy) or (due.must_run_alone and busy):
                return
            self._handed[due.id] = time.monotonic()
            self._channel.put(due.id)
            busy.add(due.id)
            free -= 1

    def _has_loner(self, busy: set[int]) -> bool:
        """A job that a worker died under runs alone, so that no innocent one dies with it."""
        return any(self._store.jobs.get(job_id).worker_deaths > 0 for job_id in busy)

    def _pass_on_stops(self, running: list[Running]) -> None:
        for each in running:
            if each.context.stop_reason is not None:
                continue
            row = self._store.jobs.get(each.job.id)
            if row.token != each.job.token:
                each.context.stop(StopReason.LOST)
            elif row.state is JobState.CANCELLING:
                each.context.stop(StopReason.CANCELLED)

    def _end_overdue(self, running: list[Running]) -> None:
        """A stage that does not stop in time is abandoned, with this process if need be."""
        now_s = time.monotonic()
        overdue = [
            each
            for each in running
            if each.context.stopped_s is not None and now_s - each.context.stopped_s > OVERDUE_S
        ]
        if not overdue:
            return
        is_all = len(overdue) == len(running)
        if is_all:
            self._remove_files_of(overdue)
        for each in overdue:
            self._store.jobs.confirm_cancel(each.job.id, each.job.token or "")
        if is_all:
            logger.info("ended with %d jobs that did not stop", len(overdue))
            self._exit()

    def _remove_files_of(self, ended: list[Running]) -> None:
        """When nothing else of ours runs, what these jobs wrote is all there is."""
        remove_scratch(self._home, self._row.queue)
        remove_parts(self._store, [each.job for each in ended])

    def _tend_strays(self) -> None:
        """Rows that say we run them although no thread does: storing their end went wrong."""
        threads = {each.job.token for each in self._runner.running()}
        for job in self._store.jobs.running(self._row.queue):
            is_ours = job.worker == self._name and job.token not in threads
            if not is_ours or time.time() - (job.started_at or 0.0) < STRAY_S:
                continue
            token = job.token or ""
            if not self._store.jobs.confirm_cancel(job.id, token):
                self._store.jobs.retry_later(job.id, token, _NOT_STORED)

    # -- leaving ------------------------------------------------------------------------

    def _leave(self) -> None:
        """Stop what runs and give it back, without blame, within the two seconds we have."""
        self._runner.leaving.set()
        self._channel.stop()
        for each in self._runner.running():
            each.context.stop(StopReason.LEAVING)
        deadline_s = time.monotonic() + SETTLE_S
        while self._runner.running() and time.monotonic() < deadline_s:
            self._woken.wait(SETTLE_TICK_S)
            self._woken.clear()
        late = self._runner.running()
        for each in late:
            self._store.jobs.give_back(each.job.id, each.job.token or "")
            self._store.jobs.confirm_cancel(each.job.id, each.job.token or "")
        self._remove_files_of(late)
        self._exit()

    def _exit(self) -> None:
        """End without waiting for threads that do not end; the lock goes with the process."""
        logging.shutdown()
        os._exit(EXIT_LEFT)

    # -- small things -------------------------------------------------------------------

    def _sign(self) -> None:
        """From now on our heartbeat is watched."""
        process = psutil.Process()
        mark = WorkerMark(self._name, process.pid, process.create_time())
        sign(self._home, self._row.queue, mark)
        threading.Thread(target=self._beat, name="pulse", daemon=True).start()

    def _beat(self) -> None:
        count = int(time.time())
        while not self._leaving.has_begun.wait(BEAT_S):
            count += 1
            beat(self._home, self._row.queue, count)

    def _is_time(self, what: str, every_s: float) -> bool:
        now_s = time.monotonic()
        if now_s < self._due_s.get(what, 0.0):
            return False
        self._due_s[what] = now_s + every_s
        return True

    def _patiently(self, act: Callable[[], None]) -> None:
        """A locked database or a full disk is waited out; the table is read anew next time."""
        while not self._leaving.has_begun.is_set():
            try:
                act()
                return
            except Exception as error:
                if is_disk_full(error):
                    release_reserve(self._home)
                elif not is_locked(error):
                    raise
                logger.warning("the database cannot be written now: %s", error)
                self._woken.wait(REST_S)
                self._woken.clear()


_NOT_STORED = Failure(
    "not_stored",
    "The end of this job could not be written down.",
    "Free some disk space, then retry it.",
)
