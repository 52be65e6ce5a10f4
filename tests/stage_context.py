"""A real StageContext for tests: folders under one path, a cancel event, everything recorded.

It keeps the contract of `domain.stage.StageContext` (callbacks come from another thread,
`progress` and `check` raise once cancelled), so a stage tested with it behaves as under a worker.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from clipforge_desktop.domain.errors import CancelledError


class RecordingContext:
    """Implements StageContext; `cancel()` does what the user's cancel does."""

    def __init__(self, folder: Path, *, is_offline: bool = True, cores: int = 1) -> None:
        self._folder = folder
        self._is_offline = is_offline
        self.cores = cores
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: dict[int, Callable[[], None]] = {}
        self._next_callback = 0
        self.progress_reports: list[tuple[float, str, float | None]] = []
        self.checkpoints: dict[str, str] = {}
        self.logged: list[str] = []
        self.when_progress: Callable[[float, str], None] | None = None
        for name in ("job", "models", "fonts", "cache", "machine"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    @property
    def job_dir(self) -> Path:
        return self._folder / "job"

    @property
    def models_dir(self) -> Path:
        return self._folder / "models"

    @property
    def fonts_dir(self) -> Path:
        return self._folder / "fonts"

    @property
    def machine_dir(self) -> Path:
        return self._folder / "machine"

    @property
    def is_offline(self) -> bool:
        return self._is_offline

    def cache_dir(self, content_key: str) -> Path:
        folder = self._folder / "cache" / content_key
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def progress(self, fraction: float, note: str = "", seconds_left: float | None = None) -> None:
        self.check()
        self.progress_reports.append((fraction, note, seconds_left))
        if self.when_progress is not None:
            self.when_progress(fraction, note)

    def check(self) -> None:
        if self._cancelled.is_set():
            raise CancelledError

    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def on_cancel(self, callback: Callable[[], None]) -> Callable[[], None]:
        with self._lock:
            self._next_callback += 1
            number = self._next_callback
            self._callbacks[number] = callback
        if self._cancelled.is_set():
            callback()

        def unregister() -> None:
            with self._lock:
                self._callbacks.pop(number, None)

        return unregister

    def save_checkpoint(self, unit: str, payload: str) -> None:
        with self._lock:
            self.checkpoints[unit] = payload

    def load_checkpoints(self) -> dict[str, str]:
        with self._lock:
            return dict(self.checkpoints)

    def log(self, message: str) -> None:
        with self._lock:
            self.logged.append(message)

    def cancel(self) -> None:
        """Cancel as the user does: flag first, then every callback, from a thread of its own."""
        self._cancelled.set()
        with self._lock:
            callbacks = list(self._callbacks.values())
        thread = threading.Thread(target=lambda: [callback() for callback in callbacks])
        thread.start()
        thread.join()
