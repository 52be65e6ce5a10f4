"""What a rendered file was made from, written beside it as JSON.

The same recipe renders the same frames; `key` is the name of that sameness. Paths, measured
values and the date play no part in it, so a moved source or a second run is recognised.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import FramingPlan
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.domain.wire import decode, encode, fingerprint

RECIPE_VERSION = 2
_MOST_BYTES = 20_000_000


@dataclass(frozen=True)
class Ingredients:
    """All that decides what the frames and the sound are. `words` are on the clip's clock."""

    content_key: str
    stage_version: int
    aspect: str
    size_px: tuple[int, int]
    rate: tuple[int, int]
    quality: Literal["draft", "standard", "best"]
    pieces: tuple[Piece, ...]
    framing: FramingPlan
    style: CaptionStyle | None
    words: tuple[Word, ...]

    @property
    def key(self) -> str:
        return fingerprint(self)


@dataclass(frozen=True)
class Recipe:
    """The file `NAME.json` beside `NAME.mp4`. Paths are those at the time of the render."""

    recipe_version: int
    app_version: str
    key: str
    title: str
    source_path: str
    source_bytes: int
    ingredients: Ingredients
    duration_s: float
    video_bytes: int
    has_subtitles: bool
    integrated_lufs: float | None
    true_peak_dbtp: float | None
    gain_db: float
    notices: tuple[str, ...] = ()


def write_recipe(recipe: Recipe, path: Path) -> None:
    """As JSON that people can read."""
    text = json.dumps(json.loads(encode(recipe)), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_recipe(path: Path) -> Recipe | None:
    """The recipe in `path`; None when there is none, or it is not ours to understand."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        return decode(Recipe, path.read_text(encoding="utf-8"))
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
