"""One job from claim to its end, in one of Huey's threads.

Claims by compare-and-set, runs the stage or finds the result of equal work, removes its
scratch files, and only then moves the row, so that a row at rest has left nothing behind.
"""

import contextlib
import logging
import os
import sqlite3
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from clipforge_desktop.domain.job import Job, JobState
from clipforge_desktop.domain.order import ExportResult
from clipforge_desktop.jobs import requests
from clipforge_desktop.jobs.cleaning import remove_cache_parts, remove_outputs
from clipforge_desktop.jobs.context import JobContext, StopReason, job_log
from clipforge_desktop.jobs.endings import (
    Ending,
    Move,
    ending_of,
    is_locked,
)
from clipforge_desktop.jobs.queues import QueueRow, Stage
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.reserve import free_space, is_disk_full, release_reserve
from clipforge_desktop.work.commit import Result, commit, compute_again
from clipforge_desktop.work.known import CACHE_MISSING, Work, find_result

logger = logging.getLogger(__name__)
_Value = TypeVar("_Value")

RETRY_PAUSE_S = 0.2
SAME_WORK_PAUSE_S = 0.05
LEAVING_GRACE_S = 0.1


@dataclass(frozen=True)
class Running:
    """A job in one of our threads, wanted or already abandoned."""

    job: Job
    context: JobContext


@dataclass(frozen=True)
class Finished:
    work: Work
    result: Result
    is_reused: bool


