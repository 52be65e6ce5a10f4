"""The framing of the shot under the play head in the side panel: what it is, why, and the keys.

Below the five framings of the shot stand the framing of the whole clip and of all clips of the
video. What is not known yet, or went wrong, is said here in words.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.framing import FramingKind
from clipforge_desktop.ui.widgets import button, label, option, set_role

TITLES = {
    FramingKind.FILL: ("Fill", "Fills the shape; follows a face, or keeps to the middle."),
    FramingKind.FIT: ("Fit", "Shows the whole picture over a blurred copy of itself."),
    FramingKind.SPLIT: ("Split", "Shows two people, or one from close by and the whole picture."),
    FramingKind.SCREEN: ("Screen", "Shows the shared screen, and the camera's corner enlarged."),
    FramingKind.WIDE: ("Wide", "Shows the whole picture on dark ground, with room for captions."),
}
AUTO_WHY = "The framing that suits each shot"
UNTIL_THEN = "The middle is shown for now."
NO_CLIP = "Choose a clip to see how its shots are framed."
_VERY, _FAIRLY = 0.85, 0.6


@dataclass(frozen=True)
class ShotState:
    """What is said of one shot. `is_touched`: a person decided something about it."""

    number: int  # from 0
    total: int
    kind: FramingKind
    confidence: float
    reason: str
    is_touched: bool
    is_default: bool  # the clip's default, not the rules, chose the framing


def described(state: ShotState) -> str:
    """ "Fill, very sure (94 %). One face is followed."."""
    title, what = TITLES[state.kind]
    why = state.reason or what
    if state.is_default:
        return f"{title}, as for the whole clip. {what}"
    if state.is_touched:
        return f"{title}. {why}"
    sure = "very" if state.confidence >= _VERY else "fairly"
    degree = f"{sure} sure" if state.confidence >= _FAIRLY else "not sure"
    return f"{title}, {degree} ({round(state.confidence * 100)} %). {why}"


class FramingSection(QWidget):
    kind_wanted = Signal(object)  # a FramingKind for this shot, None for Auto
    default_wanted = Signal(object)  # for the clip
    default_for_all_wanted = Signal(object)  # for all clips of the video
    retry_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.head = label("", "label")
        self.auto = button("Auto  0", lambda: self.kind_wanted.emit(None), "flat")
        self.auto.setToolTip("Give this shot back to Auto (key 0)")
        self.auto.setAccessibleName("Give this shot back to Auto")
        self.buttons: dict[FramingKind, QPushButton] = {}
        self.sentence = label("", "secondary", wraps=True)
        self.sentence.setMinimumHeight(34)
        self.note = label("", "secondary", wraps=True)
        self.retry = button("Try again", self.retry_wanted.emit, name="Look for faces again")
        self.clip_default = _Default("This clip", self.default_wanted.emit)
        self.all_default = _Default("All clips", self.default_for_all_wanted.emit)
        self._compose()
        self.show_nothing(NO_CLIP)

    def _compose(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.head, 1)
        head.addWidget(self.auto)
        policy = self.auto.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.auto.setSizePolicy(policy)
        kinds = QHBoxLayout()
        kinds.setSpacing(8)
        for key, (kind, (title, what)) in enumerate(TITLES.items(), start=1):
            made = option(f"{key}\n{title}", f"Framing of this shot: {title}. {what}")
            made.setToolTip(f"{what} (key {key})")
            made.clicked.connect(lambda _=False, kind=kind: self._want(kind))
            self.buttons[kind] = made
            kinds.addWidget(made, 1)
        trouble = QHBoxLayout()
        trouble.addWidget(self.note, 1)
        trouble.addWidget(self.retry)
        wider = QHBoxLayout()
        wider.setSpacing(8)
        wider.addWidget(self.clip_default, 1)
        wider.addWidget(self.all_default, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 16)
        layout.setSpacing(8)
        for row in (head, kinds):
            layout.addLayout(row)
        layout.addWidget(self.sentence)
        layout.addLayout(trouble)
        layout.addLayout(wider)

    def _want(self, kind: FramingKind) -> None:
        self.buttons[kind].setChecked(not self.buttons[kind].isChecked())  # until it is so
        self.kind_wanted.emit(kind)

    def show_nothing(self, sentence: str) -> None:
        """No shot to speak of, and why."""
        self.head.setText("FRAMING OF THIS SHOT")
        self._say(sentence)
        self.auto.hide()
        for made in self.buttons.values():
            made.setChecked(False)
            made.setEnabled(False)
        self.show_note("")

    def show_shot(self, state: ShotState) -> None:
        place = f"SHOT {state.number + 1} OF {state.total}" if state.total > 1 else "THIS SHOT"
        self.head.setText(f"FRAMING OF {place}")
        self._say(described(state))
        self.auto.setVisible(state.is_touched)
        for kind, made in self.buttons.items():
            made.setEnabled(True)
            made.setChecked(kind is state.kind)

    def _say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setAccessibleName(sentence)

    def show_note(self, sentence: str, failure: Failure | None = None) -> None:
        """What is going on, quietly; or what failed, with another try beside it."""
        text = f"{failure.message} {failure.next_step}" if failure is not None else sentence
        self.note.setText(text)
        self.note.setAccessibleName(text)
        set_role(self.note, "bad" if failure is not None else "secondary")
        self.note.setVisible(bool(text))
        self.retry.setVisible(failure is not None)

    def show_defaults(
        self, clip: FramingKind | None, every: frozenset[FramingKind | None], is_enabled: bool
    ) -> None:
        """The clip's default, and those of all clips of the video."""
        self.clip_default.show_kinds(frozenset({clip}), is_enabled)
        self.all_default.show_kinds(every, is_enabled)


class _Default(QPushButton):
    """A menu of Auto and the five framings that says which one counts."""

    def __init__(self, what: str, wanted: Callable[[FramingKind | None], None]) -> None:
        super().__init__()
        self._what = what
        menu = QMenu(self)
        kinds: list[FramingKind | None] = [None, *TITLES]
        for kind in kinds:
            title, why = ("Auto", AUTO_WHY) if kind is None else TITLES[kind]
            act = menu.addAction(title)
            act.setToolTip(why)
            act.setProperty("kind", "auto" if kind is None else kind.value)
            act.triggered.connect(lambda _=False, kind=kind: wanted(kind))
        menu.setToolTipsVisible(True)
        self.setMenu(menu)
        self.show_kinds(frozenset({None}), False)

    def show_kinds(self, kinds: frozenset[FramingKind | None], is_enabled: bool) -> None:
        first = next(iter(kinds), None)
        title = "Auto" if first is None else TITLES[first][0]
        shown = title if len(kinds) <= 1 else "mixed"
        self.setText(f"{self._what}: {shown}")
        self.setAccessibleName(f"Framing of {self._what.lower()}: {shown}")
        self.setEnabled(is_enabled)
