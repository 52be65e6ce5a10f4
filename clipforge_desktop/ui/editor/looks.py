"""The style sheet of what only the editor has: sliders, number fields, lists, groups, tables."""

from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clipforge_desktop.ui.theme import Tokens

_SHEET = Template("""
QWidget[role="inside"] { border-left: 2px solid $line; }
QWidget[role="json-side"] { background: $background; border-left: 1px solid $line; }
QLabel[role="subtitle"] { font-weight: 600; font-size: 12px; }
QLabel[role="edited"] { color: $accent; font-size: 11px; font-weight: 600; }
QPushButton[role="group"] { background: transparent; border: 0; border-radius: 0;
    text-align: left; padding: 9px 12px; font-weight: 600; }
QWidget[role="group-head"] { border-top: 1px solid $line; }
QLabel[role="tag"] { background: rgba(0, 0, 0, 0.62); color: white; border-radius: 6px;
    padding: 3px 8px; font-size: 12px; font-weight: 500; }
QPushButton[role="group"]:hover { background: $hover; }
QPushButton[role="group"]:focus { background: $hover; }
QPushButton[role="small"] { padding: 3px 9px; font-size: 12px; border-radius: 6px;
    min-height: 16px; }
QPushButton[role="small"]:focus { padding: 2px 8px; }
QPushButton[role="reset"], QPushButton[role="tiny"] { background: transparent; border: 0;
    border-radius: 6px; padding: 0; min-height: 0; }
QPushButton[role="reset"]:hover, QPushButton[role="tiny"]:hover { background: $hover; }
QPushButton[role="reset"]:focus, QPushButton[role="tiny"]:focus { border: 2px solid $accent; }
QPushButton[role="segment"] { padding: 3px 4px; font-size: 12px; border-radius: 6px;
    min-height: 18px; font-weight: 400; color: $muted; }
QPushButton[role="segment"]:checked { border: 1px solid $accent; color: $text; }
QPushButton[role="segment"]:focus { border: 2px solid $accent; padding: 2px 3px; }
QPushButton[role="flat"]:checked { background: $hover; border: 1px solid $line; }
QLineEdit, QAbstractSpinBox, QComboBox { background: $raised; border: 1px solid $line;
    border-radius: 6px; padding: 3px 8px; font-size: 12px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 2px solid $accent;
    padding: 2px 7px; }
QLineEdit:disabled, QAbstractSpinBox:disabled { color: $muted; background: $panel; }

QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: 0; padding: 0;
    background: transparent; min-height: 0; }
QAbstractSpinBox QLineEdit { padding: 0 7px 0 4px; }
QAbstractSpinBox::up-button { subcontrol-origin: border; subcontrol-position: top right;
    width: 1px; border: 0; }
QAbstractSpinBox::down-button { subcontrol-origin: border; subcontrol-position: bottom right;
    width: 1px; border: 0; }
QComboBox::drop-down { border: 0; width: 22px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; outline: 0;
    selection-background-color: $hover; selection-color: $text; padding: 4px; }
QSlider { min-height: 22px; background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $muted; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
    background: $text; }
QSlider::handle:horizontal:hover { background: $accent; }
QSlider::sub-page:horizontal:focus { background: $accent; }
QSlider::handle:horizontal:focus { background: $accent; }
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: $line; }
QTableView { background: $raised; border: 1px solid $line; border-radius: 6px; font-size: 12px;
    selection-background-color: $hover; selection-color: $text; }
QTableView:focus { border: 1px solid $accent; }
QHeaderView::section { background: $raised; border: 0; border-bottom: 1px solid $line;
    color: $muted; font-size: 11px; padding: 3px 6px; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QPlainTextEdit[role="code"] { font-family: "JetBrains Mono"; font-size: 12px;
    background: $panel; border-radius: 8px; padding: 4px; }
""")


def sheet(tokens: "Tokens") -> str:
    """The sheet in the colours of one scheme; the window's own sheet lies below it."""
    names = ("line", "hover", "text", "muted", "raised", "panel", "background")
    colors = {name: str(getattr(tokens, name)) for name in names}
    return _SHEET.substitute(colors, accent=tokens.accent, on_accent=tokens.on_accent)
