"""Long lists as a table: censored words, keywords, emoji by word.

One column for plain words, one per field for rules. A list copied elsewhere is pasted line by
line, with tabs, commas or colons between columns.
"""

import re
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
)

from clipforge_desktop.ui.editor.controls import Control
from clipforge_desktop.ui.editor.fields import Field, Part, Plain, Several, fresh
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, icon_button

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
_BETWEEN = re.compile(r"\t|\s*[,:=]\s*|\s{2,}")


class Entries(QAbstractTableModel):
    """The list's entries as rows of cells; `edited` gives the whole list after a change."""

    edited = Signal(object)

    def __init__(self, columns: tuple[Field, ...]) -> None:
        super().__init__()
        self._columns = columns
        self.entries: tuple[Plain, ...] = ()

    def show_entries(self, entries: tuple[Plain, ...]) -> None:
        if entries != self.entries:
            self.beginResetModel()
            self.entries = entries
            self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return max(len(self._columns), 1)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # whatever Qt's role asks for
        is_title = orientation is Qt.Orientation.Horizontal and self._columns
        if is_title and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return None
        entry = self.entries[index.row()]
        return entry[self._columns[index.column()].name] if isinstance(entry, dict) else entry

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        text = str(value).strip()
        if not text:
            return False
        entry = self.entries[index.row()]
        changed: Plain = text
        if isinstance(entry, dict):
            changed = {**entry, self._columns[index.column()].name: text}
        row = index.row()
        self.edited.emit((*self.entries[:row], changed, *self.entries[row + 1 :]))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def entries_in(self, text: str) -> tuple[Plain, ...]:
        """The lines of pasted text as entries."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not self._columns:
            return tuple(lines)
        names = [column.name for column in self._columns]
        cells = [_BETWEEN.split(line, maxsplit=len(names) - 1) for line in lines]
        if any(len(row) != len(names) for row in cells):
            cells = [line.rsplit(maxsplit=len(names) - 1) for line in lines]
        return tuple(dict(zip(names, row, strict=True)) for row in cells if len(row) == len(names))


class _Table(QTableView):
    pasted = Signal(str)
    removed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class TableControl(Control):
    def __init__(self, shape: Several, theme: Theme, name: str) -> None:
        super().__init__()
        self._shape = shape
        self.entries = Entries(shape.item.fields if isinstance(shape.item, Part) else ())
        self.table = _Table()
        self.table.setModel(self.entries)
        self.table.setAccessibleName(name)
        self.table.setAccessibleDescription("Paste a list, one entry a line. Delete removes.")
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(26)
        self.table.horizontalHeader().setVisible(isinstance(shape.item, Part))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setFixedHeight(112)
        bar = QHBoxLayout()
        bar.setSpacing(4)
        self.add = button("Add", self._add, "small", name=f"{name}: add one")
        bar.addWidget(self.add)
        bar.addWidget(button("Paste", self._paste, "small", name=f"{name}: paste a list"))
        bar.addStretch()
        for drawing, what, act in (
            ("chevron-up", "up", lambda: self._move(-1)),
            ("chevron-down", "down", lambda: self._move(1)),
            ("trash", "remove", self._remove),
        ):
            bar.addWidget(icon_button(drawing, f"{name}: {what}", act, theme))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.table)
        column.addLayout(bar)
        self.entries.edited.connect(self._emit)
        self.table.pasted.connect(self._take)
        self.table.removed.connect(self._remove)
        self.setFocusProxy(self.table)

    def show_value(self, value: Plain) -> None:
        assert isinstance(value, tuple)
        row = self.table.currentIndex().row()
        self.entries.show_entries(value)
        self.add.setEnabled(len(value) < self._shape.most)
        if row >= 0:
            self._select(min(row, len(value) - 1))

    def _select(self, row: int) -> None:
        self.table.setCurrentIndex(self.entries.index(row, 0))

    def _emit(self, entries: tuple[Plain, ...]) -> None:
        self.edited.emit(entries[: self._shape.most], False)

    def _add(self) -> None:
        row = len(self.entries.entries)
        self._emit((*self.entries.entries, fresh(self._shape.item)))
        self._select(row)
        self.table.edit(self.entries.index(row, 0))

    def _paste(self) -> None:
        self._take(QGuiApplication.clipboard().text())

    def _take(self, text: str) -> None:
        new = [e for e in self.entries.entries_in(text) if e not in self.entries.entries]
        if new:
            self._emit((*self.entries.entries, *new))

    def _remove(self) -> None:
        gone = {index.row() for index in self.table.selectionModel().selectedRows()}
        if gone:
            kept = [e for row, e in enumerate(self.entries.entries) if row not in gone]
            self._emit(tuple(kept))

    def _move(self, by: int) -> None:
        row, entries = self.table.currentIndex().row(), list(self.entries.entries)
        if row >= 0 and 0 <= row + by < len(entries):
            entries.insert(row + by, entries.pop(row))
            self._emit(tuple(entries))
            self._select(row + by)
