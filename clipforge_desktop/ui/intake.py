"""Takes what is dropped or chosen: files as they are, folders searched through.

Scanning runs on a thread of its own and hands over batches in order, so that a folder of ten
thousand files neither holds the window nor mixes up its videos.
"""

import queue
import threading
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from clipforge_desktop.app.folders import videos_in

BATCH = 100


class Intake(QThread):
    """`found` gives paths in batches; `scanned` what a finished drop held: (files, folders)."""

    found = Signal(list)
    scanned = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drops: queue.SimpleQueue[list[Path] | None] = queue.SimpleQueue()
        self._stop = threading.Event()

    def take(self, paths: list[Path]) -> None:
        """Scan and hand over; returns at once."""
        if not self.isRunning():
            self.start()
        self._drops.put(paths)

    def stop(self) -> None:
        self._stop.set()
        self._drops.put(None)
        self.wait()

    def run(self) -> None:
        while (paths := self._drops.get()) is not None and not self._stop.is_set():
            batch: list[Path] = []
            total = 0
            for path in videos_in(paths):
                if self._stop.is_set():
                    return
                batch.append(path)
                total += 1
                if len(batch) == BATCH:
                    self.found.emit(batch)
                    batch = []
            if batch:
                self.found.emit(batch)
            self.scanned.emit(total, sum(path.is_dir() for path in paths))
