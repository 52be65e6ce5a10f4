"""The page of all settings: groups that open and close, and a field that finds any of them.

A group's rows are built when it is first opened, so opening the editor costs one group.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from clipforge_desktop.ui.editor import fields as f
from clipforge_desktop.ui.editor.naming import Group, groups
from clipforge_desktop.ui.editor.nodes import Children
from clipforge_desktop.ui.editor.rows import Bench, Node
from clipforge_desktop.ui.editor.values import Missing, Path, at
from clipforge_desktop.ui.icons import icon
from clipforge_desktop.ui.widgets import label, panel


class Section(QWidget):
    """One group. Its title says by a dot when something in it differs from the shelf."""

    opened = Signal()

    def __init__(self, group: Group, bench: Bench) -> None:
        super().__init__()
        known = {field.name: field for field in f.style_fields()}
        self.fields = tuple(known[name] for name in group.fields)
        self.group, self._bench = group, bench
        is_one = len(self.fields) == 1 and isinstance(self.fields[0].shape, f.Part)
        self._path: Path = (self.fields[0].name,) if is_one else ()
        self._shown = f.inner_fields(self.fields[0].shape) if is_one else self.fields
        self.body: Children | None = None
        self._wanted = ""
        self._is_open = False
        self.title = QPushButton(group.title)
        self.title.setProperty("role", "group")
        self.title.setAccessibleName(group.title)
        self.title.setCheckable(True)
        self.title.setCursor(Qt.CursorShape.PointingHandCursor)
        self.title.clicked.connect(self._click)
        self._dot = label("edited", "edited")
        self._dot.hide()
        top = panel("group-head")
        head = QHBoxLayout(top)
        head.setContentsMargins(0, 1, 16, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self._dot)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(top)
        bench.theme.changed.connect(self._tint)
        self._tint()

    @property
    def is_open(self) -> bool:
        return self._is_open

    def set_open(self, is_open: bool) -> None:
        self._is_open = is_open
        self.title.setChecked(is_open)
        self.title.setAccessibleDescription("open" if is_open else "closed")
        if is_open and self.body is None:
            self.body = Children(self._shown, self._path, self._bench)
            self.body.layout().setContentsMargins(16, 4, 16, 16)  # type: ignore[union-attr] # it has one
            self._column.addWidget(self.body)
            self.refresh()
        if self.body is not None:
            self.body.setVisible(is_open)
            self.body.show_found(self._wanted)
        self._tint()

    def refresh(self) -> None:
        """Show the draft as it is now."""
        draft = self._bench.draft
        names = self.group.fields
        is_edited = any(at(draft.data, (n,)) != at(draft.saved_data, (n,)) for n in names)
        self._dot.setVisible(is_edited)
        if self.body is not None and self._is_open:
            value = at(draft.data, self._path)
            assert not isinstance(value, Missing)
            self.body.show_values(value, at(draft.saved_data, self._path))

    def show_found(self, wanted: str) -> bool:
        """Show only what is called like `wanted`; False when there is nothing."""
        is_all = bool(wanted) and all(
            word in self.group.title.casefold() for word in wanted.split()
        )
        self._wanted = "" if is_all else wanted
        is_found = is_all or any(f.is_found(field, wanted) for field in self.fields)
        self.setVisible(is_found)
        return is_found

    def nodes(self) -> list[Node]:
        return self.body.nodes if self.body is not None else []

    def _click(self) -> None:
        self.set_open(not self._is_open)
        self.refresh()
        self.opened.emit()

    def _tint(self) -> None:
        drawing = "chevron-down" if self._is_open else "chevron-right"
        self.title.setIcon(icon(drawing, self._bench.theme.tokens.muted, 16))


class SettingsPage(QWidget):
    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Find a setting")
        self.filter.setAccessibleName("Find a setting")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._find)
        names = tuple(field.name for field in f.style_fields())
        self.sections = [Section(group, bench) for group in groups(names)]
        self._open_before = {0}
        self._is_finding = False
        self._nothing = label("No setting is called like that.", "muted", wraps=True)
        self._nothing.setContentsMargins(16, 12, 16, 12)
        self._nothing.hide()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(0)
        column.addWidget(self._nothing)
        for section in self.sections:
            column.addWidget(section)
        column.addStretch()
        self.area = QScrollArea()
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        top = QHBoxLayout()
        top.setContentsMargins(16, 10, 16, 8)
        top.addWidget(self.filter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.area, 1)
        self.sections[0].set_open(True)
        bench.draft.changed.connect(self.refresh)

    def refresh(self) -> None:
        for section in self.sections:
            section.refresh()

    def section(self, title: str) -> Section:
        return next(one for one in self.sections if one.group.title == title)

    def _find(self, text: str) -> None:
        """Groups with a match open; the ones that were open before come back when it is empty."""
        wanted = " ".join(text.casefold().split())
        if wanted and not self._is_finding:
            self._open_before = {n for n, one in enumerate(self.sections) if one.is_open}
        self._is_finding = bool(wanted)
        is_any = False
        for place, section in enumerate(self.sections):
            is_found = section.show_found(wanted)
            is_any = is_any or is_found
            section.set_open(is_found if wanted else place in self._open_before)
            section.refresh()
        self._nothing.setVisible(not is_any)
