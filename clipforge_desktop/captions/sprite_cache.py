"""A picture with its place, and the keeping of such pictures while there is memory for them."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtGui import QImage

Key = TypeVar("Key")


@dataclass(frozen=True)
class Sprite:
    """A picture and the place of its top left corner relative to the pen at the baseline."""

    image: QImage
    left_px: int
    top_px: int


class SpriteCache(Generic[Key]):
    """What `paint` makes of keys, made once; the longest unused go beyond `most_bytes`."""

    def __init__(self, most_bytes: int, paint: Callable[[Key], Sprite | None]) -> None:
        self._most_bytes = most_bytes
        self._paint = paint
        self._kept: OrderedDict[Key, Sprite | None] = OrderedDict()
        self._bytes = 0

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def __getitem__(self, key: Key) -> Sprite | None:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = self._kept[key] = self._paint(key)
        self._bytes += _bytes_of(made)
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            self._bytes -= _bytes_of(self._kept.popitem(last=False)[1])
        return made


def _bytes_of(sprite: Sprite | None) -> int:
    return sprite.image.sizeInBytes() if sprite else 0
