"""The worker process of one queue, seen from outside: start it, watch it, let it go.

A worker whose heartbeat stands still for a whole lease is killed, on this observer's own
monotonic clock; its jobs go back when the next worker starts. One that cannot even start is
tried again with growing pauses, never in a busy loop.
"""

import contextlib
import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

import clipforge_desktop
from clipforge_desktop.domain.job import Queue
from clipforge_desktop.paths import Home
from clipforge_desktop.store.job_views import Demand
from clipforge_desktop.store.pulse import last_beat, read_mark

logger = logging.getLogger(__name__)

LEASE_S = 20.0
START_LEASE_S = 180.0
MOST_STARTS = 5
LONGEST_PAUSE_S = 30.0
LONGEST_STEP_S = 1.0
NICENESS = 5
LARGEST_LOG_BYTES = 2_000_000
LARGE_BLOCK_BYTES = 1 << 20  # from here on memory goes back to the system once it is free

_EXIT_LEFT = 0
_EXIT_TAKEN = 3  # another worker holds the queue; see jobs.leaving


class WorkerProcess:
    """At most one living worker of one queue."""

    def __init__(
        self,
        home: Home,
        queue: Queue,
        command: Sequence[str],
        idle_s: float,
        lease_s: float = LEASE_S,
    ) -> None:
        """`command` starts the worker; it gets our end of a pipe as stdin, its leash.

        It is let go after `idle_s` without work.
        """
        self._home = home
        self._queue = queue
        self._command = command
        self._idle_s = idle_s
        self._lease_s = lease_s
        self._process: subprocess.Popen[bytes] | None = None
        self._mark_before = read_mark(home, queue)
        self._beat = last_beat(home, queue)
        self._silent_s = 0.0
        self._looked_s = time.monotonic()
        self._useful_s = self._looked_s
        self._not_before_s = 0.0
        self._is_taken = False
        self.failed_starts = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    @property
    def cannot_start(self) -> bool:
        """True after several workers in a row died before they were ready."""
        return self.failed_starts >= MOST_STARTS

    def tend(self, demand: Demand) -> None:
        """One look: reap, check the lease, start when there is work."""
        now_s = time.monotonic()
        step_s = min(now_s - self._looked_s, LONGEST_STEP_S)  # sleep of the machine is no silence
        self._looked_s = now_s
        self._reap(now_s)
        self._check_lease(step_s)
        has_work = demand.due > 0 or demand.running > 0
        if has_work:
            self._useful_s = now_s
        elif now_s - self._useful_s > self._idle_s:
            self.let_go()
        if has_work and self._process is None and now_s >= self._not_before_s:
            self._start()

    def let_go(self) -> None:
        """Close the leash: the worker gives its jobs back and ends within two seconds."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def wait(self, timeout_s: float) -> bool:
        """Wait for its end; False when it is still there."""
        if self._process is None:
            return True
        try:
            self._process.wait(max(timeout_s, 0.0))
        except subprocess.TimeoutExpired:
            return False
        self._process = None
        return True

    def kill(self) -> None:
        """End it at once, a stopped one too."""
        self._kill_signed()
        if self._process is not None:
            self.let_go()
            self._process.kill()
            self._process.wait()
            self._process = None

    # -- inside -------------------------------------------------------------------------

    def _start(self) -> None:
        self._mark_before = read_mark(self._home, self._queue)
        self._silent_s = 0.0
        log = self._home.logs / f"worker-{self._queue}.log"
        with contextlib.suppress(OSError):
            if log.stat().st_size > LARGEST_LOG_BYTES:
                log.replace(log.with_suffix(".old.log"))
        try:
            with log.open("ab") as output:
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=output,
                    stderr=output,
                    cwd=self._home.root,
                    env=_environment(),
                    start_new_session=True,  # a Ctrl-C in the terminal is ours to handle
                    creationflags=_creation_flags(),
                )
        except OSError as error:
            logger.warning("the worker of %s cannot be started: %s", self._queue, error)
            self._count_failed_start(time.monotonic())
            return
        if sys.platform != "win32":
            with contextlib.suppress(psutil.Error):
                psutil.Process(self._process.pid).nice(NICENESS)

    def _reap(self, now_s: float) -> None:
        if self._process is None:
            return
        code = self._process.poll()
        if self.is_ready:
            self.failed_starts = 0
        if code is None:
            return
        was_ready = self.is_ready
        self.let_go()
        self._process = None
        self._is_taken = code == _EXIT_TAKEN
        if code == _EXIT_LEFT:
            self._not_before_s = now_s
        elif self._is_taken:
            self._not_before_s = now_s + 0.5
        elif was_ready:
            logger.warning("the worker of %s died with code %s", self._queue, code)
            self._not_before_s = now_s + 0.1
        else:
            self._count_failed_start(now_s)

    @property
    def is_ready(self) -> bool:
        """It has the queue and its stage; only now it beats."""
        return read_mark(self._home, self._queue) != self._mark_before

    def _count_failed_start(self, now_s: float) -> None:
        self.failed_starts += 1
        pause_s = min(0.25 * 2.0**self.failed_starts, LONGEST_PAUSE_S)
        self._not_before_s = now_s + pause_s
        logger.warning("the worker of %s did not start; next try in %s s", self._queue, pause_s)

    def _check_lease(self, step_s: float) -> None:
        beat = last_beat(self._home, self._queue)
        if beat != self._beat or (self._process is None and not self._is_taken):
            self._beat = beat
            self._silent_s = 0.0
            return
        self._silent_s += step_s
        is_beating = self._is_taken or self.is_ready
        if self._silent_s > (self._lease_s if is_beating else START_LEASE_S):
            logger.warning("the worker of %s does not move: ended", self._queue)
            self._silent_s = 0.0
            self._is_taken = False
            self.kill()

    def _kill_signed(self) -> None:
        """The process that signed, when it is not our direct child (a launcher, a stranger)."""
        mark = read_mark(self._home, self._queue)
        if mark is None or (self._process is not None and mark == self._mark_before):
            return
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(mark.pid)
            if abs(process.create_time() - mark.pid_created) < 1.0:
                process.kill()


def program() -> list[str]:
    """The command that starts this very program."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "clipforge_desktop"]


def _environment() -> dict[str, str]:
    """Ours, with this very package findable from the folder in which workers run.

    glibc by itself learns to keep large blocks in its heap, where the growing index of a long
    video leaves holes: 52 MB for two hours instead of 37, measured. Others ignore the variable.
    """
    environment = dict(os.environ)
    environment.setdefault("MALLOC_MMAP_THRESHOLD_", str(LARGE_BLOCK_BYTES))
    if not getattr(sys, "frozen", False):
        here = str(Path(clipforge_desktop.__file__).resolve().parents[1])
        known = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([here, known] if known else [here])
    return environment


def _creation_flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    return 0
