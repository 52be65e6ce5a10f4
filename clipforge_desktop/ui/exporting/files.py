"""What was exported of the clip that is looked at: play, find and drag out each file."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clipforge_desktop.ui.exporting.dragging import STARTS_PX
from clipforge_desktop.ui.widgets import button, label

HOW_TO_DRAG = "Drag it into another program or folder"


class Draggable(QWidget):
    """A row that is dragged as the files it stands for."""

    drag_wanted = Signal(list)  # paths

    def __init__(self, paths: list[str]) -> None:
        super().__init__()
        self._paths = paths
        self._pressed_at: QPoint | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(HOW_TO_DRAG)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        moved = (event.position().toPoint() - start).manhattanLength() if start else 0
        if moved >= STARTS_PX:
            self._pressed_at = None
            self.drag_wanted.emit(self._paths)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None


class ExportedFiles(QWidget):
    play_wanted = Signal(str)
    reveal_wanted = Signal(str)
    drag_wanted = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Draggable] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.show_files([])

    def show_files(self, paths: list[str]) -> None:
        """Finished exports of the current clip, newest last."""
        for old in self.rows:
            self._column.removeWidget(old)
            old.deleteLater()
        self.rows = [self._head(paths), *(self._row(path) for path in paths)] if paths else []
        for row in self.rows:
            row.drag_wanted.connect(self.drag_wanted)
            self._column.addWidget(row)
        self.setVisible(bool(paths))

    def _head(self, paths: list[str]) -> Draggable:
        """The heading stands for all of them."""
        made = Draggable(paths)
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label("EXPORTED FROM THIS CLIP", "label"))
        row.addStretch()
        if len(paths) > 1:
            row.addWidget(label(f"drag all {len(paths)}", "secondary"))
        return made

    def _row(self, path: str) -> Draggable:
        made = Draggable([path])
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        name = Path(path).name
        shown = label(name, "secondary", wraps=True)
        shown.setToolTip(f"{path}\n{HOW_TO_DRAG}")
        row.addWidget(shown, 1)
        play, show = f"Play {name}", f"Reveal {name} in its folder"
        row.addWidget(button("Play", lambda: self.play_wanted.emit(path), "flat", name=play))
        row.addWidget(button("Reveal", lambda: self.reveal_wanted.emit(path), "flat", name=show))
        return made
