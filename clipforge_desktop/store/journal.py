"""The list of finished exports beside the database, so that they outlive it.

One JSON line per export, only ever appended. After a restore the lines tell which clips were
made already, from what, and where their files lie; nothing is exported twice for it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from clipforge_desktop.domain.clip import FoundClip
from clipforge_desktop.domain.order import ExportedFile, Order, decode, encode
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.paths import Home


@dataclass(frozen=True)
class JournalEntry:
    """One finished export with everything needed to know it again."""

    path: str
    name: str
    size_bytes: int
    modified_ns: int
    content_key: str
    order: Order
    found: FoundClip
    rank: int
    task: ExportTask
    files: tuple[ExportedFile, ...]


def append(home: Home, entry: JournalEntry) -> None:
    """Write the line durably. Raises OSError when the disk is full."""
    line = b"\n" + encode(entry).encode()  # the leading newline ends a torn line, if there is one
    with home.export_journal.open("ab") as journal:
        journal.write(line)
        journal.flush()
        os.fsync(journal.fileno())


def entries(home: Home) -> Iterator[JournalEntry]:
    """All readable lines, oldest first; torn or foreign lines are passed over."""
    try:
        lines = home.export_journal.read_bytes().split(b"\n")
    except OSError:
        return
    for line in lines:
        try:
            if line:
                yield decode(JournalEntry, line.decode())
        except ValueError:
            continue
