"""Installs a model of the catalogue: download, resume, verify, rename into place.

Each file is fetched by Range requests into `<folder>.part` and stays there when it is cut off,
so that the next try goes on where it stopped (the hub library's own `snapshot_download` throws
an unfinished file away). What the publisher gives a SHA-256 for is checked against it; only a
complete model with its manifest is renamed into place. The one place that speaks to the hub.
"""

import errno
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm  # type: ignore[import-untyped]  # it ships no types

from clipforge_desktop import __version__
from clipforge_desktop.domain.catalogue import CatalogueEntry, ModelKind
from clipforge_desktop.domain.errors import ClipForgeError, PausingError, TransientError
from clipforge_desktop.speech.model_folder import sha256_of, write_manifest

_REVISION = ".revision"
_SPARE_BYTES = 200_000_000  # room left on the disk after a download


def installed_at(repository: str) -> CatalogueEntry:
    """An entry for any Whisper repository ("owner/name") that is not in the catalogue."""
    files = ("model.bin", "config.json", "tokenizer.json")
    patterns = (*files, "preprocessor_config.json", "vocabulary.*")
    name = repository.replace("/", "--")
    folder = f"{ModelKind.WHISPER}/{name}"
    return CatalogueEntry(ModelKind.WHISPER, name, repository, 0, "", folder, files, patterns)


def install(
    entry: CatalogueEntry,
    models_dir: Path,
    *,
    check: Callable[[], None],
    on_progress: Callable[[float], None],
    is_offline: bool = False,
    endpoint: str | None = None,
) -> Path:
    """Downloads `entry` and returns its folder (or file); resumes what an earlier try left.

    `check` is called all along and may raise to stop; `on_progress` takes 0..1. `endpoint` is
    another hub than the public one. Raises TransientError `model_download_failed`,
    PausingError `disk_full`, ClipForgeError `model_not_published` or `offline`.
    """
    if is_offline:
        raise ClipForgeError(
            "offline",
            f'The model "{entry.name}" can\'t be downloaded while ClipForge is offline.',
            "Go online and try again.",
        )
    target = models_dir / (entry.folder or entry.required[0])
    part = target.with_name(target.name + ".part")
    part.mkdir(parents=True, exist_ok=True)
    with _plain_errors(entry):
        _fetch(entry, part, check, on_progress, endpoint)
    for name in entry.required:
        if not (part / name).is_file():
            raise ClipForgeError(
                "model_not_published",
                f"{entry.repository} does not hold {name}, so it is no model for ClipForge.",
                "Choose another model.",
            )
    return _put_in_place(entry, part, target, check)


@dataclass(frozen=True)
class _Published:
    """One file as the hub lists it; `sha256` is "" for small files."""

    name: str
    size: int
    sha256: str


def _fetch(
    entry: CatalogueEntry,
    part: Path,
    check: Callable[[], None],
    on_progress: Callable[[float], None],
    endpoint: str | None,
) -> None:
    # 0.3 s that only a download should cost.
    from huggingface_hub import HfApi, hf_hub_url
    from huggingface_hub.file_download import http_get

    api = HfApi(endpoint=endpoint, token=False)
    info = api.model_info(entry.repository, files_metadata=True)
    revision = str(info.sha)
    files = [
        _Published(s.rfilename, s.size or 0, s.lfs.sha256 if s.lfs else "")
        for s in info.siblings or ()
        if any(fnmatch(s.rfilename, pattern) for pattern in entry.patterns)
    ]
    _keep_only(part, revision)
    _need_room(entry, part, files)
    total = sum(file.size for file in files)
    ready = 0
    for file in files:
        check()
        target = part / file.name
        have = target.stat().st_size if target.exists() else 0
        bar = _progress_bar(ready + have, total, check, on_progress)
        with target.open("ab") as stream:
            http_get(
                hf_hub_url(entry.repository, file.name, revision=revision, endpoint=endpoint),
                stream,
                resume_size=have,
                headers={"user-agent": f"clipforge-desktop/{__version__}"},
                expected_size=file.size,
                tqdm_class=bar,
            )
        ready += file.size
        _verify(entry, target, file, check)


def _keep_only(part: Path, revision: str) -> None:
    """Throws away what an earlier try fetched of another revision."""
    mark = part / _REVISION
    if not mark.is_file() or mark.read_text("utf-8") != revision:
        shutil.rmtree(part)
        part.mkdir()
        mark.write_text(revision, "utf-8")


def _need_room(entry: CatalogueEntry, part: Path, files: Sequence[_Published]) -> None:
    have = sum(file.stat().st_size for file in part.iterdir())
    missing = sum(file.size for file in files) - have
    free = shutil.disk_usage(part).free
    if missing + _SPARE_BYTES > free:
        raise PausingError(
            "disk_full",
            f'The model "{entry.name}" needs {missing // 1_000_000} MB and '
            f"{free // 1_000_000} MB are free.",
            "Free some space, then press Retry.",
        )


def _verify(
    entry: CatalogueEntry, target: Path, file: _Published, check: Callable[[], None]
) -> None:
    """Refuses, and removes, a file that is not what its publisher listed."""
    is_same = target.stat().st_size == file.size
    if is_same and file.sha256:
        is_same = sha256_of(target, check) == file.sha256
    if not is_same:
        target.unlink()
        raise TransientError(
            "model_download_damaged",
            f'{file.name} of the model "{entry.name}" arrived damaged.',
            "Try again; it is fetched anew.",
        )


def _progress_bar(
    ready: int, total: int, check: Callable[[], None], on_progress: Callable[[float], None]
) -> type[tqdm]:
    """A progress bar that draws nothing, reports bytes and stops the download on a cancel."""

    class SilentBar(tqdm):  # type: ignore[misc]  # it ships no types
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **(options | {"disable": True}))
            self._done = ready

        def update(self, n: float | None = 1) -> None:
            check()
            self._done += int(n or 0)
            on_progress(min(self._done / max(total, 1), 1.0))

    return SilentBar


def _put_in_place(
    entry: CatalogueEntry, part: Path, target: Path, check: Callable[[], None]
) -> Path:
    if entry.folder:
        (part / _REVISION).unlink()
        write_manifest(part, entry.repository, check)
        if target.is_dir():
            shutil.rmtree(target)
        part.replace(target)
    else:
        (part / entry.required[0]).replace(target)
        shutil.rmtree(part)
    return target


@contextmanager
def _plain_errors(entry: CatalogueEntry) -> Iterator[None]:
    """The hub's many exceptions in three plain sentences."""
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    try:
        yield
    except ClipForgeError:
        raise
    except Exception as error:
        reasons = list(_chain(error))
        if any(isinstance(r, OSError) and r.errno == errno.ENOSPC for r in reasons):
            raise PausingError(
                "disk_full",
                f'The disk became full while the model "{entry.name}" was downloaded.',
                "Free some space, then press Retry.",
            ) from error
        if any(isinstance(r, RepositoryNotFoundError | RevisionNotFoundError) for r in reasons):
            raise ClipForgeError(
                "model_not_published",
                f'The model "{entry.name}" was not found where it is published.',
                "Check the name, or choose another model.",
            ) from error
        raise TransientError(
            "model_download_failed",
            f'The download of the model "{entry.name}" broke off.',
            "Check the connection and try again; what has arrived is kept.",
        ) from error


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it: the hub wraps its reasons."""
    reason: BaseException | None = error
    while reason is not None:
        yield reason
        reason = reason.__cause__
