"""What a video's card says, worked out from its rows: pure functions, no widgets.

One line of state per card: what fails comes first because it needs the person, then what
runs, then what waits, then what there is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.ui import phrases

if TYPE_CHECKING:
    from clipforge_desktop.store.cards import CardRow

Tone = Literal["muted", "ok", "warn", "bad"]
Remedy = Literal["", "retry", "relink"]
STAGES = (Queue.IMPORT, Queue.TRANSCRIPTION, Queue.CLIP_DETECTION)
MISSING_CODES = frozenset({"source_missing", "not_found", "source_changed"})
_BROKEN = frozenset({JobState.FAILED, JobState.QUARANTINED})
_ACTIVE = frozenset({JobState.RUNNING, JobState.CANCELLING})
_WAITING = frozenset({JobState.QUEUED, JobState.BLOCKED})


@dataclass(frozen=True)
class Card:
    """One video in the library. `progress` None draws no bar."""

    source_id: int
    name: str
    path: str
    meta: str
    state: str
    tone: Tone
    progress: float | None
    poster: tuple[str, str] | None  # content key, file name in its cache folder
    failure: Failure | None
    remedy: Remedy
    notice: str  # what is odd about the file itself, painted; "" for nothing
    notices: tuple[str, ...]  # all that its results say, for who looks closer


@dataclass(frozen=True)
class StageLine:
    """One stage of the first work on a video, for people to follow."""

    queue: Queue
    state: JobState | None  # None: its turn has not come
    text: str
    progress: float


def card_of(source: "CardRow", jobs: Collection[Job]) -> Card:
    """The card of one source; `jobs` are its own, done ones may be missing.

    Looks at single clips' framing go unsaid: nothing waits for them.
    """
    jobs = [job for job in jobs if job.queue is not Queue.FRAMING]
    state, tone, progress, failure = _state(source, jobs)
    has_poster = source.content_key is not None and source.poster is not None
    meta = ""
    if source.duration_s is not None:
        meta = phrases.joined(
            phrases.length(source.duration_s),
            phrases.resolution(source.video),
            "draft words" if source.origin == "draft" else "",
        )
    about_file = [one.sentences for one in source.notices if one.stage is Queue.IMPORT]
    return Card(
        source_id=source.id,
        name=Path(source.name).stem or source.name,
        path=source.path,
        meta=meta or _size(source.size_bytes),
        state=state,
        tone=tone,
        progress=progress,
        poster=(source.content_key or "", source.poster or "") if has_poster else None,
        failure=failure,
        remedy=remedy_for(failure),
        notice=about_file[0][0] if about_file else "",
        notices=tuple(sentence for one in source.notices for sentence in one.sentences),
    )


def remedy_for(failure: Failure | None) -> Remedy:
    if failure is None:
        return ""
    return "relink" if failure.code in MISSING_CODES else "retry"


def _state(
    source: "CardRow", jobs: Collection[Job]
) -> tuple[str, Tone, float | None, Failure | None]:
    broken = [job for job in jobs if job.state in _BROKEN and job.failure]
    paused = [job for job in jobs if job.state is JobState.PAUSED]
    again = [job for job in jobs if job.state is JobState.RETRY_WAIT]
    active = [job for job in jobs if job.state in _ACTIVE]
    waiting = [job for job in jobs if job.state in _WAITING]
    if broken and not active:
        failure = broken[-1].failure
        assert failure is not None
        return _short(failure.message), "bad", None, failure
    if active:
        return (*_active(active, waiting), None)
    if paused:
        reason = paused[-1].failure
        is_own = reason is None or reason.code == "paused_by_user"
        text = "Paused" if is_own or reason is None else _short(reason.message)
        return text, "warn", None, reason
    if again:
        return "Trying again soon", "warn", None, None
    if waiting:
        return _waiting(waiting), "muted", None, None
    return (*_result(source, jobs), None, None)


def _active(active: list[Job], waiting: list[Job]) -> tuple[str, Tone, float]:
    exports = [job for job in active if job.queue is Queue.EXPORT]
    if len(exports) < len(active) or len(active) + len(waiting) == 1:
        job = next((job for job in active if job.queue is not Queue.EXPORT), active[0])
        return phrases.working_line(job), "muted", job.progress
    total = len(exports) + sum(job.queue is Queue.EXPORT for job in waiting)
    share = sum(job.progress for job in exports) / total
    return phrases.joined(f"Exporting {phrases.count(total, 'clip')}"), "muted", share


def _waiting(waiting: list[Job]) -> str:
    job = waiting[0]
    return "Waiting" if job.queue is Queue.IMPORT else f"{phrases.STAGE_NAMES[job.queue]} waits"


def _result(source: "CardRow", jobs: Collection[Job]) -> tuple[str, Tone]:
    if source.clips:
        has_exports = f"{source.exported} exported" if source.exported else ""
        return phrases.joined(phrases.count(source.clips, "clip"), has_exports), "ok"
    if any(job.state is JobState.CANCELLED for job in jobs):
        return "Cancelled", "muted"
    return ("No clips found" if source.is_searched else ""), "muted"


def stage_lines(jobs: Collection[Job]) -> list[StageLine]:
    """The three stages that lead to clips, in order."""
    lines = []
    for queue in STAGES:
        job = next((job for job in reversed(list(jobs)) if job.queue is queue), None)
        if job is None:
            lines.append(StageLine(queue, None, "", 0.0))
        elif job.state in _ACTIVE:
            lines.append(StageLine(queue, job.state, phrases.working_line(job), job.progress))
        else:
            text = job.failure.message if job.failure else phrases.STATE_NAMES[job.state]
            lines.append(StageLine(queue, job.state, text, job.progress))
    return lines


def _short(message: str) -> str:
    return message.split(". ")[0].rstrip(".")


def _size(size_bytes: int) -> str:
    if size_bytes >= 1e9:
        return f"{size_bytes / 1e9:.1f} GB"
    return f"{max(size_bytes / 1e6, 0.1):.1f} MB"
