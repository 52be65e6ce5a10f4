"""The whole job without a window: add files, let the workers work, tell what happens.

It only writes the order and watches rows, exactly as the window does; stopping it at any
moment loses nothing, and the same call later goes on from there.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from clipforge_desktop.app import commands
from clipforge_desktop.app.ahead import PER_CLIP, Ahead
from clipforge_desktop.app.changes import POLL_INTERVAL_S, Changes
from clipforge_desktop.app.supervisor import Supervisor
from clipforge_desktop.domain.errors import Failure, in_terminal
from clipforge_desktop.domain.job import FINISHED_STATES, Job, JobState, Queue
from clipforge_desktop.domain.order import ExportOptions, Order
from clipforge_desktop.domain.preflight import Finding
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import Clip, Export

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130

_OUR_OWN_FAULT = frozenset({"internal_error", "out_of_memory", "worker_cannot_start"})
_AT_REST = FINISHED_STATES | {JobState.PAUSED}


class Reporter(Protocol):
    """Takes what happens, in the order in which it happens. `source` is an absolute path."""

    def job(self, source: str, job: Job) -> None: ...

    def clip(self, source: str, clip: Clip, export: Export | None, *, is_draft: bool) -> None: ...

    def error(self, source: str, failure: Failure) -> None: ...

    def notice(self, text: str, source: str = "", stage: Queue | None = None) -> None: ...

    def finding(
        self, source: str, finding: Finding, ranks: Sequence[int], *, is_mended: bool
    ) -> None: ...

    def summary(self, sources: int, clips: int, failed: int, why: str = "") -> None:
        """The end. `why` says what to know where nothing was exported."""


class Watch:
    """Follows the jobs of some orders and passes on what is new about them.

    Jobs that were cleared off the list count too: their results are still there.
    """

    def __init__(
        self,
        store: Store,
        reporter: Reporter,
        sources: dict[int, str],
        ahead: Ahead | None = None,
        *,
        with_exports: bool = True,
        with_stages: bool = True,
    ) -> None:
        """`sources` maps order ids to the paths of their sources.

        Without stages only exports are followed.
        """
        self._with_exports, self._with_stages = with_exports, with_stages
        self._store = store
        self._reporter = reporter
        self._sources = sources
        self._ahead = ahead
        self._jobs: dict[int, list[Job]] = {}  # by order, as they were when we looked last
        self._seen: dict[int, int] = {}  # job id -> its change that was reported
        self._told: set[int] = set()  # jobs whose result was told
        self._clips: set[int] = set()
        self._notices: set[tuple[str, str]] = set()
        self.refused_orders: set[int] = set()

    @property
    def clips(self) -> int:
        """How many clips there are, each counted once whatever its number of files."""
        return len(self._clips)

    def look(self) -> None:
        """Report every row of ours that changed, and results that will not change any more."""
        for order_id, source in self._sources.items():
            jobs = self._store.jobs.of_order(order_id)
            if self._ahead is not None and self._ahead.look(order_id, source, jobs):
                jobs = self._store.jobs.of_order(order_id)
            jobs = [job for job in jobs if self._is_ours(job)]
            self._jobs[order_id] = jobs
            for job in jobs:
                if self._seen.get(job.id) != job.changed:
                    self._seen[job.id] = job.changed
                    self._reporter.job(source, job)
                    if job.state in _AT_REST and job.state is not JobState.DONE:
                        self._tell_failure(source, job)
                    self._tell_notices(source, job)
            # While an earlier stage runs again, later results may still be replaced.
            if all(job.state in _AT_REST for job in jobs if job.queue not in PER_CLIP):
                for job in jobs:
                    if job.state is JobState.DONE and job.id not in self._told:
                        self._told.add(job.id)
                        self._tell_result(source, job)

    def is_over(self) -> bool:
        """No job of ours can go on by itself, and none is still to be asked for."""
        if self._ahead is not None and self._ahead.is_waiting:
            return False
        return all(job.state in _AT_REST for job in self._all_jobs())

    def failed_orders(self) -> set[int]:
        """Orders with a job that did not end well."""
        return {job.order_id for job in self._all_jobs() if job.state is not JobState.DONE}

    def _all_jobs(self) -> Iterator[Job]:
        for order_id in self._sources:
            yield from self._jobs.get(order_id, [])

    def _is_ours(self, job: Job) -> bool:
        """Exports of an earlier call, or of the window, can hang on the same order."""
        asked_for = self._ahead.exports if self._ahead is not None else None
        if job.queue is not Queue.EXPORT:
            return self._with_stages or (self._ahead is not None and job.id in self._ahead.looks)
        return self._with_exports and (asked_for is None or job.id in asked_for)

    def _tell_notices(self, source: str, job: Job) -> None:
        """Each sentence once for a source: ten exports may say the same."""
        for notice in job.notices:
            if (source, notice) not in self._notices:
                self._notices.add((source, notice))
                self._reporter.notice(notice, source, job.queue)

    def _tell_result(self, source: str, job: Job) -> None:
        library = self._store.library
        is_draft = library.origin_of_order(job.order_id) == "draft"
        is_found = job.queue is Queue.CLIP_DETECTION
        if is_found and self._ahead is None and library.order(job.order_id).export is None:
            for clip in library.clips_of_order(job.order_id):
                if clip.found.is_on_shelf:
                    self._clips.add(clip.id)
                    self._reporter.clip(source, clip, None, is_draft=is_draft)
        elif job.queue is Queue.EXPORT and job.clip_id is not None:
            clip = library.clip(job.clip_id)
            is_asked_for = library.order(job.order_id).recipe is not None
            if clip.found.is_on_shelf or is_asked_for:  # else: found with words edited since
                self._clips.add(clip.id)
                for export in library.exports_of_job(job.id):
                    self._reporter.clip(source, clip, export, is_draft=is_draft)

    def _tell_failure(self, source: str, job: Job) -> None:
        failure = job.failure or Failure(
            "cancelled", "This was cancelled.", "Run the same command again to go on."
        )
        is_refused = job.queue is Queue.IMPORT and job.state is JobState.FAILED
        if is_refused and failure.code not in _OUR_OWN_FAULT:
            self.refused_orders.add(job.order_id)
        self._reporter.error(source, in_terminal(failure, job.id))


def process(
    home: Home,
    paths: Sequence[Path],
    order: Order,
    reporter: Reporter,
    *,
    is_offline: bool = False,
    mends: bool = False,
) -> int:
    """Run the order on every file to its end; returns the exit code.

    What preflight finds is told once the clips of a video are known. With `mends` its remedies
    are applied, and only then the export begins, so the order itself only finds clips.
    """
    options = order.export
    if mends and options is not None:
        order = replace(order, export=None, is_previewed=True)  # preflight asks where faces are
    with Supervisor(home, is_offline=is_offline) as supervisor, Store.open(home) as store:
        for notice in supervisor.notices:
            reporter.notice(notice)
        added = commands.add_videos(store, paths, order)
        sources: dict[int, str] = {}
        refused = 0
        for item in added:
            if item.failure is not None:
                refused += 1
                reporter.error(str(item.path), item.failure)
            elif item.order_id is not None:
                sources[item.order_id] = str(item.path)
        ahead = Ahead(store, reporter, options, mends=mends) if options is not None else None
        if ahead is not None and not mends:
            ahead.leave_out(order_id for order_id in sources if _is_done(store, order_id))
        watch = Watch(store, reporter, sources, ahead, with_exports=options is not None)
        try:
            _follow(home, watch)
        except KeyboardInterrupt:
            return EXIT_INTERRUPTED
        failing = watch.failed_orders() | (ahead.blocked_orders if ahead is not None else set())
        failed = refused + len(failing)
        why = ahead.why_nothing if ahead is not None else ""
        reporter.summary(len(added), watch.clips, failed, why)
        if failed == 0:
            return EXIT_DONE
        was_all_refused = refused + len(watch.refused_orders) == len(added)
        return EXIT_USAGE if was_all_refused else EXIT_FAILED


def export(
    home: Home,
    source: str,
    clips: Sequence[Clip],
    options: ExportOptions,
    reporter: Reporter,
    *,
    is_offline: bool = False,
    mends: bool = False,
) -> int:
    """Export clips that were found before, of the video `source`; returns the exit code."""
    with Supervisor(home, is_offline=is_offline) as supervisor, Store.open(home) as store:
        for notice in supervisor.notices:
            reporter.notice(notice)
        ahead = Ahead(store, reporter, options, mends=mends)
        ahead.export(source, clips)
        orders = dict.fromkeys((clip.order_id for clip in clips), source)
        watch = Watch(store, reporter, orders, ahead, with_stages=False)
        try:
            _follow(home, watch)
        except KeyboardInterrupt:
            return EXIT_INTERRUPTED
        failed = bool(watch.failed_orders() | ahead.blocked_orders)
        reporter.summary(1, watch.clips, int(failed), ahead.why_nothing)
        return EXIT_FAILED if failed else EXIT_DONE


def work_off(home: Home, reporter: Reporter, *, is_offline: bool = False) -> int:
    """Finish whatever is waiting in the queues; returns the exit code."""
    with Supervisor(home, is_offline=is_offline), Store.open(home) as store:
        sources = {
            job.order_id: store.library.source(job.source_id).path
            for job in store.jobs.all()
            if job.state not in _AT_REST
        }
        watch = Watch(store, reporter, sources)
        try:
            _follow(home, watch)
        except KeyboardInterrupt:
            return EXIT_INTERRUPTED
        failed = len(watch.failed_orders())
        reporter.summary(len(sources), watch.clips, failed)
        return EXIT_FAILED if failed else EXIT_DONE


def _is_done(store: Store, order_id: int) -> bool:
    """Every file of it is there: nothing will be rendered."""
    return all(job.state is JobState.DONE for job in store.jobs.of_order(order_id))


def _follow(home: Home, watch: Watch) -> None:
    changes = Changes(home)
    pause = threading.Event()
    try:
        changes.poll()
        watch.look()
        while not watch.is_over():
            while changes.poll() is None:
                pause.wait(POLL_INTERVAL_S)
            watch.look()
    finally:
        changes.close()
