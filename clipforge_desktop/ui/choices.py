"""What the window remembers between starts: its place, the scheme, and how clips are exported.

A small JSON file in the home folder, read once before the window is shown and written when it
closes. A damaged file means the usual choices, never an error.
"""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Literal, get_args

from clipforge_desktop.paths import Home

ThemeChoice = Literal["system", "dark", "light"]
FILE_NAME = "window.json"


@dataclass
class Choices:
    """`geometry` is Qt's own description of the window's place, in base64."""

    theme: ThemeChoice = "system"
    geometry: str = ""
    export_dir: str = ""
    aspects: list[str] = field(default_factory=lambda: ["9:16"])
    style: str | None = ""  # name of a caption style, "" for the first, None for no captions
    is_muted: bool = False


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
    if name == "theme":
        return value in get_args(ThemeChoice)
    if name == "aspects":
        known = {"9:16", "1:1", "4:5", "16:9"}
        return isinstance(value, list) and bool(value) and all(item in known for item in value)
    if name == "is_muted":
        return isinstance(value, bool)
    return isinstance(value, str) or (name == "style" and value is None)
