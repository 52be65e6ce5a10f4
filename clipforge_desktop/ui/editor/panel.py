"""The editor as one panel: what is edited, all settings, the JSON beside them, and saving.

It decides nothing about files and clips: it says what is wanted, and `StyleDesk` does it.
"""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAction,
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from clipforge_desktop.captions.travel import SUFFIX
from clipforge_desktop.ui.editor.corner import MovedOn
from clipforge_desktop.ui.editor.draft import Draft
from clipforge_desktop.ui.editor.json_pane import JsonPane
from clipforge_desktop.ui.editor.looks import sheet
from clipforge_desktop.ui.editor.rows import Bench
from clipforge_desktop.ui.editor.sections import SettingsPage
from clipforge_desktop.ui.icons import icon
from clipforge_desktop.ui.theme import Theme
from clipforge_desktop.ui.widgets import button, icon_button, in_row, label, panel, set_role

SETTINGS_WIDTH, JSON_WIDTH = 432, 360
STYLE_ENDINGS = (".json", SUFFIX)
FOR_CLIP = "Changes stay with this clip until you save them to the shelf."
FOR_SHELF = "Changes are kept when you save them to the shelf."
HOLD_KEY = Qt.Key.Key_Backslash
_STARTS_DRAG_PX = 8


class StyleEditor(QWidget):
    closed = Signal()
    save_wanted = Signal()
    save_as_wanted = Signal(str)  # the new style's name
    revert_wanted = Signal()
    delete_wanted = Signal()
    import_wanted = Signal(list)  # paths
    choose_import_wanted = Signal()
    export_wanted = Signal()
    drag_wanted = Signal()
    held = Signal(bool)  # show the saved one while this is true
    compare_wanted = Signal(bool)
    resized = Signal()  # it has another width

    def __init__(self, draft: Draft, theme: Theme, families: list[str]) -> None:
        super().__init__()
        self.draft, self._theme = draft, theme
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Caption style editor")
        self.settings = SettingsPage(Bench(draft, theme, families))
        self.json = JsonPane(draft, theme)
        self.json.hide()
        self.moved = MovedOn()
        self.moved.setContentsMargins(16, 10, 16, 4)
        self._compose()
        self.setFixedWidth(self.wanted_width())
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.settings.filter.setFocus)
        theme.changed.connect(self._dress)
        draft.changed.connect(self.refresh)
        self._dress()
        self.refresh()

    def _compose(self) -> None:
        body = QHBoxLayout()
        body.setSpacing(0)
        self.settings.setFixedWidth(SETTINGS_WIDTH)
        body.addWidget(self.settings)
        self._json_side = panel("json-side")
        side = QVBoxLayout(self._json_side)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.json)
        self._json_side.setFixedWidth(JSON_WIDTH)
        self._json_side.hide()
        body.addWidget(self._json_side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self.moved)
        column.addLayout(body, 1)
        column.addWidget(self._footer())

    def _header(self) -> QWidget:
        bar = panel("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(2)
        self.title = label("", "title")
        self.state = label("", "edited")
        row.addWidget(self.title)
        row.addSpacing(8)
        row.addWidget(self.state)
        row.addStretch()
        theme = self._theme
        self.undo = icon_button("undo", "Undo (Ctrl+Z)", self.draft.undo, theme)
        self.redo = icon_button("redo", "Redo (Ctrl+Shift+Z)", self.draft.redo, theme)
        self.hold = icon_button("eye", "Hold: as saved ( \\ )", lambda: None, theme)
        self.hold.pressed.connect(lambda: self.held.emit(True))
        self.hold.released.connect(lambda: self.held.emit(False))
        self.compare = icon_button("compare", "Two styles side by side", lambda: None, theme)
        self.compare.setCheckable(True)
        self.compare.toggled.connect(self.compare_wanted)
        self.braces = icon_button("braces", "The style as JSON", lambda: None, theme)
        self.braces.setCheckable(True)
        self.braces.toggled.connect(self.show_json)
        self.close_ = icon_button("close", "Close the editor (Escape)", self.closed.emit, theme)
        made = (self.undo, self.redo, self.hold, self.compare, self.braces, self.close_)
        for one in made:
            row.addWidget(one)
        return bar

    def _footer(self) -> QWidget:
        strip = panel("strip")
        self.scope = label(FOR_CLIP, "secondary", wraps=True)
        self.footer = QStackedWidget()
        self.footer.addWidget(self._buttons())
        self.footer.addWidget(self._name_row())
        column = QVBoxLayout(strip)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.scope)
        column.addWidget(self.footer)
        return strip

    def _buttons(self) -> QWidget:
        self.save = button("Save", self.save_wanted.emit, "accent", name="Save to the shelf")
        self.save_as = button("Save as new…", self.ask_name, name="Save as a new style")
        self.revert = button("Revert", self.revert_wanted.emit, name="Back to the saved style")
        self.grip = _Grip(self._theme)
        self.grip.dragged.connect(self.drag_wanted)
        self.more = icon_button("more", "More", self._open_menu, self._theme)
        return in_row(self.save, self.save_as, self.revert, None, self.grip, self.more)

    def _name_row(self) -> QWidget:
        self.name = QLineEdit()
        self.name.setMaxLength(64)
        self.name.setAccessibleName("Name of the new style")
        self.name.setPlaceholderText("Name of the new style")
        self.name.returnPressed.connect(self._give_name)
        save = button("Save", self._give_name, "accent", name="Save under this name")
        cancel = button("Cancel", lambda: self.footer.setCurrentIndex(0), "flat")
        return in_row(self.name, save, cancel)

    # -- what is shown ------------------------------------------------------------------

    def refresh(self) -> None:
        draft = self.draft
        self.title.setText(draft.style.name)
        is_renamed = draft.style.name != draft.saved.name
        self.state.setText("edited" if draft.is_edited else "")
        self.state.setVisible(draft.is_edited)
        self.undo.setEnabled(bool(draft.undo_text))
        self.undo.setToolTip(f"Undo {draft.undo_text} (Ctrl+Z)")
        self.redo.setEnabled(bool(draft.redo_text))
        self.redo.setToolTip(f"Redo {draft.redo_text} (Ctrl+Shift+Z)")
        self.hold.setEnabled(draft.is_edited)
        is_own = draft.saved.is_own
        self.save.setVisible(is_own or is_renamed)
        self.save.setEnabled(draft.is_edited)
        self.save.setText("Rename" if is_own and is_renamed else "Save")
        set_role(self.save_as, "" if is_own or is_renamed else "accent")
        self.save_as.setVisible(not is_renamed or is_own)
        self.revert.setEnabled(draft.is_edited)

    def set_for_clip(self, is_for_clip: bool) -> None:
        self.scope.setText(FOR_CLIP if is_for_clip else FOR_SHELF)

    def show_json(self, is_shown: bool) -> None:
        self._json_side.setVisible(is_shown)
        self.json.setVisible(is_shown)
        self.braces.setChecked(is_shown)
        self.setFixedWidth(self.wanted_width())
        self.resized.emit()

    def wanted_width(self) -> int:
        return SETTINGS_WIDTH + (JSON_WIDTH if self.braces.isChecked() else 0)

    def ask_name(self) -> None:
        """Ask for the new style's name, here and not in a dialog."""
        name = self.draft.style.name
        self.name.setText(name if name != self.draft.saved.name else f"{name} 2")
        self.footer.setCurrentIndex(1)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    @property
    def is_asking(self) -> bool:
        """A name for the new style is being typed."""
        return self.footer.currentIndex() == 1

    def saved(self) -> None:
        """It was saved, or not after all: back to the buttons."""
        self.footer.setCurrentIndex(0)

    def _give_name(self) -> None:
        if self.name.text().strip():
            self.save_as_wanted.emit(self.name.text().strip())

    def menu(self) -> QMenu:
        menu = QMenu(self)
        own = self.draft.saved.is_own
        entries = (
            ("Rename…", self._rename, own),
            ("Delete this style", self.delete_wanted.emit, own),
            ("Import a style…", self.choose_import_wanted.emit, True),
            ("Export…", self.export_wanted.emit, True),
        )
        for text, act, is_there in entries:
            action = QAction(text, menu)
            action.setEnabled(is_there)
            action.triggered.connect(lambda _=False, act=act: act())
            menu.addAction(action)
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, -140)))

    def _rename(self) -> None:
        """The name is a setting like any other; go there."""
        self.settings.filter.setText("name")
        for node in self.settings.sections[-1].nodes():
            if node.path == ("name",):
                node.setFocus()

    def _dress(self) -> None:
        self.setStyleSheet(sheet(self._theme.tokens))

    # -- keys, drops --------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == HOLD_KEY and not event.isAutoRepeat():
            self.held.emit(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == HOLD_KEY and not event.isAutoRepeat():
            self.held.emit(False)
        else:
            super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if style_files(event.mimeData()) and event.source() is not self.grip:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = style_files(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.import_wanted.emit(files)


class _Grip(QPushButton):
    """Drag it, and the style comes along as a file."""

    dragged = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._from: QPoint | None = None
        self.setProperty("role", "flat")
        self.setToolTip("Drag the style out, as a file")
        self.setAccessibleName("Drag the style out, as a file")
        self.setAccessibleDescription("With the keyboard: More, Export")
        self.setIconSize(QSize(18, 18))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        theme.changed.connect(self._tint)
        self._tint()

    def _tint(self) -> None:
        self.setIcon(icon("grip", self._theme.tokens.muted, 18))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position().toPoint()
        if self._from is not None and (here - self._from).manhattanLength() > _STARTS_DRAG_PX:
            self._from = None
            self.dragged.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None


def style_files(data: QMimeData) -> list[Path]:
    """The style files among what is dragged."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.name.lower().endswith(STYLE_ENDINGS)]


def file_drag(source: QWidget, file: Path) -> QDrag:
    """A drag of that file; the caller runs it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    drag = QDrag(source)
    drag.setMimeData(data)
    return drag
