"""The style sheet of the window, written once for both schemes.

Widgets name what they are by a `role` property; nothing sets colours by itself. Lines are
1 px, radii 6 (chips), 8 (buttons, fields) and 12 (cards).
"""

from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clipforge_desktop.ui.theme import Tokens

_SHEET = Template("""
* { font-family: "Inter"; font-size: 13px; }
QWidget { color: $text; }
QMainWindow, QWidget[role="desk"] { background: $background; }
QWidget[role="panel"] { background: $panel; }
QWidget[role="bar"] { background: $panel; border-bottom: 1px solid $line; }
QWidget[role="left"] { background: $panel; border-right: 1px solid $line; }
QWidget[role="right"] { background: $panel; border-left: 1px solid $line; }
QWidget[role="strip"] { background: $panel; border-top: 1px solid $line; }
QWidget[role="shelf"] { background: $background; border-top: 1px solid $line; }
QWidget[role="section"] { border-top: 1px solid $line; }
QWidget[role="float"] { background: $panel; border: 1px solid $line; border-radius: 12px; }
QWidget[role="banner"] { background: $raised; border-bottom: 1px solid $line; }
QWidget[role="notice"] { background: $raised; border: 1px solid $line; border-radius: 8px; }
QLabel { background: transparent; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="label"] { color: $muted; font-size: 11px; font-weight: 600; letter-spacing: 0.5px; }
QLabel[role="title"] { font-size: 14px; font-weight: 600; }
QLabel[role="big"] { font-size: 14px; font-weight: 600; }
QLabel[role="secondary"] { color: $muted; font-size: 12px; }
QLabel[role="bad"] { color: $bad; font-size: 12px; }
QLabel[role="ok"] { color: $ok; font-size: 12px; }
QLabel[role="warn"] { color: $warn; font-size: 12px; }
QLabel[role="key"] { background: $raised; border: 1px solid $line; border-radius: 5px;
    padding: 1px 5px; font-size: 11px; font-weight: 500; }
QLabel[role="chip"] { background: $raised; border-radius: 6px; padding: 2px 6px; color: $muted;
    font-size: 11px; }
QLabel[role="drop"] { border: 1px dashed $line; border-radius: 12px; color: $muted; }
QPushButton { background: $raised; border: 1px solid $line; border-radius: 8px;
    padding: 6px 12px; font-weight: 500; min-height: 18px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:disabled { color: $muted; background: $panel; }
QPushButton:focus { border: 2px solid $accent; padding: 5px 11px; }
QPushButton[role="accent"] { background: $accent; border: 1px solid $accent; color: $on_accent; }
QPushButton[role="accent"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="accent"]:focus { border: 2px solid $text; }
QPushButton[role="accent"]:disabled { background: $raised; border-color: $line; color: $muted; }
QPushButton[role="chip"] { background: $raised; border: 1px solid $raised; border-radius: 14px;
    padding: 4px 12px; color: $muted; font-size: 12px; font-weight: 400; }
QPushButton[role="chip"]:hover { background: $hover; }
QPushButton[role="chip"]:focus { border: 2px solid $accent; padding: 3px 11px; }
QPushButton[role="flat"] { background: transparent; border: 1px solid transparent;
    border-radius: 8px; padding: 5px 8px; color: $muted; }
QPushButton[role="flat"]:hover { background: $hover; color: $text; }
QPushButton[role="flat"]:checked { background: $hover; color: $text; }
QPushButton[role="flat"]:focus { border: 2px solid $accent; padding: 4px 7px; }
QPushButton[role="tab"] { background: transparent; border: 0; border-radius: 0; color: $muted;
    border-bottom: 2px solid transparent; padding: 11px 0 9px 0; }
QPushButton[role="tab"]:hover { color: $text; }
QPushButton[role="tab"]:checked { color: $text; border-bottom: 2px solid $accent; }
QPushButton[role="tab"]:focus { background: $hover; }
QPushButton[role="option"] { padding: 7px 4px; border-radius: 8px; }
QPushButton[role="option"]:checked { border: 1px solid $accent; }
QPushButton[role="option"]:focus { border: 2px solid $accent; padding: 6px 3px; }
QPushButton[role="option"][look~="sample"] { background: $footage; padding: 2px;
    border: 2px solid $footage; }
QPushButton[role="option"][look~="also"] { border: 2px dashed $accent; }
QPushButton[role="option"][look~="sample"]:hover { background: #2a303c; }
QPushButton[role="option"][look~="sample"]:checked,
QPushButton[role="option"][look~="sample"]:focus {
    border: 2px solid $accent; }
QPushButton[role="pill"] { padding: 3px 10px; border-radius: 13px; font-size: 12px;
    font-weight: 400; }
QPushButton[role="pill"]:checked { border: 1px solid $accent; font-weight: 500; }
QPushButton[role="pill"]:focus { border: 2px solid $accent; padding: 2px 9px; }
QPushButton[role="tag"] { padding: 1px 6px; border-radius: 6px; font-size: 11px;
    font-weight: 400; color: $muted; min-height: 16px; }
QPushButton[role="tag"]:hover { color: $text; }
QPushButton[role="tag"]:focus { border: 2px solid $accent; padding: 0 5px; }
QPushButton[role="small"] { padding: 2px 9px; border-radius: 6px; font-size: 12px;
    min-height: 16px; }
QPushButton[role="small"]:focus { border: 2px solid $accent; padding: 1px 8px; }
QPushButton[role="fold"] { background: transparent; border: 1px solid transparent;
    border-radius: 6px; padding: 3px 6px 3px 0; font-weight: 600; text-align: left; }
QPushButton[role="fold"]:hover { background: $hover; }
QPushButton[role="fold"]:focus { border: 2px solid $accent; padding: 2px 5px 2px 0; }
QPushButton[role="shelf-rest"] { background: transparent; border: 1px dashed $muted;
    border-radius: 8px; color: $muted; padding: 8px; min-height: 112px; max-height: 112px; }
QPushButton[role="shelf-rest"]:hover { background: $hover; color: $text; }
QPushButton[role="shelf-rest"]:focus { border: 2px solid $accent; padding: 7px; }
QLineEdit { background: $raised; border: 1px solid $line; border-radius: 8px; padding: 6px 12px;
    selection-background-color: $accent; selection-color: $on_accent; min-height: 18px; }
QLineEdit:focus { border: 2px solid $accent; padding: 5px 11px; }
QLineEdit[role="word"] { padding: 0 5px; border-radius: 6px; font-size: 14px; }
QLineEdit[role="word"]:focus { padding: 0 5px; }
QListView { background: transparent; border: 0; outline: 0; }
QScrollArea, QAbstractScrollArea { background: transparent; border: 0; }
QPlainTextEdit { background: $raised; border: 1px solid $line; border-radius: 8px; }
QPlainTextEdit:focus { border: 2px solid $accent; }
QMenu { background: $raised; border: 1px solid $line; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 6px 16px; border-radius: 6px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 10px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 8px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 1px 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 2px 1px; border-radius: 2px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def style_sheet(tokens: "Tokens") -> str:
    """The sheet in the colours of one scheme."""
    accent_hover = "#ff8f62" if tokens.is_dark else "#b93d0a"
    return _SHEET.substitute(
        {
            "background": tokens.background,
            "panel": tokens.panel,
            "raised": tokens.raised,
            "hover": tokens.hover,
            "line": tokens.line,
            "text": tokens.text,
            "muted": tokens.muted,
            "accent": tokens.accent,
            "accent_hover": accent_hover,
            "on_accent": tokens.on_accent,
            "ok": tokens.ok,
            "warn": tokens.warn,
            "bad": tokens.bad,
            "footage": "#1c2029",  # captions stand on pictures, not on paper: dark in both schemes
        }
    )
