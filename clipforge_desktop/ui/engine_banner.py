"""Says at the start when the video engine cannot run, before a video fails for want of it.

A glance at the program's file costs microseconds; only when that looks wrong is the doctor
asked, in a child process and off the window's thread, and its own words are shown.
"""

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QThread, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clipforge_desktop.paths import Home
from clipforge_desktop.ui.widgets import button, label

if TYPE_CHECKING:
    from clipforge_desktop.app.health import Check

_ABOUT_ENGINES = ("ffmpeg", "engines")


def looks_startable() -> bool:
    """There is an ffmpeg, named by the user or shipped, and it is marked as a program."""
    named = os.environ.get("IMAGEIO_FFMPEG_EXE", "")
    if named:
        files = [Path(named)]
    else:
        package = importlib.util.find_spec("imageio_ffmpeg")
        origin = package.origin if package is not None else None
        files = list((Path(origin).parent / "binaries").glob("ffmpeg*")) if origin else []
    return any(file.is_file() and os.access(file, os.X_OK) for file in files)


class _Examination(QThread):
    """Emits what is bad about the engines, or None."""

    found = Signal(object)

    def __init__(self, home: Home, parent: QWidget) -> None:
        super().__init__(parent)
        self._home = home

    def run(self) -> None:
        if looks_startable():
            self.found.emit(None)
            return
        # Loads the process libraries, which a window in good health does not need for this.
        from clipforge_desktop.app import health

        bad = [
            check
            for check in health.examine(self._home)
            if check.name in _ABOUT_ENGINES and check.state == "bad"
        ]
        self.found.emit(bad[0] if bad else None)


class EngineBanner(QWidget):
    """Under the bar at the top: the sentence, the next step, and a way to look again."""

    def __init__(self, home: Home) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._examination = _Examination(home, self)
        self._examination.found.connect(self._show)
        self.message = label("", "bad", wraps=True)
        self.next_step = label("", "secondary", wraps=True)
        self.again = button("Check again", self.check)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.message)
        words.addWidget(self.next_step)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.again, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def check(self) -> None:
        """Look, and show or hide; returns at once."""
        self.again.setEnabled(False)
        self._examination.start()

    def stop(self) -> None:
        self._examination.wait()

    def _show(self, check: "Check | None") -> None:
        self.again.setEnabled(True)
        self.message.setText(check.message if check is not None else "")
        self.next_step.setText(check.next_step if check is not None else "")
        self.setAccessibleName("The video engine does not start" if check is not None else "")
        self.setVisible(check is not None)
