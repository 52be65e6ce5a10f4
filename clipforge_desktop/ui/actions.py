"""Every wish of the window, as a write in the background; judging and removing can be undone."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QWidget

from clipforge_desktop.domain.edit import pieces_of
from clipforge_desktop.domain.errors import Failure, InputError
from clipforge_desktop.domain.job import Job
from clipforge_desktop.ui import errands, phrases
from clipforge_desktop.ui.background import Background
from clipforge_desktop.ui.desk import Desk
from clipforge_desktop.ui.jobs_model import JobsModel
from clipforge_desktop.ui.overlays import LogDialog, Notice
from clipforge_desktop.ui.revealing import reveal

if TYPE_CHECKING:
    from clipforge_desktop.domain.edit import ClipEdit
    from clipforge_desktop.domain.order import ExportOptions
    from clipforge_desktop.store.connection import Store
    from clipforge_desktop.store.library import Clip, OwnStyle, Verdict
    from clipforge_desktop.ui.jobs_view import JobsPage


class Undoable(QUndoCommand):
    """A wish and its opposite."""

    def __init__(self, text: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        super().__init__(text)
        self._do = do
        self._undo = undo

    def redo(self) -> None:
        self._do()

    def undo(self) -> None:
        self._undo()


class Actions(QObject):
    export_asked = Signal()
    exported = Signal(list)  # the jobs that came of it; none when it could not be written down

    def __init__(
        self, background: Background, desk: Desk, notice: Notice, is_offline: bool, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._desk = desk
        self._notice = notice
        self._is_offline = is_offline
        self.undo_stack = QUndoStack(self)

    # -- videos -------------------------------------------------------------------------

    def add(self, paths: list[Path]) -> None:
        self._background.write(
            lambda store: errands.add_videos(store, paths, self._is_offline), self._tell_refused
        )

    def _tell_refused(self, failures: list[Failure]) -> None:
        if not failures:
            return
        first = failures[0]
        more = f" So it is with {len(failures) - 1} more." if len(failures) > 1 else ""
        self._notice.say(f"{first.message} {first.next_step}{more}", is_error=True)

    def retry_source(self, source_id: int) -> None:
        self._background.write(lambda store: errands.retry_source(store, source_id))

    def relink(self, source_id: int, path: Path) -> None:
        self._background.write(lambda store: errands.relink_source(store, source_id, path))

    def remove(self, source_id: int) -> None:
        source = self._desk.sources.get(source_id)
        if source is None:
            return
        self._push(
            f"removing {source.name}",
            lambda store: errands.remove_source(store, source_id),
            lambda store: errands.restore_source(store, source_id),
        )
        self._notice.say(
            f"{source.name} is out of the library. The file itself is untouched.",
            action="Undo",
            act=self.undo_stack.undo,
        )

    # -- clips --------------------------------------------------------------------------

    def judge(self, clip: "Clip", verdict: str) -> None:
        """Accept or reject; the same once more takes it back."""
        before = clip.verdict
        after: Verdict = "" if before == verdict else "accepted"
        if after and verdict == "rejected":
            after = "rejected"
        self._push(
            f"{verdict} {clip.title}",
            lambda store: errands.judge(store, clip.id, after),
            lambda store: errands.judge(store, clip.id, before),
        )

    def edit_clip(self, clip: "Clip", after: "ClipEdit", what: str) -> bool:
        """Cut, trim, name or frame a clip otherwise; seen at once, written in the background.

        False, with a notice, when nothing of the clip would be left. `what` says what undo
        takes back: "cutting 3 words".
        """
        before = clip.edit
        if after == before:
            return True
        try:
            pieces_of(clip.found.pieces, after)
        except InputError as error:
            self._notice.say(f"{error.failure.message} {error.failure.next_step}", is_error=True)
            return False
        put = self._put_edit
        self.undo_stack.push(
            Undoable(what, lambda: put(clip.id, after), lambda: put(clip.id, before))
        )
        return True

    def _put_edit(self, clip_id: int, edit: "ClipEdit") -> None:
        def failed(failure: Failure) -> None:
            self._desk.settle_edit(clip_id)
            self._background.failed.emit(failure)
            self._background.read(
                lambda store: errands.shelf_of_clip(store, clip_id),
                lambda clips: self._desk.set_clips(clips[0].source_id, clips),
            )

        self._desk.expect_edit(clip_id, edit)
        self._background.write(
            lambda store: errands.edit_clip(store, clip_id, edit),
            lambda _: self._desk.settle_edit(clip_id),
            failed=failed,
        )

    def give_style(
        self, clip_id: int, before: "OwnStyle | None", after: "OwnStyle | None", sentence: str
    ) -> None:
        """Another caption style of the clip's own, or None for the shelf's; says so."""
        self._push(
            "the clip's caption style",
            lambda store: errands.set_own_style(store, clip_id, after),
            lambda store: errands.set_own_style(store, clip_id, before),
        )
        self._notice.say(sentence, action="Undo", act=self.undo_stack.undo)

    def export(self, clip_ids: list[int], options: "ExportOptions") -> None:
        self.export_asked.emit()
        self._background.write(
            lambda store: errands.export_clips(store, clip_ids, options),
            partial(self._tell_exported, options.out_dir),
            failed=self._tell_not_exported,
        )

    def _tell_exported(self, folder: str, jobs: list[Job]) -> None:
        self._notice.say(f"{phrases.count(len(jobs), 'clip')} on the way to {folder}.")
        self.exported.emit(jobs)

    def _tell_not_exported(self, failure: Failure) -> None:
        self.exported.emit([])
        self._background.failed.emit(failure)

    def play_file(self, path: str) -> None:
        """Open an exported file in the system's player."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(path))

    def reveal(self, path: str) -> None:
        self._background.read(lambda _store: reveal(Path(path)), self._tell_missing)

    def _tell_missing(self, is_there: bool) -> None:
        if not is_there:
            self._notice.say(
                "The exported file is not there any more. Export the clip again.", is_error=True
            )

    # -- jobs ---------------------------------------------------------------------------

    def pause_jobs(self, job_ids: list[int]) -> None:
        self._background.write(lambda store: errands.pause_jobs(store, job_ids))

    def retry_jobs(self, job_ids: list[int]) -> None:
        self._background.write(lambda store: errands.retry_jobs(store, job_ids))

    def on_job(self, job: Job, action: str, jobs: JobsModel, window: QWidget) -> None:
        """Do what a button of the jobs view says."""
        ids = [job.id]
        if action in ("retry", "resume"):
            self.retry_jobs(ids)
        elif action == "pause":
            self.pause_jobs(ids)
        elif action == "cancel":
            self._background.write(lambda store: errands.cancel_jobs(store, ids))
        elif action == "log":
            self._background.read(
                lambda store: errands.read_log(store, job.id), partial(_show_log, job, window)
            )
        else:
            self._move(job, action, jobs)

    def _move(self, job: Job, action: str, jobs: JobsModel) -> None:
        other = jobs.neighbour(job, -1 if action == "up" else 1)
        if other is None:
            return
        first, second = (job.id, other.id) if action == "up" else (other.id, job.id)
        self._background.write(
            lambda store: errands.move_job_before(store, first, second), jobs.set_order
        )

    def fill_jobs(self, page: "JobsPage") -> None:
        """Read what only the jobs view needs: the order of work, done jobs, what is paused."""

        def take(read: tuple[list[Job], dict[int, str]]) -> None:
            jobs, titles = read
            self._desk.clip_titles.update(titles)
            self._desk.take_jobs(jobs)

        self._background.read(errands.job_order, page.list.jobs.set_order)
        self._background.read(errands.done_jobs, take, key="done jobs")
        self._background.read(errands.is_everything_paused, page.settle)

    def clear_finished(self) -> None:
        self._background.write(errands.clear_finished, self._desk.drop_jobs)

    def pause_all(self, is_paused: bool, done: Callable[[bool], None]) -> None:
        self._background.write(lambda store: errands.pause_everything(store, is_paused), done)

    def _push(
        self, text: str, do: Callable[["Store"], None], undo: Callable[["Store"], None]
    ) -> None:
        write = self._background.write
        self.undo_stack.push(Undoable(text, lambda: write(do), lambda: write(undo)))


def _show_log(job: Job, window: QWidget, text: str) -> None:
    dialog = LogDialog(phrases.STAGE_NAMES[job.queue], text, window)
    dialog.setWindowModality(Qt.WindowModality.NonModal)
    dialog.show()
