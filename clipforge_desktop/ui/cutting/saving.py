"""Saving subtitles of a clip or of the whole video: asks where, writes in the background."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from clipforge_desktop.domain.naming import clip_stem

if TYPE_CHECKING:
    from clipforge_desktop.store import Store
    from clipforge_desktop.store.library import Clip
    from clipforge_desktop.ui.main_window import MainWindow

KINDS = (
    "SubRip (*.srt);;WebVTT (*.vtt);;SubStation Alpha, in the caption style (*.ass);;"
    "Words with times (*.json)"
)


class SubtitleSaver(QObject):
    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    def ask(self, clip: "Clip | None") -> None:
        """Save the words of the clip on its own clock, or of the video when there is none."""
        window = self._window
        source = window.stage.source
        if source is None:
            return
        stem = Path(source.name).stem
        if clip is not None:
            stem = clip_stem(stem, clip.rank, clip.title)
        start = str(Path(window.side.export.folder()) / f"{stem}.srt")
        name, kind = QFileDialog.getSaveFileName(window, "Save subtitles", start, KINDS)
        if name:
            self._save(_with_ending(Path(name), kind), source.id, clip)

    def _save(self, file: Path, source_id: int, clip: "Clip | None") -> None:
        window = self._window
        style = window.side.styles.style_name()

        def done(_: None) -> None:
            window.notice.say(
                f"Subtitles saved as {file.name}.",
                action="Show",
                act=lambda: window.actions_.reveal(str(file)),
            )

        # after corrections that are being written
        window.background.write(lambda store: _write(store, source_id, clip, style, file), done)


def _with_ending(file: Path, kind: str) -> Path:
    """The name with the ending of the chosen kind, when it has none of its own."""
    known = (".srt", ".vtt", ".ass", ".json")
    if file.suffix.casefold() in known:
        return file
    ending = next((one for one in known if f"*{one}" in kind), ".srt")
    return file.with_name(file.name + ending)


def _write(
    store: "Store", source_id: int, clip: "Clip | None", style: str | None, file: Path
) -> None:
    from clipforge_desktop.app import spoken
    from clipforge_desktop.captions.fonts import load_fonts
    from clipforge_desktop.captions.shelf import DEFAULT_STYLE, load_style
    from clipforge_desktop.captions.subtitles import subtitles_of_clip

    kind = spoken.kind_of(file)
    said = spoken.spoken_in(store, store.library.source(source_id), clip)
    load_fonts(store.home)
    dressed = load_style(style or DEFAULT_STYLE, store.home) if kind == "ass" else None
    grounds = spoken.grounds_of(store, clip) if clip is not None else ()
    text = subtitles_of_clip(said, kind, dressed, grounds)
    file.parent.mkdir(parents=True, exist_ok=True)
    spoken.save_text(file, text, replaces=True)
