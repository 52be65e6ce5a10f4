"""The keys of the window: each bound once, all of them listed in the overlay."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication

from clipforge_desktop.domain.framing import FramingKind
from clipforge_desktop.ui.framing.desk import KEYS as FRAMING_KEYS

if TYPE_CHECKING:
    from clipforge_desktop.ui.main_window import MainWindow

STEP_BACK_S = 3.0


def bind_keys(window: "MainWindow") -> None:
    """Make every shortcut; letters are left to text fields by Qt itself."""
    playback = window.player.playback
    keys: dict[str, Callable[[], object]] = {
        "Ctrl+O": window.choose_files,
        "Ctrl+K": lambda: _focus_search(window),
        "Ctrl+J": window.toggle_jobs,
        "Ctrl+Z": lambda: _undo(window),
        "Ctrl+Shift+Z": lambda: _redo(window),
        "Ctrl+Shift+E": window.style_desk.toggle,
        "Space": lambda: _press_or_play(window),
        "J": lambda: playback.step(-STEP_BACK_S),
        "K": playback.toggle,
        "L": playback.faster,
        "M": window.toggle_sound,
        "S": lambda: window.player.show_source_large(not window.player.is_source_large),
        "0": lambda: _frame(window, None),
        **{key: partial(_frame, window, kind) for key, kind in FRAMING_KEYS.items()},
        "E": window.export_selected,
        "A": lambda: window.judge("accepted"),
        "X": lambda: window.judge("rejected"),
        "I": lambda: _trim(window, "start"),
        "O": lambda: _trim(window, "end"),
        "F2": lambda: _rename(window),
        "?": window.keys.open,
        "Escape": lambda: _leave(window),
    }
    for key, act in keys.items():
        shortcut = QShortcut(QKeySequence(key), window)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(act)


def _frame(window: "MainWindow", kind: FramingKind | None) -> None:
    """The framing of the shot under the play head, None for Auto."""
    if window.middle.currentWidget() is window.play_side:
        window.framing.choose(kind)


def _trim(window: "MainWindow", end: str) -> None:
    if window.middle.currentWidget() is window.play_side:
        window.cutting.trim(end)


def _rename(window: "MainWindow") -> None:
    """The word under the play head in the transcript, the clip's title elsewhere."""
    if window.side.transcript.hasFocus():
        window.side.transcript.edit_here()
    elif window.middle.currentWidget() is window.play_side:
        window.cutting.edit_title()


def _undo(window: "MainWindow") -> None:
    """In the open style editor, its own steps; else what was done to videos and clips."""
    if not window.style_desk.undo():
        window.actions_.undo_stack.undo()


def _redo(window: "MainWindow") -> None:
    if not window.style_desk.redo():
        window.actions_.undo_stack.redo()


def _focus_search(window: "MainWindow") -> None:
    window.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
    window.search.selectAll()


def _press_or_play(window: "MainWindow") -> None:
    """Space presses the button that has the focus; everywhere else it plays and pauses."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractButton):
        focused.click()
    elif window.middle.currentWidget() is window.play_side:
        window.player.playback.toggle()


def _leave(window: "MainWindow") -> None:
    if window.keys.isVisible():
        window.keys.hide()
    elif window.is_showing_jobs:
        window.toggle_jobs()
    else:
        window.style_desk.leave()
