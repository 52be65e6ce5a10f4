"""What a rendered file was made from, written beside it as JSON.

The same recipe renders the same frames; `key` is the name of that sameness. Paths, measured
values and the date play no part in it, so a moved source or a second run is recognised.
"""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import msgspec

from clipforge_desktop.domain.caption_style import CaptionStyle, SafeZone
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.delivery import Quality
from clipforge_desktop.domain.framing import FramingPlan
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.domain.wire import decode, encode, fingerprint
from clipforge_desktop.stages.export.sound import SoundWish

RECIPE_VERSION = 3
SOFTWARE = "libx264"
COPIED = "copy"
USUAL_SOUND = SoundWish()
_MOST_BYTES = 20_000_000


@dataclass(frozen=True)
class Ingredients:
    """All that decides what the frames and the sound are. `words` are on the clip's clock.

    `rate` is that of the file: every `every`th frame of the clip's own. Without captions `style`
    and `safe_zone` are None and `words` do not matter to the picture. `music_key` is the content
    of `sound.music`. `encoder` is a codec of ffmpeg, or COPIED for the source's own pictures;
    `most_bits_s` is the cap that keeps the file within a platform's limit.
    """

    content_key: str
    stage_version: int
    aspect: str
    size_px: tuple[int, int]
    rate: tuple[int, int]
    quality: Quality
    pieces: tuple[Piece, ...]
    framing: FramingPlan
    style: CaptionStyle | None
    words: tuple[Word, ...]
    every: int = 1
    safe_zone: SafeZone | None = None
    sound: SoundWish = USUAL_SOUND
    music_key: str = ""
    most_bits_s: int | None = None
    encoder: str = SOFTWARE

    @property
    def clip_rate(self) -> Fraction:
        return Fraction(*self.rate) * self.every

    @property
    def key(self) -> str:
        return fingerprint(self)


@dataclass(frozen=True)
class Recipe:
    """The file `NAME.json` beside `NAME.mp4`. Paths are those at the time of the render.

    `style` and `platform` are the names it was asked for with, "" for none.
    """

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
    style: str = ""
    platform: str = ""
    largest_bytes: int | None = None


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
