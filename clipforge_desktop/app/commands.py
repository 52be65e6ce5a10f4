"""Everything a user can ask for, as short writes to the database.

Each verb takes the caller's own `Store`. None of them waits for work to be done: the
supervisor sees the new rows and starts workers. Each is one transaction; on a full disk it is
tried again with the reserve's space, and else raises ClipForgeError `disk_full`.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from clipforge_desktop.app.clip_styles import with_own_style
from clipforge_desktop.app.identifying import identify, plain_path
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.edit import NO_EDITS, ClipEdit, pieces_of
from clipforge_desktop.domain.errors import Failure, InputError
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.languages import AUTO
from clipforge_desktop.domain.order import (
    ExportedFile,
    ExportOptions,
    Order,
    decode,
    fingerprint,
)
from clipforge_desktop.domain.pipeline import export_job, first_job, framing_job
from clipforge_desktop.domain.transcript import Correction, Transcript
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import Clip, OwnStyle, Source, Verdict
from clipforge_desktop.store.reserve import with_room
from clipforge_desktop.words_from import file_mark, files_beside
from clipforge_desktop.work.known import JobResult

_Given = ParamSpec("_Given")
_Value = TypeVar("_Value")

_UNFINISHED_BUSINESS = frozenset(
    {JobState.FAILED, JobState.QUARANTINED, JobState.CANCELLED, JobState.PAUSED}
)
ON_SCREEN_PRIORITY = 10
PAUSED_BY_USER = Failure("paused_by_user", "You paused this.", "Retry it to go on.")


@dataclass(frozen=True)
class Added:
    """What became of one given file: a source with its order, or the reason why not."""

    path: Path
    source_id: int | None
    order_id: int | None
    failure: Failure | None


def _needs_room(
    verb: Callable[Concatenate[Store, _Given], _Value],
) -> Callable[Concatenate[Store, _Given], _Value]:
    """On a full disk the reserve makes room for the verb; ClipForgeError `disk_full` else."""

    @functools.wraps(verb)
    def with_reserve(store: Store, /, *given: _Given.args, **named: _Given.kwargs) -> _Value:
        if store.connection.in_transaction:  # part of a verb that can itself be done again
            return verb(store, *given, **named)
        return with_room(store.home, lambda: verb(store, *given, **named))

    return with_reserve


def default_order(*, is_offline: bool = False) -> Order:
    """What a drop on the window asks for: find clips; the user exports what they like."""
    return Order(is_offline=is_offline, is_previewed=True)


@_needs_room
def add_videos(store: Store, paths: Sequence[Path], order: Order) -> list[Added]:
    """Put each file into the library and give it the order.

    Asking again for the same file with the same order takes up what failed, was cancelled or
    whose files are gone, and repeats nothing else. Exports that an order does not ask for itself
    were asked for one by one, later: they are left alone.
    """
    stats = [(plain_path(path), identify(path.expanduser())) for path in paths]
    added = []
    with store.transaction():
        for path, found in stats:
            if isinstance(found, Failure):
                added.append(Added(path, None, None, found))
                continue
            source_id = store.library.add_source(str(path), path.name, *found)
            order_id = store.library.add_order(source_id, order)
            store.jobs.add(first_job(source_id, order_id))
            _take_up(store, source_id, order_id, with_exports=order.export is not None)
            added.append(Added(path, source_id, order_id, None))
    return added


@_needs_room
def export_clips(
    store: Store,
    clip_ids: Sequence[int],
    options: ExportOptions,
    edits: Mapping[int, ClipEdit] = NO_EDITS,
) -> list[int]:
    """Queue one export per clip, in the given order; returns the ids of the jobs.

    `edits` stand for the clips' own, where they are for this export only.
    A clip that has a caption style of its own is exported with that one, unless the options
    ask for no captions. Raises InputError `style_invalid` when it cannot be read any more.
    """
    job_ids = []
    with store.transaction():
        for clip_id in clip_ids:
            clip = store.library.clip(clip_id)
            clip = replace(clip, edit=edits.get(clip_id, clip.edit))
            source = store.library.source(clip.source_id)
            new = export_job(
                source.id,
                Path(source.name).stem,
                clip.order_id,
                clip.id,
                clip.rank,
                clip.found.title,
                with_own_style(clip, options),
                clip.edit,
            )
            job_id = store.jobs.add(new)
            _take_up_job(store, store.jobs.get(job_id))
            job_ids.append(job_id)
    return job_ids


@_needs_room
def set_own_style(store: Store, clip_ids: Sequence[int], own: OwnStyle | None) -> None:
    """Give clips a caption style of their own; None lets them follow the shelf's again."""
    store.library.set_own_style(clip_ids, own)


