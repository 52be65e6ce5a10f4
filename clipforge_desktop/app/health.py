"""`clipforge doctor`: is everything there that the work needs, in plain words.

What only engines know (ffmpeg, models, the graphics card) is asked of a child process, so
that this tower never loads an engine.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from typing import Literal

from clipforge_desktop.app.supervisor import program
from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.paths import Home, resources
from clipforge_desktop.store import Store
from clipforge_desktop.store.connection import journal_mode

LOW_DISK_BYTES = 2 * 1024**3
INSPECTION_TIMEOUT_S = 120.0


@dataclass(frozen=True)
class Check:
    """One line of the doctor's answer. "warn" works but less well, "bad" does not work."""

    name: str
    state: Literal["ok", "warn", "bad"]
    message: str
    next_step: str = ""


def examine(home: Home) -> list[Check]:
    """Every check, the ones that can stop all work first."""
    return [_folder(home), _disk(home), _database(home), _shipped_files(), *_engines(home)]


def _folder(home: Home) -> Check:
    if os.access(home.root, os.W_OK):
        return Check("folder", "ok", str(home.root))
    return Check(
        "folder",
        "bad",
        f"{home.root} cannot be written.",
        "Choose another folder with --home.",
    )


def _disk(home: Home) -> Check:
    free = shutil.disk_usage(home.root).free
    size = f"{free / 1024**3:.1f} GB free"
    if free < LOW_DISK_BYTES:
        return Check("disk", "warn", f"{size}.", "Free some space; long videos need more.")
    return Check("disk", "ok", size)


def _database(home: Home) -> Check:
    try:
        with Store.open(home) as store:
            sources = len(store.library.sources())
    except ClipForgeError as error:
        return Check("database", "bad", error.failure.message, error.failure.next_step)
    version = sqlite3.sqlite_version
    mode = journal_mode(sqlite3.sqlite_version_info)
    return Check("database", "ok", f"{sources} videos; SQLite {version}, {mode} journal")


def _shipped_files() -> Check:
    try:
        folder = resources()
    except FileNotFoundError as error:
        return Check("installation", "bad", str(error), "Install ClipForge again.")
    return Check("installation", "ok", str(folder))


def _engines(home: Home) -> list[Check]:
    command = [*program(), "inspect", "--home", str(home.root)]
    try:
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INSPECTION_TIMEOUT_S,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).stdout
        return [Check(**json.loads(line)) for line in answer.splitlines() if line.strip()]
    except (subprocess.SubprocessError, OSError, ValueError, TypeError) as error:
        detail = getattr(error, "stderr", "") or str(error)
        print(detail, file=sys.stderr)  # noqa: T201
        return [
            Check(
                "engines",
                "bad",
                "The part that does the work does not start.",
                "Install ClipForge again; what it said is printed above.",
            )
        ]
