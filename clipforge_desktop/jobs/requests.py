"""From a job's row to what its stage is asked, and what equal work is called.

The source is looked at first: a file that is gone or was changed since is never worked on.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from clipforge_desktop.domain.cuts import tight_pieces
from clipforge_desktop.domain.edit import pieces_of
from clipforge_desktop.domain.errors import ClipForgeError, InputError, PausingError
from clipforge_desktop.domain.job import Job, Queue
from clipforge_desktop.domain.order import (
    ExportRequest,
    FindRequest,
    FramingRequest,
    ImportRequest,
    Order,
    TranscribeRequest,
    decode,
    fingerprint,
)
from clipforge_desktop.domain.pipeline import ExportTask, FramingTask
from clipforge_desktop.domain.recipe import Recipe, other_source
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.fillers import fillers_of
from clipforge_desktop.jobs.queues import Stage
from clipforge_desktop.media.content_key import content_key
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import Source
from clipforge_desktop.work.known import CACHE_MISSING, Request, Work, is_intact, transcript_of

SOURCE_MISSING = "source_missing"


def build(store: Store, job: Job, stage: Stage, context: StageContext) -> Work:
    """Read what the job needs.

    Raises InputError `source_changed` or `recipe_other_source`, PausingError `source_missing`
    or `cache_missing`, ClipForgeError `order_incomplete`.
    """
    source = store.library.source(job.source_id)
    check_source(source)
    request = _request(store, job, source)
    key = source.content_key or _read_key(source)
    if job.queue is Queue.IMPORT:
        _check_recipe(store.library.order(job.order_id), source, key)
    return Work(
        source=source,
        request=request,
        stage=job.queue,
        version=stage.VERSION,
        content_key=key,
        parameters=_parameters(request, stage, context),
    )


def check_source(source: Source) -> None:
    """Is the file there, and is it the one that was added?"""
    try:
        status = Path(source.path).stat()
    except (OSError, ValueError) as error:
        raise PausingError(
            SOURCE_MISSING,
            f"{source.name} is not where it was.",
            "Plug its drive in or put it back: the work goes on by itself. Or show where it is.",
        ) from error
    if status.st_size != source.size_bytes:
        raise changed(source)
    was_touched = status.st_mtime_ns != source.modified_ns
    if was_touched and source.content_key is not None and _read_key(source) != source.content_key:
        raise changed(source)


def changed(source: Source) -> InputError:
    return InputError(
        "source_changed",
        f"{source.name} was changed since it was added.",
        "Add it again: the changed file is treated as a new video.",
    )


def _request(store: Store, job: Job, source: Source) -> Request:
    if job.queue is Queue.IMPORT:
        return ImportRequest(source.path)
    media = source.media
    if media is None or not is_intact(store, media):
        raise PausingError(
            CACHE_MISSING,
            f"What was computed from {source.name} is gone from the cache.",
            "It is computed again, then this goes on by itself.",
        )
    order = store.library.order(job.order_id)
    if job.queue is Queue.TRANSCRIPTION:
        return TranscribeRequest(source.path, media, order.speech, order.is_offline)
    if job.queue is Queue.FRAMING:
        task = decode(FramingTask, job.request)
        return FramingRequest(source.path, media, task.pieces, is_matted=task.is_matted)
    if order.recipe is not None:
        return _render_request(job, source, media, order.recipe)
    transcript = transcript_of(store, job, media)
    if job.queue is Queue.CLIP_DETECTION:
        return FindRequest(source.path, media, transcript, order.finding)
    return _export_request(store, job, source, media, transcript)


def _check_recipe(order: Order, source: Source, key: str) -> None:
    """Before any work: is this the video that the recipe was made from?"""
    if order.recipe is not None and key and key != order.recipe.ingredients.content_key:
        raise other_source(source.name)


def _render_request(job: Job, source: Source, media: SourceMedia, recipe: Recipe) -> ExportRequest:
    """All that counts is in the recipe."""
    task, made_of = decode(ExportTask, job.request), recipe.ingredients
    return ExportRequest(
        source.path,
        media,
        Transcript("", "none", "", (), ()),
        made_of.pieces,
        recipe.title,
        task.stem,
        task.options,
        task.names,
        recipe,
    )


def _export_request(
    store: Store, job: Job, source: Source, media: SourceMedia, transcript: Transcript
) -> ExportRequest:
    """The clip as it was edited when the export was asked for, with the words as corrected."""
    if job.clip_id is None:
        raise ClipForgeError("order_incomplete", "This export has no clip.", "Export it again.")
    task = decode(ExportTask, job.request)
    found, edit = store.library.clip(job.clip_id).found, task.edit
    options = task.options
    if edit.framing is not None:
        options = replace(options, framing=edit.framing.value)
    if edit.overrides:
        options = replace(options, overrides=edit.overrides)
    spoken = store.library.corrected(media.content_key, transcript)
    known = fillers_of(spoken.language) if options.cut_fillers else None
    pieces = pieces_of(found.pieces, edit)
    return ExportRequest(
        source.path,
        media,
        spoken,
        tight_pieces(pieces, spoken.words, media.speech, options.pace, known),
        edit.title or found.title,
        task.stem,
        options,
        task.names,
    )


def _read_key(source: Source) -> str:
    """Of the file as it lies there now; "" when it cannot be read (the stage says why)."""
    try:
        return content_key(Path(source.path))
    except OSError:
        return ""


def _parameters(request: Request, stage: Stage, context: StageContext) -> str:
    """The stage knows best (installed models, a sidecar's content); else the options do."""
    ask: Callable[[Request, StageContext], str] | None = getattr(stage, "parameters", None)
    own = ask(request, context) if ask else ""
    match request:
        case ImportRequest():
            return own
        case TranscribeRequest():
            return own or fingerprint(request.options)
        case FindRequest():
            return fingerprint(request.options, request.transcript, own)
        case FramingRequest():
            people = ("people",) if request.is_matted else ()
            return fingerprint(*request.pieces, *request.aspects, own, *people)
        case ExportRequest():
            return fingerprint(
                request.options,
                request.transcript,
                *request.pieces,
                request.title,
                request.recipe,
                own,
            )


def is_same_file(path: str, before: os.stat_result) -> bool:
    """Whether the file still is what it was when `before` was read."""
    try:
        now = Path(path).stat()
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
