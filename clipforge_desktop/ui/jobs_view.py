"""The jobs view: every job with its progress, its error and what can be done about it.

Each row has its own buttons; Return opens the same as a menu, Delete cancels, Alt with the
arrows moves a waiting job.
"""

from functools import partial

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clipforge_desktop.domain.job import Job, JobState
from clipforge_desktop.ui import painting
from clipforge_desktop.ui.desk import Desk
from clipforge_desktop.ui.icons import icon_pixmap
from clipforge_desktop.ui.jobs_model import (
    ACTION_NAMES,
    ACTIVE,
    BROKEN,
    ROW_ROLE,
    Heading,
    JobRow,
    JobsModel,
)
from clipforge_desktop.ui.theme import Theme, font
from clipforge_desktop.ui.widgets import button, icon_button, label

Index = QModelIndex | QPersistentModelIndex
ACTION_ICONS = {
    "up": "chevron-down",
    "down": "chevron-down",
    "pause": "pause",
    "retry": "retry",
    "resume": "play",
    "cancel": "close",
    "log": "info",
}
BUTTON = 30
NO_JOBS = "No jobs. What you add and export shows here while it is worked on."


class JobDelegate(QStyledItemDelegate):
    action_wanted = Signal(object, str)  # Job, action

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(ROW_ROLE)
        if isinstance(row, Heading):
            return QSize(300, 40)
        return QSize(300, 78 if isinstance(row, JobRow) and (row.error or row.notice) else 58)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Heading):
            place = rect.adjusted(12, 14, -12, 0)
            painting.draw_line(
                painter, place, row.text.upper(), font(11, 600), self._theme.color("muted")
            )
        elif isinstance(row, JobRow):
            self._paint_job(painter, option, rect, row)
        painter.restore()

    def _paint_job(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: JobRow
    ) -> None:
        state = option.state
        box = rect.adjusted(4, 2, -4, -2)
        painting.draw_ground(painter, QRectF(box), 10, state, self._theme)
        if state & QStyle.StateFlag.State_HasFocus:
            painting.draw_ring(painter, QRectF(box), 10, self._theme.color("accent"))
        self._paint_dot(painter, QPointF(box.left() + 14, box.top() + 17), row.job)
        words = box.adjusted(28, 7, -len(row.actions) * BUTTON - 16, 0)
        title = QRect(words.left(), words.top(), words.width(), 20)
        painting.draw_line(painter, title, row.title, font(13, 500), self._theme.color("text"))
        detail = title.translated(0, 19)
        muted = self._theme.color("muted")
        painting.draw_line(painter, detail, row.detail, font(12), muted)
        if row.error or row.notice:
            tone = "bad" if row.job.state in BROKEN else "warn" if row.error else "text"
            text = row.error or row.notice
            below = detail.translated(0, 19)
            painting.draw_line(painter, below, text, font(12), self._theme.color(tone))
        if row.job.state in ACTIVE:
            bar = QRectF(words.left(), box.bottom() - 5, words.width(), 3)
            track, fill = self._theme.color("line"), self._theme.color("accent")
            painting.draw_bar(painter, bar, row.job.progress, track, fill)
        for place, action in self._buttons(rect, row):
            drawing = icon_pixmap(
                ACTION_ICONS[action], self._theme.tokens.muted, 18,
                painter.device().devicePixelRatio(),
            )  # fmt: skip
            corner = place.center() - QPoint(8, 8)
            if action == "up":
                painter.save()
                painter.translate(QPointF(corner) + QPointF(18, 18))
                painter.rotate(180)
                painter.drawPixmap(0, 0, drawing)
                painter.restore()
            else:
                painter.drawPixmap(corner, drawing)

    def _paint_dot(self, painter: QPainter, centre: QPointF, job: Job) -> None:
        tone = "muted"
        if job.state in ACTIVE:
            tone = "accent"
        elif job.state in BROKEN:
            tone = "bad"
        elif job.state is JobState.DONE:
            tone = "ok"
        elif job.state in (JobState.PAUSED, JobState.RETRY_WAIT):
            tone = "warn"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(tone))
        painter.drawEllipse(centre, 4, 4)

    def _buttons(self, rect: QRect, row: JobRow) -> list[tuple[QRect, str]]:
        box = rect.adjusted(4, 2, -4, -2)
        left = box.right() - 8 - len(row.actions) * BUTTON
        return [
            (QRect(left + place * BUTTON, box.top() + 11, BUTTON, BUTTON), action)
            for place, action in enumerate(row.actions)
        ]

    def action_at(self, rect: QRect, row: JobRow, point: QPoint) -> str:
        return next((name for place, name in self._buttons(rect, row) if place.contains(point)), "")

    def action_point(self, rect: QRect, row: JobRow, action: str) -> QPoint:
        """Where a row's button is clicked, in viewport points."""
        return next(place.center() for place, name in self._buttons(rect, row) if name == action)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        row = index.data(ROW_ROLE)
        if (
            isinstance(row, JobRow)
            and isinstance(event, QMouseEvent)
            and event.type() is QEvent.Type.MouseButtonRelease
        ):
            rect = option.rect
            action = self.action_at(rect, row, event.position().toPoint())
            if action:
                self.action_wanted.emit(row.job, action)
                return True
        return super().editorEvent(event, model, option, index)


