"""The batch that is under way on the desk: its line in the top bar, pausing it, and its end."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from clipforge_desktop.domain.job import FINISHED_STATES, JobState
from clipforge_desktop.ui import errands
from clipforge_desktop.ui.exporting.announcing import Announcer, Way
from clipforge_desktop.ui.exporting.batch import Batch, Outcome, Progress

if TYPE_CHECKING:
    from clipforge_desktop.ui.main_window import MainWindow


class BatchDesk(QObject):
    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.batch = Batch(window.desk, self)
        self.announcer = Announcer(window, window.notice)
        self.batch.changed.connect(self._show)
        self.batch.ended.connect(self._on_end)
        self.batch.files_wanted.connect(self._count_files)
        window.actions_.export_asked.connect(self.batch.expect)
        window.actions_.exported.connect(self.batch.join)
        window.top.pause_wanted.connect(self.toggle_pause)
        self.batch.take(list(window.desk.jobs.values()))

    def toggle_pause(self) -> None:
        """Hold every export of the batch, or let those that are held go on."""
        jobs = self.batch.jobs
        held = [job.id for job in jobs if job.state is JobState.PAUSED]
        under_way = [job.id for job in jobs if job.state not in FINISHED_STATES | {JobState.PAUSED}]
        if under_way:
            self._window.actions_.pause_jobs(under_way)
        else:
            self._window.actions_.retry_jobs(held)

    def toggle_jobs(self) -> None:
        """A click on the batch in the top bar leads to what is worked on."""
        self._window.toggle_jobs()
        under_way = [job for job in self.batch.jobs if job.state not in FINISHED_STATES]
        if self._window.is_showing_jobs and under_way:
            under_way.sort(key=lambda job: job.state is not JobState.RUNNING)
            self._window.jobs.show_job(under_way[0].id)

    def _show(self, progress: Progress | None) -> None:
        self._window.top.show_batch(progress)
        self._window.jobs.list.jobs.show_batch(progress.text if progress is not None else "")

    def _count_files(self, job_ids: list[int]) -> None:
        self._window.background.read(
            partial(errands.count_files, job_ids=job_ids), self.batch.count_files
        )

    def _on_end(self, outcome: Outcome) -> None:
        ways = []
        if outcome.done:
            ways.append(Way("Show folder", partial(self._show_folder, outcome.done)))
        if outcome.failed:
            ways.append(Way("Show failed", partial(self._window.show_job, outcome.failed[0])))
        elif outcome.paused:
            ways.append(Way("Show paused", partial(self._window.show_job, outcome.paused[0])))
        is_bad = bool(outcome.failed or outcome.paused)
        self.announcer.announce(outcome.sentence, ways, is_bad=is_bad)

    def _show_folder(self, job_ids: tuple[int, ...]) -> None:
        self._window.background.read(
            partial(errands.videos_of_jobs, job_ids=job_ids), self._reveal_first
        )

    def _reveal_first(self, videos: list[str]) -> None:
        if videos:
            self._window.actions_.reveal(videos[0])
