"""The rows of the jobs view: per queue a heading with counts, then its jobs.

What runs stands first, then what waits in its order of work, then what went wrong, then what is
done. Rows are worked out only while the view is open.
"""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.ui import phrases
from clipforge_desktop.ui.desk import Desk

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
ACTIVE = frozenset({JobState.RUNNING, JobState.CANCELLING})
WAITING = frozenset({JobState.QUEUED, JobState.BLOCKED, JobState.RETRY_WAIT, JobState.PAUSED})
BROKEN = frozenset({JobState.FAILED, JobState.QUARANTINED})


@dataclass(frozen=True)
class Heading:
    """The heading of one queue."""

    queue: Queue
    text: str


@dataclass(frozen=True)
class JobRow:
    """One job as it is drawn. `actions` are names of buttons, left to right."""

    job: Job
    title: str
    detail: str
    error: str
    notice: str
    actions: tuple[str, ...]


Row = Heading | JobRow
ACTION_NAMES = {
    "up": "Do earlier",
    "down": "Do later",
    "pause": "Pause",
    "retry": "Retry",
    "resume": "Go on",
    "cancel": "Cancel",
    "log": "Show the log",
}


def actions_of(job: Job) -> tuple[str, ...]:
    """What can be done with a job now."""
    if job.state is JobState.CANCELLING:
        return ("log",)
    if job.state is JobState.PAUSED:
        return ("resume", "cancel", "log")
    if job.state is JobState.QUEUED:
        return ("up", "down", "pause", "cancel")
    if job.state is JobState.RETRY_WAIT:
        return ("retry", "pause", "cancel", "log")
    if job.state is JobState.RUNNING:
        return ("pause", "cancel", "log")
    if job.state is JobState.BLOCKED:
        return ("cancel",)
    return ("log",) if job.state is JobState.DONE else ("retry", "log")


class JobsModel(QAbstractListModel):
    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rows: list[Row] = []
        self._order: dict[int, int] = {}
        self._is_live = False
        self._batch = ""
        desk.jobs_changed.connect(lambda _: self._refill_if_live())
        desk.jobs_cleared.connect(lambda _: self._refill_if_live())

    def set_live(self, is_live: bool) -> None:
        self._is_live = is_live
        self._refill_if_live()

    def set_order(self, job_ids: list[int]) -> None:
        """The order of work as the database has it."""
        self._order = {job_id: place for place, job_id in enumerate(job_ids)}
        self._refill_if_live()

    def show_batch(self, text: str) -> None:
        """How far the batch of exports is, for their heading."""
        if text != self._batch:
            self._batch = text
            self._refill_if_live()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text if isinstance(row, Heading) else row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if isinstance(row, Heading):
                return row.text
            parts = (row.title, row.detail, row.error, row.notice)
            return ", ".join(part for part in parts if part)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, JobRow):
            return row.error or row.notice or None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(index.data(ROW_ROLE), JobRow):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def row_of(self, job_id: int) -> int:
        for place, row in enumerate(self._rows):
            if isinstance(row, JobRow) and row.job.id == job_id:
                return place
        return -1

    def neighbour(self, job: Job, step: int) -> Job | None:
        """The waiting job before (-1) or after (1) this one in its queue."""
        waiting = [
            row.job
            for row in self._rows
            if isinstance(row, JobRow)
            and row.job.queue is job.queue
            and row.job.state is JobState.QUEUED
        ]
        ids = [one.id for one in waiting]
        place = ids.index(job.id) + step if job.id in ids else -1
        return waiting[place] if 0 <= place < len(waiting) else None

    def _refill_if_live(self) -> None:
        if self._is_live:
            self._refill()

    def _refill(self) -> None:
        rows = self._wanted()
        if [_key(row) for row in rows] == [_key(row) for row in self._rows]:
            for place, (before, after) in enumerate(zip(self._rows, rows, strict=True)):
                if before != after:
                    self._rows[place] = after
                    self.dataChanged.emit(self.index(place), self.index(place))
        else:
            self.layoutAboutToBeChanged.emit()
            kept = self.persistentIndexList()
            keys = [_key(self._rows[index.row()]) for index in kept]
            self._rows = rows
            places = {_key(row): place for place, row in enumerate(rows)}
            fresh = [self.index(places[key]) if key in places else QModelIndex() for key in keys]
            self.changePersistentIndexList(kept, fresh)
            self.layoutChanged.emit()

    def _wanted(self) -> list[Row]:
        rows: list[Row] = []
        for queue in Queue:
            jobs = [job for job in self._desk.jobs.values() if job.queue is queue]
            if jobs:
                batch = self._batch if queue is Queue.EXPORT else ""
                rows.append(Heading(queue, phrases.joined(_heading(queue, jobs), batch)))
                rows.extend(self._row(job) for job in sorted(jobs, key=self._place))
        return rows

    def _place(self, job: Job) -> tuple[int, int, int]:
        group = 0 if job.state in ACTIVE else 1 if job.state in WAITING else 2
        if group == 2 and job.state not in BROKEN:
            return (3, -job.id, 0)
        return (group, self._order.get(job.id, len(self._order) + job.id), job.id)

    def _row(self, job: Job) -> JobRow:
        source = self._desk.sources.get(job.source_id)
        title = source.name if source is not None else "A video no longer in the library"
        if job.clip_id is not None:
            title = phrases.joined(self._desk.clip_titles.get(job.clip_id, ""), title)
        tries = phrases.count(job.attempts, "failed try") if job.attempts == 1 else ""
        if job.attempts > 1:
            tries = f"{job.attempts} failed tries"
        if job.state in ACTIVE:
            detail = phrases.joined(phrases.working_line(job), tries)
        else:
            detail = phrases.joined(phrases.STATE_NAMES[job.state], tries)
        failure = job.failure
        is_own = failure is not None and failure.code == "paused_by_user"
        error = f"{failure.message} {failure.next_step}" if failure and not is_own else ""
        return JobRow(job, title, detail, error, " ".join(job.notices), actions_of(job))


def _key(row: Row) -> tuple[str, int]:
    return (row.queue, 0) if isinstance(row, Heading) else ("", row.job.id)


def _heading(queue: Queue, jobs: list[Job]) -> str:
    active = sum(job.state in ACTIVE for job in jobs)
    waiting = sum(job.state in WAITING for job in jobs)
    broken = sum(job.state in BROKEN for job in jobs)
    done = sum(job.state is JobState.DONE for job in jobs)
    return phrases.joined(
        phrases.STAGE_NAMES[queue],
        f"{active} running" if active else "",
        f"{waiting} waiting" if waiting else "",
        f"{broken} failed" if broken else "",
        f"{done} done" if done else "",
    )
