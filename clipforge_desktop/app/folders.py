"""Which videos lie in what was given: files as they are, folders searched through.

Endings are only a first guess for what lies in folders; a file given by hand is always taken,
and judged by its content.
"""

import os
from collections.abc import Iterator
from pathlib import Path

# fmt: off
ENDINGS = frozenset((
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".m2ts", ".mts", ".ts",
    ".wmv", ".flv", ".3gp", ".ogv", ".mxf",
))
# fmt: on
MOST_FOLDERS_DEEP = 32


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
