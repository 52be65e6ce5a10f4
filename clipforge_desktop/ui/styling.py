"""Caption styles and framings as seen by the window, and what an export will look like.

Styles are read and their samples painted in the background by the same painter that the
export uses; the wish that an export is made of is put together there too.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage

from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.framing import FramingPlan
from clipforge_desktop.domain.transcript import Transcript, Word
from clipforge_desktop.store import Store
from clipforge_desktop.ui.choices import FramingChoice

if TYPE_CHECKING:
    from clipforge_desktop.captions.painter import CaptionPainter
    from clipforge_desktop.domain.order import ExportOptions

NO_STYLE = "none"
SAMPLE_FRAME = (540, 960)
SAMPLE = (216, 96)


@dataclass(frozen=True)
class StyleSample:
    """A style's name and its look: the name in it, as one picture."""

    name: str
    picture: QImage


@dataclass(frozen=True)
class ExportWish:
    """What the side panel says; `style` is a name, None for no captions."""

    out_dir: str
    aspects: tuple[str, ...]
    framing: FramingChoice
    style: str | None


def style_samples(store: Store) -> list[StyleSample]:
    """Every sound style on the shelf; the usual one first."""
    from clipforge_desktop.captions import shelf

    entries = [entry for entry in shelf.list_styles(store.home) if entry.style is not None]
    entries.sort(key=lambda entry: entry.name != shelf.DEFAULT_STYLE)
    return [StyleSample(entry.name, _sample(store, entry.name)) for entry in entries]


def _sample(store: Store, name: str) -> QImage:
    """The style's own name, painted as a caption and cut out."""
    words = (Word(0.0, 10.0, name),)
    painter = _painter(store, words, name, SAMPLE_FRAME, 10.0)
    strip = painter.paint(5.0)
    width, height = SAMPLE
    part = QRect((strip.width() - width) // 2, (strip.height() - height) // 2, width, height)
    return strip.copy(part).scaled(
        width,
        height,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def clip_captions(
    store: Store,
    transcript: Transcript,
    pieces: tuple[Piece, ...],
    style: str,
    size_px: tuple[int, int],
) -> "CaptionPainter | None":
    """The painter of one clip in the size it is looked at; None when nobody speaks in it."""
    time_map = TimeMap(pieces)
    words = time_map.words(transcript.words)
    if not words:
        return None
    return _painter(store, words, style, size_px, time_map.duration_s)


def _painter(
    store: Store, words: tuple[Word, ...], style: str, size_px: tuple[int, int], duration_s: float
) -> "CaptionPainter":
    from clipforge_desktop.captions.painter import CaptionPainter
    from clipforge_desktop.captions.shelf import load_style

    return CaptionPainter(words, load_style(style, store.home), size_px, duration_s)


def export_options(store: Store, wish: ExportWish) -> "ExportOptions":
    """The wish as the job takes it. Raises InputError when its style is gone."""
    from clipforge_desktop.captions.shelf import load_style
    from clipforge_desktop.domain.order import ExportOptions

    style = None if wish.style is None else load_style(wish.style, store.home)
    return ExportOptions(
        out_dir=str(Path(wish.out_dir).expanduser()),
        aspects=wish.aspects,
        framing=wish.framing,
        style=style,
    )


def framing_of_recipe(path: str) -> FramingPlan | None:
    """How an exported file was framed, from the recipe beside it; None when that is gone."""
    from clipforge_desktop.domain.order import decode

    try:
        recipe = json.loads(Path(path).read_text(encoding="utf-8"))
        return decode(FramingPlan, json.dumps(recipe["ingredients"]["framing"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
