"""Logo and headline on the clips: the user's own picture, a corner and size; a text at the top.

What is chosen shows in the clip beside it at once. A picture that cannot be used is refused here,
in the words that the export would use.
"""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from clipforge_desktop.domain.branding import (
    CORNERS,
    LEAST_OPACITY,
    LEAST_SIZE,
    LONGEST_TEXT,
    MOST_SIZE,
    Branding,
    Headline,
    Logo,
    branding_of,
)
from clipforge_desktop.domain.errors import Failure, InputError
from clipforge_desktop.ui.choices import Choices
from clipforge_desktop.ui.editor.controls import ChoiceControl, NumberControl, Toggle
from clipforge_desktop.ui.editor.fields import Choice, Number, Plain
from clipforge_desktop.ui.editor.naming import Unit
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, icon_button, in_row, label

PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp)"
HEADLINE_NOTE = "A text at the top of every clip, in the look of its captions."
TIMES = {
    "the whole clip": 0.0,
    "the first 3 seconds": 3.0,
    "the first 5 seconds": 5.0,
    "the first 10 seconds": 10.0,
}
PERCENT = Unit(" %", 100)


class BrandingSection(QWidget):
    changed = Signal()

    def __init__(self, choices: Choices, theme: Theme) -> None:
        super().__init__()
        self._choices, self._theme = choices, theme
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        self._fill_logo(whole)
        self._fill_headline(whole)
        self.show_choices()

    def _fill_logo(self, whole: QVBoxLayout) -> None:
        self.add = button("Logo…", self._ask, name="Put your logo on the clips")
        self.refusal = label("", "bad", wraps=True)
        self._name = label("", "")
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._name.setMinimumWidth(120)
        self.remove = icon_button("close", "No logo", self.forget, self._theme)
        self._logo = QWidget()
        column = QVBoxLayout(self._logo)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = in_row(self._name, self.remove)
        head.layout().setStretch(0, 1)  # type: ignore[union-attr] # in_row has made one
        column.addWidget(head)
        self.corner = ChoiceControl(Choice(CORNERS), "Corner of the logo")
        self.corner.edited.connect(lambda value, _: self._take("logo_corner", value))
        column.addWidget(self.corner)
        self.extent = _number(column, "Size of the logo", LEAST_SIZE, MOST_SIZE)
        self.extent.edited.connect(lambda value, _: self._take("logo_size", value))
        self.opacity = _number(column, "Opacity of the logo", LEAST_OPACITY, 1.0)
        self.opacity.edited.connect(lambda value, _: self._take("logo_opacity", value))
        whole.addWidget(self.add)
        whole.addWidget(self._logo)
        whole.addWidget(self.refusal)

    def _fill_headline(self, whole: QVBoxLayout) -> None:
        self.headline = Toggle(self._theme, "Headline at the top")
        self.headline.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.headline.setToolTip(HEADLINE_NOTE)
        self.headline.toggled.connect(lambda is_on: self._take("shows_headline", is_on))
        named = label("Headline at the top")
        named.setToolTip(HEADLINE_NOTE)
        named.setBuddy(self.headline)
        whole.addWidget(in_row(named, None, self.headline))
        self._headline = QWidget()
        column = QVBoxLayout(self._headline)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.text = QLineEdit()
        self.text.setAccessibleName("Text of the headline")
        self.text.setPlaceholderText("Each clip's own title")
        self.text.setMaxLength(LONGEST_TEXT)
        self.text.textEdited.connect(lambda text: self._take("headline_text", text))
        column.addWidget(self.text)
        self.time = ChoiceControl(Choice(tuple(TIMES)), "How long the headline is shown")
        self.time.edited.connect(lambda value, _: self._take("headline_s", TIMES[str(value)]))
        column.addWidget(self.time)
        whole.addWidget(self._headline)

    def branding(self) -> Branding | None:
        choices = self._choices
        logo = headline = None
        if choices.logo_path:
            logo = Logo(
                choices.logo_path, choices.logo_corner, choices.logo_size, choices.logo_opacity
            )
        if choices.shows_headline:
            headline = Headline(choices.headline_text.strip(), choices.headline_s or None)
        return branding_of(logo, headline)

    def take(self, path: str) -> None:
        """The logo in this file, if it can be used."""
        from clipforge_desktop.captions.logo_file import read_logo  # numpy: with the first logo

        try:
            read_logo(path)
        except InputError as error:
            self._refuse(error.failure)
            return
        self._choices.logo_path = path
        self._tell()

    def forget(self) -> None:
        self._choices.logo_path = ""
        self._tell()

    def _ask(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Logo on the clips", "", PICTURES)
        if path:
            self.take(path)

    def _take(self, name: str, value: Plain) -> None:
        setattr(self._choices, name, value)
        self._tell()

    def _tell(self) -> None:
        self.show_choices()
        self.changed.emit()

    def _refuse(self, failure: Failure) -> None:
        self.refusal.setText(f"{failure.message} {failure.next_step}")
        self.refusal.setVisible(True)

    def show_choices(self) -> None:
        """The choices as they are now."""
        choices = self._choices
        self.refusal.setVisible(False)
        self.add.setVisible(not choices.logo_path)
        self._logo.setVisible(bool(choices.logo_path))
        self._name.setText(Path(choices.logo_path).name)
        self._name.setToolTip(choices.logo_path)
        self.corner.show_value(choices.logo_corner)
        self.extent.show_value(choices.logo_size)
        self.opacity.show_value(choices.logo_opacity)
        self.headline.setChecked(choices.shows_headline)
        self._headline.setVisible(choices.shows_headline)
        if self.text.text().strip() != choices.headline_text.strip():
            self.text.setText(choices.headline_text)
        nearest = min(TIMES, key=lambda name: abs(TIMES[name] - choices.headline_s))
        self.time.show_value(nearest)


def _number(column: QVBoxLayout, name: str, least: float, most: float) -> NumberControl:
    made = NumberControl(Number(least, most, is_whole=False, unit=PERCENT), name)
    column.addWidget(label(name, "secondary"))
    column.addWidget(made)
    return made
