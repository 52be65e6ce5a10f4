"""How a run ends other than well: from whatever a stage raised to a move of its row.

The type of an error decides the move; what nobody foresaw becomes a plain failure that names
the job's log, and the worker lives on.
"""

import errno
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from clipforge_desktop.domain.errors import (
    CancelledError,
    ClipForgeError,
    Failure,
    PausingError,
    TransientError,
)
from clipforge_desktop.store.reserve import is_disk_full

DISK_FULL = "disk_full"
_MEMORY_WORDS = ("bad_alloc", "out of memory", "insufficient memory", "cannot allocate memory")


class Move(StrEnum):
    FAIL = "fail"
    RETRY = "retry"
    PAUSE = "pause"
    STOP = "stop"


@dataclass(frozen=True)
class Ending:
    move: Move
    failure: Failure


def ending_of(error: BaseException, log: Path) -> Ending:
    """What becomes of a job whose stage raised `error`."""
    match error:
        case CancelledError():
            return Ending(Move.STOP, error.failure)
        case TransientError():
            return Ending(Move.RETRY, error.failure)
        case PausingError():
            return Ending(Move.PAUSE, error.failure)
        case ClipForgeError():
            return Ending(Move.FAIL, error.failure)
    if is_disk_full(error):
        return Ending(Move.PAUSE, disk_full())
    if is_locked(error):
        return Ending(
            Move.RETRY,
            Failure(
                "database_locked",
                "Another program kept ClipForge's database locked.",
                "Close backup or database tools that have it open; it is tried again by itself.",
            ),
        )
    if is_out_of_memory(error):
        return Ending(
            Move.FAIL,
            Failure(
                "out_of_memory",
                "There was not enough memory for this.",
                "Close other programs, or choose a smaller model or size, then retry.",
            ),
        )
    return Ending(
        Move.FAIL,
        Failure(
            "internal_error",
            f"Something in ClipForge went wrong here ({type(error).__name__}).",
            f"Retry it. If it happens again, please report it with the log: {log}",
        ),
    )


def disk_full() -> Failure:
    return Failure(
        DISK_FULL,
        "The disk is full.",
        "Free some space: the work goes on by itself, and nothing finished is lost.",
    )


def is_locked(error: BaseException) -> bool:
    words = ("locked", "busy")
    return isinstance(error, sqlite3.OperationalError) and any(w in str(error) for w in words)


def is_out_of_memory(error: BaseException) -> bool:
    """Native engines say it in words only ("std::bad_alloc" as a RuntimeError)."""
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    text = str(error).lower()
    return isinstance(error, Exception) and any(word in text for word in _MEMORY_WORDS)
