"""Watches the database from a thread of its own and tells the window which rows changed.

The first look reads light cards in pages and the jobs that are not done; what was computed of
a video is only read for the one that is open. Later looks hand over what changed, in slices,
so that the window draws between them.
"""

import sqlite3
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from clipforge_desktop.domain.errors import ClipForgeError, Failure
from clipforge_desktop.domain.job import JobState
from clipforge_desktop.paths import Home

if TYPE_CHECKING:
    from clipforge_desktop.app.changes import Changes, ChangeSet
    from clipforge_desktop.store import Store

SLICE_ROWS = 100
NOT_DONE = tuple(state for state in JobState if state is not JobState.DONE)


class Live(QThread):
    """Emits `cards`, `jobs`, `changed` (a ChangeSet), `loaded` after the first look, `failed`."""

    cards = Signal(list)
    jobs = Signal(list)
    changed = Signal(object, list)  # with the cards of all that changed
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
        # The store takes longer to load than the first window to paint.
        from clipforge_desktop.store import Store

        try:
            with Store.open(self._home) as store:
                self._watch(store)
        except ClipForgeError as error:
            self.failed.emit(error.failure)
        except sqlite3.Error as error:
            self.failed.emit(
                Failure(
                    "database_unreadable",
                    f"ClipForge lost its database: {error}.",
                    "Check that the disk is there and not full, then start ClipForge again.",
                )
            )

    def _watch(self, store: "Store") -> None:
        from clipforge_desktop.app.changes import POLL_INTERVAL_S, Changes

        changes = Changes(self._home, since=store.last_change())
        try:
            self._read_all(store)
            self.loaded.emit()
            self._hand_over(store, changes)
            while not self._stop.wait(POLL_INTERVAL_S):
                self._hand_over(store, changes)
        finally:
            changes.close()

    def _read_all(self, store: "Store") -> None:
        """Rows that change meanwhile come again with the first changes."""
        cleared = store.jobs.cleared_ids()
        waiting = [job for job in store.jobs.in_state(*NOT_DONE) if job.id not in cleared]
        for start in range(0, len(waiting), SLICE_ROWS):
            self.jobs.emit(waiting[start : start + SLICE_ROWS])
        last_id = 0
        while (page := store.library.cards_after(last_id, SLICE_ROWS)) and not self._stop.is_set():
            self.cards.emit(page)
            last_id = page[-1].id

    def _hand_over(self, store: "Store", changes: "Changes") -> None:
        found = changes.poll()
        if found is None:
            return
        for part in slices(found):
            touched = {source.id for source in part.sources}
            touched |= {row.source_id for rows in (part.jobs, part.clips) for row in rows}
            self.changed.emit(part, store.library.cards_of(touched))


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
