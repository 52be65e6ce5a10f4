"""Where a clip goes: what a platform takes, and what else goes into the sound.

A `Delivery` is one entry of `platforms.toml` as it was when the export was asked for, so a
finished file's recipe says what it was made for even when the file was edited since.
"""

from dataclasses import dataclass
from typing import Literal

from clipforge_desktop.domain.clip import Piece

_BELOW_PEAK_DB = 0.6  # AAC adds some tenths of a decibel to what the limiter lets through
_MOST_BELOW_PEAK_DB = 8.0

Quality = Literal["draft", "standard", "best"]


@dataclass(frozen=True)
class Covered:
    """What a platform's own text and buttons cover: shares of the frame, from each edge."""

    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    left: float = 0.0


@dataclass(frozen=True)
class Delivery:
    """What one platform takes. `platform` is its key in the file, "" for none in particular.

    `aspect` is its usual shape, "source" for the source's own; the shape asked for goes before
    it. `quality`, when there is one, goes before the quality asked for. Limits are None where
    none is known. `covered` None: keep out of what any known platform covers.
    """

    platform: str = ""
    name: str = ""
    aspect: str = "9:16"
    short_side_px: int = 1080
    most_fps: int = 60
    longest_s: float | None = None
    largest_bytes: int | None = None
    lufs: float = -14.0
    peak_dbtp: float = -1.0
    covered: Covered | None = None
    quality: Quality | None = None


ANYWHERE = Delivery()


@dataclass(frozen=True)
class MusicBed:
    """The user's own music under a clip, lowered while somebody speaks.

    `level_lu` is the bed's loudness above the clip's target (so negative) where nobody speaks;
    `duck_lu` is how much quieter it gets under speech (positive).
    """

    path: str
    level_lu: float = -10.0
    duck_lu: float = 10.0


@dataclass(frozen=True)
class SoundWish:
    """What the sound of one delivery shall be. `speech` is on the clip's clock, in order.

    `lufs` is the loudness integrated over the clip, `peak_dbtp` the highest true peak allowed.
    """

    lufs: float = -14.0
    peak_dbtp: float = -1.0
    reduce_noise: bool = False
    music: MusicBed | None = None
    speech: tuple[Piece, ...] = ()

    @property
    def first_limit_db(self) -> float:
        """Where a limiter is set at first, so that the encoded peaks stay where they should."""
        return round(self.peak_dbtp - _BELOW_PEAK_DB, 2)

    @property
    def least_limit_db(self) -> float:
        """No limiter goes below this: it would be heard more than the peaks."""
        return round(self.peak_dbtp - _MOST_BELOW_PEAK_DB, 2)
