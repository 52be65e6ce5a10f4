"""What the tests of painted captions share: words, shapes, the shelf, and pixels."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.raster import pixels
from clipforge_desktop.captions.shelf import list_styles
from clipforge_desktop.domain.caption_style import (
    ActiveLook,
    CaptionStyle,
    Fill,
    FontSpec,
    LineRules,
)
from clipforge_desktop.domain.transcript import Word

PORTRAIT = (540, 960)
SHAPES = [(540, 960), (540, 540), (960, 540)]
STYLES = [entry.style for entry in list_styles() if entry.style is not None]
NAMES = [style.name for style in STYLES]


def spoken(text: str, step_s: float = 0.4) -> tuple[Word, ...]:
    return tuple(
        Word(0.4 + n * step_s, 0.4 + (n + 1) * step_s - 0.05, part, speaker="Mira")
        for n, part in enumerate(text.split())
    )


WORDS = spoken("Nobody shared 90 videos because the lens was expensive.")


def painter_of(
    style: CaptionStyle, words: tuple[Word, ...] = WORDS, size: tuple[int, int] = PORTRAIT
) -> CaptionPainter:
    return CaptionPainter(words, style, size, 6.0)


def bgra(image: QImage) -> NDArray[np.uint8]:
    return pixels(image).copy()


PLAIN = CaptionStyle(
    name="plain",
    font=FontSpec(family="Inter", weight=800, size_percent=4),
    lines=LineRules(max_words=4, max_chars=30, max_lines=1, gap_to_bridge_s=0),
    active=ActiveLook(fill=Fill(colors=("#00FF00",)), linger_s=0),
)


def green_columns(painter: CaptionPainter, clip_s: float) -> NDArray[np.intp]:
    picture = bgra(painter.paint(clip_s)).astype(int)
    is_green = (picture[:, :, 1] > 150) & (picture[:, :, 2] < 90) & (picture[:, :, 3] > 200)
    return np.flatnonzero(is_green.any(axis=0))
