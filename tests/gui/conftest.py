"""A window over a home of its own, opened and closed in good order for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.ui.application import Session
from clipforge_desktop.ui.main_window import MainWindow
from clipforge_desktop.ui.theme import font, load_interface_font
from tests.gui import framed
from tests.media_maker import talk

OpenWindow = Callable[..., MainWindow]
PATIENCE_MS = 60_000


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds of a moving picture with a tone."""
    return talk(tmp_path_factory.mktemp("media") / "talk.mp4", 6.0)


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with Store.open(home) as opened:
        yield opened


@pytest.fixture
def open_session(qtbot: QtBot, home: Home) -> Iterator[Callable[..., Session]]:
    """Opens the window as the program does; `works` starts a real supervisor."""
    sessions: list[Session] = []

    def open_one(
        files: list[Path] | None = None, size: tuple[int, int] = (1440, 900), *, works: bool = False
    ) -> Session:
        load_interface_font()
        session = Session(home, files or [], is_offline=True, works=works)
        sessions.append(session)
        session.window.setFont(font())
        session.window.resize(*size)
        session.window.show()
        qtbot.waitUntil(lambda: session.window.is_loaded, timeout=PATIENCE_MS)
        session.window.activateWindow()  # a bare X server has no window manager to do it
        qtbot.waitUntil(session.window.isActiveWindow, timeout=PATIENCE_MS)
        return session

    yield open_one
    for session in sessions:
        if session.window.isVisible():
            with qtbot.waitSignal(session.ended, timeout=PATIENCE_MS):
                session.window.close()
        session.window.deleteLater()
        session.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # else the next is dressed too
    qtbot.wait(0)


@pytest.fixture
def open_window(open_session: Callable[..., Session]) -> OpenWindow:
    def open_one(size: tuple[int, int] = (1440, 900), *, works: bool = False) -> MainWindow:
        return open_session([], size, works=works).window

    return open_one


@pytest.fixture(scope="session")
def framed_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the studies of `framed` are about."""
    return framed.make_video(tmp_path_factory.mktemp("media") / "scene.mp4")


@pytest.fixture
def framed_clips(store: Store, home: Home, framed_video: Path) -> list[int]:
    """Two clips of a video without words, not looked at yet; their ids."""
    return framed.furnish(store, home, framed_video)


@pytest.fixture
def framed_window(
    qtbot: QtBot, store: Store, framed_clips: list[int], open_window: OpenWindow
) -> MainWindow:
    """The first clip is open and was looked at; its first shot is under the play head."""
    store.library.save_studies(framed_clips[0], framed.STUDIES)
    window = open_window()
    qtbot.waitUntil(window.player.canvas.has_frame, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: window.framing.shown is not None, timeout=PATIENCE_MS)
    return window
