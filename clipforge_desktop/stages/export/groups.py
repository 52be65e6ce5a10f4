"""Which outputs are rendered by one ffmpeg: all of them, or as many as memory allows.

Every output costs its encoder's frames and a filter's; a decode more is cheap beside a machine
that swaps. Pure, but for the size of this machine's memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import psutil

from clipforge_desktop.domain.delivery import SoundWish
from clipforge_desktop.stages.export import formats
from clipforge_desktop.stages.export.recipe import COPIED, Ingredients

BYTES_PER_RENDER = 1_200_000_000
"""What one ffmpeg may take on a small machine; exports are counted by a little more."""

_BASE_BYTES = 60_000_000
_BYTES_PER_SOURCE_PIXEL = 30  # decoded frames on their way
_SHARE_OF_MEMORY = 8  # of a large machine: several exports run, and people work beside them


@dataclass(frozen=True)
class Wanted:
    """One file to make, `name` without ending; `style` and `platform` are names, "" for none.

    `otherwise` are encoders to take instead of the ingredients' own, in order, if that fails.
    """

    name: str
    ingredients: Ingredients
    otherwise: tuple[str, ...] = ()
    style: str = ""
    platform: str = ""
    largest_bytes: int | None = None


Twins = tuple[Wanted, ...]
"""Files with the very same picture, whatever is heard: it is encoded once."""


def twins_of(wanted: Sequence[Wanted]) -> list[Twins]:
    """Those of one picture together, by the first of each."""
    found: dict[str, list[Wanted]] = {}
    for one in wanted:
        unheard = replace(one.ingredients, sound=SoundWish(), music_key="")
        found.setdefault(unheard.key, []).append(one)
    return [tuple(twins) for twins in found.values()]


def groups(wanted: Sequence[Wanted], memory_bytes: int | None = None) -> list[list[Twins]]:
    """What is rendered together, in order; copies are no renders and stand alone.

    `memory_bytes` is what one ffmpeg may take; None for what this machine allows.
    """
    room_bytes = _room_bytes() if memory_bytes is None else memory_bytes
    found: list[list[Twins]] = []
    taken_bytes = room_bytes
    for twins in twins_of(wanted):
        ingredients = twins[0].ingredients
        if ingredients.encoder == COPIED:
            found.append([twins])
            taken_bytes = room_bytes
            continue
        own_bytes = output_bytes(ingredients)
        if taken_bytes + own_bytes > room_bytes:
            found.append([])
            taken_bytes = base_bytes(ingredients)
        found[-1].append(twins)
        taken_bytes += own_bytes
    return found


def base_bytes(ingredients: Ingredients) -> int:
    """About what a render takes before its first output: the program and the decoder's frames."""
    width, height = ingredients.framing.source_size_px
    return _BASE_BYTES + width * height * _BYTES_PER_SOURCE_PIXEL


def output_bytes(ingredients: Ingredients) -> int:
    """About what one output adds to the memory of its ffmpeg.

    Measured on 1080x1920: 125 MB in draft, 173 in standard, 241 in best quality.
    """
    width, height = ingredients.size_px
    return width * height * formats.encoding(ingredients.quality).bytes_per_pixel


def _room_bytes() -> int:
    total: int = psutil.virtual_memory().total
    return max(BYTES_PER_RENDER, total // _SHARE_OF_MEMORY)
