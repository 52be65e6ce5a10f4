"""The window as it is first painted: its grounds and lines, before anything is loaded."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

BAR_HEIGHT = 52
LIBRARY_WIDTH, RAIL_WIDTH = 264, 88


def skeleton() -> QWidget:
    """Bar, left side and middle, empty but for the name."""
    body, bar, left = _ground("desk"), _ground("bar"), _ground("left")
    bar.setFixedHeight(BAR_HEIGHT)
    left.setFixedWidth(LIBRARY_WIDTH)
    name = QLabel("ClipForge")
    name.setProperty("role", "title")
    across = QHBoxLayout(bar)
    across.setContentsMargins(50, 0, 16, 0)
    across.addWidget(name)
    row = QHBoxLayout()
    row.addWidget(left)
    row.addStretch()
    layout = QVBoxLayout(body)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(bar)
    layout.addLayout(row, 1)
    return body


def _ground(role: str) -> QWidget:
    made = QWidget()
    made.setProperty("role", role)
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return made
