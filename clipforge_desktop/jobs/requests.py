"""From rows to a stage's request, and to the key under which equal work is known.

A result depends on the content of the source, the stage and its version, and the parameters:
everything else that decides it. Equal work is found in the store and never done twice.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from clipforge_desktop.domain.cuts import tight_pieces
from clipforge_desktop.domain.edit import pieces_of
from clipforge_desktop.domain.errors import ClipForgeError, InputError, PausingError
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.order import (
    ExportRequest,
    FindRequest,
    FindResult,
    FramingRequest,
    FramingResult,
    ImportRequest,
    ImportResult,
    Order,
    TranscribeRequest,
    TranscribeResult,
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

Request = ImportRequest | TranscribeRequest | FindRequest | FramingRequest | ExportRequest
StageResult = ImportResult | TranscribeResult | FindResult | FramingResult

CACHE_MISSING = "cache_missing"
SOURCE_MISSING = "source_missing"


@dataclass(frozen=True)
class JobResult:
    """What a finished job leaves on its row; `parameters` names its cached result."""

    parameters: str
    notices: tuple[str, ...] = ()
    is_reused: bool = False


@dataclass(frozen=True)
class Work:
    """One piece of work: what to do, and what equal work is called."""

    source: Source
    request: Request
    stage: str
    version: int
    content_key: str  # "" when the file cannot be read
    parameters: str

    @property
    def key(self) -> str:
        """Names the checkpoints of this work."""
        subject = self.content_key or f"{self.source.path}:{self.source.modified_ns}"
        return fingerprint(subject, self.stage, str(self.version), self.parameters)


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


def find_result(store: Store, work: Work) -> StageResult | None:
    """The result of equal work, when it is known and its files are still there."""
    if not work.content_key or isinstance(work.request, ExportRequest):
        return None  # an export is known by its recipe beside the file
    if isinstance(work.request, FramingRequest) and work.request.is_matted:
        return None  # mattes are files in the cache: the stage finds what is there
    text = store.results.get(work.content_key, work.stage, work.version, work.parameters)
    if text is None:
        return None
    match work.request:
        case ImportRequest():
            result = decode(ImportResult, text)
            return result if is_intact(store, result.media) else None
        case TranscribeRequest():
            return decode(TranscribeResult, text)
        case FindRequest():
            return decode(FindResult, text)
        case FramingRequest():
            return decode(FramingResult, text)


def is_intact(store: Store, media: SourceMedia) -> bool:
    """False when somebody removed files from the source's cache folder."""
    names = (media.poster, media.thumbnails, media.audio, media.waveform, media.loudness)
    folder = store.home.cache / media.content_key
    return all((folder / name).is_file() for name in names if name)


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


def transcript_of(store: Store, job: Job, media: SourceMedia) -> Transcript:
    """The words that this job's order asked for."""
    finished = [
        row
        for row in store.jobs.of_order(job.order_id, Queue.TRANSCRIPTION)
        if row.state is JobState.DONE
    ]
    text = store.jobs.result(finished[-1].id) if finished else None
    parameters = decode(JobResult, text).parameters if text else None
    transcript = store.library.transcript(media.content_key, parameters)
    if transcript is None:
        raise ClipForgeError(
            "order_incomplete",
            "The words of this video are not known yet.",
            "Retry the transcription first, then this.",
        )
    return transcript


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
