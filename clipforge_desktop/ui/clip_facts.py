"""The facts of the clip beside it: its place, times, length, title, and honest labels."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.ui import phrases
from clipforge_desktop.ui.widgets import label, set_role

if TYPE_CHECKING:
    from clipforge_desktop.store.library import Clip, Source

VERDICTS = {"accepted": ("Accepted", "ok"), "rejected": ("Rejected", "muted"), "": ("", "muted")}


class _Title(QLabel):
    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def set_clickable(self, is_clickable: bool) -> None:
        if is_clickable:
            self.setCursor(Qt.CursorShape.IBeamCursor)
        else:
            self.unsetCursor()
        self.setToolTip("Click or press F2 to change the title" if is_clickable else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()


class ClipFacts(QWidget):
    title_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._place = label("", "label")
        self._times = label("", "secondary", wraps=True)
        self._shape = label("", "secondary")
        self._now = label("", "secondary")
        self._title_head = label("Title", "secondary")
        self._title = _Title()
        self._title.clicked.connect(self.title_clicked)
        self._kind = label("", "secondary", wraps=True)
        self._verdict = label("", "ok")
        self._draft = label("Draft transcript", "warn")
        self._draft.hide()
        self._notices = label("", "warn", wraps=True)
        self._notices.hide()
        self._length_s = 0.0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(2)
        layout.addStretch(2)
        layout.addWidget(self._place)
        layout.addSpacing(6)
        for shown in (self._times, self._shape, self._now):
            layout.addWidget(shown)
        layout.addSpacing(12)
        layout.addWidget(self._title_head)
        layout.addWidget(self._title)
        layout.addSpacing(12)
        for shown in (self._kind, self._verdict, self._draft, self._notices):
            layout.addWidget(shown)
        layout.addStretch(3)

    def show_facts(
        self, source: "Source", clip: "Clip | None", aspect: str, place: int, total: int
    ) -> None:
        """`place` of `total` on the shelf; without a clip, the facts of the source."""
        pieces = clip.pieces if clip is not None else ()
        self._title.set_clickable(clip is not None)
        self._length_s = sum(piece.duration_s for piece in pieces)
        if clip is None:
            media = source.media
            self._length_s = media.info.duration_s if media is not None else 0.0
            self._place.setText("SOURCE")
            self._times.setText(phrases.length(self._length_s))
            self._shape.setText(phrases.resolution(media.info.video) if media is not None else "")
            self._title.setText(source.name)
            self._kind.setText("")
            set_role(self._verdict, "muted")
            self._verdict.setText("")
            return
        self._place.setText(f"CLIP {place} OF {total}")
        start, end = phrases.clock(pieces[0].start_s), phrases.clock(pieces[-1].end_s)
        self._times.setText(f"{start} to {end}")
        self._shape.setText(phrases.joined(phrases.length(self._length_s), aspect))
        self._title.setText(clip.title)
        self._kind.setText(
            phrases.joined(clip.found.category.capitalize(), f"score {clip.found.score}")
        )
        text, role = VERDICTS[clip.verdict]
        set_role(self._verdict, role)
        self._verdict.setText(text)

    def title_rect(self) -> QRect:
        """Where the title is shown."""
        return self._title.geometry()

    def show_time(self, clip_s: float) -> None:
        self._now.setText(f"{phrases.clock(clip_s)} of {phrases.clock(self._length_s)}")

    @property
    def is_draft(self) -> bool:
        """The clip's words are labelled as a draft."""
        return not self._draft.isHidden()

    @property
    def notices(self) -> str:
        """What the clip's export had to say, as it is shown."""
        return "" if self._notices.isHidden() else self._notices.text()

    def show_notices(self, notices: tuple[str, ...]) -> None:
        text = "\n".join(notices)
        self._notices.setText(text)
        self._notices.setToolTip(text)
        self._notices.setAccessibleName(text)
        self._notices.setVisible(bool(text))

    def show_draft(self, transcript: Transcript | None) -> None:
        self._draft.setVisible(transcript is not None and transcript.origin == "draft")
