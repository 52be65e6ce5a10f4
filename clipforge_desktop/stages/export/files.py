"""Names, room and publication of exported files: whole, under a free name, or not there at all.

A file is written as `.clipforge-<16 hex digits>.part` in the folder that it will stay in, and
renamed only when it was verified. Such a name is ours alone: `PART_PATTERN` is what recovery may
delete after a crash. Nothing that exists is ever overwritten, unless its own recipe says that it
is the very same clip.
"""

import contextlib
import errno
import math
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from clipforge_desktop.domain.errors import ClipForgeError, PausingError
from clipforge_desktop.stages.export.recipe import read_recipe

PART_PATTERN = re.compile(r"\.clipforge-[0-9a-f]{16}\.part")
ENDINGS = (".json", ".srt", ".mp4")  # the recipe first: it claims the name for its clip
_FREE_AFTERWARDS_BYTES = 50_000_000  # a disk filled to its last byte is of no use to anybody
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES)


@dataclass(frozen=True)
class FileSet:
    """The three files of one output share a stem; `part` are their names while being written."""

    folder: Path
    stem: str
    parts: dict[str, Path]

    def final(self, ending: str) -> Path:
        return self.folder / f"{self.stem}{ending}"


def open_folder(out_dir: str) -> Path:
    """The output folder, created when missing, links followed, and proven to be writable.

    Raises PausingError("output_not_writable" or "disk_full").
    """
    folder = Path(out_dir).expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder = folder.resolve(strict=True)
        probe = _part_path(folder)
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise failed_to_write(error, folder) from error
    return folder


def failed_to_write(
    error: OSError, folder: Path, needed_bytes: int | None = None
) -> ClipForgeError:
    """What an error of the output folder's disk means to a creator."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder, needed_bytes or 1_000_000, 0)
    return PausingError(
        "output_not_writable",
        f"Nothing can be written into the folder {folder}: {error.strerror or error}.",
        "Connect its disk, allow writing there, or choose another folder; then press Retry.",
    )


def check_folder(folder: Path) -> None:
    """Raises PausingError("output_missing") when the folder has gone."""
    if not folder.is_dir():
        raise PausingError(
            "output_missing",
            f"The folder {folder} is not there any more.",
            "Bring it back or choose another folder, then press Retry.",
        )


def disk_full(folder: Path, needed_bytes: int, free_bytes: int) -> PausingError:
    needed, free = math.ceil(needed_bytes / 1e6), int(max(free_bytes, 0) / 1e6)
    return PausingError(
        "disk_full",
        f"The disk of {folder} is full: about {needed} MB are needed, {free} MB are free.",
        "Free some space or choose another folder, then press Retry.",
    )


def check_room(folder: Path, needed_bytes: int) -> None:
    """Raises PausingError("disk_full") when the clip would not fit."""
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes + min(_FREE_AFTERWARDS_BYTES, needed_bytes):
        raise disk_full(folder, needed_bytes, free_bytes)


@contextlib.contextmanager
def part_files(folder: Path, stems: Iterable[str]) -> Iterator[tuple[FileSet, ...]]:
    """A set of part names per stem; whatever is left of them at the end is deleted."""
    sets = tuple(
        FileSet(folder, stem, {ending: _part_path(folder) for ending in ENDINGS}) for stem in stems
    )
    try:
        yield sets
    finally:
        for part in (part for files in sets for part in files.parts.values()):
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def _part_path(folder: Path) -> Path:
    return folder / f".clipforge-{secrets.token_hex(8)}.part"


def numbered(stem: str) -> Iterator[str]:
    """`stem`, `stem (2)`, `stem (3)`, ..."""
    yield stem
    for number in count(2):
        yield f"{stem} ({number})"


def stem_for(folder: Path, stem: str, key: str) -> tuple[str, bool]:
    """(the first stem that is free or already this clip's, whether it is already this clip's)."""
    for candidate in numbered(stem):
        recipe = read_recipe(folder / f"{candidate}.json")
        if recipe is not None and recipe.key == key:
            return candidate, True
        if not any(_is_taken(folder / f"{candidate}{ending}") for ending in ENDINGS):
            return candidate, False
    raise AssertionError("the numbers never end")


def _is_taken(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def publish(files: FileSet, key: str) -> FileSet:
    """Rename the parts into place; the set as it is then named. Raises OSError.

    The recipe goes first and only where nothing is: so a name has one owner, even between two
    exports at the same moment, and a crash in between is mended by exporting again.
    """
    stem = files.stem
    while True:
        stem, is_ours = stem_for(files.folder, stem, key)
        named = FileSet(files.folder, stem, files.parts)
        recipe = files.parts[".json"]
        if is_ours:
            recipe.replace(named.final(".json"))
        elif not _claim(recipe, named.final(".json")):
            continue  # somebody was faster: look again
        for ending in ENDINGS[1:]:
            if files.parts[ending].exists():
                files.parts[ending].replace(named.final(ending))
        return named


def _claim(part: Path, final: Path) -> bool:
    """Give `part` the name `final` unless that exists; False when it does."""
    try:
        os.link(part, final)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return _claim_without_links(part, final)
    part.unlink()
    return True


def _claim_without_links(part: Path, final: Path) -> bool:
    """For file systems without hard links (FAT, some network drives)."""
    try:
        final.touch(exist_ok=False)
    except FileExistsError:
        return False
    part.replace(final)
    return True
