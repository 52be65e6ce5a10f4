"""Fonts for captions: shipped ones and the user's, loaded once per process.

A family that is missing is replaced by Inter and said so. Scripts that a family lacks come from
the shipped Noto faces, then from the system. Emoji come from a colour font of the system or of
the user's font folder when there is one, else from the shipped one-colour Noto Emoji.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from clipforge_desktop.domain.caption_style import FontSpec
from clipforge_desktop.paths import Home, resources

REFERENCE_PX = 256
"""Text is shaped once at this size, unhinted, and scaled: equal line breaks at every size."""

FALLBACK_FAMILY = "Inter"
SCRIPT_FAMILIES = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
)
COLOR_EMOJI_FAMILIES = ("Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji")
PLAIN_EMOJI_FAMILY = "Noto Emoji"
MAX_FONT_BYTES = 64 * 1024 * 1024

_lock = threading.Lock()
_loaded: set[Path] = set()


@dataclass(frozen=True)
class CaptionFont:
    """A font ready to shape with, and a sentence when it is not the one that was asked for."""

    font: QFont
    notice: str | None


def load_fonts(home: Home | None = None) -> None:
    """Make the shipped fonts, and those in `home.fonts`, known to Qt; cheap when repeated."""
    _load_folder(resources() / "fonts")
    if home is not None:
        _load_folder(home.fonts)


def _load_folder(folder: Path) -> None:
    with _lock:
        for file in sorted(folder.rglob("*")):
            is_font = file.suffix.lower() in (".ttf", ".otf", ".ttc")
            if is_font and file not in _loaded and file.stat().st_size <= MAX_FONT_BYTES:
                QFontDatabase.addApplicationFont(str(file))
                _loaded.add(file)


def caption_font(spec: FontSpec) -> CaptionFont:
    """The font at REFERENCE_PX with every fallback behind it."""
    load_fonts()
    known = set(QFontDatabase.families())
    notice = None
    family = spec.family
    if family not in known:
        notice = f"The font {spec.family} is not installed, so {FALLBACK_FAMILY} is used instead."
        family = FALLBACK_FAMILY
    emoji = [name for name in COLOR_EMOJI_FAMILIES if name in known] or [PLAIN_EMOJI_FAMILY]
    font = QFont()
    font.setFamilies([family, *SCRIPT_FAMILIES, *emoji])
    font.setPixelSize(REFERENCE_PX)
    font.setWeight(QFont.Weight(spec.weight))
    font.setItalic(spec.italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if spec.letter_spacing_em:
        font.setLetterSpacing(
            QFont.SpacingType.AbsoluteSpacing, spec.letter_spacing_em * REFERENCE_PX
        )
    return CaptionFont(font, notice)
