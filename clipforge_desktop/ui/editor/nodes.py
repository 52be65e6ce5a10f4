"""Parts, optional things and short lists on the page, built of rows and of each other.

What is switched off has no widgets; a list has one card per entry, to add, move and remove.
"""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clipforge_desktop.ui.editor import fields as f
from clipforge_desktop.ui.editor.controls import Control, Toggle
from clipforge_desktop.ui.editor.rows import Bench, Node, Row, control_for
from clipforge_desktop.ui.editor.values import MISSING, Missing, Path, at
from clipforge_desktop.ui.widgets import button, icon_button, label, panel


def node_for(field: f.Field, path: Path, bench: Bench) -> Node:
    """The widget of a field."""
    shape = field.shape
    if isinstance(shape, f.Part):
        return PartNode(field, path, bench)
    if isinstance(shape, f.Maybe):
        return MaybeNode(field, path, bench)
    if isinstance(shape, f.Several) and not shape.is_long:
        return ListNode(field, path, bench)
    return Row(field, path, bench)


class Children(QWidget):
    """The fields of one part, one below the other."""

    def __init__(self, fields: tuple[f.Field, ...], path: Path, bench: Bench) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.nodes = [node_for(field, (*path, field.name), bench) for field in fields]
        for node in self.nodes:
            column.addWidget(node)

    def show_values(self, value: f.Plain, saved: f.Plain | Missing) -> None:
        for node in self.nodes:
            key = (node.field.name,)
            found = at(value, key)
            assert not isinstance(found, Missing)
            node.show_value(found, MISSING if isinstance(saved, Missing) else at(saved, key))

    def show_found(self, wanted: str) -> None:
        """Show the fields that are found; all of them when none is (their part itself was)."""
        found = [node for node in self.nodes if f.is_found(node.field, wanted)]
        for node in self.nodes:
            node.show_found(wanted if found else "")
            node.setVisible(not found or node in found)


def _indented(inner: QWidget) -> QWidget:
    """`inner` behind a line at its left, which shows what it belongs to."""
    made = panel("inside")
    row = QHBoxLayout(made)
    row.setContentsMargins(12, 2, 0, 4)
    row.addWidget(inner)
    return made


class PartNode(Node):
    def __init__(self, field: f.Field, path: Path, bench: Bench) -> None:
        super().__init__(field, path, bench)
        self.head(is_strong=True)
        self.children_ = Children(f.inner_fields(field.shape), path, bench)
        self.column.addWidget(_indented(self.children_))

    def nodes(self) -> list[Node]:
        return self.children_.nodes

    def fill(self, value: f.Plain, saved: f.Plain | Missing) -> None:
        self.children_.show_values(value, saved)

    def show_found(self, wanted: str) -> bool:
        is_found = super().show_found(wanted)
        if is_found:
            rest = " ".join(word for word in wanted.split() if word not in self.field.words)
            self.children_.show_found(rest)
        return is_found


class MaybeNode(Node):
    """A switch; what is behind it shows while it is on, and is remembered while it is off."""

    def __init__(self, field: f.Field, path: Path, bench: Bench) -> None:
        super().__init__(field, path, bench)
        assert isinstance(field.shape, f.Maybe)
        self._inner_shape = field.shape.inner
        self._kept: f.Plain = None
        self._wanted = ""
        self.toggle = Toggle(bench.theme, field.title)
        self.head(self.toggle, is_strong=True)
        self.toggle.toggled.connect(self._switch)
        self._place: QWidget | None = None
        self.inner: Node | Children | Control | None = None

    def nodes(self) -> list[Node]:
        if isinstance(self.inner, Children):
            return self.inner.nodes
        return [self.inner] if isinstance(self.inner, Node) else []

    def _switch(self, is_on: bool) -> None:
        usual = f.fresh(self._inner_shape, self.field.name)
        self.put((usual if self._kept is None else self._kept) if is_on else None)

    def fill(self, value: f.Plain, saved: f.Plain | Missing) -> None:
        with QSignalBlocker(self.toggle):
            self.toggle.setChecked(value is not None)
        self.toggle.update()
        if value is not None:
            self._kept = value
            if self.inner is None:
                self._build()
        if self._place is not None:
            self._place.setVisible(value is not None)
        if value is None:
            return
        behind: f.Plain | Missing = MISSING if saved is None else saved
        if isinstance(self.inner, Children):
            self.inner.show_values(value, behind)
        elif isinstance(self.inner, Node):
            self.inner.show_value(value, behind)
        elif self.inner is not None:
            self.inner.show_value(value)

    def _build(self) -> None:
        shape, field = self._inner_shape, self.field
        if isinstance(shape, f.Part):
            self.inner = Children(shape.fields, self.path, self.bench)
            self._place = _indented(self.inner)
        elif isinstance(shape, f.Several) and not shape.is_long:
            inner_field = replace(field, shape=shape, usual=(), title="In it")
            self.inner = ListNode(inner_field, self.path, self.bench)
            self._place = _indented(self.inner)
        else:
            control = control_for(shape, field.name, field.title, self.bench)
            control.edited.connect(self.put)
            control.settled.connect(self.bench.draft.settle)
            self.inner = control
            self._place = _indented(control)
        self.column.addWidget(self._place)
        self.show_found(self._wanted)

    def show_found(self, wanted: str) -> bool:
        self._wanted = wanted
        is_found = super().show_found(wanted)
        rest = " ".join(word for word in wanted.split() if word not in self.field.words)
        if is_found and isinstance(self.inner, Children):
            self.inner.show_found(rest)
        return is_found


