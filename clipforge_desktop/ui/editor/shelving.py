"""Saving, renaming, deleting, importing and exporting styles, as the editor's panel asks.

Files are written in the background; what changes the shelf can be taken back by one click.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTemporaryDir
from PySide6.QtWidgets import QFileDialog

from clipforge_desktop.captions import own_styles
from clipforge_desktop.captions.own_styles import Saved
from clipforge_desktop.captions.travel import SUFFIX, fonts_lacking
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.paths import Home
from clipforge_desktop.ui.editor import clip_copies
from clipforge_desktop.ui.editor.panel import file_drag

if TYPE_CHECKING:
    from clipforge_desktop.store import Store
    from clipforge_desktop.ui.editor.style_desk import StyleDesk
    from clipforge_desktop.ui.main_window import MainWindow

WAYS_OUT = f"The style with its fonts (*{SUFFIX});;The style alone (*.json)"


class Shelving(QObject):
    def __init__(self, window: "MainWindow", desk: "StyleDesk") -> None:
        super().__init__(desk)
        self._window, self._desk = window, desk
        self._drags = QTemporaryDir()
        panel = desk.panel
        panel.save_wanted.connect(self.save)
        panel.save_as_wanted.connect(self.save_as)
        panel.revert_wanted.connect(self.revert)
        panel.delete_wanted.connect(self.delete)
        panel.import_wanted.connect(self.bring_in)
        panel.choose_import_wanted.connect(self._choose_import)
        panel.export_wanted.connect(self._choose_export)
        panel.drag_wanted.connect(self._drag)

    def save(self) -> None:
        """Over the own style; under its new name when that was changed."""
        draft = self._desk.draft
        style, before = draft.style, draft.saved
        is_renamed = style.name != before.name
        if is_renamed and before.is_own:
            self._put(lambda home: own_styles.rename(home, before.name, style), before)
        else:
            self._put(lambda home: own_styles.save(home, style, replaces=not is_renamed), before)

    def save_as(self, name: str) -> None:
        """A new style of one's own."""
        from clipforge_desktop.ui.editor.values import replaced, style_of

        made = style_of(replaced(self._desk.draft.data, ("name",), name))
        if isinstance(made, str):
            self._window.notice.say(f"{name}: {made}", is_error=True)
            return
        self._put(lambda home: own_styles.save(home, made, replaces=False), None, made)

    def revert(self) -> None:
        """Back to the shelf's version; undo brings the changes back."""
        draft = self._desk.draft
        draft.settle()
        draft.put(draft.saved.style, "going back to the saved style")

    def delete(self) -> None:
        """Take the own style off the shelf; the clip keeps its copy of it."""
        saved = self._desk.draft.saved
        if not saved.is_own:
            return
        self._desk.keep_now()
        self._window.background.write(
            lambda store: own_styles.remove(store.home, saved.name),
            lambda _: self._tell_deleted(saved),
            failed=self._desk.tell,
        )

    def bring_in(self, files: list[Path]) -> None:
        """Put styles from files on the shelf, and edit the last one; say what fonts they lack."""

        def take(store: "Store") -> tuple[Saved, list[str]]:
            taken = [own_styles.bring_in(store.home, file) for file in files]
            lacking = (said for one in taken for said in fonts_lacking(one.style, store.home))
            return taken[-1], list(dict.fromkeys(lacking))

        self._window.background.write(take, self._tell_taken, failed=self._desk.tell)

    def export(self, file: Path) -> None:
        style = self._desk.draft.style
        self._window.background.write(
            lambda _store: own_styles.write(style, file),
            lambda notices: self._say(f"{file.name} is in {file.parent}.", notices),
            failed=self._desk.tell,
        )

    # -- inside -------------------------------------------------------------------------

    def _put(
        self, put: Callable[[Home], Saved], before: Saved | None, style: CaptionStyle | None = None
    ) -> None:
        draft = self._desk.draft

        def done(saved: Saved) -> None:
            if style is not None:
                draft.put(style, f"saving as {style.name}")
            self._desk.put_on_shelf(saved)
            self._desk.panel.saved()
            self._tell_saved(saved, before)

        self._window.background.write(lambda store: put(store.home), done, failed=self._desk.tell)

    def _tell_saved(self, saved: Saved, before: Saved | None) -> None:
        self._changed(saved.name)
        if before is None or not before.is_own:
            self._window.notice.say(f"{saved.name} is on the shelf.")
            return

        def undo() -> None:
            self._window.background.write(
                lambda store: own_styles.rename(store.home, saved.name, before.style),
                self._undone,
                failed=self._desk.tell,
            )

        self._window.notice.say(f"{saved.name} is saved.", action="Undo", act=undo)

    def _undone(self, saved: Saved) -> None:
        """The shelf has its version from before; the draft stays as it is."""
        self._desk.draft.set_saved(saved)
        self._changed(saved.name)

    def _tell_deleted(self, saved: Saved) -> None:
        def undo() -> None:
            self._window.background.write(
                lambda store: own_styles.save(store.home, saved.style, replaces=True),
                lambda again: self._restored(again),
                failed=self._desk.tell,
            )

        self._changed(saved.name)
        self._desk.draft.set_saved(Saved(saved.name, saved.style, is_own=False))
        self._window.notice.say(f"{saved.name} is off the shelf.", action="Undo", act=undo)
        if not self._desk.clip_id:
            self._window.background.read(
                lambda store: clip_copies.shelf_style(store, ""), self._desk.show_style
            )

    def _restored(self, saved: Saved) -> None:
        self._changed(saved.name)
        if self._desk.draft.saved.name == saved.name:
            self._desk.draft.set_saved(saved)

    def _tell_taken(self, taken: tuple[Saved, list[str]]) -> None:
        saved, lacking = taken
        self._changed(saved.name)
        self._desk.show_style(saved)
        self._say(f"{saved.name} is on the shelf.", lacking)

    def _say(self, done: str, notices: Iterable[str]) -> None:
        """What was done; with more to know about it, until that is closed."""
        if text := " ".join(notices):
            self._window.notice.tell(f"{done} {text}", [])
        else:
            self._window.notice.say(done)

    def _changed(self, name: str) -> None:
        """A style on the shelf looks different, is new or gone."""
        self._window.side.styles.forget(name)
        self._desk.on_styles()

    def _choose_import(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self._window, "Import styles", "", f"Caption styles (*{SUFFIX} *.json)"
        )
        if names:
            self.bring_in([Path(name) for name in names])

    def _choose_export(self) -> None:
        name = f"{self._desk.draft.style.name}{SUFFIX}"
        file, _ = QFileDialog.getSaveFileName(self._window, "Export the style", name, WAYS_OUT)
        if file:
            self.export(Path(file))

    def _drag(self) -> None:
        """Let the style be dropped somewhere, as a file."""
        style = self._desk.draft.style
        file = Path(self._drags.path()) / f"{style.name}.json"
        own_styles.write(style, file)
        file_drag(self._desk.panel.grip, file).exec(Qt.DropAction.CopyAction)
