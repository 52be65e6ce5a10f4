"""What the window knows: light rows of every video, and everything about the one that is open.

Fed by `Live` and the background, never by the database itself, so every question is answered
from memory. Its signals say which rows changed; views update just those.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from clipforge_desktop.domain.job import FINISHED_STATES, Job, JobState, Queue
from clipforge_desktop.ui.cards import Card, StageLine, card_of, stage_lines

if TYPE_CHECKING:
    from clipforge_desktop.app.changes import ChangeSet
    from clipforge_desktop.domain.edit import ClipEdit
    from clipforge_desktop.store.cards import CardRow
    from clipforge_desktop.store.library import Clip, Export, Source
    from clipforge_desktop.ui.errands import Details

_ACTIVE = frozenset({JobState.RUNNING, JobState.CANCELLING})


class _Changing(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def changed(self) -> int: ...


Row = TypeVar("Row", bound=_Changing)


@dataclass
class Opened:
    """All rows of the video that is open; `source` is None until they are read."""

    source_id: int
    source: "Source | None" = None
    clips: "dict[int, Clip]" = field(default_factory=dict)
    exports: "dict[int, Export]" = field(default_factory=dict)


class Desk(QObject):
    """Videos, their jobs, and the clips and exports of the open one, as last seen."""

    sources_changed = Signal(set)  # ids of sources whose card changed; new, gone ones too
    jobs_changed = Signal(list)  # jobs as they are now
    jobs_cleared = Signal(set)  # ids
    clips_changed = Signal(set)  # ids of sources whose shelf changed
    message_came = Signal(str, str)  # kind, payload from another program

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sources: dict[int, CardRow] = {}
        self.jobs: dict[int, Job] = {}  # those that are not done; done ones once they are asked for
        self.clip_titles: dict[int, str] = {}
        self._jobs_of: dict[int, dict[int, Job]] = {}
        self._opened = Opened(0)
        self._edits: dict[int, list[ClipEdit]] = {}  # on their way, by clip; the last one counts

    # -- what comes in ------------------------------------------------------------------

    def take_cards(self, rows: "list[CardRow]") -> None:
        """Cards as the database has them now."""
        self._tell(self._keep_cards(rows), [], set())

    def take_jobs(self, jobs: list[Job]) -> None:
        """Jobs that were read; newer ones that are known already stay."""
        fresh = [job for job in jobs if _is_news(self.jobs, job)]
        for job in fresh:
            self._keep_job(job)
        self._tell({job.source_id for job in fresh}, fresh, set())

    def apply(self, changes: "ChangeSet", cards: "list[CardRow]") -> None:
        """Take in changed rows, and the cards of their videos; tell the views once."""
        opened = self._opened
        touched = self._keep_cards(cards)
        shelves: set[int] = set()
        for source in changes.sources:
            if source.id == opened.source_id:
                opened.source = source
                touched.add(source.id)
        for job in changes.jobs:
            self._keep_job(job)
            touched.add(job.source_id)
            if job.clip_id is not None:
                shelves.add(job.source_id)
        for clip in changes.clips:
            self.clip_titles[clip.id] = clip.title
            if clip.source_id == opened.source_id:
                self._take_clip(clip)
                shelves.add(clip.source_id)
        for export in changes.exports:
            if export.clip_id in opened.clips:
                opened.exports[export.id] = export
                shelves.add(opened.source_id)
        self._tell(touched | shelves, list(changes.jobs), shelves)
        for kind, payload in changes.messages:
            self.message_came.emit(kind, payload)

    def open(self, source_id: int) -> None:
        """This video is the open one; what changes of it is kept from now on."""
        self._opened = Opened(source_id)

    def fill(self, details: "Details") -> None:
        """Everything about the open video, as read a moment ago."""
        opened = self._opened
        if details.source.id != opened.source_id:
            return
        opened.source = _newest(details.source, opened.source)
        for clip in details.clips:
            self._take_clip(_newest(clip, opened.clips.get(clip.id)))
        for export in details.exports:
            opened.exports[export.id] = _newest(export, opened.exports.get(export.id))
        for job in details.jobs:
            if _is_news(self.jobs, job):
                self._keep_job(job)
        self._tell({opened.source_id}, [], {opened.source_id})

    def set_clips(self, source_id: int, clips: "list[Clip]") -> None:
        """The whole shelf as the database has it now (earlier suggestions may be gone)."""
        fresh = {clip.id: self._as_wanted(clip) for clip in clips}
        if source_id == self._opened.source_id and fresh != self._opened.clips:
            self._opened.clips = fresh
            self._tell({source_id}, [], {source_id})

    def expect_edit(self, clip_id: int, edit: "ClipEdit") -> None:
        """Show the clip with an edit that is on its way to the database."""
        self._edits.setdefault(clip_id, []).append(edit)
        clip = self._opened.clips.get(clip_id)
        if clip is not None:
            self._take_clip(clip)
            self._tell(set(), [], {clip.source_id})

    def settle_edit(self, clip_id: int) -> None:
        """The earliest edit on its way has arrived, or never will."""
        self._edits[clip_id].pop(0)
        if not self._edits[clip_id]:
            del self._edits[clip_id]

    def drop_jobs(self, job_ids: set[int]) -> None:
        """Jobs that were cleared off the list."""
        touched = set()
        for job_id in job_ids & self.jobs.keys():
            source_id = self.jobs.pop(job_id).source_id
            self._jobs_of[source_id].pop(job_id, None)
            touched.add(source_id)
        self.jobs_cleared.emit(job_ids)
        self._tell(touched, [], touched)

    def _keep_cards(self, rows: "list[CardRow]") -> set[int]:
        for row in rows:
            if row.is_removed:
                self.sources.pop(row.id, None)
            else:
                self.sources[row.id] = row
        return {row.id for row in rows}

    def _keep_job(self, job: Job) -> None:
        self.jobs[job.id] = job
        self._jobs_of.setdefault(job.source_id, {})[job.id] = job

    def _as_wanted(self, clip: "Clip") -> "Clip":
        wanted = self._edits.get(clip.id)
        return replace(clip, edit=wanted[-1]) if wanted else clip

    def _take_clip(self, clip: "Clip") -> None:
        """Only the newest order's clips are the shelf."""
        clip = self._as_wanted(clip)
        clips = self._opened.clips
        newest = max((kept.order_id for kept in clips.values()), default=0)
        if clip.order_id > newest:
            clips.clear()
        if clip.order_id >= newest:
            clips[clip.id] = clip
            self.clip_titles[clip.id] = clip.title

    def _tell(self, sources: set[int], jobs: list[Job], shelves: set[int]) -> None:
        if sources:
            self.sources_changed.emit(sources)
        if jobs:
            self.jobs_changed.emit(jobs)
        if shelves:
            self.clips_changed.emit(shelves)

    # -- what is asked ------------------------------------------------------------------

    def source(self, source_id: int) -> "Source | None":
        """Everything of the open video; None for others, and until it is read."""
        return self._opened.source if source_id == self._opened.source_id else None

    def card(self, source_id: int) -> Card:
        return card_of(self.sources[source_id], self.jobs_of(source_id))

    def stages(self, source_id: int) -> list[StageLine]:
        """How far the first work on a source is."""
        return stage_lines(self.jobs_of(source_id))

    def jobs_of(self, source_id: int) -> list[Job]:
        return list(self._jobs_of.get(source_id, {}).values())

    def has_clips(self, source_id: int) -> bool:
        row = self.sources.get(source_id)
        return bool(row is not None and row.clips) or bool(self.clips(source_id))

    def clips(self, source_id: int) -> "list[Clip]":
        """Best first; those of the open video."""
        if source_id != self._opened.source_id:
            return []
        return sorted(self._opened.clips.values(), key=lambda clip: clip.rank)

    def exports(self, clip_id: int) -> "list[Export]":
        return [export for export in self._opened.exports.values() if export.clip_id == clip_id]

    def export_job(self, clip: "Clip") -> Job | None:
        """The newest export job of a clip."""
        jobs = self.jobs_of(clip.source_id)
        exports = [job for job in jobs if job.clip_id == clip.id and job.queue is Queue.EXPORT]
        return max(exports, key=lambda job: job.id, default=None)

    def workload(self) -> tuple[int, int, float | None]:
        """(running, waiting, seconds left of what runs); jobs of removed sources do not count."""
        running = [job for job in self.jobs.values() if job.state in _ACTIVE]
        waiting = sum(
            job.state not in _ACTIVE
            and job.state not in FINISHED_STATES
            and job.state is not JobState.PAUSED
            for job in self.jobs.values()
        )
        left = [job.seconds_left for job in running if job.seconds_left is not None]
        return len(running), waiting, max(left, default=None)


def _is_news(known: dict[int, Job], job: Job) -> bool:
    return job.id not in known or job.changed > known[job.id].changed


def _newest(read: Row, known: Row | None) -> Row:
    return known if known is not None and known.changed > read.changed else read
