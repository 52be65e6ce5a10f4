"""The field in which a clip's title is changed, over the place where it is shown."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QWidget

from clipforge_desktop.ui.cutting.in_place import InPlaceField

WIDTH = 280
LONGEST = 120


class TitleField(InPlaceField):
    """What is left empty is the found title again."""

    given = Signal(str)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._before = ""
        self.setMaxLength(LONGEST)
        self.setAccessibleName("Title of the clip")
        self.hide()

    def open(self, own: str, found: str, place: QRect) -> None:
        """Ask at `place` of the page; `own` is the title that the user gave, "" for none."""
        self._before = own or found
        self.setPlaceholderText(found)
        self.setText(self._before)
        x = min(max(place.left() - 8, 8), max(self._page.width() - WIDTH - 8, 8))
        self.setGeometry(x, place.top() - 8, WIDTH, max(34, place.height() + 16))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def close_now(self, *, keeps: bool) -> None:
        if self.isHidden():
            return
        title = " ".join(self.text().split())
        self.hide()
        if keeps and title != self._before:
            self.given.emit(title)

    def leave(self) -> None:
        self._page.window().setFocus()
