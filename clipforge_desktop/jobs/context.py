"""What a running stage holds in its hands: folders, progress, checkpoints, and the word "stop".

Progress stays in memory until the worker's loop stores it, so a stage may report as often as
it likes. Stopping is a flag that `progress` and `check` raise on, plus callbacks that end
whatever the stage waits for.
"""

import contextlib
import shutil
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from clipforge_desktop.domain.errors import CancelledError
from clipforge_desktop.domain.job import Job
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.jobs import ProgressReport

LARGEST_LOG_BYTES = 1_000_000


class StopReason(StrEnum):
    CANCELLED = "cancelled"  # the user's wish
    LOST = "lost"  # paused, or another worker's by now
    LEAVING = "leaving"  # this worker ends in good order


def job_dir(home: Home, job: Job) -> Path:
    """Scratch folder of one run of one job; all of a queue's lie in one folder."""
    return home.work / job.queue / f"{job.id}-{(job.token or '')[:8]}"


def job_log(home: Home, job_id: int) -> Path:
    return home.logs / f"job-{job_id}.log"


class JobContext:
    """Implements `domain.stage.StageContext` for one run of one claimed job."""

    def __init__(self, home: Home, job: Job, is_offline: bool, cores: int) -> None:
        self._home = home
        self._job = job
        self._is_offline = is_offline
        self._cores = cores
        self._lock = threading.Lock()
        self._stop: StopReason | None = None
        self._callbacks: dict[int, Callable[[], None]] = {}
        self._registered = 0
        self._report: ProgressReport | None = None
        self._fraction = 0.0
        self._books: Store | None = None
        self._work_key = ""
        self.stopped_s: float | None = None
        self.touched_keys: set[str] = set()
        self.job_dir.mkdir(parents=True, exist_ok=True)

    # -- what stages ask ----------------------------------------------------------------

    @property
    def job_dir(self) -> Path:
        return job_dir(self._home, self._job)

    @property
    def models_dir(self) -> Path:
        return self._home.models

    @property
    def fonts_dir(self) -> Path:
        return self._home.fonts

    @property
    def machine_dir(self) -> Path:
        folder = self._home.cache / "machine"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def cores(self) -> int:
        return self._cores

    @property
    def is_offline(self) -> bool:
        return self._is_offline

    def cache_dir(self, content_key: str) -> Path:
        self.touched_keys.add(content_key)
        folder = self._home.cache / content_key
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def progress(self, fraction: float, note: str = "", seconds_left: float | None = None) -> None:
        self.check()
        with self._lock:
            self._fraction = min(max(fraction, self._fraction), 1.0)
            self._report = ProgressReport(
                self._job.id, self._job.token or "", self._fraction, note, seconds_left
            )

    def check(self) -> None:
        if self._stop is not None:
            raise CancelledError

    def is_cancelled(self) -> bool:
        return self._stop is not None

    def on_cancel(self, callback: Callable[[], None]) -> Callable[[], None]:
        with self._lock:
            self._registered += 1
            number = self._registered
            self._callbacks[number] = callback
            is_late = self._stop is not None
        if is_late:
            callback()

        def unregister() -> None:
            with self._lock:
                self._callbacks.pop(number, None)

        return unregister

    def save_checkpoint(self, unit: str, payload: str) -> None:
        with self._lock:
            self._open_books().results.save_checkpoint(self._work_key, unit, payload)

    def load_checkpoints(self) -> dict[str, str]:
        with self._lock:
            return self._open_books().results.checkpoints(self._work_key)

    def log(self, message: str) -> None:
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        with self._lock, contextlib.suppress(OSError):  # a full disk must not end the job here
            file = job_log(self._home, self._job.id)
            if file.exists() and file.stat().st_size > LARGEST_LOG_BYTES:
                file.unlink()
            with file.open("a", encoding="utf-8", errors="replace") as lines:
                lines.write(f"{stamp} {message}\n")

    # -- what the worker asks -----------------------------------------------------------

    def name_work(self, work_key: str) -> None:
        """Under which name checkpoints are kept; equal work finds them again."""
        self._work_key = work_key

    @property
    def stop_reason(self) -> StopReason | None:
        return self._stop

    def stop(self, reason: StopReason) -> None:
        """Tell the stage to end, once; its callbacks run in a thread of their own."""
        with self._lock:
            if self._stop is not None:
                return
            self._stop = reason
            self.stopped_s = time.monotonic()
            callbacks = list(self._callbacks.values())
        threading.Thread(target=_call_all, args=(callbacks,), daemon=True).start()

    def take_report(self) -> ProgressReport | None:
        """The newest progress that has not been stored yet."""
        with self._lock:
            report, self._report = self._report, None
            return report

    def close(self) -> None:
        """Remove the scratch folder and let go of the database."""
        with self._lock:
            if self._books is not None:
                self._books.close()
                self._books = None
        shutil.rmtree(self.job_dir, ignore_errors=True)

    def _open_books(self) -> Store:
        """A connection that any of the stage's threads may use, under our lock."""
        if self._books is None:
            self._books = Store.open(self._home, for_one_thread=False, repair=False)
        return self._books


def _call_all(callbacks: list[Callable[[], None]]) -> None:
    for callback in callbacks:
        callback()
