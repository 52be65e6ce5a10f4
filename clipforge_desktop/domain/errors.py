"""What can go wrong, as types that carry a code, a sentence and a next step.

A stage raises one of these; the job system stores it on the job's row; the window and
the command line show it word for word. The type decides what the job system does next.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """A failure as it is stored and shown: machine-readable code, and two plain sentences."""

    code: str
    message: str
    next_step: str


class ClipForgeError(Exception):
    """A permanent failure: trying the same thing again would fail the same way."""

    def __init__(self, code: str, message: str, next_step: str) -> None:
        super().__init__(message)
        self.failure = Failure(code, message, next_step)

    def __reduce__(self) -> tuple[type["ClipForgeError"], tuple[str, str, str]]:
        return type(self), (self.failure.code, self.failure.message, self.failure.next_step)


class InputError(ClipForgeError):
    """A file or a value that the user gave cannot be taken."""


class TransientError(ClipForgeError):
    """May well work a little later: the job goes to `retry_wait`, at most three attempts."""


class PausingError(ClipForgeError):
    """Works again once the user or the machine frees something (disk, volume): `paused`."""


class CancelledError(ClipForgeError):
    """The user asked to stop, or the worker no longer owns the job."""

    def __init__(
        self,
        code: str = "cancelled",
        message: str = "This was cancelled.",
        next_step: str = "Retry it whenever you like; finished parts are kept.",
    ) -> None:
        super().__init__(code, message, next_step)
