"""Shows a file in the system's file manager, selected where the system can do that."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def reveal(path: Path) -> bool:
    """False when the file is not there. May take a moment: call it in the background."""
    if not path.is_file():
        return False
    if sys.platform == "win32":
        # Explorer takes the path glued to its switch and answers 1 even when all is well.
        subprocess.run(["explorer", f"/select,{path}"], check=False)
    elif sys.platform == "darwin":
        subprocess.run(["open", "-R", str(path)], check=False)
    else:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
    return True
