"""Removing what an interrupted job left: half-written files, and nothing else.

Only names that stages give to unfinished files are touched (`.<stem>*.part*` beside exports,
`*.part` in the cache), and outputs of an export that was cancelled in its last moment.
"""

import contextlib
import shutil
from collections.abc import Iterable
from pathlib import Path

import psutil

from clipforge_desktop.domain.job import FINISHED_STATES, Job, JobState, Queue
from clipforge_desktop.domain.order import ExportResult, decode
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store


def remove_parts(store: Store, job: Job) -> None:
    """Half-written files of one job that no longer runs."""
    if job.queue is Queue.EXPORT:
        remove_export_parts([job])
    key = store.library.source(job.source_id).content_key
    others = [
        other
        for other in store.jobs.in_state(JobState.RUNNING, JobState.CANCELLING)
        if other.source_id == job.source_id and other.id != job.id
    ]
    if key is not None and not others:
        _remove_files((store.home.cache / key).rglob("*.part"))


def remove_export_parts(jobs: Iterable[Job]) -> None:
    """Half-written outputs of export jobs, one look into each output folder."""
    stems: dict[str, set[str]] = {}
    for job in jobs:
        with contextlib.suppress(ValueError):
            task = decode(ExportTask, job.request)
            stems.setdefault(task.options.out_dir, set()).add(task.stem)
    for folder, known in stems.items():
        with contextlib.suppress(OSError):
            for file in Path(folder).iterdir():
                name = file.name
                is_part = name.startswith(".") and ".part" in name
                if is_part and any(name[1:].startswith(stem) for stem in known):
                    file.unlink(missing_ok=True)


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


def remove_cache_parts(store: Store) -> None:
    """Half-written cache files of sources on which nobody works."""
    busy = {
        store.library.source(job.source_id).content_key
        for job in store.jobs.in_state(JobState.RUNNING, JobState.CANCELLING)
    }
    with contextlib.suppress(OSError):
        for folder in store.home.cache.iterdir():
            if folder.name not in busy:
                _remove_files(folder.rglob("*.part"))


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
