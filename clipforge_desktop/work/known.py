"""What equal work is called, and what is known of it.

A result depends on the content of the source, the stage and its version, and the parameters:
everything else that decides it. Equal work is found in the store and never done twice.
"""

from dataclasses import dataclass

import msgspec

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.order import (
    ExportRequest,
    FindRequest,
    FindResult,
    FramingRequest,
    FramingResult,
    ImportRequest,
    ImportResult,
    TranscribeRequest,
    TranscribeResult,
    decode,
    fingerprint,
)
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import Source

Request = ImportRequest | TranscribeRequest | FindRequest | FramingRequest | ExportRequest
StageResult = ImportResult | TranscribeResult | FindResult | FramingResult

CACHE_MISSING = "cache_missing"


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


def find_result(store: Store, work: Work) -> StageResult | None:
    """The result of equal work, when it is known and its files are still there."""
    if not work.content_key or isinstance(work.request, ExportRequest):
        return None  # an export is known by its recipe beside the file
    if isinstance(work.request, FramingRequest) and work.request.is_matted:
        return None  # mattes are files in the cache: the stage finds what is there
    text = store.results.get(work.content_key, work.stage, work.version, work.parameters)
    if text is None:
        return None
    try:
        result = _decoded(work.request, text)
    except msgspec.DecodeError:
        return None  # damaged: what it was is worked out again
    is_lost = isinstance(result, ImportResult) and not is_intact(store, result.media)
    return None if is_lost else result


def _decoded(request: Request, text: str) -> StageResult | None:
    match request:
        case ImportRequest():
            return decode(ImportResult, text)
        case TranscribeRequest():
            return decode(TranscribeResult, text)
        case FindRequest():
            return decode(FindResult, text)
        case FramingRequest():
            return decode(FramingResult, text)
        case ExportRequest():
            return None


def is_intact(store: Store, media: SourceMedia) -> bool:
    """False when somebody removed files from the source's cache folder."""
    names = (media.poster, media.thumbnails, media.audio, media.waveform, media.loudness)
    folder = store.home.cache / media.content_key
    return all((folder / name).is_file() for name in names if name)


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
