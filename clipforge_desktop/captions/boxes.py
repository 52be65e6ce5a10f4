"""Where captions will stand, and what their fonts lack, before anything is painted.

The boxes come from the layout that the painter paints by. That costs milliseconds, so what was
asked once is remembered. Shapes belong to one thread at a time: whoever asks waits.
"""

import threading
from dataclasses import replace
from functools import lru_cache
from math import inf

from clipforge_desktop.captions.fonts import load_fonts
from clipforge_desktop.captions.layout import CaptionLayout
from clipforge_desktop.captions.qt import ensure_gui_application
from clipforge_desktop.captions.typefaces import Typefaces
from clipforge_desktop.domain.caption_style import CaptionStyle, FontSpec, SafeZone
from clipforge_desktop.domain.framing import Rect
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.paths import Home

_lock = threading.Lock()


def ready(home: Home) -> None:
    """Make fonts known; on the main thread of a process without a window, Qt as well."""
    ensure_gui_application()
    load_fonts(home)


@lru_cache(maxsize=256)
def caption_boxes(
    words: tuple[Word, ...],
    style: CaptionStyle,
    frame_size_px: tuple[int, int],
    zone: SafeZone,
    ground: Ground | None = None,
) -> tuple[Rect, ...]:
    """The boxes around the text of every caption, in frame pixels. Needs `ready`.

    `words` are on the clip's clock; `ground` is what they would all stand on.
    """
    duration_s = words[-1].end_s if words else 0.0
    with _lock:
        layout = CaptionLayout(
            words,
            style,
            frame_size_px,
            duration_s,
            zone,
            _shaped(style.font),
            grounds=() if ground is None else (replace(ground, start_s=-inf, end_s=inf),),
        )
    return tuple(Rect(box.x, box.y, box.width, box.height) for box in layout.boxes)


def typical_box(
    words: tuple[Word, ...],
    style: CaptionStyle,
    frame_size_px: tuple[int, int],
    zone: SafeZone,
    ground: Ground | None = None,
) -> Rect:
    """The caption of middling size: where captions stand most of the time. Needs `ready`."""
    boxes = caption_boxes(words, style, frame_size_px, zone, ground)
    by_size = sorted(boxes, key=lambda box: (box.height, box.width))
    return by_size[len(by_size) // 2] if by_size else Rect(0.0, 0.0, 0.0, 0.0)


@lru_cache(maxsize=64)
def missing_of(texts: tuple[str, ...], style: CaptionStyle) -> tuple[str, ...]:
    """Plain sentences about fonts and letters that are missing for these words. Needs `ready`."""
    with _lock:
        typefaces = Typefaces(style)
        for text in _telling(texts):
            typefaces.plain.shape(text)
        return typefaces.notices


def _telling(texts: tuple[str, ...]) -> list[str]:
    """Words that hold every letter there is at least once."""
    seen: set[str] = set()
    telling: list[str] = []
    for text in texts:
        if not seen.issuperset(text):
            seen.update(text)
            telling.append(text)
    return telling


@lru_cache(maxsize=16)
def _shaped(font: FontSpec) -> Typefaces:
    """What was shaped in one font, for every style that has it."""
    return Typefaces(CaptionStyle(name="plain", font=font))
