"""Runs the style editor for the window: what is edited, for which clip, and where it is kept.

Edits belong to the clip that is looked at: it gets a copy of its own, written as one goes. The
shelf changes only when the user saves. The preview is fed by `LiveCaptions`, so that a change
shows in the very next frame.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from clipforge_desktop.ui import errands
from clipforge_desktop.ui.editor import clip_copies
from clipforge_desktop.ui.editor.corner import StyleCorner

if TYPE_CHECKING:
    from clipforge_desktop.captions.own_styles import Saved
    from clipforge_desktop.domain.errors import Failure
    from clipforge_desktop.ui.editor.clip_copies import Opened
    from clipforge_desktop.ui.editor.draft import Draft
    from clipforge_desktop.ui.editor.panel import StyleEditor
    from clipforge_desktop.ui.editor.preview import Preview
    from clipforge_desktop.ui.editor.shelving import Shelving
    from clipforge_desktop.ui.main_window import MainWindow

KEEP_MS = 400
"""A clip's copy is written this long after the last change."""


class StyleDesk(QObject):
    """`panel`, `draft` and `preview` exist once the editor was opened for the first time."""

    panel: "StyleEditor"
    draft: "Draft"
    preview: "Preview"
    shelving: "Shelving"

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._is_open = False
        self._is_made = False
        self.clip_id = 0  # whose style is edited, 0 for none
        self._taken = ""  # mark of the shelf's style that the clip's copy was taken from
        self._kept: clip_copies.Copy | None = None
        self._on_the_way: list[clip_copies.Copy | None] = []  # written, not yet seen in a row
        self._shown_copy: clip_copies.Copy | None = None
        self._style_name: str | None = None
        self.corner = StyleCorner()
        window.side.styles.add_above(self.corner)
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(KEEP_MS)
        self._keep.timeout.connect(self.keep_now)
        self.corner.edit_wanted.connect(self.open)
        self.corner.back_wanted.connect(self._drop_copy)
        self.corner.moved.take_wanted.connect(self._take_shelfs)
        self.corner.moved.keep_wanted.connect(self._keep_mine)
        window.shelf.clip_chosen.connect(self._on_clip)
        window.desk.clips_changed.connect(lambda _: self._on_rows())
        window.side.styles.changed.connect(self._on_choice)
        window.player.canvas.resized.connect(self._on_resized)
        window.closing.connect(self.keep_now)

    # -- opening and closing ------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def needs_sample(self) -> bool:
        """The editor is open and there is no clip to show it on."""
        return self._is_open and not self.clip_id

    def toggle(self) -> None:
        if self._is_open:
            self.close()
        else:
            self.open()

    def open(self) -> None:
        """Edit the style of the clip that is looked at, or the chosen one."""
        if self._window.is_showing_jobs:
            self._window.toggle_jobs()
        self._load()

    def close(self) -> None:
        if not self._is_open:
            return
        self.keep_now()
        self._is_open = False
        self.preview.stop()
        self.panel.compare.setChecked(False)
        self._window.side.cover(None)
        self._window.refit()
        self._window.player.captions_wanted.emit()
        self._window.setFocus()

    def leave(self) -> None:
        """Escape: out of the name that is being asked for, or out of the editor."""
        if self._is_open and self.panel.is_asking:
            self.panel.saved()
        else:
            self.close()

    def undo(self) -> bool:
        """Undo in the editor; False when it is closed."""
        if self._is_open:
            self.draft.undo()
        return self._is_open

    def redo(self) -> bool:
        if self._is_open:
            self.draft.redo()
        return self._is_open

    def _load(self) -> None:
        """After what is being written: the clip's copy as it is then."""
        clip, name = self._window.shelf.current_clip(), self._name()
        clip_id = clip.id if clip else 0
        self._window.background.write(
            lambda store: clip_copies.open_style(store, name, clip_id),
            lambda opened: self._begin(clip_id, opened),
        )

    def _name(self) -> str:
        from clipforge_desktop.captions.shelf import DEFAULT_STYLE

        return self._window.side.styles.style_name() or DEFAULT_STYLE

    def _begin(self, clip_id: int, opened: "Opened") -> None:
        clip = self._window.shelf.current_clip()
        if (clip.id if clip else 0) != clip_id:
            self._load()
            return
        self.clip_id = clip_id
        self._taken = opened.taken
        self._kept = opened.copy
        self._on_the_way.clear()
        if not self._is_made:
            self._make(opened)
        else:
            self.draft.start(opened.saved, opened.style)
        if not self._is_open:
            self._is_open = True
            self._window.side.cover(self.panel)
            self._window.refit()
            self.panel.setFocus()
        self.panel.set_for_clip(bool(clip_id))
        self.panel.moved.say(opened.moved, can_take=opened.is_on_shelf)
        self.preview.start(clip_id)

    def _make(self, opened: "Opened") -> None:
        """Build the panel, the first time it is wanted."""
        from PySide6.QtGui import QFontDatabase

        from clipforge_desktop.ui.editor.draft import Draft
        from clipforge_desktop.ui.editor.panel import StyleEditor
        from clipforge_desktop.ui.editor.preview import Preview
        from clipforge_desktop.ui.editor.shelving import Shelving

        window = self._window
        self.draft = Draft(opened.saved, opened.style, self)
        self.panel = StyleEditor(self.draft, window.theme, QFontDatabase.families())
        self.preview = Preview(window, self.draft, self.panel)
        self.shelving = Shelving(window, self)
        self._is_made = True
        self.panel.closed.connect(self.close)
        self.panel.resized.connect(self._on_wider)
        self.panel.moved.take_wanted.connect(self._take_shelfs)
        self.panel.moved.keep_wanted.connect(self._keep_mine)
        self.draft.changed.connect(self._on_draft)

    # -- the clip's copy ----------------------------------------------------------------

    def _on_draft(self) -> None:
        if self.clip_id:
            self._keep.start()

    def keep_now(self) -> None:
        """Write the clip's copy, if it differs from what is written."""
        self._keep.stop()
        if not self.clip_id or not self._is_made:
            return
        copy = clip_copies.copy_of(self.draft.style, self.draft.saved, self._taken, self._name())
        if copy != self._kept:
            self._on_the_way.append(self._kept)
            self._kept = copy
            clip_id = self.clip_id
            self._window.background.write(lambda store: errands.set_own_style(store, clip_id, copy))

    def put_on_shelf(self, saved: "Saved") -> None:
        """The draft is what the shelf has under that name now."""
        from clipforge_desktop.captions.own_styles import mark_of

        self._taken = mark_of(saved.style)
        self.draft.set_saved(saved)
        self.panel.moved.say("", can_take=False)
        self.keep_now()

    def show_style(self, saved: "Saved") -> None:
        """Edit another style of the shelf; for the clip, that is another copy."""
        from clipforge_desktop.captions.own_styles import mark_of

        self._taken = mark_of(saved.style)
        self.draft.set_saved(saved)
        self.draft.put(saved.style, f"taking {saved.name}")
        self.keep_now()

    def _take_shelfs(self) -> None:
        """Drop the copy for the shelf's newer version; in the editor as a step to undo."""
        if not self._is_open:
            self._drop_copy()
            return
        name = self.draft.saved.name
        self._window.background.read(
            lambda store: clip_copies.shelf_style(store, name), self.show_style
        )
        self.panel.moved.say("", can_take=False)

    def _keep_mine(self) -> None:
        """Know the shelf's new version, and keep the copy as it is."""
        clip = self._window.shelf.current_clip()
        if clip is None or clip.own_style is None:
            return
        own, clip_id = clip.own_style, clip.id
        self._window.background.write(
            lambda store: clip_copies.know_shelf(store, clip_id, own), self._known
        )
        self.corner.moved.say("", can_take=False)

    def _known(self, copy: "clip_copies.Copy") -> None:
        if self._is_open:
            self._taken = copy.shelf_fingerprint
            self._kept = copy
            self.panel.moved.say("", can_take=False)

    def _drop_copy(self) -> None:
        """The clip follows the shelf again; one click brings its copy back."""
        clip = self._window.shelf.current_clip()
        if clip is None or clip.own_style is None:
            return
        clip_id, own = clip.id, clip.own_style
        self._window.actions_.give_style(
            clip_id, own, None, f"{clip.title} follows the shelf's style again."
        )

    # -- what changes around ------------------------------------------------------------

    def _on_clip(self, clip_id: int) -> None:
        if self._is_open and clip_id != self.clip_id:
            self.keep_now()
            self._load()
        self._look()

    def _on_rows(self) -> None:
        """Clips changed: the one that is looked at may have got, lost or changed its copy."""
        clip = self._window.shelf.current_clip()
        copy = clip.own_style if clip else None
        self._look()
        if self._is_open and clip is not None and clip.id == self.clip_id:
            if copy == self._kept:
                self._on_the_way.clear()
            elif copy not in self._on_the_way:
                self._load()
        elif not self._is_open and copy != self._shown_copy:
            self._window.player.captions_wanted.emit()
        self._shown_copy = copy

    def _on_choice(self) -> None:
        """Another style was chosen on the shelf: for a clip with a copy, in place of it."""
        name = self._window.side.styles.style_name()
        is_picked = name is not None and name == self._window.choices.style
        if is_picked and self._style_name not in (None, name):
            self._drop_copy()
        self._style_name = name

    def _look(self) -> None:
        """Say in the captions tab whether the clip has a copy, and whether the shelf moved on."""
        clip = self._window.shelf.current_clip()
        own = clip.own_style if clip else None
        if clip is None or own is None:
            self.corner.show_own("", is_edited=False)
            self.corner.moved.say("", can_take=False)
            return
        clip_id, kept = clip.id, own
        self._window.background.read(
            lambda store: clip_copies.state_of(store, kept),
            lambda state: self._say_state(clip_id, state),
            key="style-state",
        )

    def _say_state(self, clip_id: int, state: clip_copies.State) -> None:
        clip = self._window.shelf.current_clip()
        if clip is not None and clip.id == clip_id:
            self.corner.show_own(state.name, is_edited=state.is_edited)
            self.corner.moved.say(state.moved, can_take=state.is_on_shelf)

    def on_styles(self) -> None:
        """The shelf of styles changed."""
        self._window.stage.load_styles()
        self._look()

    def lays_out(self) -> bool:
        """Whether the editor feeds the player; it does so anew when asked."""
        if self._is_open:
            self.preview.lay_out()
        return self._is_open

    def _on_wider(self) -> None:
        if self._is_open:
            self._window.side.cover(self.panel)
            self._window.refit()

    def _on_resized(self) -> None:
        if self._is_open:
            self.preview.lay_out_soon()

    def tell(self, failure: "Failure") -> None:
        self._window.show_failure(failure)
