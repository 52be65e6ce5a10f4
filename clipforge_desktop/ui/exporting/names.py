"""How the files are named: the template, and the real name of the first file beside it."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.naming import NAME_FIELDS
from clipforge_desktop.domain.order import NAME_TEMPLATE
from clipforge_desktop.ui.choices import Choices
from clipforge_desktop.ui.exporting.flow import Flow
from clipforge_desktop.ui.widgets import button, label, set_role


class NameSection(QWidget):
    changed = Signal()

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self._choices = choices
        self.template = QLineEdit(choices.name_template or NAME_TEMPLATE)
        self.template.setAccessibleName("Template of file names")
        self.template.setMaxLength(200)
        self.template.setPlaceholderText(NAME_TEMPLATE)
        self.template.textEdited.connect(self._take)
        self.preview = label("", "secondary", wraps=True)
        fields = Flow(4)
        for field in NAME_FIELDS:
            made = button(field, partial(self._put, field), name=f"Insert {field}")
            made.setProperty("role", "tag")
            fields.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.template)
        column.addLayout(fields)
        column.addWidget(self.preview)

    def show_names(self, first: str, others: int) -> None:
        """The real name of the first file, and how many more a clip has."""
        set_role(self.preview, "secondary")
        more = f" and {others} more of this clip" if others else ""
        self.preview.setText(f"{first}{more}" if first else "")
        self.preview.setToolTip(first)

    def show_failure(self, failure: Failure) -> None:
        set_role(self.preview, "bad")
        self.preview.setText(f"{failure.message} {failure.next_step}")

    def set_template(self, template: str) -> None:
        self.template.setText(template)
        self._take()

    def show_choices(self) -> None:
        """The choices were changed elsewhere."""
        self.template.setText(self._choices.name_template or NAME_TEMPLATE)

    def _put(self, field: str) -> None:
        self.template.insert("{" + field + "}")
        self._take()

    def _take(self) -> None:
        text = self.template.text()
        self._choices.name_template = "" if text == NAME_TEMPLATE else text
        self.changed.emit()
