"""Crops are moved by hand: the picture in the player is dragged, and the crop goes the other way.

A drag is shown while it lasts and kept when it ends, so that it is one step of undo.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from clipforge_desktop.ui.framing import choosing
from clipforge_desktop.ui.framing.choosing import ClipFraming, Shift
from clipforge_desktop.ui.framing.layout import ShownFraming

if TYPE_CHECKING:
    from clipforge_desktop.ui.framing.desk import FramingDesk
    from clipforge_desktop.ui.main_window import MainWindow


@dataclass(frozen=True)
class _Grip:
    """A crop in the hand: which, and how everything was when it was taken."""

    number: int
    pane: int
    clip_s: float
    shift: Shift
    before: ClipFraming


class Hand(QObject):
    moved = Signal(object)  # the ClipFraming meanwhile
    dropped = Signal(object, str)  # the ClipFraming to keep, and what was done

    def __init__(self, window: "MainWindow", desk: "FramingDesk") -> None:
        super().__init__(desk)
        self._player = window.player
        self._desk = desk
        self._grip: _Grip | None = None
        canvas = window.player.canvas
        canvas.grabbed.connect(self._grab)
        canvas.dragged.connect(self._drag)
        canvas.dropped.connect(self._drop)
        canvas.reset_wanted.connect(self._reset)

    @property
    def is_full(self) -> bool:
        """A crop is being moved."""
        return self._grip is not None

    def let_go(self) -> None:
        """Another clip is shown."""
        self._grip = None

    def _pane_at(self, x: float, y: float) -> tuple[ShownFraming, int, int, float] | None:
        """(what is shown, shot, pane, clip time) at a point in shares of the picture."""
        shown, position_s = self._desk.shown, self._player.frame_s
        layout = shown.layout_at(position_s) if shown is not None else None
        pane = layout.pane_at(x, y) if layout is not None else None
        if shown is None or pane is None:
            return None
        number, clip_s = shown.number_at(position_s), shown.clip_s(position_s)
        return None if number is None or clip_s is None else (shown, number, pane, clip_s)

    def _grab(self, x: float, y: float) -> None:
        found = self._pane_at(x, y)
        if found is not None:
            shown, number, pane, clip_s = found
            framing, study = self._desk.framing, shown.study
            way = study.shots[number].way(choosing.shown_kind(framing, study, number))
            shift = choosing.shift_of(framing, study, number, pane)
            shift = choosing.within_picture(way, pane, shift, clip_s, study.source_size_px)
            self._grip = _Grip(number, pane, clip_s, shift, framing)

    def _drag(self, across: float, along: float) -> None:
        def dragged(grip: _Grip) -> Shift:
            shown = self._desk.shown
            assert shown is not None
            place = shown.shot(grip.number).panes[grip.pane].place
            return grip.shift[0] - across / place.width, grip.shift[1] - along / place.height

        self._move(dragged)

    def _move(self, wanted: Callable[[_Grip], Shift]) -> None:
        """Show the crop in the hand elsewhere, but not outside of the picture."""
        grip, shown = self._grip, self._desk.shown
        if grip is None or shown is None:
            return
        study = shown.study
        kind = choosing.shown_kind(grip.before, study, grip.number)
        shift = choosing.within_picture(
            study.shots[grip.number].way(kind),
            grip.pane,
            wanted(grip),
            grip.clip_s,
            study.source_size_px,
        )
        self.moved.emit(choosing.with_shift(grip.before, study, grip.number, grip.pane, shift))

    def _drop(self) -> None:
        grip, self._grip = self._grip, None
        if grip is not None:
            self.dropped.emit(self._desk.framing, "moving the picture")

    def _reset(self, x: float, y: float) -> None:
        """The crop where it is by itself."""
        found = self._pane_at(x, y)
        if found is not None:
            shown, number, pane, _ = found
            after = choosing.with_shift(self._desk.framing, shown.study, number, pane, (0.0, 0.0))
            self.dropped.emit(after, "the picture back in its place")
