"""Clips of the library as files for a video editor: gathers, names and writes them.

The texts are made by `exchange`. Files never replace another's: a taken name gets a number, and
a file that says the very same is left as it is. No Qt: the window and the command line share it.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from clipforge_desktop.domain.clip import FoundClip
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.naming import clip_stem, safe_stem
from clipforge_desktop.exchange.formats import Document, ExchangeFormat, documents
from clipforge_desktop.exchange.sequence import Sequence as EditSequence
from clipforge_desktop.exchange.sequence import sequence_of
from clipforge_desktop.store.library import Clip, Source


@dataclass(frozen=True)
class Sent:
    """One written file, and how many clips are in it."""

    file: Path
    clips: int


def shelf_of(clips: Sequence[Clip]) -> list[Clip]:
    """What "the whole shelf" means: best first, without those that the user rejected."""
    return [clip for clip in clips if clip.found.is_on_shelf and clip.verdict != "rejected"]


def send(
    source: Source, clips: Sequence[Clip], kind: ExchangeFormat, folder: Path
) -> tuple[Sent, ...]:
    """Write clips of one video as they are cut now into `folder`, which is made when missing.

    Raises InputError `no_clips`, `not_imported`, `otio_missing`, `edl_too_long` or
    `output_not_writable`.
    """
    if not clips:
        raise InputError(
            "no_clips",
            f"There are no clips of {source.name} to send.",
            "Have clips found first, or bring back one that was rejected.",
        )
    name = Path(source.name).stem
    sequences = [_sequence(source, clip) for clip in clips]
    made = documents(kind, name, f"{safe_stem(name, 'video')}-clips", sequences)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(Sent(_save(folder, document), document.clips) for document in made)
    except OSError as error:
        raise InputError(
            "output_not_writable",
            f"Nothing can be written into {folder}: {error.strerror or error}.",
            "Choose a folder that you may write to, with some space on its disk.",
        ) from error


def _sequence(source: Source, clip: Clip) -> EditSequence:
    if source.media is None:
        raise InputError(
            "not_imported",
            f"{source.name} is not imported yet.",
            "Wait until its import is done, then send its clips.",
        )
    return sequence_of(
        Path(source.path),
        source.media.info,
        clip.pieces,
        name=clip.title,
        note=_reasons(clip.found),
        stem=clip_stem(Path(source.name).stem, clip.rank, clip.title),
    )


def _reasons(found: FoundClip) -> str:
    """`Score 87, story. Hook 80 %, Energy 40 %. Begins with a question.`"""
    parts = ", ".join(f"{part.name} {round(part.value * 100)} %" for part in found.reasons)
    said = (
        f"Score {found.score}, {found.category}." if found.category else "",
        parts and f"{parts}.",
    )
    return " ".join(part for part in (*said, found.advice) if part)


def _save(folder: Path, document: Document) -> Path:
    """The file, whole, under the first name that is free or already says the same."""
    data = document.text.encode("utf-8")
    part = folder / f".clipforge-{secrets.token_hex(8)}.part"
    try:
        part.write_bytes(data)
        for file in _names(folder, document):
            if _claim(file):
                return _put(part, file)
            if file.is_file() and file.stat().st_size == len(data) and file.read_bytes() == data:
                return file
        raise AssertionError("the numbers never end")
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _put(part: Path, claimed: Path) -> Path:
    try:
        return part.replace(claimed)
    except OSError:
        claimed.unlink(missing_ok=True)
        raise


def _names(folder: Path, document: Document) -> Iterator[Path]:
    yield folder / f"{document.stem}{document.ending}"
    for number in count(2):
        yield folder / f"{document.stem} ({number}){document.ending}"


def _claim(file: Path) -> bool:
    """Take a name that is free; False when something has it, a dead link included."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except FileExistsError:
        return False
    return True
