"""Installs a model of the catalogue: download, resume, verify, rename into place.

The download goes to `<folder>.part` and stays there when it is cut off, so that the next try
goes on where it stopped. Only a complete model with its manifest is renamed into place. The
one place in the program that speaks to the hub.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm  # type: ignore[import-untyped]  # it ships no types

from clipforge_desktop.domain.errors import (
    CancelledError,
    ClipForgeError,
    PausingError,
    TransientError,
)
from clipforge_desktop.speech.catalogue import CatalogueEntry, ModelKind
from clipforge_desktop.speech.model_folder import write_manifest

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


def _fetch(
    entry: CatalogueEntry,
    part: Path,
    check: Callable[[], None],
    on_progress: Callable[[float], None],
    endpoint: str | None,
) -> None:
    from huggingface_hub import snapshot_download  # 0.3 s that only a download should cost

    patterns = list(entry.patterns)
    hub_cache = part / ".cache" / "hub"  # never the user's own cache
    planned = snapshot_download(
        entry.repository,
        local_dir=part,
        cache_dir=hub_cache,
        allow_patterns=patterns,
        endpoint=endpoint,
        token=False,
        dry_run=True,
    )
    total = sum(file.file_size or 0 for file in planned)
    missing = sum(file.file_size or 0 for file in planned if file.will_download)
    free = shutil.disk_usage(part).free
    if missing + _SPARE_BYTES > free:
        raise PausingError(
            "disk_full",
            f'The model "{entry.name}" needs {missing // 1_000_000} MB and '
            f"{free // 1_000_000} MB are free.",
            "Free some space, then press Retry.",
        )
    snapshot_download(
        entry.repository,
        local_dir=part,
        cache_dir=hub_cache,
        allow_patterns=patterns,
        endpoint=endpoint,
        token=False,
        max_workers=1,
        tqdm_class=_progress_bar(total, check, on_progress),
    )


def _progress_bar(
    total: int, check: Callable[[], None], on_progress: Callable[[float], None]
) -> type[tqdm]:
    """A progress bar that draws nothing, reports bytes and stops the download on a cancel."""

    class SilentBar(tqdm):  # type: ignore[misc]  # it ships no types
        def __init__(self, *arguments: Any, **options: Any) -> None:
            description = str(options.get("desc", ""))
            self._counts_bytes = options.get("unit") == "B" and "Reconstruct" in description
            options["disable"] = True
            super().__init__(*arguments, **options)
            self._done = 0

        def update(self, n: float | None = 1) -> None:
            check()
            if self._counts_bytes:
                self._done += int(n or 0)
                on_progress(min(self._done / max(total, 1), 1.0))

    return SilentBar


def _put_in_place(
    entry: CatalogueEntry, part: Path, target: Path, check: Callable[[], None]
) -> Path:
    if entry.folder:
        shutil.rmtree(part / ".cache", ignore_errors=True)
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
    except (ClipForgeError, CancelledError):
        raise
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        raise ClipForgeError(
            "model_not_published",
            f'The model "{entry.name}" was not found where it is published.',
            "Check the name, or choose another model.",
        ) from error
    except OSError as error:
        if error.errno is not None and error.errno == 28:
            raise PausingError(
                "disk_full",
                f'The disk became full while the model "{entry.name}" was downloaded.',
                "Free some space, then press Retry.",
            ) from error
        raise _failed(entry) from error
    except Exception as error:
        raise _failed(entry) from error


def _failed(entry: CatalogueEntry) -> TransientError:
    return TransientError(
        "model_download_failed",
        f'The download of the model "{entry.name}" broke off.',
        "Check the connection and try again; what has arrived is kept.",
    )
