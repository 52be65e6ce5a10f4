"""The search field over every recorded word, and the results under it.

The search itself runs in the background; arrows and Return work from the field, Escape closes.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clipforge_desktop.ui import errands, painting, phrases
from clipforge_desktop.ui.background import Background
from clipforge_desktop.ui.theme import Theme, font
from clipforge_desktop.ui.widgets import label, panel

if TYPE_CHECKING:
    from clipforge_desktop.store.library import Hit

Index = QModelIndex | QPersistentModelIndex
HIT_ROLE = int(Qt.ItemDataRole.UserRole)
WAIT_MS = 120
MOST_VISIBLE = 8
ROW = 48


class HitsModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []

    def show_hits(self, hits: "list[Hit]") -> None:
        self.beginResetModel()
        self._hits = hits
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        hit = self._hits[index.row()]
        if role == HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{hit.source_name}, {phrases.clock(hit.start_s)}: {hit.text}"
        return None


class HitDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.data(HIT_ROLE)
        rect: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painting.fill_round(
                painter, QRectF(rect.adjusted(2, 1, -2, -1)), 8, self._theme.color("hover")
            )
        inner = rect.adjusted(12, 5, -12, -5)
        self._paint_snippet(
            painter, QRect(inner.left(), inner.top(), inner.width(), 20), hit.snippet
        )
        where = phrases.joined(hit.source_name, phrases.clock(hit.start_s))
        line = QRect(inner.left(), inner.top() + 20, inner.width(), 17)
        painting.draw_line(painter, line, where, font(11), self._theme.color("muted"))
        painter.restore()

    def _paint_snippet(self, painter: QPainter, rect: QRect, snippet: str) -> None:
        """The sentence, the found words in the accent colour."""
        x = float(rect.left())
        is_found = False
        for part in snippet.replace("]", "[").split("["):
            face = font(13, 600 if is_found else 400)
            room = rect.right() - x
            shown = QFontMetricsF(face).elidedText(part, Qt.TextElideMode.ElideRight, room)
            painter.setFont(face)
            painter.setPen(self._theme.color("accent" if is_found else "text"))
            painter.drawText(
                QRectF(x, rect.top(), room, rect.height()), Qt.AlignmentFlag.AlignVCenter, shown
            )
            x += QFontMetricsF(face).horizontalAdvance(part)
            if x >= rect.right():
                break
            is_found = not is_found


class SearchBox(QLineEdit):
    """`picked` tells which sentence the user wants to go to."""

    picked = Signal(object)  # Hit

    def __init__(self, background: Background, theme: Theme, window: QWidget) -> None:
        super().__init__()
        self._background = background
        self._window = window
        self.setPlaceholderText("Search every word you ever recorded   Ctrl K")
        self.setAccessibleName("Search every recorded word")
        self.setMaxLength(300)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._search)
        self.textEdited.connect(self._on_edited)
        self.hits = HitsModel(self)
        self.popup = panel("float")
        self.popup.setParent(window)
        self.popup.hide()
        self.list = QListView(self.popup)
        self.list.setAccessibleName("Search results")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setModel(self.hits)
        self.list.setItemDelegate(HitDelegate(theme, self.list))
        self.list.clicked.connect(self._pick)
        self._nothing = label("No sentence holds these words.", "secondary")
        layout = QVBoxLayout(self.popup)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self._nothing)
        layout.addWidget(self.list)

    def _on_edited(self) -> None:
        if self.text().strip():
            self._timer.start()
        else:
            self._timer.stop()
            self.popup.hide()

    def _search(self) -> None:
        words = self.text()
        self._background.read(
            lambda store: errands.search(store, words), self._show_hits, key="search"
        )

    def _show_hits(self, hits: "list[Hit]") -> None:
        if not self.text().strip():
            return
        self.hits.show_hits(hits)
        self._nothing.setVisible(not hits)
        self.list.setVisible(bool(hits))
        if hits:
            self.list.setCurrentIndex(self.hits.index(0))
        rows = min(len(hits), MOST_VISIBLE)
        height = rows * ROW + 14 if hits else 44
        corner = self.mapTo(self._window, QPoint(0, self.height() + 6))
        self.popup.setGeometry(corner.x(), corner.y(), max(self.width(), 420), height)
        self.popup.show()
        self.popup.raise_()

    def _pick(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE)
        if hit is not None:
            self.popup.hide()
            self.clearFocus()
            self.picked.emit(hit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.popup.hide()
            self.clear()
            self.clearFocus()
        elif self.popup.isVisible() and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            row = min(max(self.list.currentIndex().row() + step, 0), self.hits.rowCount() - 1)
            self.list.setCurrentIndex(self.hits.index(row))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.popup.isVisible():
                self._pick(self.list.currentIndex())
            elif self.text().strip():
                self._search()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if event.type() is QEvent.Type.ShortcutOverride and is_escape:
            event.accept()  # Escape clears the field before it leaves the jobs view
            return True
        if event.type() is QEvent.Type.FocusOut and hasattr(self, "popup"):
            self.popup.hide()
        return super().event(event)
