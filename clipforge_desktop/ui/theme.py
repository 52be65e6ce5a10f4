"""The look: colour tokens, type, and the style sheet made from them.

Fusion is the base on every system; palette and style sheet are ours, so dark and light are
the same everywhere. Widgets that paint themselves read `Theme.tokens` and repaint when
`changed` is emitted.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from clipforge_desktop.paths import resources
from clipforge_desktop.ui.choices import ThemeChoice
from clipforge_desktop.ui.style_sheet import style_sheet

FONT_FAMILY = "Inter"
FONT_WEIGHTS = ("400Regular", "500Medium", "600SemiBold")


@dataclass(frozen=True)
class Tokens:
    """Colours of one scheme, as #rrggbb."""

    background: str
    panel: str
    raised: str
    hover: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    ok: str
    warn: str
    bad: str
    is_dark: bool


DARK = Tokens(
    background="#0f1115",
    panel="#15181f",
    raised="#1c2029",
    hover="#232834",
    line="#282d38",
    text="#e9ebf0",
    muted="#98a1b0",
    accent="#ff7a45",
    on_accent="#1a0d06",
    ok="#3ecf8e",
    warn="#f2b84b",
    bad="#ff6464",
    is_dark=True,
)
LIGHT = Tokens(
    background="#f4f5f7",
    panel="#ffffff",
    raised="#f0f2f5",
    hover="#e9ecf1",
    line="#dfe3ea",
    text="#191d25",
    muted="#5a6372",
    accent="#d1470e",
    on_accent="#ffffff",
    ok="#137a4b",
    warn="#8a5a00",
    bad="#c22f2f",
    is_dark=False,
)


class Theme(QObject):
    """The scheme in use: the user's choice, or the system's while the choice is "system"."""

    changed = Signal()

    def __init__(self, choice: ThemeChoice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choice: ThemeChoice = choice
        self.tokens = self._wanted()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def choose(self, choice: ThemeChoice) -> None:
        self.choice = choice
        self._follow_system()

    def toggle(self) -> None:
        self.choose("light" if self.tokens.is_dark else "dark")

    def apply(self) -> None:
        """Dress the whole application."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(_palette(self.tokens))
            application.setStyleSheet(style_sheet(self.tokens))

    def color(self, name: str, opacity: float = 1.0) -> QColor:
        """The token `name` as a colour to paint with."""
        color = QColor(str(getattr(self.tokens, name)))
        color.setAlphaF(opacity)
        return color

    def _wanted(self) -> Tokens:
        if self.choice == "system":
            is_light = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light
            return LIGHT if is_light else DARK
        return LIGHT if self.choice == "light" else DARK

    def _follow_system(self) -> None:
        wanted = self._wanted()
        if wanted != self.tokens:
            self.tokens = wanted
            self.apply()
            self.changed.emit()


def load_interface_font() -> None:
    """Make Inter known to Qt; the system's own font stands in when it is missing."""
    for weight in FONT_WEIGHTS:
        QFontDatabase.addApplicationFont(
            str(resources() / "fonts" / FONT_FAMILY / f"{FONT_FAMILY}_{weight}.ttf")
        )


def font(size_px: int = 13, weight: int = 400) -> QFont:
    """The interface's face at one size; weight makes hierarchy, not size."""
    face = QFont(FONT_FAMILY)
    face.setPixelSize(size_px)
    face.setWeight(QFont.Weight(weight))
    return face


def motion_ms() -> int:
    """Length of the few transitions: 120 ms, or none when the system asks for less motion."""
    application = QApplication.instance()
    if isinstance(application, QApplication) and not application.isEffectEnabled(
        Qt.UIEffect.UI_General
    ):
        return 0
    return 120


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.background,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.panel,
        QPalette.ColorRole.AlternateBase: tokens.raised,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.muted,
        QPalette.ColorRole.Button: tokens.raised,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.ToolTipBase: tokens.raised,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.Link: tokens.accent,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.WindowText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.muted))
    return palette
