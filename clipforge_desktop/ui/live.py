"""Watches the database from a thread of its own and tells the window which rows changed.

A first look at a large library is handed over in slices, so that the window draws between
them.
"""

import sqlite3
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from clipforge_desktop.domain.errors import ClipForgeError, Failure
from clipforge_desktop.paths import Home

if TYPE_CHECKING:
    from clipforge_desktop.app.changes import ChangeSet

SLICE_ROWS = 100


class Live(QThread):
    """Emits `changed` with a ChangeSet, `loaded` after the first look, `failed` with a Failure."""

    changed = Signal(object)
    loaded = Signal()
    failed = Signal(object)

    def __init__(self, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()
        self.wait()

    def run(self) -> None:
        # Loads pydantic, which takes longer than painting the first window.
        from clipforge_desktop.app.changes import POLL_INTERVAL_S, Changes

        try:
            changes = Changes(self._home)
        except ClipForgeError as error:
            self.failed.emit(error.failure)
            return
        try:
            self._hand_over(changes.poll())
            self.loaded.emit()
            while not self._stop.wait(POLL_INTERVAL_S):
                self._hand_over(changes.poll())
        except sqlite3.Error as error:
            self.failed.emit(
                Failure(
                    "database_unreadable",
                    f"ClipForge lost its database: {error}.",
                    "Check that the disk is there and not full, then start ClipForge again.",
                )
            )
        finally:
            changes.close()

    def _hand_over(self, changes: "ChangeSet | None") -> None:
        if changes is not None:
            for part in slices(changes):
                self.changed.emit(part)


def slices(changes: "ChangeSet") -> Iterator["ChangeSet"]:
    """The same rows in sets of at most SLICE_ROWS of each kind, in the same order."""
    columns = (changes.sources, changes.jobs, changes.clips, changes.exports, changes.messages)
    for start in range(0, max(map(len, columns)), SLICE_ROWS):
        end = start + SLICE_ROWS
        yield type(changes)(
            changes.sources[start:end],
            changes.jobs[start:end],
            changes.clips[start:end],
            changes.exports[start:end],
            changes.messages[start:end],
        )
