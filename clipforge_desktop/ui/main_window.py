"""The window: composes the views and passes what one asks to the one that answers.

It decides nothing about videos: wishes go through `Actions` to the background, and what comes
back arrives as changed rows.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPaintEvent,
    QResizeEvent,
)

from clipforge_desktop.paths import Home
from clipforge_desktop.ui.choices import Choices
from clipforge_desktop.ui.desk import Desk
from clipforge_desktop.ui.skeleton import LIBRARY_WIDTH, RAIL_WIDTH, skeleton
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.views import Views

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog, QWidget

    from clipforge_desktop.domain.errors import Failure
    from clipforge_desktop.domain.job import Job
    from clipforge_desktop.store.library import Hit

DRAWER_BELOW, RAIL_BELOW = 1100, 900
EDITED_CLIP_WIDTH = 380
CLOSING = "Work pauses here and goes on when you open ClipForge again."


class MainWindow(Views):
    """The top-level window. Its views exist once it is furnished, right after the first paint."""

    painted = Signal()  # once, after the first paint
    closing = Signal()  # the user wants to leave

    def __init__(
        self, home: Home, choices: Choices, theme: Theme, *, is_offline: bool = False
    ) -> None:
        super().__init__()
        self.home, self.choices, self.theme = home, choices, theme
        self.setWindowTitle("ClipForge")
        self.setAcceptDrops(True)
        self.setMinimumSize(QSize(640, 560))
        self.resize(1440, 900)
        self.restoreGeometry(QByteArray.fromBase64(choices.geometry.encode("ascii", "ignore")))
        self.is_offline = is_offline
        self.is_furnished = False
        self.is_loaded = False
        self._has_painted = False
        self._may_close = self._is_drawer = False
        self.desk = Desk(self)
        self.body = skeleton()
        self.setCentralWidget(self.body)

    def furnish(self) -> None:
        """Put everything into the painted window; its modules load now and not before."""
        from clipforge_desktop.ui import furniture

        furniture.build(self)
        self._connect()
        furniture.bind_keys(self)
        self.is_furnished = True
        self._fit(self.width())
        self.show_middle()
        self.setFocus()

    def _connect(self) -> None:
        self.background.failed.connect(self.show_failure)
        self.desk.sources_changed.connect(self._on_sources)
        self.desk.clips_changed.connect(lambda _: self.show_middle())
        self.desk.jobs_changed.connect(lambda _: self._show_workload())
        self.desk.jobs_cleared.connect(lambda _: self._show_workload())
        self.desk.message_came.connect(self._on_message)
        self.library.chosen.connect(self._on_source_chosen)
        self.library.remove_wanted.connect(self.actions_.remove)
        for remedied in (self.library.remedy_wanted, self.working.remedy_wanted):
            remedied.connect(self.remedy)
        self.shelf.selection_changed.connect(lambda _: self._show_selected())
        self.shelf.cards.refilled.connect(self._show_rest)
        self.top.add_wanted.connect(self.choose_files)
        self.top.export_wanted.connect(self.export_selected)
        self.top.jobs_wanted.connect(self.batches.toggle_jobs)
        self.top.theme_wanted.connect(self.toggle_theme)
        self.top.panel_wanted.connect(self.toggle_drawer)
        self.empty.add_wanted.connect(self.choose_files)
        self.empty.sample_wanted.connect(lambda: self.intake.take([self.sample]))
        self.search.picked.connect(self._go_to_hit)
        self.jobs.closed.connect(self.toggle_jobs)
        self.jobs.action_wanted.connect(self._job_action)
        self.jobs.clear_wanted.connect(self.actions_.clear_finished)
        self.jobs.pause_all_wanted.connect(
            lambda is_paused: self.actions_.pause_all(is_paused, self.jobs.show_paused)
        )
        self.intake.found.connect(self.actions_.add)
        self.intake.scanned.connect(self._on_scanned)

    # -- what the middle shows ----------------------------------------------------------

    @property
    def is_showing_jobs(self) -> bool:
        return self.middle.currentWidget() is self.jobs

    def set_loaded(self) -> None:
        """The first look at the database is over: an empty library may say so now."""
        self.is_loaded = True
        self.stage.load_styles()
        self.exporting.load()
        self.show_middle()

    def show_middle(self) -> None:
        source_id = self.library.chosen_id()
        if self.is_showing_jobs:
            return
        page: QWidget
        if self.style_desk.needs_sample:
            page = self.style_desk.preview.sample
        elif not self.desk.sources:
            page = self.empty if self.is_loaded else self.blank
        elif not source_id:
            page = self.blank
        elif self.desk.has_clips(source_id) or self.stage.is_jumping:
            page = self.play_side
        else:
            page = self.working
            card = self.library.cards.card(source_id)
            self.working.show_work(card, self.desk.stages(source_id))
        self.middle.setCurrentWidget(page)
        self._show_side()

    def _show_side(self) -> None:
        self._show_selected()
        has_words = self.middle.currentWidget() is self.play_side or self.style_desk.needs_sample
        if not self._is_drawer:
            self.side.setVisible(has_words)
        elif not has_words:
            self.side.hide()
        self.top.panel_button.setVisible(self._is_drawer and has_words)

    def _show_selected(self) -> None:
        is_shown = self.middle.currentWidget() is self.play_side
        self.top.show_selected(len(self.shelf.selected_ids()) if is_shown else 0)

    def toggle_jobs(self) -> None:
        if self.is_showing_jobs:
            self.jobs.set_live(False)
            self.middle.setCurrentWidget(self.blank)
            self.show_middle()
            return
        self.player.playback.pause()
        self.middle.setCurrentWidget(self.jobs)
        self.jobs.set_live(True)
        self.actions_.fill_jobs(self.jobs)
        self._show_side()
        self.jobs.list.setFocus()

    def show_job(self, job_id: int) -> None:
        if not self.is_showing_jobs:
            self.toggle_jobs()
        self.jobs.show_job(job_id)

    def _on_sources(self, touched: set[int]) -> None:
        if not self.library.chosen_id() and self.library.cards.rowCount():
            self.library.setCurrentIndex(self.library.cards.index(0))
        if self.library.chosen_id() in touched:
            self.stage.refresh()
        self.pictures.forget_missing()
        self.library_label.setText(
            f"LIBRARY · {self.library.cards.rowCount():,}" if self.desk.sources else "LIBRARY"
        )
        self.show_middle()

    def _on_source_chosen(self, source_id: int) -> None:
        if self.is_showing_jobs:
            self.toggle_jobs()
        self.stage.show(source_id)
        self.show_middle()

    def _show_workload(self) -> None:
        self.top.show_workload(*self.desk.workload())
        self.show_middle()

    def _show_rest(self) -> None:
        number = self.shelf.cards.rest_count()
        shows = self.shelf.cards.shows_rest
        self.rest.setVisible(number > 0)
        text = "Show the\nbest only" if shows else f"Show the\nrest ({number})"
        self.rest.setText(text)
        self.rest.setAccessibleName(text.replace("\n", " "))

    def toggle_rest(self) -> None:
        self.shelf.cards.show_rest(not self.shelf.cards.shows_rest)

    # -- wishes -------------------------------------------------------------------------

    def choose_files(self) -> None:
        endings = "*.mp4 *.mov *.mkv *.webm *.avi *.m4v *.ts *.mpg"
        kinds = f"Videos ({endings});;All files (*)"
        names, _ = _files().getOpenFileNames(self, "Add videos", "", kinds)
        if names:
            self.intake.take([Path(name) for name in names])

    def export_selected(self) -> None:
        clip_ids = self.shelf.selected_ids()
        if clip_ids and self.middle.currentWidget() is self.play_side:
            self.exporting.export(clip_ids, self.side.wish())

    def judge(self, verdict: str) -> None:
        clip = self.shelf.current_clip()
        if clip is not None and self.middle.currentWidget() is self.play_side:
            self.actions_.judge(clip, verdict)
            self.shelf.choose_next()

    def remedy(self, source_id: int, what: str) -> None:
        if what == "retry":
            self.actions_.retry_source(source_id)
            return
        name = self.desk.sources[source_id].name
        path, _ = _files().getOpenFileName(self, f"Where is {name}?", "", "All files (*)")
        if path:
            self.actions_.relink(source_id, Path(path))

    def toggle_theme(self) -> None:
        self.theme.toggle()
        self.choices.theme = self.theme.choice

    def toggle_sound(self) -> None:
        self.choices.is_muted = not self.choices.is_muted
        self.player.playback.set_muted(self.choices.is_muted)
        self.notice.say("Sound is off." if self.choices.is_muted else "Sound is on.")

    def show_failure(self, failure: "Failure") -> None:
        self.notice.say(f"{failure.message} {failure.next_step}", is_error=True)

    def _job_action(self, job: "Job", action: str) -> None:
        self.actions_.on_job(job, action, self.jobs.list.jobs, self)

    def _go_to_hit(self, hit: "Hit") -> None:
        self.stage.jump(hit.source_id, hit.start_s)

    def _on_scanned(self, total: int, folders: int) -> None:
        if folders and not total:
            self.notice.say("There are no videos in that folder.")

    def _on_message(self, kind: str, _payload: str) -> None:
        if kind == "raise":
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
            self.show()
            self.raise_()
            self.activateWindow()

    # -- drops --------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        is_from_here = event.source() is not None  # a finished clip on its way out
        if self.is_furnished and event.mimeData().hasUrls() and not is_from_here:
            event.acceptProposedAction()
            self.empty.set_hovered(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.empty.set_hovered(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.empty.set_hovered(False)
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.intake.take(paths)

    # -- room ---------------------------------------------------------------------------

    def toggle_drawer(self) -> None:
        """Slide the right side in or out over the middle, in a narrow window."""
        if not self._is_drawer:
            return
        self.side.setVisible(not self.side.isVisible())
        self._place_drawer()

    def open_side(self, tab: str) -> None:
        """Show that part of the right side, in a narrow window, too."""
        self.side.open_tab(tab)
        if not self.side.isVisible():
            self.toggle_drawer()

    def _place_drawer(self) -> None:
        top = self.top.height()
        area = QRect(
            self.body.width() - self.side.width(), top, self.side.width(), self.body.height() - top
        )
        self.side.setGeometry(area)
        self.side.raise_()
        self.notice.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.is_furnished:
            self._fit(event.size().width())

    def refit(self) -> None:
        """The side panel has another width: it is wide while a style is edited."""
        self._fit(self.width())
        if self._is_drawer and self.style_desk.is_open and not self.side.isVisible():
            self.toggle_drawer()

    def _fit(self, width: int) -> None:
        """Arrange the views for a window this wide."""
        more = self.side.more_width  # then the clip beside it matters more than the library
        least = RAIL_WIDTH + EDITED_CLIP_WIDTH + self.side.minimumWidth()
        self._set_drawer(width < (least if more else DRAWER_BELOW))
        is_rail = width < RAIL_BELOW or (more > 0 and width < DRAWER_BELOW + more)
        self.left.setFixedWidth(RAIL_WIDTH if is_rail else LIBRARY_WIDTH)
        self.library.set_rail(is_rail)
        self.library_label.setVisible(not is_rail)
        self.drop_area.setText("Drop" if is_rail else "Drop videos or folders anywhere")
        self.top.set_narrow(width < DRAWER_BELOW, is_rail)
        self._show_side()
        if self._is_drawer:
            self._place_drawer()
        self.notice.place()
        self.keys.setGeometry(self.body.rect())

    def _set_drawer(self, is_drawer: bool) -> None:
        if is_drawer == self._is_drawer:
            return
        self._is_drawer = is_drawer
        if is_drawer:
            self.row.removeWidget(self.side)
            self.side.hide()
        else:
            self.row.addWidget(self.side)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            self.painted.emit()

    # -- leaving ------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say what happens to the work, and close once the workers are gone."""
        if self._may_close:
            super().closeEvent(event)
            return
        event.ignore()
        self.choices.geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        if self.is_furnished:
            self.player.playback.close()
        if self.is_furnished and any(self.desk.workload()[:2]):
            self.notice.say(CLOSING)
        self.setEnabled(False)
        self.closing.emit()

    def close_now(self) -> None:
        """Everything is stopped: really close."""
        self._may_close = True
        if self.is_furnished:
            self.intake.stop()
            self.engine.stop()
            self.pictures.stop()
            self.background.stop()
        self.close()


def _files() -> "type[QFileDialog]":
    from PySide6.QtWidgets import QFileDialog

    return QFileDialog
