"""Letters are widened one by one and kept: words put together of them look as if done at once."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform

from clipforge_desktop.captions import spreads
from clipforge_desktop.captions.glyphs import Shape, Shaper
from clipforge_desktop.captions.sprite_cache import Sprite, SpriteCache
from clipforge_desktop.domain.caption_style import FontSpec
from tests.gui.caption_words import bgra

pytestmark = pytest.mark.usefixtures("qapp")

EM_PX, REACH_PX = 88.3, 6.4
AREA = QRect(-20, -110, 560, 160)


@pytest.fixture
def shaper() -> Shaper:
    return Shaper(FontSpec(family="Archivo Black"))


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[spreads._Spread]:
    """The letters that were widened, in order."""
    found: list[spreads._Spread] = []
    paint = spreads._painted

    def watched(wanted: spreads._Spread) -> Sprite | None:
        found.append(wanted)
        return paint(wanted)

    monkeypatch.setattr(spreads, "_painted", watched)
    return found


def at_once(shape: Shape) -> QImage:
    """All letters filled and stroked as one path."""
    image = QImage(AREA.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-AREA.topLeft())
    path = QTransform.fromScale(EM_PX, EM_PX).map(shape.path)
    path.setFillRule(Qt.FillRule.WindingFill)
    pen = QPen(QColor("black"), 2 * REACH_PX)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    painter.fillPath(path, QColor("black"))
    painter.end()
    return image


@pytest.mark.parametrize("text", ["Building", "Über", "ÀÉfi", "город"])
def test_a_word_of_widened_letters_lies_where_the_word_would(shaper: Shaper, text: str) -> None:
    shape = shaper.shape(text)
    made = spreads.Spreads().silhouette(shape, EM_PX, REACH_PX, QPointF(), AREA)
    mine, whole = (bgra(image)[:, :, 3].astype(float) for image in (made, at_once(shape)))
    assert abs(mine.sum() / whole.sum() - 1) < 0.003
    off = np.abs(mine - whole)  # by an eighth of a pixel, more where the edges of letters cross
    assert np.percentile(off[whole > 0], 99) <= 255 / 8
    assert off.max() < 255 / 2


def test_a_letter_is_widened_once_for_each_place_in_a_pixel(
    shaper: Shaper, painted: list[spreads._Spread]
) -> None:
    book = spreads.Spreads()
    for word in ("ANNA", "ANNA", "ANNAANNA"):
        book.silhouette(shaper.shape(word), EM_PX, REACH_PX, QPointF(), AREA)
    assert len({wanted.glyph for wanted in painted}) == 2
    assert len(painted) == len(set(painted)) <= 2 * spreads._PLACES
    book.silhouette(shaper.shape("ANNA"), EM_PX, 2 * REACH_PX, QPointF(), AREA)
    assert painted[-1].reach_px == 2 * REACH_PX


def test_the_longest_unused_pictures_go_when_memory_is_short() -> None:
    made: list[int] = []

    def paint(key: int) -> Sprite | None:
        made.append(key)
        image = QImage(10, 10, QImage.Format.Format_ARGB32_Premultiplied)  # 400 bytes
        return Sprite(image, key, 0) if key else None

    kept = SpriteCache(1000, paint)
    assert kept[0] is None
    assert kept[0] is None
    first = kept[1]
    assert first is not None
    assert (first.left_px, kept[1]) == (1, first)
    _ = kept[2], kept[1], kept[3]  # one of three goes: the second is the longest unused
    assert 1 in kept
    assert 2 not in kept
    assert made == [0, 1, 2, 3]
    _ = kept[2]
    assert made == [0, 1, 2, 3, 2]
