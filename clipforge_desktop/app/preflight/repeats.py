"""Moments that were exported before: the very same files, or nearly the same stretch of talk."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from clipforge_desktop.app.preflight.batch import Batch, Planned
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.edit import pieces_of
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.order import ExportOptions, decode
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.domain.preflight import Finding, Remedy, overlap
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import Clip, Export

SAME_MOMENT = 0.8
"""Clips that share more than this of the shorter one show the same moment."""


@dataclass(frozen=True)
class _Ingredients:
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class _Recipe:
    """What is read of the recipe beside a file: the words that its captions show."""

    ingredients: _Ingredients


def exported(batch: Batch) -> Iterator[Finding]:
    """Clips whose files are there already, exactly as they would be made again."""
    done = [one for one in batch.planned if _is_there(batch.store, one)]
    if not done:
        return
    ids = tuple(one.clip.id for one in done)
    if len(done) == 1:
        message = f"“{done[0].clip.title}” is already exported like this."
    else:
        message = f"{len(done)} clips are already exported like this."
    label = "Leave it out" if len(done) == 1 else "Leave them out"
    yield Finding("already_exported", message, ids, Remedy(label, without=ids), is_blocking=False)


def overlapping(batch: Batch) -> Iterator[Finding]:
    """Clips that are nearly the same moment as another one that was exported."""
    store, known = batch.store, dict[int, list[tuple[Clip, tuple[Piece, ...]]]]()
    for one in batch.planned:
        source_id = one.source.id
        if source_id not in known:
            known[source_id] = list(_exported_of(store, source_id))
        for other, pieces in known[source_id]:
            is_itself = other.key == one.clip.key  # found by another order
            if is_itself or overlap(one.pieces, pieces) <= SAME_MOMENT:
                continue
            message = (
                f"“{one.clip.title}” is nearly the same moment as “{other.title}”, which is"
                " exported already."
            )
            leave = Remedy("Leave it out", without=(one.clip.id,))
            yield Finding("same_moment", message, (one.clip.id,), leave, is_blocking=False)
            break


def _is_there(store: Store, one: Planned) -> bool:
    by_job: dict[int, list[Export]] = {}
    for export in store.library.exports_of_clip(one.clip.id):
        by_job.setdefault(export.job_id, []).append(export)
    return any(
        len(exports) >= len(one.outputs)
        and _is_same(_task(store, job_id), one)
        and all(_has_words(export, one) for export in exports)
        for job_id, exports in by_job.items()
    )


def _is_same(task: ExportTask, one: Planned) -> bool:
    return task.edit == one.clip.edit and _look(task.options) == _look(one.options)


def _look(options: ExportOptions) -> ExportOptions:
    """What the files are like, wherever they lie and whatever made them."""
    return replace(options, out_dir="", name_template="", encoder="software")


def _has_words(export: Export, one: Planned) -> bool:
    """The file is there, and its captions say what the words are now."""
    try:
        is_there = Path(export.file.video).is_file()
        recipe = decode(_Recipe, Path(export.file.recipe).read_bytes())
    except (OSError, ValueError, msgspec.MsgspecError):
        return False
    return is_there and recipe.ingredients.words == one.words


def _exported_of(store: Store, source_id: int) -> Iterator[tuple[Clip, tuple[Piece, ...]]]:
    """Clips of a source with a file that is still there, and how they were cut for it."""
    for clip in store.library.exported_clips(source_id):
        exports = store.library.exports_of_clip(clip.id)
        there = [export for export in exports if Path(export.file.video).is_file()]
        if there:
            yield clip, _pieces(clip, _task(store, there[-1].job_id))


def _pieces(clip: Clip, task: ExportTask) -> tuple[Piece, ...]:
    try:
        return pieces_of(clip.found.pieces, task.edit)
    except InputError:
        return clip.found.pieces


def _task(store: Store, job_id: int) -> ExportTask:
    return decode(ExportTask, store.jobs.get(job_id).request)
