"""Says once that a batch is over: in the window, or by the system when one looks elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMainWindow, QSystemTrayIcon

from clipforge_desktop.paths import resources
from clipforge_desktop.ui.overlays import Notice

SHOWN_MS = 10_000


@dataclass(frozen=True)
class Way:
    """What can be done about the news: a button, or a click on the system's message."""

    title: str
    act: Callable[[], object]


class Announcer(QObject):
    def __init__(self, window: QMainWindow, notice: Notice) -> None:
        super().__init__(window)
        self._window, self._notice = window, notice
        self._tray: QSystemTrayIcon | None = None
        self._clicked: Callable[[], object] | None = None
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.setInterval(3 * SHOWN_MS)
        self._over.timeout.connect(self._leave)

    def announce(self, sentence: str, ways: list[Way], *, is_bad: bool) -> None:
        """One message, never two: the system's while the window is not looked at."""
        if self._window.isActiveWindow() or not self._reaches_system():
            self._notice.tell(sentence, [(way.title, way.act) for way in ways])
            return
        tray = self._icon()
        self._clicked = ways[-1].act if ways else None
        icons = QSystemTrayIcon.MessageIcon
        icon = icons.Warning if is_bad else icons.Information
        tray.show()
        tray.showMessage("ClipForge", sentence, icon, SHOWN_MS)
        self._over.start()

    def _reaches_system(self) -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()

    def _icon(self) -> QSystemTrayIcon:
        if self._tray is None:
            icon = self._window.windowIcon()
            if icon.isNull():
                icon = QIcon(str(resources() / "icons" / "clipforge.png"))
            self._tray = QSystemTrayIcon(icon, self)
            self._tray.setToolTip("ClipForge")
            self._tray.messageClicked.connect(self._follow)
            self._tray.activated.connect(lambda _: self._follow())
        return self._tray

    def _follow(self) -> None:
        """To the window, and to what the message was about."""
        self._leave()
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        if self._clicked is not None:
            self._clicked()

    def _leave(self) -> None:
        if self._tray is not None:
            self._tray.hide()
