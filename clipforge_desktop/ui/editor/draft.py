"""The style being edited: one draft, its history, and the shelf's version it is compared with.

Every change comes here, from a control, the JSON pane or undo, and `changed` goes out to all of
them. A value that the model refuses changes nothing; the caller is told why.
"""

from PySide6.QtCore import QObject, Signal

from clipforge_desktop.captions.own_styles import Saved
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.ui.editor import values
from clipforge_desktop.ui.editor.fields import Plain
from clipforge_desktop.ui.editor.history import History
from clipforge_desktop.ui.editor.values import Missing, Path

_PLACES: tuple[Path, ...] = (("position", "y"), ("position", "anchor"))


class Draft(QObject):
    """`data` and `saved_data` are the plain values of the draft and of the shelf's version."""

    changed = Signal()

    def __init__(self, saved: Saved, style: CaptionStyle, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.start(saved, style)

    def start(self, saved: Saved, style: CaptionStyle) -> None:
        """Begin anew with this style; nothing to undo."""
        self.saved = saved
        self.saved_data: Plain = saved.style.model_dump()
        self._history = History(style)
        self._take()

    def _take(self) -> None:
        self.data: Plain = self.style.model_dump()
        self.changed.emit()

    @property
    def style(self) -> CaptionStyle:
        return self._history.current

    @property
    def undo_text(self) -> str:
        return self._history.undo_text

    @property
    def redo_text(self) -> str:
        return self._history.redo_text

    @property
    def is_edited(self) -> bool:
        """It differs from what the shelf has."""
        return self.style != self.saved.style

    def set_saved(self, saved: Saved) -> None:
        """The shelf has another version now; the draft and its history stay."""
        self.saved = saved
        self.saved_data = saved.style.model_dump()
        self.changed.emit()

    def saved_value(self, path: Path) -> Plain | Missing:
        return values.at(self.saved_data, path)

    def set_value(self, path: Path, value: Plain, text: str, gesture: str = "") -> str:
        """Change one place; returns "" or, in words, why it cannot be.

        Changes with the same `gesture` are one step until `settle`.
        """
        made = values.style_of(values.replaced(self.data, path, value))
        if isinstance(made, str):
            return made
        self.put(self._left(made) if path in _PLACES else made, text, gesture)
        return ""

    def _left(self, style: CaptionStyle) -> CaptionStyle:
        """Captions that were moved by hand are left there; those moved back are as before."""
        saved, now = self.saved.style.position, style.position
        is_back = (now.y, now.anchor) == (saved.y, saved.anchor)
        follows = is_back and saved.follows_framing
        position = now.model_copy(update={"follows_framing": follows})
        return style.model_copy(update={"position": position})

    def put(self, style: CaptionStyle, text: str, gesture: str = "") -> None:
        """Another whole style, as a step that can be undone."""
        if style != self.style:
            self._history.put(style, text, gesture)
            self._take()

    def settle(self) -> None:
        self._history.settle()

    def undo(self) -> None:
        if self._history.undo():
            self._take()

    def redo(self) -> None:
        if self._history.redo():
            self._take()

    def reset(self, path: Path, usual: Plain, text: str) -> str:
        """One place as the shelf has it; as usual where the shelf's version has no such place."""
        saved = self.saved_value(path)
        return self.set_value(path, usual if isinstance(saved, Missing) else saved, text)