class ListNode(Node):
    """A short list: one card per entry."""

    def __init__(self, field: f.Field, path: Path, bench: Bench) -> None:
        super().__init__(field, path, bench)
        assert isinstance(field.shape, f.Several)
        self.shape = field.shape
        self.add = button("Add", self._add, "small", name=f"{field.title}: add one")
        self._count = label("", "secondary")
        self.head(self._count, self.add, is_strong=True)
        self.cards: list[_Card] = []
        self._value: tuple[f.Plain, ...] = ()

    def nodes(self) -> list[Node]:
        return [node for card in self.cards for node in card.nodes()]

    def fill(self, value: f.Plain, saved: f.Plain | Missing) -> None:
        assert isinstance(value, tuple)
        self._value = value
        while len(self.cards) > len(value):
            gone = self.cards.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.cards) < len(value):
            card = _Card(self, len(self.cards))
            self.cards.append(card)
            self.column.addWidget(card)
        for place, card in enumerate(self.cards):
            behind = MISSING if isinstance(saved, Missing) else at(saved, (place,))
            card.show_value(value[place], behind, len(value))
        self.add.setEnabled(len(value) < self.shape.most)
        self._count.setText(f"{len(value)} of {self.shape.most}" if value else "none")

    def _add(self) -> None:
        last = self._value[-1] if self._value else None
        self.put((*self._value, f.fresh(self.shape.item) if last is None else last))

    def shift(self, place: int, by: int) -> None:
        entries = list(self._value)
        entries.insert(place + by, entries.pop(place))
        self.put(tuple(entries))

    def drop(self, place: int) -> None:
        self.put((*self._value[:place], *self._value[place + 1 :]))


class _Card(QWidget):
    """One entry of a list with its buttons."""

    def __init__(self, owner: ListNode, place: int) -> None:
        super().__init__()
        self._owner = owner
        bench, title = owner.bench, f"{owner.field.title.removesuffix('s')} {place + 1}"
        path = (*owner.path, place)
        self.children_: Children | None = None
        self.control: Control | None = None
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        if isinstance(owner.shape.item, f.Part):
            line.addWidget(label(title, "secondary"), 1)
            self.children_ = Children(owner.shape.item.fields, path, bench)
        else:
            self.control = control_for(owner.shape.item, "", title, bench)
            self.control.edited.connect(lambda value, drags: self._put(path, value, drags))
            self.control.settled.connect(bench.draft.settle)
            line.addWidget(self.control, 1)
            line.addSpacing(4)
        self.up = icon_button(
            "chevron-up", f"{title}: up", lambda: owner.shift(place, -1), bench.theme
        )
        self.down = icon_button(
            "chevron-down", f"{title}: down", lambda: owner.shift(place, 1), bench.theme
        )
        self.gone = icon_button("close", f"{title}: remove", lambda: owner.drop(place), bench.theme)
        for made in (self.up, self.down, self.gone):
            made.setProperty("role", "tiny")
            made.setFixedSize(24, 24)
            line.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        if self.children_ is not None:
            column.addWidget(_indented(self.children_))
        self._place = place

    def nodes(self) -> list[Node]:
        return self.children_.nodes if self.children_ is not None else []

    def _put(self, path: Path, value: f.Plain, is_dragging: bool) -> None:
        gesture = f"{path}" if is_dragging else ""
        owner = self._owner
        owner.bench.draft.set_value(path, value, owner.field.title, gesture)

    def show_value(self, value: f.Plain, saved: f.Plain | Missing, count: int) -> None:
        if self.children_ is not None:
            self.children_.show_values(value, saved)
        elif self.control is not None:
            self.control.show_value(value)
        self.up.setEnabled(self._place > 0)
        self.down.setEnabled(self._place < count - 1)
        self.gone.setEnabled(count > self._owner.shape.fewest)
