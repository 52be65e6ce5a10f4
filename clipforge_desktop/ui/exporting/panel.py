"""The export side as one column: platforms, shapes and captions; the rest folded under More.

Each change is remembered at once and shown in the clip beside it.
"""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from clipforge_desktop.domain.delivery import Covered, Delivery
from clipforge_desktop.ui.choices import Choices
from clipforge_desktop.ui.exporting.files import ExportedFiles
from clipforge_desktop.ui.exporting.more import MoreSection
from clipforge_desktop.ui.exporting.platforms import PlatformSection
from clipforge_desktop.ui.exporting.shapes import USUAL, ShapeSection
from clipforge_desktop.ui.exporting.styles import StyleSection
from clipforge_desktop.ui.styling import ExportWish
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, in_row, label


class ExportSection(QWidget):
    """Everything an export is chosen by, and what was exported of the clip that is looked at."""

    changed = Signal()
    styles_wanted = Signal()

    def __init__(self, choices: Choices, theme: Theme) -> None:
        super().__init__()
        self._choices = choices
        self.platforms = PlatformSection(choices)
        self.shapes = ShapeSection(choices)
        self.more = MoreSection(choices, theme)
        self.files = ExportedFiles()
        self.play_wanted = self.files.play_wanted
        self.reveal_wanted = self.files.reveal_wanted
        self._captions = label("", "", wraps=True)
        self._captions.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        change = button("Change", self.styles_wanted.emit, "flat", name="Change the captions")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self.platforms)
        layout.addSpacing(8)
        layout.addWidget(self.shapes)
        layout.addSpacing(8)
        layout.addWidget(label("CAPTIONS", "label"))
        layout.addWidget(in_row(self._captions, change))
        layout.addWidget(self.more)
        layout.addSpacing(8)
        layout.addWidget(self.files)
        layout.addStretch()
        self.platforms.changed.connect(self._follow_platforms)
        self.shapes.changed.connect(self._tell)
        self.more.changed.connect(self.changed)
        self.platforms.show_meaning(choices.aspects)

    @property
    def aspects(self) -> dict[str, QPushButton]:
        """The button of each shape."""
        return self.shapes.buttons

    def folder(self) -> str:
        return self.more.folder()

    def set_folder(self, folder: str) -> None:
        self.more.set_folder(folder)

    def shapes_made(self) -> list[str]:
        """The shapes that come out: those chosen, else those of the platforms."""
        own = [one.aspect for one in self.platforms.chosen()]
        return self._choices.aspects or list(dict.fromkeys(own)) or USUAL

    def deliveries(self) -> tuple[Delivery, ...]:
        return self.platforms.chosen()

    def covered(self) -> Covered | None:
        """What the buttons of the platform that is looked at cover, which is the first chosen."""
        chosen = self.deliveries()
        return chosen[0].covered if chosen else None

    def show_captions(self, words: str) -> None:
        """The chosen caption styles, in words."""
        self._captions.setText(words)

    def show_files(self, paths: list[str]) -> None:
        """Finished exports of the current clip, newest last."""
        self.files.show_files(paths)

    def show_choices(self) -> None:
        """The choices were changed elsewhere: by a remedy."""
        self.more.show_choices()
        self.shapes.show_choices()
        self.platforms.set_chosen(self._choices.platforms)

    def _follow_platforms(self) -> None:
        self.shapes.show_platforms(bool(self.platforms.chosen()))
        self._tell()

    def _tell(self) -> None:
        self.platforms.show_meaning(self._choices.aspects)
        self.changed.emit()


def wish_of(styles: StyleSection, export: ExportSection, choices: Choices) -> ExportWish:
    """What an export would be made of now."""
    return ExportWish(
        out_dir=str(Path(export.folder())),
        aspects=tuple(choices.aspects) if choices.aspects or export.deliveries() else tuple(USUAL),
        style=styles.style_name(),
        further_styles=styles.further(),
        deliveries=export.deliveries(),
        quality=choices.quality,
        uses_graphics_card=choices.uses_graphics_card,
        reduces_noise=choices.reduces_noise,
        music=export.more.music.bed(),
        branding=export.more.branding.branding(),
        name_template=choices.name_template,
    )