class JobsList(QListView):
    action_wanted = Signal(object, str)

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Jobs")
        self.jobs = JobsModel(desk, self)
        self.setModel(self.jobs)
        self.delegate = JobDelegate(theme, self)
        self.setItemDelegate(self.delegate)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.delegate.action_wanted.connect(self.action_wanted)
        self.jobs.dataChanged.connect(self._heights_may_differ)
        theme.changed.connect(self.viewport().update)

    def _heights_may_differ(self) -> None:
        self.scheduleDelayedItemsLayout()

    def row(self) -> JobRow | None:
        row = self.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, JobRow) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.row()
        is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        key = event.key()
        wanted = ""
        if is_alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            wanted = "up" if key == Qt.Key.Key_Up else "down"
        elif key == Qt.Key.Key_Delete:
            wanted = "cancel"
        if row is not None and wanted in row.actions:
            self.action_wanted.emit(row.job, wanted)
        elif row is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_menu(row, self.visualRect(self.currentIndex()).center())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row = self.indexAt(event.pos()).data(ROW_ROLE)
        if isinstance(row, JobRow):
            self._open_menu(row, event.pos())

    def _open_menu(self, row: JobRow, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in row.actions:
            made = menu.addAction(ACTION_NAMES[action])
            made.triggered.connect(partial(self.action_wanted.emit, row.job, action))
        menu.popup(self.viewport().mapToGlobal(point))


class JobsPage(QWidget):
    """The list under its heading with the actions on all jobs."""

    action_wanted = Signal(object, str)
    clear_wanted = Signal()
    pause_all_wanted = Signal(bool)
    closed = Signal()

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "desk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._is_paused = False
        self.list = JobsList(desk, theme, self)
        self.list.action_wanted.connect(self.action_wanted)
        self.pause_all = button("Pause all", self._toggle_pause)
        self.clear = button("Clear finished", self.clear_wanted.emit)
        self._empty = label(NO_JOBS, "secondary")
        self._paused_note = label("Everything is paused: nothing new is started.", "warn")
        self._paused_note.hide()
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 12, 4)
        head.setSpacing(8)
        head.addWidget(label("Jobs", "title"))
        head.addSpacing(8)
        head.addWidget(self._paused_note)
        head.addStretch()
        head.addWidget(self.pause_all)
        head.addWidget(self.clear)
        head.addWidget(icon_button("close", "Close the jobs view", self.closed.emit, theme))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.list, 1)
        self.list.jobs.layoutChanged.connect(self._show_empty)
        self._show_empty()

    def set_live(self, is_live: bool) -> None:
        self.list.jobs.set_live(is_live)
        self._show_empty()

    def show_job(self, job_id: int) -> None:
        """Choose that job, and keep it in sight while the other rows come."""
        index = self.list.jobs.index(max(self.list.jobs.row_of(job_id), 0))
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index, QListView.ScrollHint.PositionAtCenter)

    def settle(self, is_paused: bool) -> None:
        """All rows are there."""
        self.show_paused(is_paused)
        if self.list.currentIndex().isValid():
            self.list.scrollTo(self.list.currentIndex(), QListView.ScrollHint.PositionAtCenter)

    def show_paused(self, is_paused: bool) -> None:
        self._is_paused = is_paused
        self.pause_all.setText("Go on with all" if is_paused else "Pause all")
        self.pause_all.setAccessibleName(self.pause_all.text())
        self._paused_note.setVisible(is_paused)

    def _toggle_pause(self) -> None:
        self.pause_all_wanted.emit(not self._is_paused)

    def _show_empty(self) -> None:
        has_jobs = bool(self._desk.jobs)
        self._empty.setVisible(not has_jobs)
        self.clear.setEnabled(has_jobs)
