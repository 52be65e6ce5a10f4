"""Shows a file in the system's file manager, selected where the system can do that."""

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices


def reveal(path: Path) -> bool:
    """False when the file is not there. May take a moment: call it in the background."""
    if not path.is_file():
        return False
    if sys.platform == "win32":
        # Explorer takes the path glued to its switch.
        QProcess.startDetached("explorer", [f"/select,{path}"])
    elif sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(path)])
    else:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
    return True
