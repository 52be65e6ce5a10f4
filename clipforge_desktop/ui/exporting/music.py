"""Music under the clips: the user's own file, how loud it is, and how far it steps back."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QVBoxLayout, QWidget

from clipforge_desktop.domain.delivery import MusicBed
from clipforge_desktop.ui.choices import DUCKS_LU, LEVELS_LU, Choices
from clipforge_desktop.ui.editor.controls import NumberControl
from clipforge_desktop.ui.editor.fields import Number, Plain
from clipforge_desktop.ui.editor.naming import Unit
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, icon_button, in_row, label

SOUNDS = "Sound (*.mp3 *.m4a *.aac *.wav *.flac *.ogg *.opus *.aif *.aiff);;All files (*)"
LEVEL = ("Loudness of the music", "against the voice's, where nobody speaks")
DUCK = ("Quieter under speech", "by so much while somebody speaks")
LU = Unit(" LU")


class MusicSection(QWidget):
    changed = Signal()

    def __init__(self, choices: Choices, theme: Theme) -> None:
        super().__init__()
        self._choices = choices
        self.add = button("Music under it…", self._ask, name="Put music under the clips")
        self._name = label("", "")
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.remove = icon_button("close", "No music", self._forget, theme)
        self._bed = QWidget()
        column = QVBoxLayout(self._bed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._name.setMinimumWidth(120)
        head = in_row(self._name, self.remove)
        head.layout().setStretch(0, 1)  # type: ignore[union-attr] # in_row has made one
        column.addWidget(head)
        self.level = _number(column, LEVEL, LEVELS_LU)
        self.duck = _number(column, DUCK, DUCKS_LU)
        self.level.edited.connect(lambda value, _: self._take("music_level_lu", value))
        self.duck.edited.connect(lambda value, _: self._take("music_duck_lu", value))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.add)
        whole.addWidget(self._bed)
        self.show_choices()

    def bed(self) -> MusicBed | None:
        choices = self._choices
        if not choices.music_path:
            return None
        return MusicBed(choices.music_path, choices.music_level_lu, choices.music_duck_lu)

    def take(self, path: str) -> None:
        """Music from this file, "" for none."""
        self._choices.music_path = path
        self.show_choices()
        self.changed.emit()

    def _ask(self) -> None:
        start = str(Path(self._choices.music_path).parent) if self._choices.music_path else ""
        path, _ = QFileDialog.getOpenFileName(self, "Music under the clips", start, SOUNDS)
        if path:
            self.take(path)

    def _forget(self) -> None:
        self.take("")

    def _take(self, name: str, value: Plain) -> None:
        if isinstance(value, int | float):
            setattr(self._choices, name, float(value))
            self.changed.emit()

    def show_choices(self) -> None:
        """The choices as they are now."""
        path = self._choices.music_path
        self.add.setVisible(not path)
        self._bed.setVisible(bool(path))
        self._name.setText(Path(path).name)
        self._name.setToolTip(path)
        self.level.show_value(self._choices.music_level_lu)
        self.duck.show_value(self._choices.music_duck_lu)


def _number(
    column: QVBoxLayout, title: tuple[str, str], ends: tuple[float, float]
) -> NumberControl:
    name, about = title
    made = NumberControl(Number(*ends, is_whole=True, unit=LU), name)
    made.setToolTip(f"{name}: {about}")
    column.addWidget(label(name, "secondary"))
    column.addWidget(made)
    return made
