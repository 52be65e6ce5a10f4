"""The shelf: a vertical card per found clip, best first, with score, length and what became of it.

Several can be selected for export. Clips that are not on the shelf come one click later.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
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
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from clipforge_desktop.domain.job import JobState
from clipforge_desktop.paths import Home
from clipforge_desktop.ui import painting, phrases
from clipforge_desktop.ui.desk import Desk
from clipforge_desktop.ui.pictures import Pictures, Wanted
from clipforge_desktop.ui.theme import Theme, font

if TYPE_CHECKING:
    from clipforge_desktop.domain.source import SourceMedia
    from clipforge_desktop.store.library import Clip

Index = QModelIndex | QPersistentModelIndex
CARD_ROLE = int(Qt.ItemDataRole.UserRole)
POSTER = QSize(84, 130)
CELL = QSize(104, 182)
TILES_A_ROW = 10
Mark = Literal["", "waiting", "running", "exported", "failed"]
_BROKEN = frozenset({JobState.FAILED, JobState.QUARANTINED})
_ACTIVE = frozenset({JobState.RUNNING, JobState.CANCELLING})
_WAITING = frozenset({JobState.QUEUED, JobState.RETRY_WAIT, JobState.BLOCKED, JobState.PAUSED})
_MARK_WORDS = {
    "": "",
    "waiting": "waits for export",
    "running": "is being exported",
    "exported": "exported",
    "failed": "export failed",
}


@dataclass(frozen=True)
class ShelfCard:
    clip: "Clip"
    pictures: tuple[Wanted, ...]
    duration_s: float
    mark: Mark
    progress: float
    reason: str
    notices: tuple[str, ...] = ()


class ShelfModel(QAbstractListModel):
    """Clips of one source."""

    refilled = Signal()

    def __init__(self, desk: Desk, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._home = home
        self.source_id = 0
        self.shows_rest = False
        self._cards: list[ShelfCard] = []
        desk.clips_changed.connect(self._update)

    def show_source(self, source_id: int) -> None:
        self.source_id = source_id
        self.shows_rest = False
        self.refill()

    def show_rest(self, shows: bool) -> None:
        self.shows_rest = shows
        self.refill()

    def rest_count(self) -> int:
        return sum(not clip.found.is_on_shelf for clip in self._desk.clips(self.source_id))

    def refill(self) -> None:
        """Take over the clips as they are; rows stay rows when only their marks changed."""
        cards = self._wanted()
        ids = [card.clip.id for card in cards]
        if ids == [card.clip.id for card in self._cards]:
            for row, (before, after) in enumerate(zip(self._cards, cards, strict=True)):
                if before != after:
                    self._cards[row] = after
                    self.dataChanged.emit(self.index(row), self.index(row))
        else:
            self.beginResetModel()
            self._cards = cards
            self.endResetModel()
        self.refilled.emit()

    def _wanted(self) -> list[ShelfCard]:
        source = self._desk.source(self.source_id)
        if source is None:
            return []
        clips = [
            clip
            for clip in self._desk.clips(self.source_id)
            if clip.found.is_on_shelf or self.shows_rest
        ]
        return [self._card(clip, source.media) for clip in clips]

    def _card(self, clip: "Clip", media: "SourceMedia | None") -> ShelfCard:
        job = self._desk.export_job(clip)
        mark: Mark = "exported" if self._desk.exports(clip.id) else ""
        reason = ""
        if job is not None and job.state in _BROKEN:
            mark = "failed"
            reason = f"{job.failure.message} {job.failure.next_step}" if job.failure else ""
        elif job is not None and job.state in _ACTIVE:
            mark = "running"
        elif job is not None and job.state in _WAITING:
            mark = "waiting"
        duration_s = sum(piece.duration_s for piece in clip.pieces)
        progress = job.progress if job is not None else 0.0
        return ShelfCard(
            clip, clip_pictures(self._home, clip, media), duration_s, mark, progress, reason,
            job.notices if job is not None else (),
        )  # fmt: skip

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._cards)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid() or index.row() >= len(self._cards):
            return None
        card = self._cards[index.row()]
        if role == CARD_ROLE:
            return card
        found = card.clip.found
        if role == Qt.ItemDataRole.DisplayRole:
            return card.clip.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            length = phrases.length(card.duration_s)
            mark = _MARK_WORDS[card.mark]
            spoken = (f"Score {found.score}", length, card.clip.verdict, mark, *card.notices)
            return ", ".join([card.clip.title, *(part for part in spoken if part)])
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join((card.reason or found.advice, *card.notices))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else usual

    def card_at(self, row: int) -> ShelfCard:
        return self._cards[row]

    def row_of(self, clip_id: int) -> int:
        """-1 when the clip is not shown."""
        ids = [card.clip.id for card in self._cards]
        return ids.index(clip_id) if clip_id in ids else -1

    def _update(self, source_ids: set[int]) -> None:
        if self.source_id in source_ids:
            self.refill()


def clip_pictures(home: Home, clip: "Clip", media: "SourceMedia | None") -> tuple[Wanted, ...]:
    """The clip's own poster, or the tile of the source's thumbnails nearest to its start."""
    if media is None:
        return ()
    cache = home.cache / media.content_key
    wanted = [Wanted(cache / "clips" / f"{clip.key}.jpg")]
    times = media.thumbnail_times_s
    if media.thumbnails and times:
        start_s = clip.pieces[0].start_s + 1
        tile = min(range(len(times)), key=lambda index: abs(times[index] - start_s))
        width, height = media.thumbnail_size_px
        row, column = divmod(tile, TILES_A_ROW)
        wanted.append(
            Wanted(cache / media.thumbnails, (column * width, row * height, width, height))
        )
    if media.poster:
        wanted.append(Wanted(cache / media.poster))
    return tuple(wanted)


class ShelfDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card = index.data(CARD_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state
        rect = option.rect
        box = QRect(rect.left() + 4, rect.top() + 2, POSTER.width() + 12, CELL.height() - 6)
        view = self.parent()
        is_current = isinstance(view, QListView) and view.currentIndex() == index
        painting.draw_ground(painter, QRectF(box), 12, state, self._theme)
        if state & QStyle.StateFlag.State_Selected and not is_current:
            painting.draw_ring(painter, QRectF(box), 12, self._theme.color("accent", 0.45), 1)
        if is_current:
            width = 3 if state & QStyle.StateFlag.State_HasFocus else 2
            painting.draw_ring(painter, QRectF(box), 12, self._theme.color("accent"), width)
        place = QRect(box.topLeft() + QPoint(6, 6), POSTER)
        if card.clip.verdict == "rejected":
            painter.setOpacity(0.35)
        self._paint_poster(painter, place, card)
        self._paint_chips(painter, place, card)
        title = QRect(place.left(), place.bottom() + 6, place.width(), 30)
        text = self._theme.color("text")
        painting.draw_wrapped(painter, title, card.clip.title, font(11), text, 15, 2)
        painter.restore()

    def _paint_poster(self, painter: QPainter, place: QRect, card: ShelfCard) -> None:
        ratio = painter.device().devicePixelRatio()
        made = self._pictures.pixmap(card.pictures, POSTER, 6, ratio)
        if made is not None:
            painter.drawPixmap(place.topLeft(), made)
        else:
            painting.fill_round(painter, QRectF(place), 6, self._theme.color("raised"))

    def _paint_chips(self, painter: QPainter, place: QRect, card: ShelfCard) -> None:
        back, white = QColor(15, 17, 21, 205), QColor("#ffffff")
        score = QRectF(place.left() + 5, place.top() + 5, 26, 18)
        painting.draw_chip(painter, score, str(card.clip.found.score), font(11, 600), back, white)
        length = QRectF(place.right() - 38, place.bottom() - 22, 34, 18)
        painting.draw_chip(
            painter, length, phrases.clock(card.duration_s), font(11, 500), back, white
        )
        corner = QRectF(place.right() - 24, place.top() + 5, 20, 18)
        dark = QColor("#07150e") if self._theme.tokens.is_dark else QColor("#ffffff")
        if card.mark == "exported":
            sign, tone = ("i", "warn") if card.notices else ("✓", "ok")
            painting.draw_chip(painter, corner, sign, font(12, 600), self._theme.color(tone), dark)
        elif card.mark == "failed":
            painting.draw_chip(painter, corner, "!", font(12, 600), self._theme.color("bad"), dark)
        elif card.mark in ("running", "waiting"):
            bar = QRectF(place.left() + 6, place.bottom() - 30, place.width() - 12, 3)
            fill = self._theme.color("accent")
            painting.draw_bar(painter, bar, card.progress, QColor(15, 17, 21, 180), fill)
        if card.clip.verdict == "accepted":
            accepted = QRectF(place.left() + 5, place.bottom() - 22, 20, 18)
            painting.draw_chip(painter, accepted, "A", font(11, 600), back, self._theme.color("ok"))


class ShelfView(QListView):
    """One row of cards; the current one plays, the selected ones are exported."""

    clip_chosen = Signal(int)  # clip id, 0 for none
    selection_changed = Signal(int)  # how many
    opened = Signal(int)  # Enter or a double click
    drag_wanted = Signal(list, object)  # clip ids, the poster of the first or None

    def __init__(
        self, desk: Desk, home: Home, theme: Theme, pictures: Pictures, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Clips")
        self.cards = ShelfModel(desk, home, self)
        self.setModel(self.cards)
        self.setItemDelegate(ShelfDelegate(theme, pictures, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(CELL.height() + 12)
        self.setDragEnabled(True)
        self._pictures = pictures
        self._kept_id = 0
        self._kept_selection: set[int] = set()
        self.cards.modelAboutToBeReset.connect(self._keep)
        self.cards.modelReset.connect(self._restore)
        self.selectionModel().currentChanged.connect(self._tell_current)
        self.selectionModel().selectionChanged.connect(self._tell_selection)
        self.doubleClicked.connect(lambda index: self.opened.emit(self._id(index)))
        pictures.arrived.connect(self.viewport().update)
        theme.changed.connect(self.viewport().update)

    def current_clip(self) -> "Clip | None":
        index = self.currentIndex()
        return self.cards.card_at(index.row()).clip if index.isValid() else None

    def selected_ids(self) -> list[int]:
        """Best first."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self.cards.card_at(row).clip.id for row in rows]

    def deselect(self, clip_ids: set[int]) -> None:
        """Leave these out of what is selected; another of the selected plays then, if need be."""
        left = [one for one in self.selected_ids() if one not in clip_ids]
        clip = self.current_clip()
        if left and clip is not None and clip.id in clip_ids:
            self.selectionModel().setCurrentIndex(
                self.cards.index(self.cards.row_of(left[0])),
                QItemSelectionModel.SelectionFlag.NoUpdate,
            )
        for clip_id in clip_ids:
            flag = QItemSelectionModel.SelectionFlag.Deselect
            self.selectionModel().select(self.cards.index(self.cards.row_of(clip_id)), flag)

    def startDrag(self, supported: Qt.DropAction) -> None:
        """The selected clips leave the window as their exported files."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        cards = [self.cards.card_at(row) for row in rows]
        exported = [card for card in cards if card.mark == "exported"] or cards
        if exported:
            ratio = self.devicePixelRatioF()
            poster = self._pictures.pixmap(exported[0].pictures, POSTER, 6, ratio)
            self.drag_wanted.emit([card.clip.id for card in cards], poster)

    def choose(self, clip_id: int) -> bool:
        """Make the clip the current one; False when it is not shown."""
        row = self.cards.row_of(clip_id)
        if row < 0:
            return False
        self.setCurrentIndex(self.cards.index(row))
        self.scrollTo(self.currentIndex())
        return True

    def choose_next(self) -> None:
        row = self.currentIndex().row() + 1
        if row < self.cards.rowCount():
            self.setCurrentIndex(self.cards.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self._id(self.currentIndex()))
        else:
            super().keyPressEvent(event)

    def _id(self, index: QModelIndex) -> int:
        return self.cards.card_at(index.row()).clip.id

    def _keep(self) -> None:
        clip = self.current_clip()
        self._kept_id = clip.id if clip is not None else 0
        self._kept_selection = set(self.selected_ids())

    def _restore(self) -> None:
        if not self._kept_id or not self.choose(self._kept_id):
            self._tell_current(QModelIndex())
            return
        for row in range(self.cards.rowCount()):
            if self.cards.card_at(row).clip.id in self._kept_selection:
                flag = QItemSelectionModel.SelectionFlag.Select
                self.selectionModel().select(self.cards.index(row), flag)

    def _tell_current(self, current: QModelIndex) -> None:
        self.clip_chosen.emit(self._id(current) if current.isValid() else 0)
        self._tell_selection()

    def _tell_selection(self) -> None:
        self.selection_changed.emit(len(self.selectionModel().selectedIndexes()))
