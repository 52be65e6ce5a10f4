"""Real small disks for tests: mounted in memory where that is allowed, filled to the last byte.

Root may write anywhere, so a folder that cannot be written is a disk mounted read-only too.
"""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A tmpfs with these mount options on `folder`; skips the test where none can be mounted."""
    if sys.platform != "linux" or shutil.which("mount") is None:
        pytest.skip("small disks are made with Linux's mount")
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "clipforge-test", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting needs more rights")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill_up(disk: Path) -> Path:
    """Take all the space there is; returns the file to delete."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        for size in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)):
                    pass
    return filler
