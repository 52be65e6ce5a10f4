"""What floats above the window: all keys, one quiet notice at a time, the log of a job."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QFontDatabase, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, icon_button, label, panel, set_role

KEYS = [
    ("Ctrl O", "Add videos"),
    ("Ctrl K", "Search every word"),
    ("Ctrl J", "Jobs"),
    ("Ctrl Z", "Undo"),
    ("Ctrl Shift Z", "Redo"),
    ("Ctrl Shift E", "Edit the caption style"),
    ("\\", "Hold: the saved style, in the editor"),
    ("Space", "Play or pause"),
    ("J", "Back 3 seconds"),
    ("K", "Play or pause"),
    ("L", "Play; again for faster"),
    ("M", "Sound off or on"),
    ("1 to 5", "Fill, Fit, Split, Screen, Wide for this shot"),
    ("0", "Auto for this shot; so does the same key again"),
    ("S", "The source large beside the clip"),
    ("← →", "Clip before or after, on the shelf"),
    ("Ctrl click", "Select more clips"),
    ("Ctrl A", "Select all clips, on the shelf"),
    ("+", "Export in that style as well, on a caption style"),
    ("I O", "Start or end the clip at the play head, or at the selected words"),
    ("Shift ← →", "Select words, in the transcript"),
    ("Delete", "Cut the words out of the clip, or bring them back"),
    ("F2", "Correct the word, or change the clip's title"),
    ("A", "Accept the clip"),
    ("X", "Reject the clip"),
    ("E", "Export what is selected"),
    ("Delete", "Take the video out of the library"),
    ("Alt ↑ ↓", "Do a waiting job earlier or later"),
    ("?", "These keys"),
]
NOTICE_MS = 7000
_NARROWEST_PX, _WIDEST_PX = 440, 640
_BELOW_PX = 5  # into the gap below the spot, for notices are a little higher
_SPOT_MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


class KeysOverlay(QWidget):
    """Every key on one sheet; any key or a click closes it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        sheet = panel("float")
        grid = QGridLayout(sheet)
        grid.setContentsMargins(28, 24, 28, 24)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(9)
        grid.addWidget(label("Keys", "title"), 0, 0, 1, 2)
        half = (len(KEYS) + 1) // 2
        for place, (keys, does) in enumerate(KEYS):
            row, column = place % half + 1, 2 * (place // half)
            cap = label(keys, "key")
            cap.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
            grid.addWidget(cap, row, column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(does), row, column + 1)
        layout = QVBoxLayout(self)
        layout.addWidget(sheet, 0, Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("All keys")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet("KeysOverlay { background: rgba(0, 0, 0, 130); }")
        self.hide()

    def open(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hide()


class Notice(QWidget):
    """One sentence over `spot`, upwards from its foot; at the window's foot while there is none.

    Errors stay until they are closed.
    """

    def __init__(self, theme: Theme, window: QWidget, spot: QWidget) -> None:
        super().__init__(window)
        self._spot = spot
        spot.installEventFilter(self)
        self.setProperty("role", "notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = label("", "", wraps=True)
        self.text.setMinimumWidth(240)
        self._acts: list[Callable[[], object]] = []
        self.action = button("Undo", lambda: self._do(0), "flat")
        self.second = button("More", lambda: self._do(1), "flat")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.action)
        row.addWidget(self.second)
        row.addWidget(icon_button("close", "Close this notice", self.hide, theme))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NOTICE_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(
        self,
        sentence: str,
        *,
        is_error: bool = False,
        action: str = "",
        act: Callable[[], object] | None = None,
    ) -> None:
        set_role(self.text, "bad" if is_error else "")
        self._show(sentence, [(action, act)] if act is not None else [])
        if is_error:
            self._timer.stop()
        else:
            self._timer.start()

    def tell(self, sentence: str, ways: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """News with up to two things to do about it; it stays until it is closed."""
        set_role(self.text, "")
        self._show(sentence, ways)
        self._timer.stop()

    def _show(self, sentence: str, ways: Sequence[tuple[str, Callable[[], object]]]) -> None:
        self.text.setText(sentence)
        self.text.setAccessibleName(sentence)
        self._acts = [act for _, act in ways]
        titles = [title for title, _ in ways] + ["", ""]
        for made, title in zip((self.action, self.second), titles, strict=False):
            made.setText(title)
            made.setAccessibleName(title or "No action")
            made.setVisible(bool(title))
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Keep to the spot while it shows, else to the foot of the window."""
        parent = self.parentWidget()
        if parent is None:
            return
        room = parent.rect().adjusted(0, 0, 0, -20)
        if self._spot.isVisible():
            room = QRect(self._spot.mapTo(parent, QPoint(0, _BELOW_PX)), self._spot.size())
        most = min(parent.width() - 32, _WIDEST_PX)
        self.setFixedWidth(min(max(room.width() - 16, _NARROWEST_PX), most))
        self.adjustSize()
        left = room.center().x() - self.width() // 2
        left = max(16, min(left, parent.width() - 16 - self.width()))
        self.move(left, room.bottom() + 1 - self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SPOT_MOVES and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)

    def _do(self, place: int) -> None:
        self.hide()
        if place < len(self._acts):
            self._acts[place]()


class LogDialog(QDialog):
    """The log of one job, to read and to copy."""

    def __init__(self, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Log: {title}")
        self.resize(720, 440)
        self.words = QPlainTextEdit(text or "This job has written no log yet.")
        self.words.setReadOnly(True)
        self.words.setAccessibleName("Log")
        self.words.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        layout = QVBoxLayout(self)
        layout.addWidget(self.words)
        layout.addWidget(button("Close", self.close), 0, Qt.AlignmentFlag.AlignRight)
