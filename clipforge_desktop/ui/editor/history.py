"""Undo and redo of whole frozen styles; one drag of a slider, one stretch of typing is a step.

Styles share their unchanged parts, so a long history is small.
"""

from dataclasses import dataclass

from clipforge_desktop.domain.caption_style import CaptionStyle

MOST_STEPS = 500


@dataclass(frozen=True)
class Step:
    """A style and the words for what led to it."""

    style: CaptionStyle
    text: str


class History:
    """Where the user has been; `current` is where he is."""

    def __init__(self, style: CaptionStyle) -> None:
        self._done = [Step(style, "")]
        self._undone: list[Step] = []
        self._open = ""

    @property
    def current(self) -> CaptionStyle:
        return self._done[-1].style

    @property
    def undo_text(self) -> str:
        """What `undo` takes back, "" when there is nothing."""
        return self._done[-1].text if len(self._done) > 1 else ""

    @property
    def redo_text(self) -> str:
        return self._undone[-1].text if self._undone else ""

    def put(self, style: CaptionStyle, text: str, gesture: str = "") -> None:
        """A new step, or more of the last one while the same `gesture` goes on."""
        if style == self.current:
            return
        self._undone.clear()
        if gesture and gesture == self._open:
            self._done[-1] = Step(style, text)
            return
        self._open = gesture
        self._done.append(Step(style, text))
        del self._done[1 : len(self._done) - MOST_STEPS]

    def settle(self) -> None:
        """The gesture is over: what comes next is a step of its own."""
        self._open = ""

    def undo(self) -> bool:
        """Go one step back; False at the beginning."""
        self._open = ""
        if len(self._done) == 1:
            return False
        self._undone.append(self._done.pop())
        return True

    def redo(self) -> bool:
        self._open = ""
        if not self._undone:
            return False
        self._done.append(self._undone.pop())
        return True
