"""What can go wrong, as types that carry a code, a sentence and a next step.

A stage raises one of these; the job system stores it on the job's row; the window and
the command line show it word for word. The type decides what the job system does next.
"""

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Failure:
    """A failure as it is stored and shown: machine-readable code, and two plain sentences."""

    code: str
    message: str
    next_step: str


_BUTTON = re.compile(r"\bpress Retry\b", re.IGNORECASE)
_RETRY = re.compile(r"\bretry\b", re.IGNORECASE)


def in_terminal(failure: Failure, job_id: int) -> Failure:
    """The failure of a job as a terminal says it: with the command where the button is named.

    Next steps are written once, for the window ("press Retry"); this is the only translation.
    """
    command = f"`clipforge jobs retry {job_id}`"
    step = failure.next_step
    if _BUTTON.search(step):
        step = _BUTTON.sub(lambda at: f"{'Run' if at[0][0] == 'P' else 'run'} {command}", step)
    elif _RETRY.search(step):
        step = f"{step} The command is {command}."
    return replace(failure, next_step=step)


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