@_needs_room
def edit_clip(store: Store, clip_id: int, edit: ClipEdit) -> None:
    """Change a clip's ends, cuts, title or framing, and have a new cut looked at for framing.

    Raises InputError `clip_empty` when nothing of the clip would be left.
    """
    clip = store.library.clip(clip_id)
    pieces = pieces_of(clip.found.pieces, edit)
    with store.transaction():
        store.library.set_edit(clip_id, edit)
        if pieces != pieces_of(clip.found.pieces, clip.edit):
            _study(store, clip, pieces)


@_needs_room
def study_clip(store: Store, clip_id: int, *, is_matted: bool = False) -> None:
    """Look at how this clip can be framed, before the others: it is on the screen now.

    With `is_matted` also at who stands in front of its captions.
    """
    clip = store.library.clip(clip_id)
    _study(store, clip, pieces_of(clip.found.pieces, clip.edit), is_matted=is_matted)


@_needs_room
def study_clips(store: Store, clip_ids: Sequence[int]) -> list[int]:
    """Look at those clips that nobody looked at as they are cut now; returns the jobs' ids."""
    with store.transaction():
        clips = [store.library.clip(clip_id) for clip_id in clip_ids]
        job_ids = [_study(store, clip, clip.pieces) for clip in clips if _is_unseen(store, clip)]
        for job_id in job_ids:
            _take_up_job(store, store.jobs.get(job_id))
    return job_ids


def _is_unseen(store: Store, clip: Clip) -> bool:
    media = store.library.source(clip.source_id).media
    if media is None or media.info.video is None:
        return False
    studies, duration_s = store.library.studies(clip.id), media.info.duration_s
    return not any(study.fits(clip.pieces, duration_s) for study in studies)


def _study(store: Store, clip: Clip, pieces: tuple[Piece, ...], *, is_matted: bool = False) -> int:
    new = framing_job(
        clip.source_id, clip.order_id, clip.id, pieces, ON_SCREEN_PRIORITY, is_matted=is_matted
    )
    with store.transaction():
        job_id = store.jobs.add(new)
        store.jobs.hurry(job_id, ON_SCREEN_PRIORITY)
        if store.jobs.get(job_id).state is JobState.DONE:
            store.jobs.retry(job_id)  # another cut was looked at since, or with other eyes
    return job_id


@_needs_room
def correct_words(
    store: Store, content_key: str, transcript: Transcript, corrections: Sequence[Correction]
) -> None:
    """Change how words read, everywhere they show; what was recognised is kept."""
    store.library.correct(content_key, transcript, corrections)


@_needs_room
def retry_job(store: Store, job_id: int) -> JobState:
    """Queue a job that rests without being done, or whose files are gone.

    Raises KeyError for an unknown id, InputError `already_finished` or `already_under_way`.
    """
    with store.transaction():
        job = store.jobs.get(job_id)
        if job.state in _UNFINISHED_BUSINESS or job.state is JobState.RETRY_WAIT:
            return store.jobs.retry(job_id)
        if job.state is not JobState.DONE:
            raise InputError(
                "already_under_way",
                "This job is waiting for its turn or being done already.",
                "Wait for its end, or cancel it first.",
            )
        source = store.library.source(job.source_id)
        if job.queue is Queue.IMPORT and _lacks_files(store, source):
            _import_again(store, job, source)
        else:
            _take_up_job(store, job)
        state = store.jobs.get(job_id).state
        if state is JobState.DONE:
            raise InputError(
                "already_finished",
                "This job is already finished; its results are all there.",
                "To make a file anew, move the old one away first, then retry it.",
            )
        return state


@_needs_room
def cancel_job(store: Store, job_id: int) -> JobState:
    return store.jobs.cancel(job_id)


@_needs_room
def pause_job(store: Store, job_id: int) -> JobState:
    return store.jobs.pause(job_id, PAUSED_BY_USER)


@_needs_room
def move_job_before(store: Store, job_id: int, other_id: int) -> None:
    """Do a waiting job right before another one."""
    store.jobs.move_before(job_id, other_id)


@_needs_room
def clear_finished_jobs(store: Store) -> int:
    """Take finished jobs off the list; their results stay. Returns how many."""
    return store.jobs.clear_finished()


