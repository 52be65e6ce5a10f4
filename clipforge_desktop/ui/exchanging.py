"""Sending the selected clips to a video editor: which format, which folder, written in the back."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMenu

from clipforge_desktop.ui.phrases import count

if TYPE_CHECKING:
    from clipforge_desktop.app.exchanging import Sent
    from clipforge_desktop.exchange.formats import ExchangeFormat
    from clipforge_desktop.store import Store
    from clipforge_desktop.ui.main_window import MainWindow

FORMATS: tuple[tuple["ExchangeFormat", str], ...] = (
    ("fcpxml", "Final Cut Pro or Resolve (.fcpxml)…"),
    ("premiere", "Premiere Pro or Resolve (.xml)…"),
    ("otio", "OpenTimelineIO (.otio)…"),
    ("edl", "Any editor, as EDL (.edl)…"),
)


class EditorSender(QObject):
    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    def add_to(self, menu: QMenu) -> None:
        """A submenu with the four formats, for the clips that are selected on the shelf."""
        clip_ids = self._window.shelf.selected_ids()
        chosen = f"{count(len(clip_ids), 'clip')} " if len(clip_ids) > 1 else ""
        formats = menu.addMenu(f"Send {chosen}to editor")
        formats.setEnabled(bool(clip_ids))
        for kind, text in FORMATS:
            action = formats.addAction(text)
            action.triggered.connect(lambda _=False, kind=kind: self.ask(kind, clip_ids))

    def ask(self, kind: "ExchangeFormat", clip_ids: Sequence[int]) -> None:
        """Ask for a folder and write the clips into it; nothing that is there is replaced."""
        window = self._window
        start = window.side.export.folder()
        folder = QFileDialog.getExistingDirectory(window, "Send clips to editor", start)
        if not folder:
            return

        def done(sent: "tuple[Sent, ...]") -> None:
            clips = count(sum(one.clips for one in sent), "clip")
            name = sent[0].file.name if len(sent) == 1 else count(len(sent), "file")
            window.notice.say(
                f"{clips} sent to the editor: {name} in {folder}.",
                action="Show",
                act=lambda: window.actions_.reveal(str(sent[0].file)),
            )

        # after cuts that are being written
        window.background.write(lambda store: _send(store, kind, clip_ids, Path(folder)), done)


def _send(
    store: "Store", kind: "ExchangeFormat", clip_ids: Sequence[int], folder: Path
) -> "tuple[Sent, ...]":
    from clipforge_desktop.app.exchanging import send

    clips = [store.library.clip(clip_id) for clip_id in clip_ids]
    return send(store.library.source(clips[0].source_id), clips, kind, folder)
