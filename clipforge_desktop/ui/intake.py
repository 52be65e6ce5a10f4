"""Takes what is dropped or chosen: files as they are, folders searched through.

Scanning runs on a thread of its own and hands over batches in order, so that a folder of ten
thousand files neither holds the window nor mixes up its videos. Endings are only a first guess
for what lies in folders; a file given by hand is always taken, and judged by its content.
"""

import os
import queue
import threading
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

# fmt: off
ENDINGS = frozenset((
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".m2ts", ".mts", ".ts",
    ".wmv", ".flv", ".3gp", ".ogv", ".mxf",
))
# fmt: on
BATCH = 100
MOST_FOLDERS_DEEP = 32


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


def videos_in(paths: list[Path]) -> Iterator[Path]:
    """Given files in the order given; folders by name, each folder's files before its folders."""
    for path in paths:
        if path.is_dir():
            yield from _walk(path, 0)
        else:
            yield path


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    """Hidden files and linked folders are left alone; a folder that cannot be read is empty."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name.casefold())
    except OSError:
        return
    folders = []
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            folders.append(Path(entry.path))
        elif Path(entry.name).suffix.lower() in ENDINGS and entry.is_file():
            yield Path(entry.path)
    if depth < MOST_FOLDERS_DEEP:
        for inner in folders:
            yield from _walk(inner, depth + 1)