class Runner:
    """Runs jobs of one queue; `work` is what Huey calls."""

    def __init__(
        self,
        home: Home,
        worker: str,
        row: QueueRow,
        stage: Stage,
        is_offline: bool,
        woken: threading.Event,
    ) -> None:
        self._home = home
        self._worker = worker
        self._row = row
        self._stage = stage
        self._is_offline = is_offline
        self._woken = woken
        self._lock = threading.Lock()
        self._running: dict[str, Running] = {}
        self._begun: set[int] = set()
        self._same_work: dict[str, threading.Lock] = {}
        self._stores = threading.local()
        self.leaving = threading.Event()

    def running(self) -> list[Running]:
        with self._lock:
            return list(self._running.values())

    def take_begun(self) -> set[int]:
        """Ids that threads took up since the last call, claimed or not."""
        with self._lock:
            begun, self._begun = self._begun, set()
            return begun

    def work(self, job_id: int) -> None:
        """Do the job; whatever happens, the thread lives on."""
        try:
            self._work(job_id)
        except BaseException:  # the edge of a worker's thread
            logger.exception("job %s", job_id)
        finally:
            with self._lock:
                self._begun.add(job_id)
            self._woken.set()

    # -- inside -------------------------------------------------------------------------

    def _share_of_cores(self, store: Store) -> int:
        """For one job of our queue, beside those that run and those that will at once."""
        demand = store.jobs.demand()[self._row.queue]
        at_once = min(demand.due + demand.running, self._row.threads)
        return max(1, (os.cpu_count() or 1) // max(1, at_once))

    def _work(self, job_id: int) -> None:
        store = self._store()
        if self.leaving.is_set():
            return
        cores = self._patiently(lambda: self._share_of_cores(store))
        job = self._patiently(lambda: store.jobs.claim(job_id, self._worker))
        with self._lock:
            if job is not None:
                context = JobContext(self._home, job, self._is_offline, cores)
                self._running[context.job_dir.name] = Running(job, context)
            self._begun.add(job_id)
        if job is None:
            return
        try:
            with contextlib.ExitStack() as held:
                ending = self._perform(store, job, context, held)
                context.close()
                if not isinstance(ending, Finished):
                    self._remove_half_written(store, job, context)
                self._settle(store, job, context, ending)
        finally:
            context.close()
            with self._lock:
                self._running.pop(context.job_dir.name, None)

    def _perform(
        self, store: Store, job: Job, context: JobContext, held: contextlib.ExitStack
    ) -> Finished | Ending:
        """Run the stage, or find what it would give; `held` outlasts the commit."""
        try:
            work = requests.build(store, job, self._stage, context)
            context.name_work(work.key)
            held.enter_context(self._one_at_a_time(work, context))
            known = find_result(store, work)
            if known is not None:
                return Finished(work, known, is_reused=True)
            before = Path(work.source.path).stat()
            result: Result = self._stage.run(work.request, context)
            if not requests.is_same_file(work.source.path, before):
                requests.check_source(work.source)
                raise requests.changed(work.source)
            return Finished(work, result, is_reused=False)
        except BaseException as error:  # noqa: BLE001  # SystemExit in a stage must not end us
            return self._ending(store, job, context, error)

    @contextlib.contextmanager
    def _one_at_a_time(self, work: Work, context: JobContext) -> Iterator[None]:
        """Equal work of two orders: the second waits, and finds what the first one made."""
        with self._lock:
            lock = self._same_work.setdefault(work.key, threading.Lock())
        while not lock.acquire(timeout=SAME_WORK_PAUSE_S):
            context.check()
        try:
            yield
        finally:
            lock.release()

    def _ending(self, store: Store, job: Job, context: JobContext, error: BaseException) -> Ending:
        ending = ending_of(error, job_log(self._home, job.id))
        if ending.move is Move.STOP:
            return ending
        context.log("".join(traceback.format_exception(error)).rstrip())
        self.leaving.wait(LEAVING_GRACE_S)  # at log-off our ffmpeg may be ended before we are
        if context.stop_reason is not None or self.leaving.is_set():
            return Ending(Move.STOP, ending.failure)
        with contextlib.suppress(sqlite3.Error):
            try:
                requests.check_source(store.library.source(job.source_id))
            except Exception as reason:  # noqa: BLE001  # the source's absence explains the rest
                return ending_of(reason, job_log(self._home, job.id))
        return ending

    def _settle(
        self, store: Store, job: Job, context: JobContext, ending: Finished | Ending
    ) -> None:
        """Move the row, or give way when it is no longer ours."""
        free_bytes = free_space(self._home, job)  # before the wait for room, if there is one
        if not self._patiently(lambda: self._move(store, job, context, ending, free_bytes)):
            self._give_way(store, job, ending)

    def _move(
        self,
        store: Store,
        job: Job,
        context: JobContext,
        ending: Finished | Ending,
        free_bytes: int,
    ) -> bool:
        token = job.token or ""
        if isinstance(ending, Finished):
            return commit(store, job, ending.work, ending.result, ending.is_reused)
        match ending.move:
            case Move.FAIL:
                return store.jobs.fail(job.id, token, ending.failure)
            case Move.PAUSE:
                moved = store.jobs.pause_running(job.id, token, ending.failure, free_bytes)
                if moved and ending.failure.code == CACHE_MISSING:
                    compute_again(store, job)
                return moved
            case Move.RETRY:
                return store.jobs.retry_later(job.id, token, ending.failure) is not None
            case Move.STOP:
                return self._stopped(store, job, context, ending)

    def _stopped(self, store: Store, job: Job, context: JobContext, ending: Ending) -> bool:
        token = job.token or ""
        if context.stop_reason is StopReason.LEAVING or self.leaving.is_set():
            return store.jobs.give_back(job.id, token)
        if context.stop_reason is None:  # a stage that stops unasked must not loop
            return store.jobs.retry_later(job.id, token, ending.failure) is not None
        return False

    def _give_way(self, store: Store, job: Job, ending: Finished | Ending) -> None:
        """The row is no longer ours to move: cancelled, paused, or another worker's."""
        row = store.jobs.get(job.id)
        if row.token != job.token or row.state is not JobState.CANCELLING:
            return
        if isinstance(ending, Finished) and isinstance(ending.result, ExportResult):
            remove_outputs(job, ending.result)
        self._patiently(lambda: store.jobs.confirm_cancel(job.id, job.token or ""))

    def _remove_half_written(self, store: Store, job: Job, context: JobContext) -> None:
        """Cache files that the stage had begun, unless somebody else is at the same source."""
        with self._lock:
            others = [each.context for each in self._running.values()]
        keys = set(context.touched_keys)
        for other in others:
            if other is not context:
                keys -= other.touched_keys
        with contextlib.suppress(sqlite3.Error):  # the next start of a worker does it again
            remove_cache_parts(store, keys, ended=[job.id])

    def _store(self) -> Store:
        """This thread's connection."""
        if not hasattr(self._stores, "store"):
            self._stores.store = Store.open(self._home, repair=False)
        store: Store = self._stores.store
        return store

    def _patiently(self, act: Callable[[], _Value]) -> _Value:
        """Try until the database can be written again; finished work is never dropped.

        On a full disk the reserve makes room first.
        """
        while True:
            try:
                return act()
            except (sqlite3.OperationalError, OSError) as error:
                is_full = is_disk_full(error)
                if self.leaving.is_set() or not (is_full or is_locked(error)):
                    raise
                if is_full:
                    release_reserve(self._home)
                time.sleep(RETRY_PAUSE_S)
