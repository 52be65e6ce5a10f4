"""The library: one card per video with poster, length, size and one line of live state.

A model of card rows over `Desk` and a delegate that paints them, so a thousand videos cost
what is on screen. An error stands in its card, in red, with its remedy beside it.
"""

from PySide6.QtCore import (
    QAbstractItemModel,
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
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from clipforge_desktop.paths import Home
from clipforge_desktop.ui import painting
from clipforge_desktop.ui.cards import Card
from clipforge_desktop.ui.desk import Desk
from clipforge_desktop.ui.pictures import Pictures, Wanted
from clipforge_desktop.ui.theme import Theme, font

Index = QModelIndex | QPersistentModelIndex
CARD_ROLE = int(Qt.ItemDataRole.UserRole)
POSTER = QSize(72, 46)
SHORT, WORKING, WORDY = 66, 86, 102
REMEDIES = {"retry": "Retry", "relink": "Find the file"}


class LibraryModel(QAbstractListModel):
    """Cards in the order in which the videos were added."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ids: list[int] = []
        self._rows: dict[int, int] = {}
        self._cards: dict[int, Card] = {}
        desk.sources_changed.connect(self._update)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        card = self.card(self._ids[index.row()])
        if role == CARD_ROLE:
            return card
        if role == Qt.ItemDataRole.DisplayRole:
            return card.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ". ".join(
                part.rstrip(".")
                for part in (card.name, card.meta, card.state, *card.notices)
                if part
            )
        if role == Qt.ItemDataRole.ToolTipRole:
            reason = f"\n{card.failure.message} {card.failure.next_step}" if card.failure else ""
            return "\n".join((card.path + reason, *card.notices))
        return None

    def card(self, source_id: int) -> Card:
        if source_id not in self._cards:
            self._cards[source_id] = self._desk.card(source_id)
        return self._cards[source_id]

    def index_of(self, source_id: int) -> QModelIndex:
        row = self._rows.get(source_id)
        return QModelIndex() if row is None else self.index(row)

    def id_at(self, row: int) -> int:
        return self._ids[row]

    def _update(self, touched: set[int]) -> None:
        known = self._desk.sources.keys()
        for source_id in touched:
            self._cards.pop(source_id, None)
        for source_id in [one for one in touched if one in self._rows and one not in known]:
            self._remove(source_id)
        shown = touched & self._rows.keys()
        self._insert(sorted(one for one in touched if one in known and one not in self._rows))
        for source_id in shown:
            index = self.index(self._rows[source_id])
            self.dataChanged.emit(index, index)

    def _remove(self, source_id: int) -> None:
        row = self._rows[source_id]
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._ids[row]
        self._rows = {one: place for place, one in enumerate(self._ids)}
        self.endRemoveRows()

    def _insert(self, fresh: list[int]) -> None:
        """Put new ids in their place; at the end in one go, as a drop of many gives them."""
        late = [one for one in fresh if not self._ids or one > self._ids[-1]]
        for source_id in fresh:
            if source_id in late:
                continue
            row = sum(one < source_id for one in self._ids)
            self.beginInsertRows(QModelIndex(), row, row)
            self._ids.insert(row, source_id)
            self._rows = {one: place for place, one in enumerate(self._ids)}
            self.endInsertRows()
        if late:
            first = len(self._ids)
            self.beginInsertRows(QModelIndex(), first, first + len(late) - 1)
            self._ids.extend(late)
            self._rows.update({one: first + place for place, one in enumerate(late)})
            self.endInsertRows()


class CardDelegate(QStyledItemDelegate):
    """Paints a card: 264 wide with words, or as a bare poster in the rail."""

    remedy_wanted = Signal(int, str)  # source id, "retry" or "relink"

    def __init__(self, home: Home, theme: Theme, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._home = home
        self._theme = theme
        self._pictures = pictures
        self.is_rail = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if self.is_rail:
            return QSize(64, 62)
        card = index.data(CARD_ROLE)
        if card.remedy or (card.notice and card.progress is None):
            return QSize(200, WORDY)
        return QSize(200, SHORT if card.progress is None else WORKING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card = index.data(CARD_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.adjusted(4, 2, -4, -2)
        painting.draw_ground(painter, QRectF(box), 10, option.state, self._theme)
        view = self.parent()
        if isinstance(view, LibraryView) and view.shows_focus and view.currentIndex() == index:
            painting.draw_ring(painter, QRectF(box), 10, self._theme.color("accent"))
        poster = QRect(box.left() + 8, box.top() + 8, POSTER.width(), POSTER.height())
        if self.is_rail:
            poster = QRect(box.left() + 4, box.top() + 6, box.width() - 8, box.height() - 12)
        self._paint_poster(painter, poster, card)
        if not self.is_rail:
            self._paint_words(painter, self._words(box), card)
        elif card.progress is not None:
            bar = QRectF(poster.left(), poster.bottom() - 2, poster.width(), 3)
            self._paint_bar(painter, bar, card.progress)
        painter.restore()

    def _paint_poster(self, painter: QPainter, rect: QRect, card: Card) -> None:
        wanted = []
        if card.poster is not None:
            wanted.append(Wanted(self._home.cache / card.poster[0] / card.poster[1]))
        ratio = painter.device().devicePixelRatio()
        made = self._pictures.pixmap(wanted, rect.size(), 6, ratio)
        if made is not None:
            painter.drawPixmap(rect.topLeft(), made)
        else:
            painting.fill_round(painter, QRectF(rect), 6, self._theme.color("raised"))
            dash = "!" if card.tone == "bad" else "…" if card.progress is not None else ""
            painting.draw_line(
                painter, rect, dash, font(13, 600), self._theme.color("muted"),
                Qt.AlignmentFlag.AlignHCenter,
            )  # fmt: skip
        if card.tone == "bad" and self.is_rail:
            painting.draw_ring(painter, QRectF(rect), 6, self._theme.color("bad"))

    def _words(self, box: QRect) -> QRect:
        return box.adjusted(POSTER.width() + 18, 7, -8, -6)

    def _paint_words(self, painter: QPainter, rect: QRect, card: Card) -> None:
        name = QRect(rect.left(), rect.top(), rect.width(), 17)
        painting.draw_line(painter, name, card.name, font(13, 600), self._theme.color("text"))
        meta = name.translated(0, 17)
        painting.draw_line(painter, meta, card.meta, font(12), self._theme.color("muted"))
        top = meta.bottom() + 1
        if card.progress is not None:
            self._paint_bar(painter, QRectF(rect.left(), top + 2, rect.width(), 3), card.progress)
            top += 7
        tone = self._theme.color(card.tone)
        state = QRect(rect.left(), top, rect.width(), 32)
        used = painting.draw_wrapped(painter, state, card.state, font(12), tone, 16, 2)
        if card.remedy:
            link, offer = self.remedy_rect(rect), REMEDIES[card.remedy]
            painting.draw_line(painter, link, offer, font(12, 600), self._theme.color("text"))
        elif card.notice and card.progress is None:
            note, warn = state.translated(0, used + 1), self._theme.color("warn")
            painting.draw_wrapped(painter, note, card.notice, font(12), warn, 16, 2)

    def remedy_rect(self, words: QRect) -> QRect:
        return QRect(words.left(), words.top() + 68, 96, 17)

    def _paint_bar(self, painter: QPainter, rect: QRectF, fraction: float) -> None:
        track, fill = self._theme.color("line"), self._theme.color("accent")
        painting.draw_bar(painter, rect, fraction, track, fill)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonRelease:
            card = index.data(CARD_ROLE)
            box = option.rect.adjusted(4, 2, -4, -2)
            if card.remedy and not self.is_rail:
                place = self.remedy_rect(self._words(box))
                if place.adjusted(-2, -2, 2, 2).contains(event.position().toPoint()):
                    self.remedy_wanted.emit(card.source_id, card.remedy)
                    return True
        return super().editorEvent(event, model, option, index)


class LibraryView(QListView):
    """The list; one video is chosen at a time."""

    chosen = Signal(int)  # source id, 0 for none
    remove_wanted = Signal(int)
    remedy_wanted = Signal(int, str)

    def __init__(
        self, desk: Desk, home: Home, theme: Theme, pictures: Pictures, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Library")
        self.cards = LibraryModel(desk, self)
        self.setModel(self.cards)
        self._delegate = CardDelegate(home, theme, pictures, self)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.shows_focus = False
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self._delegate.remedy_wanted.connect(self.remedy_wanted)
        self.selectionModel().currentChanged.connect(self._tell_chosen)
        self.cards.dataChanged.connect(self._height_may_differ)
        pictures.arrived.connect(self.viewport().update)
        theme.changed.connect(self.viewport().update)

    def set_rail(self, is_rail: bool) -> None:
        """Only posters, for a narrow window."""
        if is_rail != self._delegate.is_rail:
            self._delegate.is_rail = is_rail
            self.scheduleDelayedItemsLayout()

    def chosen_id(self) -> int:
        index = self.currentIndex()
        return self.cards.id_at(index.row()) if index.isValid() else 0

    def choose(self, source_id: int) -> None:
        index = self.cards.index_of(source_id)
        if index.isValid() and index.row() != self.currentIndex().row():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def remedy_point(self, source_id: int) -> QPoint:
        """Where the remedy of a card is clicked, in viewport points."""
        box = self.visualRect(self.cards.index_of(source_id)).adjusted(4, 2, -4, -2)
        words = box.adjusted(POSTER.width() + 18, 7, -8, -6)
        return self._delegate.remedy_rect(words).center() - QPoint(30, 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.shows_focus = event.reason() is not Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.shows_focus = False
        super().focusOutEvent(event)

    def _height_may_differ(self, index: QModelIndex) -> None:
        wanted = self._delegate.sizeHint(QStyleOptionViewItem(), index).height()
        shown = self.visualRect(index).height()
        if shown and shown != wanted:
            self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.chosen_id():
            self.remove_wanted.emit(self.chosen_id())
        else:
            super().keyPressEvent(event)

    def _tell_chosen(self, current: QModelIndex) -> None:
        self.chosen.emit(self.cards.id_at(current.row()) if current.isValid() else 0)
