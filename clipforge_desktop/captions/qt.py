"""The Qt application that painting needs, for processes that have no window.

Fonts and text shaping live in QGuiApplication. The window makes its own; a worker or a
command calls `ensure_gui_application` once, on its main thread, before it paints.
"""

import threading

from PySide6.QtCore import QCoreApplication, QLoggingCategory
from PySide6.QtGui import QGuiApplication

from clipforge_desktop.domain.errors import ClipForgeError

_NO_FONT_LACKS = "qt.text.font.db.info=false"
"""Qt names every font that lacks a script; what no font has is in the painter's notices."""

_kept: list[QGuiApplication] = []  # Qt does not hold the application; losing it would end it


def ensure_gui_application() -> None:
    """Make an offscreen application unless there is one. Call it on the main thread.

    Raises ClipForgeError `no_gui_application` from another thread or beside a Qt application
    that cannot paint.
    """
    running = QCoreApplication.instance()
    if isinstance(running, QGuiApplication):
        return
    if running is not None or threading.current_thread() is not threading.main_thread():
        raise ClipForgeError(
            "no_gui_application",
            "Captions cannot be painted in this process.",
            "Start ClipForge again; if it happens again, please report it.",
        )
    QLoggingCategory.setFilterRules(_NO_FONT_LACKS)
    _kept.append(QGuiApplication(["clipforge", "-platform", "offscreen"]))
