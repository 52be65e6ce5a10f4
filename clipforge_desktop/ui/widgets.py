"""Small ready-made widgets in the window's look: labels and buttons by role, key hints."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from clipforge_desktop.ui.icons import icon
from clipforge_desktop.ui.theme import Theme

_HINT_GAP_PX = 16


def label(text: str = "", role: str = "", *, wraps: bool = False) -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wraps)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Change what a widget is, and dress it anew."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(
    text: str, clicked: Callable[[], object], role: str = "", *, name: str = ""
) -> QPushButton:
    """A push button that takes the focus by Tab only, so that a click leaves the keys alone."""
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setAccessibleName(name or text)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.clicked.connect(lambda: clicked())
    return made


def option(text: str, name: str) -> QPushButton:
    """One of several things to choose; it stays pressed."""
    made = QPushButton(text)
    made.setCheckable(True)
    made.setProperty("role", "option")
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def icon_button(
    drawing: str, name: str, clicked: Callable[[], object], theme: Theme
) -> QPushButton:
    """A flat button with an icon; its name is its tooltip and what a screen reader says."""
    made = button("", clicked, "flat", name=name)
    made.setToolTip(name)
    made.setIconSize(QSize(18, 18))

    def tint() -> None:
        made.setIcon(icon(drawing, theme.tokens.muted, 18))

    tint()
    theme.changed.connect(tint)
    return made


def panel(role: str) -> QWidget:
    """A plain surface; the style sheet gives it ground and lines by its role."""
    made = QWidget()
    made.setProperty("role", role)
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return made


def in_row(*parts: QWidget | None, spacing: int = 8) -> QWidget:
    """Widgets side by side without a margin around them; None is the room that is left."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for part in parts:
        if part is None:
            row.addStretch()
        else:
            row.addWidget(part)
    return made


class KeyHints(QWidget):
    """Keys and what they do in one centred row: as many as fit whole, but always the last one."""

    def __init__(self, hints: list[tuple[tuple[str, ...], str]]) -> None:
        super().__init__()
        self._hints = [_key_hint(keys, does) for keys, does in hints]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_HINT_GAP_PX)
        layout.addStretch()
        for hint in self._hints:
            layout.addWidget(hint)
        layout.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room_px = self.width() + _HINT_GAP_PX
        for hint in (self._hints[-1], *self._hints[:-1]):
            room_px -= hint.sizeHint().width() + _HINT_GAP_PX
            hint.setVisible(room_px >= 0)


def _key_hint(keys: tuple[str, ...], does: str) -> QWidget:
    hint = QWidget()
    row = QHBoxLayout(hint)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(5)
    for key in keys:
        row.addWidget(label(key, "key"))
    row.addWidget(label(does, "secondary"))
    return hint
