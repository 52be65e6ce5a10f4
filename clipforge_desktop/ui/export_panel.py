"""How clips are exported: shape, caption style and folder.

Each change is remembered at once and shown in the clip beside it.
"""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from clipforge_desktop.paths import default_exports
from clipforge_desktop.ui.choices import Choices
from clipforge_desktop.ui.framing.layout import ASPECTS
from clipforge_desktop.ui.styling import NO_STYLE, ExportWish, StyleSample
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, label

ASPECT_USES = {"9:16": "Shorts, Reels, TikTok", "1:1": "Square", "4:5": "Feed", "16:9": "Wide"}


def option(text: str, name: str) -> QPushButton:
    made = QPushButton(text)
    made.setCheckable(True)
    made.setProperty("role", "option")
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


class StyleSection(QWidget):
    """The caption styles, each as it looks; samples are painted when they are first seen."""

    changed = Signal()
    samples_wanted = Signal(list)  # names

    def __init__(self, choices: Choices, theme: Theme) -> None:
        super().__init__()
        self._choices = choices
        self._theme = theme
        self._names: list[str] = []
        self._samples: dict[str, StyleSample] = {}
        self._buttons = QButtonGroup(self)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(label("CAPTION STYLE", "label"))
        self._column = layout
        layout.addLayout(self._grid)
        layout.addStretch()
        self._buttons.buttonClicked.connect(self._choose)
        theme.changed.connect(self._fill)

    def style_name(self) -> str | None:
        """The chosen style, the first on the shelf until one is chosen; None for no captions."""
        if self._choices.style is None:
            return None
        if self._choices.style in self._names:
            return self._choices.style
        return self._names[0] if self._names else None

    def show_names(self, names: list[str]) -> None:
        self._names = names
        self._fill()
        self.changed.emit()

    def show_samples(self, samples: list[StyleSample]) -> None:
        self._samples.update({sample.name: sample for sample in samples})
        self._fill()

    def choose(self, name: str) -> None:
        """By name; `NO_STYLE` for no captions."""
        for made in self._buttons.buttons():
            if made.property("key") == name:
                made.click()

    def add_above(self, widget: QWidget) -> None:
        """Something more, between the head line and the styles."""
        self._column.insertWidget(1, widget)

    def forget(self, name: str) -> None:
        """The style looks different now: its sample is painted anew."""
        self._samples.pop(name, None)

    @property
    def has_samples(self) -> bool:
        """Every style is shown as it looks."""
        return bool(self._names) and all(name in self._samples for name in self._names)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        missing = [name for name in self._names if name not in self._samples]
        if missing:
            self.samples_wanted.emit(missing)

    def _fill(self) -> None:
        for old in self._buttons.buttons():
            self._buttons.removeButton(old)
            old.deleteLater()
        chosen = self.style_name()
        for place, name in enumerate(self._names):
            self._add(self._style_button(name), name, place, name == chosen)
        none = option("None", "No captions")
        self._add(none, NO_STYLE, len(self._names), chosen is None)

    def _style_button(self, name: str) -> QPushButton:
        sample = self._samples.get(name)
        made = option("" if sample is not None else name, f"Caption style: {name}")
        made.setToolTip(name)
        if sample is not None:
            made.setIcon(QIcon(QPixmap.fromImage(sample.picture)))
            made.setIconSize(QSize(92, 39))
            dark = "#1c2029"  # captions stand on pictures, not on paper: dark in both schemes
            ring = self._theme.tokens.accent
            made.setStyleSheet(
                f"QPushButton {{ background: {dark}; border: 2px solid {dark}; padding: 2px; }}"
                f"QPushButton:hover {{ background: #2a303c; }}"
                f"QPushButton:checked, QPushButton:focus {{ border: 2px solid {ring}; }}"
            )
        return made

    def _add(self, made: QPushButton, key: str, place: int, is_checked: bool) -> None:
        made.setProperty("key", key)
        made.setChecked(is_checked)
        self._buttons.addButton(made)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._grid.setRowMinimumHeight(place // 3, 51)
        self._grid.addWidget(made, place // 3, place % 3)

    def _choose(self, chosen: QPushButton) -> None:
        key = str(chosen.property("key"))
        self._choices.style = None if key == NO_STYLE else key
        self.changed.emit()


class ExportSection(QWidget):
    """Shapes and folder, and what was exported of the clip that is looked at."""

    changed = Signal()
    play_wanted = Signal(str)
    reveal_wanted = Signal(str)

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self._choices = choices
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(label("SHAPES", "label"))
        grid = QGridLayout()
        grid.setSpacing(8)
        self.aspects: dict[str, QPushButton] = {}
        for place, aspect in enumerate(ASPECTS):
            made = option(
                f"{aspect}\n{ASPECT_USES[aspect]}", f"Shape {aspect}, {ASPECT_USES[aspect]}"
            )
            made.setChecked(aspect in choices.aspects)
            made.clicked.connect(self._choose_aspects)
            self.aspects[aspect] = made
            grid.addWidget(made, place // 2, place % 2)
        layout.addLayout(grid)
        layout.addSpacing(8)
        layout.addWidget(label("FOLDER", "label"))
        row = QHBoxLayout()
        self._folder = label("", "secondary", wraps=True)
        row.addWidget(self._folder, 1)
        row.addWidget(button("Choose…", self._choose_folder, name="Choose the folder for exports"))
        layout.addLayout(row)
        layout.addSpacing(8)
        self._head = label("EXPORTED FROM THIS CLIP", "label")
        layout.addWidget(self._head)
        self._files = QVBoxLayout()
        self._files.setSpacing(4)
        layout.addLayout(self._files)
        layout.addStretch()
        self._show_folder()
        self.show_files([])

    def folder(self) -> str:
        return self._choices.export_dir or str(default_exports())

    def show_files(self, paths: list[str]) -> None:
        """Finished exports of the current clip, newest last."""
        while self._files.count():
            item = self._files.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self._head.setVisible(bool(paths))
        for path in paths:
            self._files.addWidget(self._file_row(path))

    def _file_row(self, path: str) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        name = Path(path).name
        shown = label(name, "secondary", wraps=True)
        shown.setToolTip(path)
        layout.addWidget(shown, 1)
        layout.addWidget(
            button("Play", lambda: self.play_wanted.emit(path), "flat", name=f"Play {name}")
        )
        layout.addWidget(
            button(
                "Reveal", lambda: self.reveal_wanted.emit(path), "flat",
                name=f"Reveal {name} in its folder",
            )
        )  # fmt: skip
        return row

    def _choose_aspects(self) -> None:
        chosen = [aspect for aspect, made in self.aspects.items() if made.isChecked()]
        if not chosen:
            first = self.aspects[self._choices.aspects[0]]
            first.setChecked(True)  # a clip has at least one shape
            chosen = [self._choices.aspects[0]]
        self._choices.aspects = chosen
        self.changed.emit()

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder for exported clips", self.folder())
        if folder:
            self.set_folder(folder)

    def set_folder(self, folder: str) -> None:
        self._choices.export_dir = folder
        self._show_folder()
        self.changed.emit()

    def _show_folder(self) -> None:
        self._folder.setText(self.folder())
        self._folder.setToolTip(self.folder())


def wish_of(styles: StyleSection, export: ExportSection, choices: Choices) -> ExportWish:
    """What an export would be made of now."""
    return ExportWish(
        out_dir=export.folder(),
        aspects=tuple(choices.aspects),
        style=styles.style_name(),
    )
