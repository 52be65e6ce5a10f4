"""The contract between a stage and whoever runs it.

A stage is `run(request, context) -> result` plus `VERSION`; it knows neither SQL nor Huey.
The context gives it folders, takes its progress, tells it to stop, and keeps checkpoints, so
that a killed stage goes on where it was.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from clipforge_desktop.domain.job import Queue

VERSIONS = {
    Queue.IMPORT: 2,
    Queue.TRANSCRIPTION: 2,
    Queue.CLIP_DETECTION: 2,
    Queue.FRAMING: 3,
}
"""Raised when a stage gives another result for the same input: kept ones are not used again.

Exports have theirs in `stages/exporting.py`: they are known by the recipe beside the file.
"""


class StageContext(Protocol):
    """What a running stage may ask of its surroundings. Safe to call from any thread."""

    @property
    def job_dir(self) -> Path:
        """Private scratch folder; deleted when the job ends in whatever way."""

    @property
    def models_dir(self) -> Path:
        """Where installed models lie (`paths.Home.models`)."""

    @property
    def fonts_dir(self) -> Path:
        """Where the user's own fonts lie (`paths.Home.fonts`)."""

    @property
    def machine_dir(self) -> Path:
        """Folder for what was found out about this machine (its encoders); kept, and there."""

    @property
    def cores(self) -> int:
        """How many of the processor's cores are this job's: others of its queue have theirs."""

    @property
    def is_offline(self) -> bool: ...

    def cache_dir(self, content_key: str) -> Path:
        """Folder for files computed from this source; kept. Write `name.part`, then rename."""

    def progress(self, fraction: float, note: str = "", seconds_left: float | None = None) -> None:
        """Report 0..1; cheap, call it often. Raises CancelledError when told to stop."""

    def check(self) -> None:
        """Raises CancelledError when the job was cancelled or is no longer ours."""

    def is_cancelled(self) -> bool: ...

    def on_cancel(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` (from another thread) at cancel; returns a function that unregisters."""

    def save_checkpoint(self, unit: str, payload: str) -> None:
        """Keep the finished part `unit` durably; it survives this job being killed or cancelled."""

    def load_checkpoints(self) -> dict[str, str]:
        """All kept parts of the same work (same content, stage version and options)."""

    def log(self, message: str) -> None:
        """One line into this job's log file, for people."""
