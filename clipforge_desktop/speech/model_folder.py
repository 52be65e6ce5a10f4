"""Tells a whole CTranslate2 model folder from a damaged, half-downloaded or foreign one.

An installed model carries a manifest with the size and SHA-256 of each file, checked before
every use. A folder that the user names has none, so its model file is walked through: its own
table of weights says how long it must be. Every fault is a coded error, never a crash.
"""

import hashlib
import json
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from clipforge_desktop.domain.errors import ClipForgeError, InputError

MANIFEST = "clipforge-model.json"
_BLOCK_BYTES = 4 * 1024 * 1024
_MAX_NAME_BYTES = 4096
_DTYPE_BYTES = (4, 1, 2, 4, 2, 2)  # float32, int8, int16, int32, float16, bfloat16
_SPEC_NAME = "WhisperSpec"


@dataclass(frozen=True)
class FileEntry:
    """What one file of an installed model must be."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Written beside an installed model when its download was complete."""

    repository: str
    files: dict[str, FileEntry]


def write_manifest(folder: Path, repository: str, check: Callable[[], None]) -> Manifest:
    """Measures every file in `folder` (hidden ones apart) and writes its manifest."""
    entries: dict[str, FileEntry] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and name != MANIFEST and not name.startswith("."):
            entries[name] = FileEntry(file.stat().st_size, sha256_of(file, check))
    manifest = Manifest(repository, entries)
    (folder / MANIFEST).write_bytes(TypeAdapter(Manifest).dump_json(manifest, indent=1))
    return manifest


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of an installed model; None when there is none. Raises when it is damaged."""
    file = folder / MANIFEST
    if not file.is_file():
        return None
    try:
        return TypeAdapter(Manifest).validate_json(file.read_bytes())
    except ValidationError as error:
        raise _damaged(folder, MANIFEST) from error


def verify_manifest(folder: Path, manifest: Manifest, check: Callable[[], None]) -> None:
    """Raises `model_incomplete` or `model_damaged` when a file is not what was installed."""
    for name, entry in manifest.files.items():
        file = folder / name
        if not file.is_file() or file.stat().st_size < entry.size:
            raise _incomplete(folder, name)
        if file.stat().st_size != entry.size or sha256_of(file, check) != entry.sha256:
            raise _damaged(folder, name)


def validate_whisper_folder(folder: Path, check: Callable[[], None] = lambda: None) -> None:
    """Raises InputError or ClipForgeError unless `folder` holds a whole Whisper model.

    Codes: `model_not_found`, `model_not_whisper`, `model_incomplete`, `model_damaged`.
    """
    if not folder.is_dir():
        raise InputError(
            "model_not_found",
            f"There is no folder {folder}.",
            "Check the path, or leave the model out to use the best one that is installed.",
        )
    manifest = read_manifest(folder)
    if not (folder / "model.bin").is_file() and manifest is None:
        raise _foreign(folder)
    if manifest is not None:
        verify_manifest(folder, manifest, check)
    for name in _missing(folder):
        raise _incomplete(folder, name)
    _walk_weights(folder)
    for name in ("config.json", "tokenizer.json"):
        _check_json(folder, name)


def _missing(folder: Path) -> Iterable[str]:
    yield from (n for n in ("model.bin", "config.json") if not (folder / n).is_file())
    if not any(folder.glob("vocabulary.*")):
        yield "vocabulary.json"
    if not (folder / "tokenizer.json").is_file():
        yield "tokenizer.json"


def _walk_weights(folder: Path) -> None:
    """Follows CTranslate2's binary layout from weight to weight to the end of the file."""
    file = folder / "model.bin"
    size = file.stat().st_size
    try:
        with file.open("rb") as stream:
            (version,) = struct.unpack("<I", _exactly(stream, 4))
            if not 2 <= version <= 100:
                raise _foreign(folder)
            if _name(stream) != _SPEC_NAME:
                raise _foreign(folder)
            _, count = struct.unpack("<II", _exactly(stream, 8))
            for _ in range(count):
                _skip_weight(stream, version, size)
            if version >= 3:
                (aliases,) = struct.unpack("<I", _exactly(stream, 4))
                for _ in range(aliases):
                    _name(stream), _name(stream)
            if stream.tell() != size:
                raise _damaged(folder, file.name)
    except EOFError as error:
        raise _incomplete(folder, file.name) from error
    except (ValueError, UnicodeDecodeError) as error:
        if size < 1024:
            raise _foreign(folder) from error
        raise _damaged(folder, file.name) from error


def _skip_weight(stream: BinaryIO, version: int, size: int) -> None:
    _name(stream)
    (rank,) = struct.unpack("<B", _exactly(stream, 1))
    shape = struct.unpack(f"<{rank}I", _exactly(stream, 4 * rank))
    kind, length = struct.unpack("<BI", _exactly(stream, 5))
    if version >= 4:
        expected = _DTYPE_BYTES[kind] if kind < len(_DTYPE_BYTES) else 0
        for side in shape:
            expected *= side
        if expected != length:
            raise ValueError("a weight's length is not that of its shape")
        data_bytes = length
    else:
        data_bytes = kind * length
    if stream.tell() + data_bytes > size:
        raise EOFError
    stream.seek(data_bytes, 1)


def _name(stream: BinaryIO) -> str:
    (length,) = struct.unpack("<H", _exactly(stream, 2))
    if length > _MAX_NAME_BYTES:
        raise ValueError("a name is too long")
    return _exactly(stream, length).rstrip(b"\0").decode()


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def _check_json(folder: Path, name: str) -> None:
    try:
        value = json.loads((folder / name).read_bytes())
    except (ValueError, RecursionError) as error:
        raise _damaged(folder, name) from error
    if not isinstance(value, dict):
        raise _damaged(folder, name)


def sha256_of(file: Path, check: Callable[[], None]) -> str:
    """The file's SHA-256 in hex; `check` is called between blocks of 4 MB."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            check()
            digest.update(block)
    return digest.hexdigest()


def _foreign(folder: Path) -> ClipForgeError:
    return InputError(
        "model_not_whisper",
        f"{folder} does not hold a Whisper model in CTranslate2's format.",
        "Choose a folder with model.bin, config.json, tokenizer.json and vocabulary.json in it, "
        "or install a model by its name.",
    )


def _incomplete(folder: Path, name: str) -> ClipForgeError:
    return ClipForgeError(
        "model_incomplete",
        f"The model in {folder} is not complete: {name} is missing or cut short.",
        "Install the model again; the parts that are there are kept.",
    )


def _damaged(folder: Path, name: str) -> ClipForgeError:
    return ClipForgeError(
        "model_damaged",
        f"The model in {folder} is damaged: {name} is not what was downloaded.",
        "Remove the model and install it again.",
    )
