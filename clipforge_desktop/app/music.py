"""Whether a file can be music under a clip, asked before anything is made of it.

Only an engine can tell, so a child process is asked: the very code that exports. It is given up
when it takes long, and what it said is remembered for as long as the file stays the same.
"""

import stat
import subprocess
from functools import lru_cache
from pathlib import Path

import msgspec

from clipforge_desktop.app.worker_process import program
from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.wire import decode

LONGEST_S = 30.0


def music_refusal(path: str) -> Failure | None:
    """Why the file cannot be used as music; None when it can, or where nobody can tell now."""
    file = Path(path).expanduser().absolute()
    try:
        found = file.stat()
    except (OSError, ValueError):
        return _missing(file, "is not there")
    if stat.S_ISDIR(found.st_mode):
        return _missing(file, "is a folder")
    try:
        return _judged(str(file), found.st_size, found.st_mtime_ns)
    except (OSError, subprocess.SubprocessError, ValueError, msgspec.MsgspecError):
        return None  # the export will say what it finds


@lru_cache(maxsize=64)
def _judged(path: str, _size_bytes: int, _changed_ns: int) -> Failure | None:
    try:
        answer = subprocess.run(
            [*program(), "listen", path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_S,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).stdout
    except subprocess.TimeoutExpired:
        return Failure(
            "music_unreadable",
            f"Reading the music file {Path(path).name} takes too long.",
            "Copy it to this computer, or choose other music.",
        )
    return decode(Failure, answer) if answer else None


def _missing(file: Path, what: str) -> Failure:
    return Failure(
        "music_missing",
        f"The music file {file.name} {what}.",
        "Bring it back, or choose other music.",
    )
