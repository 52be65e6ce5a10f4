"""Removing what an interrupted job left: half-written files, and nothing else.

Only names that stages give to unfinished files are touched (`.clipforge-*.part` beside
exports, `*.part` in the cache), and outputs of an export that was cancelled in its last moment.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import psutil

from clipforge_desktop.domain.job import FINISHED_STATES, Job, JobState, Queue
from clipforge_desktop.domain.order import ExportResult, decode
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.media.content_key import content_key
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store

PART_NAME = re.compile(r"\.clipforge-[0-9a-f]{16}\.part")  # as stages.export.files names them


def remove_parts(store: Store, jobs: Iterable[Job]) -> None:
    """Half-written files of jobs that no longer run; no other job of their queue may run."""
    ended = list(jobs)
    remove_export_parts(job for job in ended if job.queue is Queue.EXPORT)
    if ended:
        remove_cache_parts(store, ended=[job.id for job in ended])


def remove_export_parts(jobs: Iterable[Job]) -> None:
    """Half-written outputs, one look into each output folder.

    One that a living program still has open belongs to another home: it stays.
    """
    folders = set()
    for job in jobs:
        with contextlib.suppress(ValueError):
            folders.add(decode(ExportTask, job.request).options.out_dir)
    found: list[Path] = []
    for folder in folders:
        with contextlib.suppress(OSError):
            found += [file for file in Path(folder).iterdir() if PART_NAME.fullmatch(file.name)]
    open_files = _open_files() if found else set()
    _remove_files(file for file in found if str(file.resolve()) not in open_files)


def _open_files() -> set[str]:
    """What other programs of this user have open, as far as the system tells."""
    names: set[str] = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid():
                names.update(file.path for file in process.open_files())
    return names


def unfinished_exports(store: Store) -> list[Job]:
    return [
        job
        for job in store.jobs.in_state(*(set(JobState) - FINISHED_STATES))
        if job.queue is Queue.EXPORT
    ]


def remove_outputs(job: Job, result: ExportResult) -> None:
    """Files that a run made although it was cancelled meanwhile; older ones stay."""
    for file in result.files:
        for name in (file.video, file.subtitles, file.recipe):
            with contextlib.suppress(OSError):
                if name and Path(name).stat().st_mtime >= (job.started_at or 0.0):
                    Path(name).unlink()


def remove_cache_parts(
    store: Store, keys: Iterable[str] | None = None, ended: Iterable[int] = ()
) -> None:
    """Half-written cache files (of `keys`, or all) of sources on which nobody works.

    The jobs `ended` do not count as working any more.
    """
    with contextlib.suppress(OSError):
        names = [folder.name for folder in store.home.cache.iterdir()] if keys is None else keys
        # listed before we ask who works: what somebody begins from now on is not on the list
        parts = {name: list((store.home.cache / name).rglob("*.part")) for name in names}
        gone = set(ended)
        running = store.jobs.in_state(JobState.RUNNING, JobState.CANCELLING)
        busy = {_content_key(store, job) for job in running if job.id not in gone}
        for name in set(parts) - busy:
            _remove_files(parts[name])


def _content_key(store: Store, job: Job) -> str:
    """Of the job's source, also while its import has not written it down."""
    source = store.library.source(job.source_id)
    if source.content_key is None:
        with contextlib.suppress(OSError, ValueError):
            return content_key(Path(source.path))
    return source.content_key or ""


def end_orphans(folder: Path) -> None:
    """Kill programs that still work inside `folder`, the scratch space of dead workers.

    A running ffmpeg has its job's folder as working directory, so no list of pids has to be
    kept, and a reused pid cannot mislead us.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    root = folder.resolve()
    killed = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if root in Path(process.cwd()).parents:
                process.kill()
                killed.append(process)
    psutil.wait_procs(killed, timeout=2)


def remove_scratch(home: Home, queue: Queue) -> None:
    """Everything in the queue's scratch folder; only with the queue's lock held."""
    folder = home.work / queue
    end_orphans(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


def _remove_files(files: Iterable[Path]) -> None:
    with contextlib.suppress(OSError):
        for file in list(files):
            file.unlink(missing_ok=True)
