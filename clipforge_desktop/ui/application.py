"""Starts the window and ends it: one window per home, workers on need, nothing left behind.

The window is painted first; the supervisor, the database and the other heavier parts are
loaded after that, off the GUI thread.
"""

import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QThread, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from clipforge_desktop.domain.errors import ClipForgeError, Failure
from clipforge_desktop.paths import Home, resources
from clipforge_desktop.ui.choices import load_choices, save_choices
from clipforge_desktop.ui.live import Live
from clipforge_desktop.ui.main_window import MainWindow
from clipforge_desktop.ui.theme import Theme, font, load_interface_font

LOCK_NAME = "window.lock"
SIGNAL_LOOK_MS = 500


class Work(QThread):
    """Starts the supervisor on a thread of its own, and stops it there."""

    started_up = Signal(list)  # notices
    failed = Signal(object)

    def __init__(self, home: Home, is_offline: bool, parent: QObject) -> None:
        super().__init__(parent)
        self._home = home
        self._is_offline = is_offline

    def run(self) -> None:
        # Loads the process and lock libraries, which the first paint does not need.
        from clipforge_desktop.app.supervisor import Supervisor

        supervisor = Supervisor(self._home, is_offline=self._is_offline)
        try:
            supervisor.start()
        except ClipForgeError as error:
            self.failed.emit(error.failure)
            return
        except OSError as error:
            self.failed.emit(_unwritable(self._home, error))
            return
        self.started_up.emit(list(supervisor.notices))
        self.exec()
        supervisor.stop()


class Session(QObject):
    """One run of the window over one home."""

    ended = Signal()

    def __init__(
        self, home: Home, files: list[Path], is_offline: bool, *, works: bool = True
    ) -> None:
        super().__init__()
        self._home = home
        self._files = files
        self._works = works
        choices = load_choices(home)
        self.theme = Theme(choices.theme, self)
        self.theme.apply()
        self.window = MainWindow(home, choices, self.theme, is_offline=is_offline)
        self.live = Live(home, self)
        self.work = Work(home, is_offline, self)
        self.window.painted.connect(self._begin)
        self.window.closing.connect(self._end)
        self.work.finished.connect(self._close)

    def _begin(self) -> None:
        """The window stands: now load what fills it and what works."""
        QTimer.singleShot(0, self._furnish)

    def _furnish(self) -> None:
        self.window.furnish()
        self.live.cards.connect(self.window.desk.take_cards)
        self.live.jobs.connect(self.window.desk.take_jobs)
        self.live.changed.connect(self.window.desk.apply)
        self.live.loaded.connect(self.window.set_loaded)
        self.live.loaded.connect(self.window.engine.check)
        self.live.failed.connect(self.window.show_failure)
        self.work.failed.connect(self.window.show_failure)
        self.work.started_up.connect(self._on_started)
        if self._works:
            self.work.start()
        else:
            self._on_started([])

    def _on_started(self, notices: list[str]) -> None:
        if notices:
            self.window.notice.say(" ".join(notices))
        self.live.start()
        if self._files:
            self.window.intake.take(self._files)

    def _end(self) -> None:
        """Let the workers go; they give their jobs back, to be taken up at the next start."""
        self._save()
        if self.work.isRunning():
            self.work.quit()
        else:
            QTimer.singleShot(0, self._close)  # a window cannot be closed while it is closing

    def _close(self) -> None:
        if not self.window.isEnabled() or not self.window.isVisible():
            self.live.stop()
            self.window.close_now()
            self.ended.emit()

    def _save(self) -> None:
        try:
            save_choices(self._home, self.window.choices)
        except OSError:
            return  # a home that cannot be written was told of at the start


def run_window(home: Home, files: list[Path], is_offline: bool) -> int:
    """The window until it is closed; hands `files` over when another one has this home open."""
    # Nothing here is drawn by OpenGL, and frames that take the way through a software one cost
    # twelve times as much (74 against 6 ms for 720p on a virtual screen).
    os.environ.setdefault("QT_XCB_GL_INTEGRATION", "none")
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
    application.setApplicationName("ClipForge")
    application.setDesktopFileName("clipforge")
    application.setStyle("Fusion")
    load_interface_font()
    application.setFont(font())
    application.setWindowIcon(QIcon(str(resources() / "icons" / "clipforge.png")))
    home.create()
    lock = QLockFile(str(home.locks / LOCK_NAME))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        hand_over(home, files, is_offline)
        return 0
    session = Session(home, files, is_offline)
    session.ended.connect(application.quit)
    _close_on_signals(session)
    session.window.show()
    try:
        return application.exec()
    finally:
        lock.unlock()


def hand_over(home: Home, files: list[Path], is_offline: bool) -> None:
    """Give the files to the window that is open, and bring it to the front."""
    # The database is loaded here only: a window that stays is painted before it.
    from clipforge_desktop.store import Store
    from clipforge_desktop.ui import errands

    with Store.open(home) as store:
        if files:
            errands.add_videos(store, files, is_offline)
        store.library.post("raise")


def _close_on_signals(session: Session) -> None:
    """Ctrl C in a terminal and a log-off close the window in good order."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: session.window.close())
    look = QTimer(session)  # Python sees signals only while it runs
    look.timeout.connect(lambda: None)
    look.start(SIGNAL_LOOK_MS)


def _unwritable(home: Home, error: OSError) -> Failure:
    return Failure(
        "home_unwritable",
        f"ClipForge cannot write its folder {home.root}: {error.strerror or error}.",
        "Free some space there or choose another folder with --home.",
    )
