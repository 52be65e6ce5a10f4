"""What the window knows: the rows it has seen, indexed for its views.

Fed by `Live`, never by the database itself, so every question is answered from memory. Its
signals say which rows changed; views update just those.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from clipforge_desktop.domain.job import FINISHED_STATES, Job, JobState
from clipforge_desktop.ui.cards import Card, StageLine, card_of, stage_lines

if TYPE_CHECKING:
    from clipforge_desktop.app.changes import ChangeSet
    from clipforge_desktop.store.library import Clip, Export, Source

_ACTIVE = frozenset({JobState.RUNNING, JobState.CANCELLING})


class Desk(QObject):
    """Sources, jobs, clips and exports as last seen."""

    sources_changed = Signal(set)  # ids of sources whose card changed; new, gone ones too
    jobs_changed = Signal(list)  # jobs as they are now
    jobs_cleared = Signal(set)  # ids
    clips_changed = Signal(set)  # ids of sources whose shelf changed
    message_came = Signal(str, str)  # kind, payload from another program

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sources: dict[int, Source] = {}
        self.jobs: dict[int, Job] = {}
        self._jobs_of: dict[int, dict[int, Job]] = {}
        self._clips_of: dict[int, dict[int, Clip]] = {}
        self._exports_of_clip: dict[int, dict[int, Export]] = {}
        self._source_of_clip: dict[int, int] = {}

    def apply(self, changes: "ChangeSet") -> None:
        """Take in changed rows and tell the views."""
        touched = {source.id for source in changes.sources}
        shelves: set[int] = set()
        for source in changes.sources:
            if source.is_removed:
                self.sources.pop(source.id, None)
            else:
                self.sources[source.id] = source
        for job in changes.jobs:
            self.jobs[job.id] = job
            self._jobs_of.setdefault(job.source_id, {})[job.id] = job
            touched.add(job.source_id)
            if job.clip_id is not None:
                shelves.add(job.source_id)
        for clip in changes.clips:
            self._take_clip(clip)
            shelves.add(clip.source_id)
        for export in changes.exports:
            self._exports_of_clip.setdefault(export.clip_id, {})[export.id] = export
            if export.clip_id in self._source_of_clip:
                shelves.add(self._source_of_clip[export.clip_id])
        self._tell(touched | shelves, list(changes.jobs), shelves)
        for kind, payload in changes.messages:
            self.message_came.emit(kind, payload)

    def _tell(self, sources: set[int], jobs: list[Job], shelves: set[int]) -> None:
        if sources:
            self.sources_changed.emit(sources)
        if jobs:
            self.jobs_changed.emit(jobs)
        if shelves:
            self.clips_changed.emit(shelves)

    def _take_clip(self, clip: "Clip") -> None:
        """Only the newest order's clips are the shelf."""
        clips = self._clips_of.setdefault(clip.source_id, {})
        newest = max((kept.order_id for kept in clips.values()), default=0)
        if clip.order_id > newest:
            clips.clear()
        if clip.order_id >= newest:
            clips[clip.id] = clip
            self._source_of_clip[clip.id] = clip.source_id

    def set_clips(self, source_id: int, clips: list["Clip"]) -> None:
        """The whole shelf as the database has it now (earlier suggestions may be gone)."""
        fresh = {clip.id: clip for clip in clips}
        if fresh != self._clips_of.get(source_id, {}):
            self._clips_of[source_id] = fresh
            self._source_of_clip.update(dict.fromkeys(fresh, source_id))
            self._tell({source_id}, [], {source_id})

    def drop_jobs(self, job_ids: set[int]) -> None:
        """Jobs that were cleared off the list."""
        touched = set()
        for job_id in job_ids & self.jobs.keys():
            source_id = self.jobs.pop(job_id).source_id
            self._jobs_of[source_id].pop(job_id, None)
            touched.add(source_id)
        self.jobs_cleared.emit(job_ids)
        self._tell(touched, [], touched)

    def card(self, source_id: int) -> Card:
        clips = self.clips(source_id)
        exported = sum(bool(self._exports_of_clip.get(clip.id)) for clip in clips)
        return card_of(self.sources[source_id], self.jobs_of(source_id), clips, exported)

    def stages(self, source_id: int) -> list[StageLine]:
        """How far the first work on a source is."""
        return stage_lines(self.jobs_of(source_id))

    def jobs_of(self, source_id: int) -> list[Job]:
        return list(self._jobs_of.get(source_id, {}).values())

    def clips(self, source_id: int) -> list["Clip"]:
        """Best first."""
        return sorted(self._clips_of.get(source_id, {}).values(), key=lambda clip: clip.rank)

    def exports(self, clip_id: int) -> list["Export"]:
        return list(self._exports_of_clip.get(clip_id, {}).values())

    def export_job(self, clip: "Clip") -> Job | None:
        """The newest export job of a clip."""
        jobs = [job for job in self.jobs_of(clip.source_id) if job.clip_id == clip.id]
        return max(jobs, key=lambda job: job.id, default=None)

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