@_needs_room
def pause_queues(store: Store, is_paused: bool) -> None:
    """Let no queue start anything new, or let all go on; what runs, runs on."""
    with store.transaction():
        for queue in Queue:
            store.jobs.pause_queue(queue, is_paused)


@_needs_room
def relink_source(store: Store, source_id: int, path: Path) -> None:
    """The video lies at `path` now; what had failed for want of it is tried again."""
    with store.transaction():
        store.library.relink(source_id, str(path), path.name)
        retry_source(store, source_id)


@_needs_room
def retry_source(store: Store, source_id: int) -> None:
    """Take up everything of the source that did not end well."""
    order_id = store.library.latest_order_id(source_id)
    if order_id is not None:
        with store.transaction():
            _take_up(store, source_id, order_id)


@_needs_room
def remove_source(store: Store, source_id: int) -> None:
    """Off the shelf, its work cancelled; `restore_source` brings it back."""
    with store.transaction():
        for job in store.jobs.all(with_cleared=True):
            if job.source_id == source_id:
                store.jobs.cancel(job.id)
        store.library.remove_source(source_id)


@_needs_room
def restore_source(store: Store, source_id: int) -> None:
    source = store.library.source(source_id)
    with store.transaction():
        store.library.add_source(source.path, source.name, source.size_bytes, source.modified_ns)
        retry_source(store, source_id)


@_needs_room
def judge_clip(store: Store, clip_id: int, verdict: Verdict) -> None:
    store.library.set_verdict(clip_id, verdict)


def _take_up(store: Store, source_id: int, order_id: int, *, with_exports: bool = True) -> None:
    source = store.library.source(source_id)
    for job in store.jobs.of_order(order_id):
        if job.queue is Queue.EXPORT and not with_exports:
            continue
        if job.queue is Queue.IMPORT and job.state is JobState.DONE and _lacks_files(store, source):
            _import_again(store, job, source)
        elif job.queue is Queue.TRANSCRIPTION and _has_better_words(store, source, job):
            store.jobs.retry(job.id)
        else:
            _take_up_job(store, job)


def _import_again(store: Store, job: Job, source: Source) -> None:
    store.results.forget(source.content_key or "", Queue.IMPORT)
    store.jobs.retry(job.id)


def _has_better_words(store: Store, source: Source, job: Job) -> bool:
    """True for words that would come out otherwise today.

    A draft, now that a Whisper model is installed; or a transcript file that was written since.
    """
    if job.state is not JobState.DONE or job.finished_at is None:
        return False
    options = store.library.order(job.order_id).speech
    transcript = store.library.transcript(source.content_key or "")
    if transcript is not None and transcript.origin == "draft" and options.speech == "auto":
        models = store.home.models / "whisper"
        if models.is_dir() and any(models.iterdir()):
            return True
    video, known = Path(source.path), store.jobs.result(job.id)
    mark = file_mark(options, video, store.home.models)
    if mark is None:  # whether a .json is a transcript, a worker reads
        tables = (file for file in files_beside(video) if file.suffix.casefold() == ".json")
        is_asked = options.speech == AUTO and not options.transcript
        return is_asked and any(_modified_s(file) > job.finished_at for file in tables)
    return known is not None and decode(JobResult, known).parameters != fingerprint(options, mark)


def _modified_s(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # it has gone meanwhile
        return 0.0


def _take_up_job(store: Store, job: Job) -> None:
    if job.state in _UNFINISHED_BUSINESS:
        store.jobs.retry(job.id)
    elif job.queue is Queue.EXPORT and job.state is JobState.DONE:
        exports = store.library.exports_of_job(job.id)
        if not all(_is_whole(export.file) for export in exports):
            store.jobs.retry(job.id)


def _is_whole(file: ExportedFile) -> bool:
    """Whether all of it is there, and the video as large as it was made."""
    beside = (name for name in (file.subtitles, file.recipe) if name)
    try:
        is_same = Path(file.video).stat().st_size == file.size_bytes
    except OSError:
        return False
    return is_same and all(Path(name).is_file() for name in beside)


def _lacks_files(store: Store, source: Source) -> bool:
    """True when somebody emptied the cache folder of an imported source."""
    if source.media is None:
        return False
    folder = store.home.cache / source.media.content_key
    names = (source.media.poster, source.media.thumbnails, source.media.audio)
    return not all((folder / name).is_file() for name in names if name)
