"""A second look at the same moment: the clip once more, in another style of the shelf."""

from PySide6.QtCore import QPoint, QSignalBlocker, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clipforge_desktop.ui.clip_canvas import ClipCanvas
from clipforge_desktop.ui.editor.controls import Chooser
from clipforge_desktop.ui.editor.looks import sheet
from clipforge_desktop.ui.framing.layout import Layout
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import label

SAVED = "As it is on the shelf"
_TAG_INSET = QPoint(12, 12)


class SecondLook(QWidget):
    """Mirrors the frames of `first`."""

    chosen = Signal(str)  # a style's name, "" for the shelf's version of the edited one

    def __init__(self, first: ClipCanvas, theme: Theme) -> None:
        super().__init__()
        self._first, self._theme = first, theme
        self.canvas = ClipCanvas(theme)
        self.canvas.setAccessibleName("The same moment in another style")
        self.styles = Chooser("Compare with")
        self.styles.setMaximumWidth(220)
        self.styles.activated.connect(self._choose)
        self._tag = label("Edited", "tag")
        self._tag.setParent(first)
        self._tag.hide()
        self.styles.setParent(self.canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas, 1)
        first.frame_taken.connect(self._show_frame)
        self.canvas.clicked.connect(first.clicked)
        self.canvas.people_wanted.connect(first.people_wanted)
        self.canvas.resized.connect(self._place)
        first.resized.connect(self._place)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def name(self) -> str:
        """Which style is shown, "" for the shelf's version."""
        return str(self.styles.currentData() or "")

    def show_names(self, names: list[str]) -> None:
        kept = self.name
        with QSignalBlocker(self.styles):
            self.styles.clear()
            self.styles.addItem(SAVED, "")
            for name in names:
                self.styles.addItem(name, name)
            self.styles.setCurrentIndex(max(self.styles.findData(kept), 0))
        self._place()

    def choose(self, name: str) -> None:
        """As picking it from the list does."""
        place = self.styles.findData(name)
        if place >= 0:
            self.styles.setCurrentIndex(place)
            self._choose(place)

    def set_shown(self, is_shown: bool, aspect: str) -> None:
        self._tag.setVisible(is_shown)
        self.canvas.set_aspect(aspect)
        self.setVisible(is_shown)
        self._place()
        if is_shown:
            self._first.send_frame()

    def _choose(self, _place: int) -> None:
        self.chosen.emit(self.name)

    def _dress(self) -> None:
        dress = sheet(self._theme.tokens)
        self._tag.setStyleSheet(dress)
        self.setStyleSheet(dress)

    def _show_frame(self, frame: QImage, layout: Layout, clip_s: float) -> None:
        if self.isVisible():
            self.canvas.people = self._first.people
            self.canvas.show_frame(frame, layout, clip_s)

    def _place(self) -> None:
        """What is what stands in the upper left corner of each picture."""
        for tag, canvas in ((self._tag, self._first), (self.styles, self.canvas)):
            tag.adjustSize()
            tag.move(canvas.picture_rect().topLeft().toPoint() + _TAG_INSET)
