"""Where a clip's captions will stand, and what their fonts lack, before anything is painted.

The boxes come from the layout that the painter paints by. Laying out a clip costs some
milliseconds, so what was asked once is remembered, and `reach` answers cheaply for a style.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache

from clipforge_desktop.captions.fonts import load_fonts
from clipforge_desktop.captions.layout import CaptionLayout, box_room_em
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.captions.typefaces import Typefaces
from clipforge_desktop.domain.caption_style import CaptionStyle, SafeZone
from clipforge_desktop.domain.framing import Rect
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.paths import Home

_LONG_WORD = "Magnificently"
_SAMPLE_WORDS = 24
_lock = threading.Lock()
"""Shapes belong to one thread at a time; whoever asks waits."""


@dataclass(frozen=True)
class CaptionBox:
    """One caption on the clip's clock, with the boxes around its text, in frame pixels."""

    start_s: float
    end_s: float
    area: Rect


@lru_cache(maxsize=512)
def caption_boxes(
    words: tuple[Word, ...],
    style: CaptionStyle,
    frame_size_px: tuple[int, int],
    zone: SafeZone,
) -> tuple[CaptionBox, ...]:
    """Every caption of a clip. `words` are on the clip's clock. Needs `ready`."""
    duration_s = words[-1].end_s if words else 0.0
    with _lock:
        layout = CaptionLayout(words, style, frame_size_px, duration_s, zone, _typefaces(style))
    side_em, end_em = box_room_em(style)
    return tuple(
        CaptionBox(
            one.start_s,
            one.end_s,
            Rect(
                one.block.x - side_em * one.em_px,
                one.block.y - end_em * one.em_px,
                one.block.width + 2 * side_em * one.em_px,
                one.block.height + 2 * end_em * one.em_px,
            ),
        )
        for one in layout.captions
    )


@lru_cache(maxsize=256)
def reach(style: CaptionStyle, frame_size_px: tuple[int, int], zone: SafeZone) -> tuple[int, int]:
    """About the first and the last row that captions of this style stand on, whatever is said."""
    words = tuple(Word(n * 0.3, n * 0.3 + 0.25, _LONG_WORD) for n in range(_SAMPLE_WORDS))
    areas = [box.area for box in caption_boxes(words, style, frame_size_px, zone)]
    spare_px = max(area.height for area in areas) / 2
    top_px = min(area.y for area in areas) - spare_px
    bottom_px = max(area.y + area.height for area in areas) + spare_px
    return int(top_px), int(bottom_px)


@lru_cache(maxsize=64)
def missing_of(texts: tuple[str, ...], style: CaptionStyle) -> tuple[str, ...]:
    """Plain sentences about fonts and letters that are missing for these words. Needs `ready`."""
    with _lock:
        typefaces = Typefaces(style)
        for text in _telling(texts):
            typefaces.plain.shape(text)
        return typefaces.notices


def ready(home: Home) -> None:
    """Make fonts known; on the main thread of a process without a window, Qt as well."""
    ensure_gui_application()
    load_fonts(home)


def _telling(texts: tuple[str, ...]) -> list[str]:
    """Words that hold every letter there is at least once."""
    seen: set[str] = set()
    telling: list[str] = []
    for text in texts:
        if not seen.issuperset(text):
            seen.update(text)
            telling.append(text)
    return telling


@lru_cache(maxsize=8)
def _typefaces(style: CaptionStyle) -> Typefaces:
    return Typefaces(style)
