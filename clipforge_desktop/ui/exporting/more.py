"""The export settings that are seldom touched, folded away: quality, sound, names, folder."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from clipforge_desktop.paths import default_exports
from clipforge_desktop.ui.choices import Choices
from clipforge_desktop.ui.editor.controls import ChoiceControl, Toggle
from clipforge_desktop.ui.editor.fields import Choice, Plain
from clipforge_desktop.ui.editor.looks import sheet
from clipforge_desktop.ui.exporting.branding import BrandingSection
from clipforge_desktop.ui.exporting.music import MusicSection
from clipforge_desktop.ui.exporting.names import NameSection
from clipforge_desktop.ui.icons import icon
from clipforge_desktop.ui.phrases import joined
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, in_row, label

QUALITIES = ("draft", "standard", "best")
QUALITY_NOTES = {
    "draft": "Quick to make, for a look.",
    "standard": "For every platform.",
    "best": "Slow to make; looks best where much moves.",
}
CARD_NOTE = "Faster and a little larger. Without a card that can, the processor does it."
NOISE_NOTE = "Takes hum and hiss out from under the voice."


class MoreSection(QWidget):
    changed = Signal()

    def __init__(self, choices: Choices, theme: Theme) -> None:
        super().__init__()
        self._choices, self._theme = choices, theme
        self.head = button("More", self._toggle, "fold", name="More export settings")
        self.head.setCheckable(True)
        self.head.setIconSize(QSize(14, 14))
        self.head.setChecked(choices.shows_more)
        self._summary = label("", "secondary")
        self._inner = QWidget()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        self._fill(column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(in_row(self.head, self._summary, None))
        whole.addWidget(self._inner)
        theme.changed.connect(self._dress)
        self._dress()
        self._show()
        self._show_folder()

    def _fill(self, column: QVBoxLayout) -> None:
        choices = self._choices
        column.addWidget(label("QUALITY", "label"))
        self.quality = ChoiceControl(Choice(QUALITIES), "Quality")
        self.quality.show_value(choices.quality)
        self.quality.edited.connect(lambda value, _: self._take_quality(value))
        column.addWidget(self.quality)
        self._quality_note = label("", "secondary", wraps=True)
        column.addWidget(self._quality_note)
        self.card = self._switch(column, "Use the graphics card", CARD_NOTE, "uses_graphics_card")
        column.addSpacing(8)
        column.addWidget(label("SOUND", "label"))
        self.noise = self._switch(column, "Reduce noise", NOISE_NOTE, "reduces_noise")
        self.music = MusicSection(choices, self._theme)
        self.music.changed.connect(self._tell)
        column.addWidget(self.music)
        column.addSpacing(8)
        column.addWidget(label("LOGO AND HEADLINE", "label"))
        self.branding = BrandingSection(choices, self._theme)
        self.branding.changed.connect(self._tell)
        column.addWidget(self.branding)
        column.addSpacing(8)
        column.addWidget(label("FILE NAMES", "label"))
        self.names = NameSection(choices)
        self.names.changed.connect(self._tell)
        column.addWidget(self.names)
        column.addSpacing(8)
        column.addWidget(label("FOLDER", "label"))
        self._folder = label("", "secondary", wraps=True)
        row = QHBoxLayout()
        row.addWidget(self._folder, 1)
        row.addWidget(button("Choose…", self._choose_folder, name="Choose the folder for exports"))
        column.addLayout(row)

    def _switch(self, column: QVBoxLayout, title: str, note: str, choice: str) -> Toggle:
        made = Toggle(self._theme, title)
        made.setChecked(bool(getattr(self._choices, choice)))
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setToolTip(note)

        def take(is_on: bool) -> None:
            setattr(self._choices, choice, is_on)
            self._tell()

        made.toggled.connect(take)
        named = label(title)
        named.setToolTip(note)
        named.setBuddy(made)
        column.addWidget(in_row(named, None, made))
        return made

    def folder(self) -> str:
        return self._choices.export_dir or str(default_exports())

    def set_folder(self, folder: str) -> None:
        self._choices.export_dir = folder
        self._show_folder()
        self.changed.emit()

    def show_choices(self) -> None:
        """The choices were changed elsewhere."""
        choices = self._choices
        self.quality.show_value(choices.quality)
        self.card.setChecked(choices.uses_graphics_card)
        self.noise.setChecked(choices.reduces_noise)
        self.music.show_choices()
        self.branding.show_choices()
        self.names.show_choices()
        self._show_folder()
        self._show()

    def _take_quality(self, value: Plain) -> None:
        for quality in ("draft", "standard", "best"):
            if value == quality:
                self._choices.quality = quality
        self._tell()

    def _tell(self) -> None:
        self._show()
        self.changed.emit()

    def _toggle(self) -> None:
        self._choices.shows_more = self.head.isChecked()
        self._show()

    def _show(self) -> None:
        choices = self._choices
        self._inner.setVisible(choices.shows_more)
        self.head.setText("Less" if choices.shows_more else "More")
        self._quality_note.setText(QUALITY_NOTES[choices.quality])
        self._summary.setVisible(not choices.shows_more)
        self._summary.setText(
            joined(
                choices.quality.capitalize(),
                "graphics card" if choices.uses_graphics_card else "",
                "less noise" if choices.reduces_noise else "",
                "music" if choices.music_path else "",
                "logo" if choices.logo_path else "",
                "headline" if choices.shows_headline else "",
                "own names" if choices.name_template else "",
            )
        )
        drawing = "chevron-down" if choices.shows_more else "chevron-right"
        self.head.setIcon(icon(drawing, self._theme.tokens.muted, 14))

    def _dress(self) -> None:
        self._inner.setStyleSheet(sheet(self._theme.tokens))
        self._show()

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder for exported clips", self.folder())
        if folder:
            self.set_folder(folder)

    def _show_folder(self) -> None:
        self._folder.setText(self.folder())
        self._folder.setToolTip(self.folder())
