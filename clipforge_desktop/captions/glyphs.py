"""Text -> outlines: shaping by Qt (HarfBuzz) once per text, in em, for every script.

Letters become painter paths, which can be filled, stroked and scaled without loss. Pictures
that have no outline, such as colour emoji, are kept as glyph runs and drawn as they are.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from unicodedata import bidirectional

from PySide6.QtCore import QByteArray, QDataStream, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QGlyphRun,
    QPainterPath,
    QRawFont,
    QTextLayout,
    QTextLine,
    QTextOption,
    QTransform,
)

from clipforge_desktop.captions.fonts import (
    REFERENCE_PX,
    caption_font,
    is_color_font,
    own_folder,
    script_of,
)
from clipforge_desktop.captions.lacking import lacking_notice
from clipforge_desktop.domain.caption_style import FontSpec

_CACHED_TEXTS = _CACHED_GLYPHS = 4096
_TO_EM = QTransform.fromScale(1 / REFERENCE_PX, 1 / REFERENCE_PX)


@dataclass(frozen=True, eq=False)
class Glyph:
    """One drawn letter in em, its pen at (0, 0). `Shaper` gives equal ones as the same."""

    path: QPainterPath

    @cached_property
    def contours(self) -> tuple[QPainterPath, ...]:
        """Each closed line of `path` on its own."""
        found: list[QPainterPath] = []
        elements = [self.path.elementAt(number) for number in range(self.path.elementCount())]
        for number, element in enumerate(elements):
            if element.isMoveTo():
                found.append(QPainterPath(QPointF(element.x, element.y)))
            elif element.isLineTo():
                found[-1].lineTo(element.x, element.y)
            elif element.isCurveTo():
                second, end = elements[number + 1 : number + 3]
                found[-1].cubicTo(element.x, element.y, second.x, second.y, end.x, end.y)
        return tuple(found)


@dataclass(frozen=True)
class Shape:
    """One shaped text; baseline at y = 0, lengths in em. `ink` is what is really covered.

    `glyphs` are the parts of `path` and where their pens are. `carets_em` are the left edges of
    the letters and the end, in logical order, for typewriting. `bitmaps` are glyph runs at
    REFERENCE_PX that cannot be outlined.
    """

    path: QPainterPath
    glyphs: tuple[tuple[Glyph, QPointF], ...]
    bitmaps: tuple[QGlyphRun, ...]
    advance_em: float
    ink: QRectF
    carets_em: tuple[float, ...]


@dataclass(frozen=True)
class FaceMetrics:
    """Vertical metrics of a family in em: cap height above, descent below the baseline."""

    cap_em: float
    descent_em: float
    space_em: float


class Shaper:
    """Shapes texts in one font; holds at most a few thousand shapes."""

    def __init__(self, spec: FontSpec) -> None:
        chosen = caption_font(spec)
        self._spec = spec
        self._fonts: dict[int | None, QFont] = {None: chosen.font}
        self._font_notice = chosen.notice
        self._lacking: set[str] = set()
        self.shape = lru_cache(_CACHED_TEXTS)(self._shape)
        self._glyph = lru_cache(_CACHED_GLYPHS)(_glyph)
        self.metrics = self._metrics(spec)

    @property
    def notices(self) -> tuple[str, ...]:
        """Plain sentences about fonts that were missing for what was shaped so far."""
        gaps = lacking_notice(self._lacking, own_folder()) if self._lacking else None
        return tuple(filter(None, (self._font_notice, gaps)))

    def _font_for(self, text: str) -> QFont:
        script = script_of(text)
        if script not in self._fonts:
            self._fonts[script] = caption_font(self._spec, script).font
        return self._fonts[script]

    def _metrics(self, spec: FontSpec) -> FaceMetrics:
        raw = QRawFont.fromFont(self._fonts[None])
        space_em = self.shape("n n").advance_em - 2 * self.shape("n").advance_em
        return FaceMetrics(
            cap_em=raw.capHeight() / REFERENCE_PX or 0.7,
            descent_em=raw.descent() / REFERENCE_PX,
            space_em=max(space_em + spec.word_spacing_em, 0.02),
        )

    def _shape(self, text: str) -> Shape:
        layout = QTextLayout(text, self._font_for(text))
        option = QTextOption()
        option.setUseDesignMetrics(True)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(1e7)
        layout.endLayout()
        ascent_px = line.ascent()
        left_px = line.naturalTextRect().left()
        outlines: list[tuple[QPainterPath, QPointF]] = []
        bitmaps: list[QGlyphRun] = []
        ink = QRectF()
        for run in line.glyphRuns():
            if 0 in run.glyphIndexes() or _is_stand_in(run.rawFont()):
                self._lacking |= _undrawn(line, text)
            ink = ink.united(_add_run(outlines, bitmaps, run, QPointF(left_px, ascent_px)))
        carets = _carets(layout, text)
        glyphs = tuple((self._glyph(_content(path)), _TO_EM.map(at)) for path, at in outlines)
        return Shape(
            _joined(glyphs),
            glyphs,
            tuple(bitmaps),
            line.naturalTextWidth() / REFERENCE_PX,
            _TO_EM.mapRect(ink),
            tuple((caret - left_px) / REFERENCE_PX for caret in carets),
        )


def _content(path: QPainterPath) -> bytes:
    """What is equal for equal paths, which Qt cannot hash."""
    content = QByteArray()
    QDataStream(content, QIODevice.OpenModeFlag.WriteOnly) << path
    return bytes(content.data())


def _glyph(content: bytes) -> Glyph:
    """The path that `_content` was taken of, at REFERENCE_PX, as a glyph in em."""
    path = QPainterPath()
    QDataStream(QByteArray(content)) >> path
    path.setFillRule(Qt.FillRule.WindingFill)
    return Glyph(_TO_EM.map(path))


def _joined(glyphs: tuple[tuple[Glyph, QPointF], ...]) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for glyph, at in glyphs:
        path.addPath(glyph.path.translated(at))
    return path


def _undrawn(line: QTextLine, text: str) -> set[str]:
    """The letters of `text` that its fonts have not."""
    units = text.encode("utf-16-le", "surrogatepass")  # Qt counts in UTF-16 units
    flags = QTextLayout.GlyphRunRetrievalFlag
    runs = line.glyphRuns(-1, -1, flags.RetrieveGlyphIndexes | flags.RetrieveStringIndexes)
    places = {
        place
        for run in runs
        for glyph, place in zip(run.glyphIndexes(), run.stringIndexes(), strict=True)
        if glyph == 0 or _is_stand_in(run.rawFont())
    }
    return {units[place * 2 : place * 2 + 4].decode("utf-16-le", "replace")[:1] for place in places}


def _is_stand_in(raw: QRawFont) -> bool:
    """Whether these are Qt's own boxes, for a script that no font can shape.

    They come from no file. Asked for their family, Qt ends the process.
    """
    return raw.fontTable("head").isEmpty()


def _carets(layout: QTextLayout, text: str) -> list[float]:
    line = layout.lineAt(0)
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    positions = [
        position for position in range(length + 1) if layout.isValidCursorPosition(position)
    ]
    return [_first_number(line.cursorToX(position)) for position in positions]


def _first_number(found: object) -> float:
    """The x of `cursorToX`, which gives `(x, position)`; its stub only says object."""
    assert isinstance(found, tuple)
    return float(found[0])


def _add_run(
    outlines: list[tuple[QPainterPath, QPointF]],
    bitmaps: list[QGlyphRun],
    run: QGlyphRun,
    origin: QPointF,
) -> QRectF:
    """Add the run's letters to `outlines`, or the run itself to `bitmaps`; returns its ink."""
    raw = run.rawFont()
    ink = QRectF()
    if not _is_stand_in(raw) and is_color_font(raw.familyName()):
        # Asked for its outline, such a font forgets how to draw the letter at all.
        pictures = _placed(raw, run.glyphIndexes(), [place - origin for place in run.positions()])
        bitmaps.append(pictures)
        return _picture_ink(raw, pictures)
    picture_indexes: list[int] = []
    picture_places: list[QPointF] = []
    for glyph, place in zip(run.glyphIndexes(), run.positions(), strict=True):
        outline = raw.pathForGlyph(glyph)
        at = place - origin
        if not outline.isEmpty():
            outlines.append((outline, at))
            ink = ink.united(outline.boundingRect().translated(at))
            continue
        bounds = raw.boundingRect(glyph)
        if bounds.width() > 1 and bounds.height() > 1:
            picture_indexes.append(glyph)
            picture_places.append(at)
            ink = ink.united(bounds.translated(at))
    if picture_indexes:
        bitmaps.append(_placed(raw, picture_indexes, picture_places))
    return ink


def _placed(raw: QRawFont, indexes: list[int], places: list[QPointF]) -> QGlyphRun:
    run = QGlyphRun()
    run.setRawFont(raw)
    run.setGlyphIndexes(indexes)
    run.setPositions(places)
    return run


def _picture_ink(raw: QRawFont, run: QGlyphRun) -> QRectF:
    """The cells of the letters: pictures fill theirs."""
    ink = QRectF()
    for glyph, place in zip(run.glyphIndexes(), run.positions(), strict=True):
        width = raw.advancesForGlyphIndexes([glyph])[0].x()
        cell = QRectF(place.x(), place.y() - raw.ascent(), width, raw.ascent() + raw.descent())
        ink = ink.united(cell)
    return ink


def text_is_right_to_left(text: str) -> bool:
    """Direction of the first strong letter (Unicode bidirectional algorithm, rule P2)."""
    for char in text:
        direction = bidirectional(char)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
