"""Who works on a queue, and whether it still moves: one small file per queue.

A worker writes its pid there and touches the file about once a second; an observer only asks
whether the touch moved, on its own monotonic clock. Touching needs neither free disk space
nor the database, so a full disk or a locked database never looks like a dead worker.
"""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from clipforge_desktop.domain.job import Queue
from clipforge_desktop.domain.order import decode, encode
from clipforge_desktop.paths import Home


@dataclass(frozen=True)
class WorkerMark:
    """A worker's name, its process, and the second at which that process was created."""

    worker: str
    pid: int
    pid_created: float


def lock_file(home: Home, queue: Queue) -> Path:
    """Held exclusively by the worker of the queue for as long as it lives."""
    return home.locks / f"worker-{queue}.lock"


def supervisor_lock_file(home: Home) -> Path:
    """Held by the one supervisor of the home, and while a damaged database is restored."""
    return home.locks / "supervisor.lock"


def pulse_file(home: Home, queue: Queue) -> Path:
    return home.locks / f"worker-{queue}.json"


def sign(home: Home, queue: Queue, mark: WorkerMark) -> None:
    """Take over the queue's pulse file; a full disk leaves it unsigned, which harms nothing."""
    with contextlib.suppress(OSError):
        pulse_file(home, queue).write_text(encode(mark), encoding="utf-8")


def beat(home: Home, queue: Queue, count: int) -> None:
    """Touch the pulse file so that it differs from the touch before."""
    with contextlib.suppress(OSError):
        os.utime(pulse_file(home, queue), ns=(count, count * 1_000_000_000))


def last_beat(home: Home, queue: Queue) -> int | None:
    """A number that moves with every beat; None when no worker ever signed."""
    try:
        return pulse_file(home, queue).stat().st_mtime_ns
    except OSError:
        return None


def read_mark(home: Home, queue: Queue) -> WorkerMark | None:
    """Who signed last, dead or alive; None when nobody did or the file is torn."""
    try:
        return decode(WorkerMark, pulse_file(home, queue).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
