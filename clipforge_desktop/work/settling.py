"""Finishes jobs whose results are known, so that no worker process starts only to find that.

It asks what a worker asks: the same file, with the same size and time of change, the same
stage version and parameters, and files in the cache that are all there. Whatever is not
plain is left to a worker, which looks closer and has the words for what is wrong.
"""

import logging
import time
from pathlib import Path

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.job import Job, Queue
from clipforge_desktop.domain.order import (
    FindRequest,
    ImportRequest,
    Order,
    TranscribeRequest,
    fingerprint,
)
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.stage import VERSIONS
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import Source
from clipforge_desktop.words_from import files_beside, source_mark
from clipforge_desktop.work.commit import commit
from clipforge_desktop.work.known import (
    Request,
    StageResult,
    Work,
    find_result,
    is_intact,
    transcript_of,
)

SETTLED = (Queue.IMPORT, Queue.TRANSCRIPTION, Queue.CLIP_DETECTION)
"""In the order of work: what follows on a settled job may be settled in the same look."""

_WHO = "known"
_MOST_JOBS = 64
_LONGEST_LOOK_S = 0.2

logger = logging.getLogger(__name__)


class _Unsure(Exception):  # noqa: N818  # never seen outside
    pass


class Settler:
    """Looks at due jobs; each one once, unless its row has changed since."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._in_vain: dict[int, int] = {}  # job id -> its change

    def settle(self, queue: Queue) -> int:
        """Finish due jobs of `queue` whose results are known; returns how many."""
        settled, begun_s = 0, time.monotonic()
        for due in self._store.jobs.due(queue, _MOST_JOBS):
            if due.must_run_alone or time.monotonic() - begun_s > _LONGEST_LOOK_S:
                break
            job = self._store.jobs.get(due.id)
            if self._in_vain.get(job.id) == job.changed:
                continue
            if self._is_settled(job):
                settled += 1
            else:
                self._in_vain[job.id] = job.changed
        return settled

    def _is_settled(self, job: Job) -> bool:
        try:
            known = _known(self._store, job)
            return known is not None and _finish(self._store, job, *known)
        except Exception:  # an edge: a worker meets the same, and says it where people look
            logger.info("job %d is left to a worker", job.id, exc_info=True)
            return False


def _finish(store: Store, job: Job, work: Work, result: StageResult) -> bool:
    """From queued to done in one transaction; False when somebody else was faster."""
    with store.transaction():
        claimed = store.jobs.claim(job.id, _WHO)
        if claimed is not None and not commit(store, claimed, work, result, is_reused=True):
            raise _Unsure  # nothing of it stays, the claim neither
        return claimed is not None


def _known(store: Store, job: Job) -> tuple[Work, StageResult] | None:
    source = store.library.source(job.source_id)
    media, key = source.media, source.content_key
    if media is None or key is None or not _is_as_added(source) or not is_intact(store, media):
        return None
    try:
        request, parameters = _asked(store, job, source, media)
    except (_Unsure, ClipForgeError):
        return None
    work = Work(source, request, job.queue, VERSIONS[job.queue], key, parameters)
    result = find_result(store, work)
    return None if result is None else (work, result)


def _is_as_added(source: Source) -> bool:
    """By size and time alone; a file with another time is read by a worker."""
    try:
        status = Path(source.path).stat()
    except (OSError, ValueError):
        return False
    return (status.st_size, status.st_mtime_ns) == (source.size_bytes, source.modified_ns)


def _asked(store: Store, job: Job, source: Source, media: SourceMedia) -> tuple[Request, str]:
    """What the job's stage would be asked, and what besides the content decides its result."""
    order = store.library.order(job.order_id)
    match job.queue:
        case Queue.IMPORT:
            _check_recipe(order, media)
            return ImportRequest(source.path), ""
        case Queue.TRANSCRIPTION:
            mark = source_mark(order.speech, Path(source.path), store.home.models, _plain_sidecar)
            asked = TranscribeRequest(source.path, media, order.speech, order.is_offline)
            return asked, fingerprint(order.speech, mark)
        case Queue.CLIP_DETECTION:
            transcript = transcript_of(store, job, media)
            found = FindRequest(source.path, media, transcript, order.finding)
            return found, fingerprint(order.finding, transcript, "")
        case _:
            raise _Unsure


def _check_recipe(order: Order, media: SourceMedia) -> None:
    if order.recipe is not None and order.recipe.ingredients.content_key != media.content_key:
        raise _Unsure


def _plain_sidecar(video: Path) -> Path | None:
    """Whether a .json is a transcript, only its content tells."""
    file = next(files_beside(video), None)
    if file is not None and file.suffix.casefold() == ".json":
        raise _Unsure
    return file
