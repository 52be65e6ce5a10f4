"""Corrections of the words of the video on the desk: seen at once, written in the background."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from clipforge_desktop.domain.transcript import Correction, Transcript, corrected
from clipforge_desktop.ui import errands
from clipforge_desktop.ui.actions import Undoable
from clipforge_desktop.ui.phrases import count

if TYPE_CHECKING:
    from clipforge_desktop.ui.main_window import MainWindow


class Corrections(QObject):
    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    def correct(self, index: int, text: str) -> None:
        """Word `index` reads `text` from now on; "" takes it out of captions."""
        _, heard = self._window.stage.readings
        if text:
            what = f'correcting "{heard.words[index].text}"'
        else:
            what = f'hiding "{heard.words[index].text}"'
        self._change({index: text}, what)

    def take_back(self, indexes: Iterable[int]) -> None:
        """These words read as they were recognised."""
        _, heard = self._window.stage.readings
        texts = {index: heard.words[index].text for index in indexes}
        self._change(texts, f"{count(len(texts), 'word')} as recognised")

    def _change(self, texts: dict[int, str], what: str) -> None:
        reading, heard = self._window.stage.readings
        before = _corrections(reading, heard)
        wanted = {one.word: one.text for one in before} | texts
        after = tuple(
            Correction(index, text)
            for index, text in sorted(wanted.items())
            if text != heard.words[index].text
        )
        if after == before:
            return
        source = self._window.stage.source
        if source is None or source.media is None:
            return
        source_id, key = source.id, source.media.content_key

        def put(corrections: tuple[Correction, ...]) -> None:
            self._window.stage.show_reading(source_id, corrected(heard, corrections))
            self._window.background.write(
                lambda store: errands.correct_words(store, key, heard, corrections)
            )

        self._window.actions_.undo_stack.push(
            Undoable(what, lambda: put(after), lambda: put(before))
        )


def _corrections(reading: Transcript, heard: Transcript) -> tuple[Correction, ...]:
    pairs = enumerate(zip(reading.words, heard.words, strict=True))
    return tuple(Correction(n, word.text) for n, (word, was) in pairs if word.text != was.text)
