"""Fonts for captions: shipped ones and the user's, loaded once per process.

A family that is missing is replaced by Inter and said so. Scripts that a family lacks come from
the shipped Noto faces, then from the system. Emoji come from a colour font of the system or of
the user's font folder when there is one, else from the shipped one-colour Noto Emoji.
"""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontDatabase, QImage, QPainter, QTextLayout

from clipforge_desktop.domain.caption_style import FontSpec
from clipforge_desktop.paths import Home, resources

REFERENCE_PX = 256
"""Text is shaped once at this size, unhinted, and scaled: equal line breaks at every size."""

FALLBACK_FAMILY = "Inter"


class Script(NamedTuple):
    """A script that may need a face of its own; `is_spaced`: its letters may stand apart."""

    letters: re.Pattern[str]
    family: str
    system: QFontDatabase.WritingSystem
    is_spaced: bool


_System = QFontDatabase.WritingSystem
SCRIPTS = (
    Script(re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), "Noto Sans", _System.Greek, True),
    Script(re.compile("[\u0400-\u052f]"), "Noto Sans", _System.Cyrillic, True),
    Script(re.compile("[\u0590-\u05ff]"), "Noto Sans Hebrew", _System.Hebrew, True),
    Script(re.compile("[\u0600-\u08ff]"), "Noto Sans Arabic", _System.Arabic, False),
    Script(re.compile("[\u0900-\u097f]"), "Noto Sans Devanagari", _System.Devanagari, False),
    Script(re.compile("[\u0e00-\u0e7f]"), "Noto Sans Thai", _System.Thai, False),
)
"""Scripts beyond Latin, with the face shipped for them; a family that lacks one would mix."""
COLOR_EMOJI_FAMILIES = ("Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji")
PLAIN_EMOJI_FAMILY = "Noto Emoji"
MAX_FONT_BYTES = 64 * 1024 * 1024

_lock = threading.Lock()
_loaded: dict[Path, tuple[str, ...]] = {}
_own_folders: list[Path] = []


@dataclass(frozen=True)
class CaptionFont:
    """A font ready to shape with, and a sentence when it is not the one that was asked for."""

    font: QFont
    notice: str | None


def load_fonts(home: Home | None = None) -> None:
    """Make the shipped fonts, and those in `home.fonts`, known to Qt; cheap when repeated."""
    load_font_folder(resources() / "fonts")
    if home is not None:
        load_font_folder(home.fonts)
        _own_folders[:] = [home.fonts]


def own_folder() -> Path | None:
    """Where the user's fonts lie, once they were loaded."""
    return _own_folders[0] if _own_folders else None


def load_font_folder(folder: Path) -> None:
    """Make the fonts in a folder, and in folders within it, known to Qt."""
    with _lock:
        for file in sorted(folder.rglob("*")):
            is_font = file.suffix.lower() in (".ttf", ".otf", ".ttc") and file.is_file()
            if is_font and file not in _loaded and file.stat().st_size <= MAX_FONT_BYTES:
                number = QFontDatabase.addApplicationFont(str(file))
                known = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
                _loaded[file] = tuple(known)


def files_of(family: str) -> tuple[Path, ...]:
    """The loaded files that hold the family; none when the system brought it, or nobody did."""
    with _lock:
        return tuple(file for file, known in _loaded.items() if family in known)


@cache
def draws_in_color(family: str) -> bool:
    """Whether this machine's Qt really paints the family's emoji, scaled as captions need it.

    Formats of colour fonts (CBDT, COLR, sbix, SVG) are not painted everywhere, and one that is
    not would leave holes in the text; so it is tried.
    """
    font = QFont()
    font.setFamilies([family])
    font.setPixelSize(REFERENCE_PX)
    layout = QTextLayout("\N{GRINNING FACE}", font)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    picture = QImage(96, 96, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    painter.scale(0.25, 0.25)
    for run in line.glyphRuns():
        painter.drawGlyphRun(QPointF(16, 16), run)
    painter.end()
    colors = {picture.pixelColor(x, y).rgb() for x in range(0, 96, 6) for y in range(0, 96, 6)}
    return line.naturalTextWidth() > REFERENCE_PX / 2 and len(colors) > 4


def is_color_font(family: str) -> bool:
    """Whether the letters of that family are pictures, drawn as they are."""
    return family in COLOR_EMOJI_FAMILIES and draws_in_color(family)


def missing_fonts(families: Iterable[str]) -> tuple[str, ...]:
    """A sentence for each that is not among the loaded fonts or this computer's own."""
    known = set(QFontDatabase.families())
    return tuple(_replaced(family) for family in families if family not in known)


def _replaced(family: str) -> str:
    return f"The font {family} is not installed, so {FALLBACK_FAMILY} is used instead."


def script_of(text: str) -> int | None:
    """Index in SCRIPTS of the first script found in `text`, None for all others."""
    for index, script in enumerate(SCRIPTS):
        if script.letters.search(text):
            return index
    return None


def caption_font(spec: FontSpec, script: int | None = None) -> CaptionFont:
    """The font at REFERENCE_PX with every fallback behind it.

    Text of a script in SCRIPTS gets that script's face unless the family has it, and joined
    letters are never spaced apart.
    """
    load_fonts()
    known = set(QFontDatabase.families())
    notice = None
    families = [spec.family]
    if spec.family not in known:
        notice = _replaced(spec.family)
        families = [FALLBACK_FAMILY]
    weight = spec.weight
    if script is not None:
        needed = SCRIPTS[script]
        if needed.system not in QFontDatabase.writingSystems(families[0]):
            is_display_face = len(QFontDatabase.styles(families[0])) == 1
            weight = max(weight, 700) if is_display_face else weight
            families.insert(0, needed.family)
    emoji = [name for name in COLOR_EMOJI_FAMILIES if name in known and draws_in_color(name)]
    font = QFont()
    font.setFamilies(
        [
            *families,
            "Noto Sans",
            *(one.family for one in SCRIPTS),
            *emoji[:1],
            PLAIN_EMOJI_FAMILY,
        ]
    )
    font.setPixelSize(REFERENCE_PX)
    font.setWeight(QFont.Weight(weight))
    font.setItalic(spec.italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if spec.letter_spacing_em and (script is None or SCRIPTS[script].is_spaced):
        font.setLetterSpacing(
            QFont.SpacingType.AbsoluteSpacing, spec.letter_spacing_em * REFERENCE_PX
        )
    return CaptionFont(font, notice)
