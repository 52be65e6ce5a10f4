"""Glass: where it is, what it shows, that the window shows it, and that its cost is small."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from clipforge_desktop.captions.composing import lay_over
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.captions.thumbnail import style_thumbnail
from clipforge_desktop.domain.caption_style import ActiveLook, Box, CaptionStyle, Fill, Shadow
from clipforge_desktop.ui.clip_canvas import ClipCanvas
from clipforge_desktop.ui.framing.layout import WHOLE_FRAME
from clipforge_desktop.ui.theme import Theme
from tests.gui.caption_words import PLAIN, PORTRAIT, bgra, painter_of

pytestmark = pytest.mark.usefixtures("qapp")

CLEAR = Fill(colors=("#00000000",))
PANE = Box(fill=CLEAR, blur_em=0.6, pad_x_em=0.6, pad_y_em=0.6, radius_em=0.3)
AT_S = 0.6


def glassy(**changes: object) -> CaptionStyle:
    return PLAIN.model_copy(update={"block_box": PANE, **changes})


def stripes(size: tuple[int, int]) -> QImage:
    """Black and white columns of 2 pixels."""
    picture = QImage(*size, QImage.Format.Format_RGB32)
    picture.fill(QColor("black"))
    painter = QPainter(picture)
    for left in range(0, size[0], 4):
        painter.fillRect(left, 0, 2, size[1], QColor("white"))
    painter.end()
    return picture


def covered(painter: CaptionPainter, clip_s: float) -> NDArray[np.bool_]:
    """Frame pixels that are wholly glass."""
    width, height = painter.frame_size_px
    found = np.zeros((height, width), bool)
    panes = painter.backdrop(clip_s)
    if panes is not None:
        top = painter.strip.y_px
        found[top : top + painter.strip.height_px] = panes.lines() == 255
    return found


def test_what_is_behind_glass_is_out_of_focus_and_all_else_as_it_was() -> None:
    painter = painter_of(glassy(fill=CLEAR, active=ActiveLook()))
    frame, before = stripes(PORTRAIT), bgra(stripes(PORTRAIT))
    lay_over(frame, painter, AT_S, painter.strip.y_px)
    after, glass = bgra(frame), covered(painter, AT_S)
    assert glass.sum() > 5000
    assert before[glass].std() > 100
    assert after[glass][:, 0].std() < 4
    assert after[glass][:, 0].mean() == pytest.approx(255 / 2, abs=6)
    panes = painter.backdrop(AT_S)
    assert panes is not None
    around = np.ones(glass.shape, bool)
    area, top = panes.bounds, painter.strip.y_px
    around[top + area.top() : top + area.bottom() + 1, area.left() : area.right() + 1] = False
    assert np.array_equal(before[around], after[around])


def test_a_style_without_glass_has_no_backdrop_and_neither_has_a_silent_moment() -> None:
    assert painter_of(PLAIN).glass is None
    assert painter_of(PLAIN).backdrop(AT_S) is None
    painter = painter_of(glassy())
    assert painter.glass is not None
    assert painter.backdrop(0.0) is None


def test_a_mask_is_made_anew_only_when_glass_changes() -> None:
    painter = painter_of(glassy())
    first = painter.backdrop(0.6)
    assert painter.key_at(0.6) != painter.key_at(1.0)  # the next word is spoken
    assert painter.backdrop(1.0) is first
    lit = painter_of(PLAIN.model_copy(update={"active": ActiveLook(box=PANE)}))
    one, other = lit.backdrop(0.6), lit.backdrop(1.0)
    assert one is not None
    assert other is not None
    assert one.bounds.left() < other.bounds.left()


def test_the_softest_box_says_how_soft_all_glass_of_a_style_is() -> None:
    sharp, soft = (PANE.model_copy(update={"blur_em": blur}) for blur in (0.3, 0.9))
    both = painter_of(glassy(block_box=sharp, active=ActiveLook(box=soft)))
    assert both.glass == painter_of(glassy(block_box=soft)).glass
    assert both.glass != painter_of(glassy(block_box=sharp)).glass


def test_glass_is_as_soft_in_any_size_of_the_frame() -> None:
    small, large = (painter_of(glassy(), size=size).glass for size in [(270, 480), (1080, 1920)])
    assert small is not None
    assert large is not None
    assert small.small_px == pytest.approx(large.small_px, abs=2)


def test_glass_casts_its_shadow_around_itself_only() -> None:
    shadow = Shadow(color="#000000FF", offset_y_em=0.2, blur_em=0.3)
    painter = painter_of(
        glassy(
            block_box=PANE.model_copy(update={"shadow": shadow}), fill=CLEAR, active=ActiveLook()
        )
    )
    glass = covered(painter, AT_S)[painter.strip.y_px :][: painter.strip.height_px]
    alpha = bgra(painter.paint(AT_S))[:, :, 3]
    assert alpha.max() > 100
    assert alpha[glass].max() == 0


@pytest.fixture
def canvas() -> Iterator[ClipCanvas]:
    shown = ClipCanvas(Theme("dark"))
    shown.resize(420, 720)
    yield shown
    shown.deleteLater()


def test_the_window_shows_the_same_glass(canvas: ClipCanvas) -> None:
    size = canvas.picture_size()
    frame_px = (size.width(), size.height())
    painter = painter_of(load_style("glass"), size=frame_px)
    frame = QImage(540, 960, QImage.Format.Format_RGB32)
    frame.fill(QColor("#203050"))
    brush = QPainter(frame)
    for number in range(9):
        brush.fillRect(number * 60, 0, 30, 960, QColor.fromHsv(number * 40, 200, 230))
    brush.end()
    expected = frame.scaled(size)
    lay_over(expected, painter, 1.2, painter.strip.y_px)
    canvas.set_paused(False)
    canvas.set_captions(painter)
    canvas.show_frame(frame, WHOLE_FRAME, 1.2)
    rect = canvas.picture_rect().toRect()
    found = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32).copy(rect)
    glass = covered(painter, 1.2)
    apart = np.abs(bgra(found).astype(int) - bgra(expected))[glass]
    assert glass.sum() > 5000
    assert apart.mean() < 3
    assert np.quantile(apart, 0.99) < 16


def test_a_thumbnail_shows_something_behind_the_glass() -> None:
    style = load_style("glass")
    assert style.block_box is not None
    solid = style.model_copy(
        update={"block_box": style.block_box.model_copy(update={"blur_em": 0})}
    )
    one, other = (bgra(style_thumbnail(made, (320, 180))) for made in (style, solid))
    assert np.abs(one.astype(int) - other).mean() > 5
