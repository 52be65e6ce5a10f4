"""Caption styles as seen by the window, and what an export will look like.

Styles are read and their samples painted in the background by the same painter that the
export uses; the wish that an export is made of is put together there too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from clipforge_desktop.domain.branding import Branding
from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.delivery import ANYWHERE, Covered, Delivery, MusicBed, Quality
from clipforge_desktop.domain.shown import Ground
from clipforge_desktop.domain.transcript import Transcript, Word
from clipforge_desktop.store import Store

if TYPE_CHECKING:
    from clipforge_desktop.captions.painter import CaptionPainter
    from clipforge_desktop.domain.caption_style import CaptionStyle
    from clipforge_desktop.domain.order import ExportOptions
    from clipforge_desktop.store.library import OwnStyle

SAMPLE_FRAME = (540, 960)
SAMPLE = (184, 78)


@dataclass(frozen=True)
class StyleSample:
    """A style's name and its look: the name in it, as one picture."""

    name: str
    picture: QImage


@dataclass(frozen=True)
class ExportWish:
    """What the side panel says; `style` is a name, None for no captions.

    Without `deliveries` the files are for no platform in particular; `name_template` "" is the
    usual one.
    """

    out_dir: str
    aspects: tuple[str, ...]
    style: str | None
    further_styles: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    quality: Quality = "standard"
    uses_graphics_card: bool = False
    reduces_noise: bool = False
    music: MusicBed | None = None
    branding: Branding | None = None
    name_template: str = ""


def style_names(store: Store) -> list[str]:
    """Every sound style on the shelf; the usual one first."""
    from clipforge_desktop.captions import shelf

    names = [entry.name for entry in shelf.list_styles(store.home) if entry.style is not None]
    return sorted(dict.fromkeys(names), key=lambda name: name != shelf.DEFAULT_STYLE)


def style_samples(store: Store, names: Sequence[str]) -> list[StyleSample]:
    return [StyleSample(name, _sample(store, name)) for name in names]


def _sample(store: Store, name: str) -> QImage:
    """The style's own name, painted as a caption and cut out."""
    words = (Word(0.0, 10.0, name.replace("-", " ")),)
    strip = _painter(store, words, name, SAMPLE_FRAME, 10.0).paint(5.0)
    ink = _ink(strip)
    scale = min(SAMPLE[0] / ink.width(), SAMPLE[1] / ink.height(), 1.6)
    drawn = strip.copy(ink).scaled(
        max(round(ink.width() * scale), 1),
        max(round(ink.height() * scale), 1),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    framed = QImage(*SAMPLE, QImage.Format.Format_ARGB32_Premultiplied)
    framed.fill(Qt.GlobalColor.transparent)
    painter = QPainter(framed)
    painter.drawImage((SAMPLE[0] - drawn.width()) // 2, (SAMPLE[1] - drawn.height()) // 2, drawn)
    painter.end()
    return framed


def _ink(picture: QImage) -> QRect:
    """The smallest rectangle around everything that is painted; the whole picture when empty."""
    alpha = picture.convertToFormat(QImage.Format.Format_Alpha8)
    lines = bytes(alpha.constBits())
    step, width = alpha.bytesPerLine(), alpha.width()
    rows = [lines[row * step : row * step + width] for row in range(alpha.height())]
    inked = [place for place, row in enumerate(rows) if row.strip(b"\0")]
    if not inked:
        return picture.rect()
    left = min(width - len(rows[place].lstrip(b"\0")) for place in inked)
    right = max(len(rows[place].rstrip(b"\0")) for place in inked)
    return QRect(left, inked[0], right - left, inked[-1] - inked[0] + 1)


def clip_captions(
    store: Store,
    transcript: Transcript,
    pieces: tuple[Piece, ...],
    style: str,
    size_px: tuple[int, int],
    own: "OwnStyle | None" = None,
    grounds: Sequence[Ground] = (),
    covered: Covered | None = None,
) -> "CaptionPainter | None":
    """The painter of one clip in the size it is looked at; None when nobody speaks in it.

    `own` is the clip's own copy of a style, which goes before the shelf's `style`; `grounds` are
    what its shots show; `covered` is what the platform's buttons cover, None: any platform's.
    """
    time_map = TimeMap(pieces)
    words = time_map.words(transcript.words)
    if not words:
        return None
    return _painter(store, words, style, size_px, time_map.duration_s, own, grounds, covered)


def _painter(
    store: Store, words: tuple[Word, ...], name: str, size_px: tuple[int, int], duration_s: float,
    own: "OwnStyle | None" = None, grounds: Sequence[Ground] = (), covered: Covered | None = None,
) -> "CaptionPainter":  # fmt: skip
    from clipforge_desktop.captions.fonts import load_fonts
    from clipforge_desktop.captions.painter import CaptionPainter
    from clipforge_desktop.captions.zones import safe_zone

    load_fonts(store.home)
    style = style_of(store, name, own)
    zone = safe_zone(size_px, covered)
    return CaptionPainter(words, style, size_px, duration_s, zone, grounds=grounds)


def style_of(store: Store, name: str, own: "OwnStyle | None") -> "CaptionStyle":
    """A clip's own copy of a style, else the shelf's. Raises InputError when it is gone."""
    from clipforge_desktop.captions.shelf import load_style, parse_style

    if own is None:
        return load_style(name, store.home)
    return parse_style(own.json.encode(), own.shelf_name)


def export_options(store: Store, wish: ExportWish) -> "ExportOptions":
    """The wish as the job takes it. Raises InputError when one of its styles is gone."""
    from clipforge_desktop.captions.shelf import load_style
    from clipforge_desktop.domain.order import NAME_TEMPLATE, ExportOptions

    style = None if wish.style is None else load_style(wish.style, store.home)
    return ExportOptions(
        out_dir=str(Path(wish.out_dir).expanduser()),
        aspects=wish.aspects,
        style=style,
        quality=wish.quality,
        further_styles=tuple(load_style(name, store.home) for name in wish.further_styles),
        deliveries=wish.deliveries or (ANYWHERE,),
        name_template=wish.name_template or NAME_TEMPLATE,
        encoder="hardware" if wish.uses_graphics_card else "software",
        reduce_noise=wish.reduces_noise,
        music=wish.music,
        branding=wish.branding,
    )
