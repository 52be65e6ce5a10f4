"""The middle while there is nothing to play: an empty library, and a video being worked on."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.ui import painting
from clipforge_desktop.ui.cards import Card, StageLine
from clipforge_desktop.ui.icons import icon_pixmap
from clipforge_desktop.ui.theme import Theme, font
from clipforge_desktop.ui.widgets import button, label, set_role

INVITATION = "Drop a long video here, and get a shelf of vertical clips back."
PRIVACY = "Everything happens on this computer; your videos are never changed."
STAGE_STORIES = {
    Queue.IMPORT: (
        "Read the video",
        "Looks at picture and sound, makes thumbnails and a waveform.",
    ),
    Queue.TRANSCRIPTION: ("Write down what is said", "Every word with its time, on this computer."),
    Queue.CLIP_DETECTION: ("Find the moments", "Complete thoughts that stand on their own."),
}
_BROKEN = frozenset({JobState.FAILED, JobState.QUARANTINED})
_ACTIVE = frozenset({JobState.RUNNING, JobState.CANCELLING})


class EmptyPage(QWidget):
    """One large drop target with one sentence and the two ways in."""

    add_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, theme: Theme, has_sample: bool) -> None:
        super().__init__()
        self._theme = theme
        self._is_hovered = False
        self._picture = label()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sentence = label(INVITATION, "big")
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        below = label(PRIVACY, "secondary")
        below.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        self.add = button("Choose videos…", self.add_wanted.emit, "accent")
        row.addWidget(self.add)
        self.sample = button("Try the sample", self.sample_wanted.emit)
        row.addWidget(self.sample)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 48, 48, 48)
        layout.setSpacing(8)
        layout.addStretch()
        layout.addWidget(self._picture)
        layout.addSpacing(12)
        layout.addWidget(sentence)
        layout.addWidget(below)
        layout.addSpacing(16)
        layout.addLayout(row)
        layout.addStretch()
        self.sample.setVisible(has_sample)  # now that it has a parent: it would be a window
        theme.changed.connect(self._tint)
        self._tint()

    def set_hovered(self, is_hovered: bool) -> None:
        """Something is being dragged over the window."""
        self._is_hovered = is_hovered
        self.update()

    def _tint(self) -> None:
        ratio = max(self.devicePixelRatioF(), 1.0)
        self._picture.setPixmap(icon_pixmap("film", self._theme.tokens.muted, 40, ratio))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = self._theme.color("accent" if self._is_hovered else "line")
        painter.setPen(QPen(tone, 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(24, 24, -24, -24), 16, 16)
        painter.end()


class StageRow(QWidget):
    """One stage: what it does, how far it is, and what went wrong with it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._line: StageLine | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(460, 66)

    def show_line(self, line: StageLine) -> None:
        self._line = line
        title, story = STAGE_STORIES[line.queue]
        self.setAccessibleName(f"{title}: {line.text or 'its turn comes later'}")
        self.setToolTip(story)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        line = self._line
        if line is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        title, story = STAGE_STORIES[line.queue]
        is_broken, is_active = line.state in _BROKEN, line.state in _ACTIVE
        is_done = line.state is JobState.DONE
        tone = "bad" if is_broken else "ok" if is_done else "accent" if is_active else "muted"
        mark = {"bad": "alert", "ok": "check"}.get(tone, "")
        ratio = painter.device().devicePixelRatio()
        if mark:
            drawing = icon_pixmap(mark, getattr(self._theme.tokens, tone), 20, ratio)
            painter.drawPixmap(0, 4, drawing)
        else:
            ring = QRectF(4, 8, 12, 12)
            painting.draw_ring(painter, ring, 6, self._theme.color(tone), 2)
        rect = self.rect().adjusted(34, 2, 0, 0)
        rect.setHeight(20)
        front = self._theme.color("text" if line.state is not None else "muted")
        painting.draw_line(painter, rect, title, font(14, 600), front)
        rect = rect.translated(0, 21)
        text = line.text if is_active else story
        painting.draw_line(painter, rect, text, font(12), self._theme.color("muted"))
        if is_active:
            bar = QRectF(rect.left(), rect.bottom() + 6, rect.width(), 3)
            track, fill = self._theme.color("line"), self._theme.color("accent")
            painting.draw_bar(painter, bar, line.progress, track, fill)
        painter.end()


class WorkingPage(QWidget):
    """A video without clips yet: its stages, or its failure with the way out."""

    remedy_wanted = Signal(int, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._card: Card | None = None
        self._name = label("", "title", wraps=True)
        self._meta = label("", "secondary")
        self.rows = [StageRow(theme) for _ in range(3)]
        self._message = label("", "", wraps=True)
        self._next_step = label("", "secondary", wraps=True)
        self.remedy = button("Retry", self._ask_remedy, "accent")
        self.message = self._message
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self._name)
        column.addWidget(self._meta)
        column.addSpacing(20)
        for row in self.rows:
            column.addWidget(row)
        column.addSpacing(8)
        column.addWidget(self._message)
        column.addWidget(self._next_step)
        column.addSpacing(8)
        column.addWidget(self.remedy, 0, Qt.AlignmentFlag.AlignLeft)
        inner = QWidget()
        inner.setLayout(column)
        inner.setMaximumWidth(520)
        inner.setMinimumWidth(240)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(inner, 6)
        across.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addStretch(2)
        layout.addLayout(across)
        layout.addStretch(3)

    def show_work(self, card: Card, lines: list[StageLine]) -> None:
        self._card = card
        self._name.setText(card.name)
        self._meta.setText(card.meta)
        for row, line in zip(self.rows, lines, strict=True):
            row.show_line(line)
        failure = card.failure
        self._message.setText(failure.message if failure else "")
        self._next_step.setText(failure.next_step if failure else "")
        is_empty = failure is None and all(line.state is JobState.DONE for line in lines)
        if is_empty:
            self._message.setText("No clips were found in this video.")
            self._next_step.setText("Nothing in it stands on its own for 15 to 60 seconds.")
        set_role(self._message, "bad" if failure else "")
        self._message.setVisible(bool(self._message.text()))
        self._next_step.setVisible(bool(self._next_step.text()))
        self.remedy.setVisible(bool(card.remedy))
        self.remedy.setText("Find the file…" if card.remedy == "relink" else "Retry")
        self.remedy.setAccessibleName(self.remedy.text())

    def _ask_remedy(self) -> None:
        if self._card is not None:
            self.remedy_wanted.emit(self._card.source_id, self._card.remedy)
