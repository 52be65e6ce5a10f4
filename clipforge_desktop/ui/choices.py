"""What the window remembers between starts: its place, the scheme, and how clips are exported.

A small JSON file in the home folder, read once before the window is shown and written when it
closes. A damaged file means the usual choices, never an error.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Literal, get_args

from clipforge_desktop.domain.branding import (
    CORNERS,
    LEAST_OPACITY,
    LEAST_SIZE,
    LONGEST_S,
    LONGEST_TEXT,
    MOST_SIZE,
    Corner,
    Logo,
)
from clipforge_desktop.domain.delivery import MusicBed, Quality
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.formats import output_size
from clipforge_desktop.paths import Home

ThemeChoice = Literal["system", "dark", "light"]
FILE_NAME = "window.json"
LEVELS_LU, DUCKS_LU = (-30.0, 0.0), (0.0, 24.0)


@dataclass
class Choices:
    """`geometry` is Qt's own description of the window's place, in base64.

    Without `aspects`, every one of `platforms` (keys of `platforms.toml`) has its own.
    `further_styles` are exported beside `style`.
    """

    theme: ThemeChoice = "system"
    geometry: str = ""
    export_dir: str = ""
    aspects: list[str] = field(default_factory=lambda: ["9:16"])
    style: str | None = ""  # name of a caption style, "" for the first, None for no captions
    is_muted: bool = False
    platforms: list[str] = field(default_factory=list)
    further_styles: list[str] = field(default_factory=list)
    quality: Quality = "standard"
    uses_graphics_card: bool = False
    reduces_noise: bool = False
    music_path: str = ""
    music_level_lu: float = MusicBed("").level_lu
    music_duck_lu: float = MusicBed("").duck_lu
    logo_path: str = ""
    logo_corner: Corner = Logo("").corner
    logo_size: float = Logo("").size
    logo_opacity: float = Logo("").opacity
    shows_headline: bool = False
    headline_text: str = ""  # "" for each clip's own title
    headline_s: float = 0.0  # 0 for the whole clip
    name_template: str = ""  # "" for the usual one
    shows_more: bool = False  # of the export settings


def is_shape(text: str) -> bool:
    """Whether a clip can have this shape: W:H, WxH in pixels, or "source"."""
    try:
        output_size(text)
    except InputError:
        return False
    return True


def _file(home: Home) -> Path:
    return home.root / FILE_NAME


def load_choices(home: Home) -> Choices:
    """The kept choices; anything missing or of a wrong kind takes its usual value."""
    try:
        kept = json.loads(_file(home).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Choices()
    choices = Choices()
    if not isinstance(kept, dict):
        return choices
    for entry in fields(Choices):
        value = kept.get(entry.name, getattr(choices, entry.name))
        if _is_sound(entry.name, value):
            setattr(choices, entry.name, value)
    return choices


def save_choices(home: Home, choices: Choices) -> None:
    """Raises OSError when the home cannot be written."""
    home.root.mkdir(parents=True, exist_ok=True)
    part = _file(home).with_suffix(".part")
    part.write_text(json.dumps(asdict(choices), indent=1), encoding="utf-8")
    part.replace(_file(home))


def _is_sound(name: str, value: object) -> bool:
    if name in _RULES:
        return _RULES[name](value)
    if isinstance(getattr(Choices(), name), bool):
        return isinstance(value, bool)
    return isinstance(value, str)


def _is_list(value: object, holds: Callable[[str], bool]) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and holds(one) for one in value)


def _is_level(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


_RULES: dict[str, Callable[[object], bool]] = {
    "theme": lambda value: value in get_args(ThemeChoice),
    "quality": lambda value: value in get_args(Quality),
    "style": lambda value: value is None or isinstance(value, str),
    "aspects": lambda value: _is_list(value, is_shape),
    "platforms": lambda value: _is_list(value, bool),
    "further_styles": lambda value: _is_list(value, bool),
    "music_level_lu": lambda value: _is_level(value, *LEVELS_LU),
    "music_duck_lu": lambda value: _is_level(value, *DUCKS_LU),
    "logo_corner": lambda value: value in CORNERS,
    "logo_size": lambda value: _is_level(value, LEAST_SIZE, MOST_SIZE),
    "logo_opacity": lambda value: _is_level(value, LEAST_OPACITY, 1.0),
    "headline_text": lambda value: isinstance(value, str) and len(value) <= LONGEST_TEXT,
    "headline_s": lambda value: _is_level(value, 0.0, LONGEST_S),
}
