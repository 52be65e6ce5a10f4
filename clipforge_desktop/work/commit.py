"""What a finished stage gave, the move to done, and the next jobs: one transaction.

Either all of it is in the database or none: a crash at any moment leaves a job that is done
with its results and successors, or one that runs again and finds its work unchanged.
"""

from pathlib import Path

from clipforge_desktop.domain.clip import FoundClip
from clipforge_desktop.domain.job import Job, JobState, NewJob, Queue
from clipforge_desktop.domain.order import (
    ExportResult,
    FindResult,
    FramingResult,
    ImportResult,
    TranscribeResult,
    decode,
    encode,
)
from clipforge_desktop.domain.pipeline import (
    ExportTask,
    after_clip_detection,
    after_import,
    after_transcription,
    render_job,
)
from clipforge_desktop.domain.recipe import Recipe
from clipforge_desktop.store import Store
from clipforge_desktop.store.journal import JournalEntry, append
from clipforge_desktop.work.known import CACHE_MISSING, JobResult, Work

Result = ImportResult | TranscribeResult | FindResult | FramingResult | ExportResult


_DONE_WITH_OLD_RESULT = (JobState.DONE, JobState.FAILED, JobState.QUARANTINED)


class _NotOurs(Exception):  # noqa: N818  # rolls the transaction back, never seen outside
    pass


def commit(store: Store, job: Job, work: Work, result: Result, is_reused: bool) -> bool:
    """Store the result and finish the job; False, with nothing stored, when it is not ours."""
    if isinstance(result, ExportResult):
        _write_journal(store, job, work, result)
    try:
        with store.transaction():
            for new in _store_result(store, job, work, result):
                _set_going(store, new)
            store.results.drop_checkpoints(work.key)
            left = JobResult(work.parameters, _notices(result), is_reused)
            if not store.jobs.finish(job.id, job.token or "", encode(left)):
                raise _NotOurs
    except _NotOurs:
        return False
    return True


def _set_going(store: Store, new: NewJob) -> None:
    """Insert the next job; one that was done with the earlier result is done again."""
    job_id = store.jobs.add(new)
    if store.jobs.get(job_id).state in _DONE_WITH_OLD_RESULT:
        store.jobs.retry(job_id)


def _store_result(store: Store, job: Job, work: Work, result: Result) -> list[NewJob]:
    """Write the result's rows; returns the jobs that follow."""
    key = work.content_key
    match result:
        case ImportResult():
            key = result.media.content_key
            store.library.set_media(job.source_id, result.media)
            store.results.put(key, work.stage, work.version, work.parameters, encode(result))
            _resume_waiting_for_cache(store, job.source_id)
            order = store.library.order(job.order_id)
            if order.recipe is not None:
                clip_id = _clip_of_recipe(store, job, order.recipe)
                return [render_job(job.source_id, job.order_id, clip_id, order)]
            return [after_import(job.source_id, job.order_id)]
        case TranscribeResult():
            store.library.save_transcript(key, work.parameters, result.transcript)
            store.results.put(key, work.stage, work.version, work.parameters, encode(result))
            return [after_transcription(job.source_id, job.order_id)]
        case FindResult():
            ids = store.library.save_clips(job.source_id, job.order_id, result.clips)
            store.results.put(key, work.stage, work.version, work.parameters, encode(result))
            order = store.library.order(job.order_id)
            edits = [store.library.clip(clip_id).edit for clip_id in ids]
            clips = list(zip(ids, result.clips, edits, strict=True))
            name = Path(work.source.name).stem
            return after_clip_detection(job.source_id, name, job.order_id, order, clips)
        case FramingResult():
            store.results.put(key, work.stage, work.version, work.parameters, encode(result))
            if job.clip_id is not None:
                store.library.save_studies(job.clip_id, result.studies)
            return []
        case ExportResult():
            if job.clip_id is not None:
                for file in result.files:
                    store.library.save_export(job.id, job.clip_id, file)
            return []


def _clip_of_recipe(store: Store, job: Job, recipe: Recipe) -> int:
    """The clip that is cut like the recipe, else a new one off the shelf, beside the others."""
    shelf = store.library.clips_of_source(job.source_id)
    pieces = recipe.ingredients.pieces
    for clip in shelf:
        if pieces in (clip.found.pieces, clip.pieces):
            return clip.id
    found = FoundClip(pieces, 0, "", (), "Rendered again from its recipe.", recipe.title, False)
    order_id = shelf[0].order_id if shelf else job.order_id
    return store.library.keep_clip(job.source_id, order_id, len(shelf) + 1, found)


def _resume_waiting_for_cache(store: Store, source_id: int) -> None:
    for job in store.jobs.in_state(JobState.PAUSED):
        is_waiting = job.failure is not None and job.failure.code == CACHE_MISSING
        if is_waiting and job.source_id == source_id:
            store.jobs.retry(job.id)


def compute_again(store: Store, job: Job) -> None:
    """The source's cache folder was emptied: import it once more."""
    with store.transaction():
        source = store.library.source(job.source_id)
        store.results.forget(source.content_key or "", Queue.IMPORT)
        for first in store.jobs.of_order(job.order_id, Queue.IMPORT):
            if first.state is not JobState.RUNNING:
                store.jobs.retry(first.id)


def _notices(result: Result) -> tuple[str, ...]:
    match result:
        case ImportResult():
            return result.media.info.notices
        case TranscribeResult():
            return result.transcript.notices
        case FindResult() | FramingResult() | ExportResult():
            return result.notices


def _write_journal(store: Store, job: Job, work: Work, result: ExportResult) -> None:
    """Before the commit: an entry too many is harmless, a missing one would forget a file."""
    if job.clip_id is None:
        return
    clip = store.library.clip(job.clip_id)
    task = decode(ExportTask, job.request)
    order = store.library.order(job.order_id)
    if order.recipe is not None:
        return  # known by the recipe beside the file, which is as large as the whole entry
    source = work.source
    entry = JournalEntry(
        path=source.path,
        name=source.name,
        size_bytes=source.size_bytes,
        modified_ns=source.modified_ns,
        content_key=work.content_key,
        order=order,
        found=clip.found,
        rank=clip.rank,
        task=task,
        files=result.files,
    )
    append(store.home, entry)
