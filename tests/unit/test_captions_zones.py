"""Where captions stand: clear of every platform's buttons, in the middle wherever there is room."""

import pytest
from PySide6.QtWidgets import QApplication

from clipforge_desktop.captions.layout import CaptionLayout
from clipforge_desktop.captions.shelf import list_styles
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.domain.caption_style import (
    CaptionStyle,
    FontSpec,
    LineRules,
    SafeZone,
)
from clipforge_desktop.domain.delivery import Covered
from clipforge_desktop.domain.transcript import Word

FRAME = (1080, 1920)
COVERED_PX = {"tiktok": (130, 200, 350), "reels": (200, 100, 360), "shorts": (110, 180, 280)}
STYLES = [entry.style for entry in list_styles() if entry.style is not None]


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(
        Word(n * 0.4, n * 0.4 + 0.35, text, speaker="Mira") for n, text in enumerate(texts)
    )


def layout(style: CaptionStyle, texts: tuple[str, ...]) -> CaptionLayout:
    said = words(*texts)
    return CaptionLayout(said, style, FRAME, said[-1].end_s + 1, safe_zone(FRAME))


def test_the_zone_is_what_all_platforms_leave_free() -> None:
    zone = safe_zone(FRAME)
    assert zone.top * 1920 >= max(top for top, _, _ in COVERED_PX.values()) - 1e-6
    assert zone.right * 1080 >= max(right for _, right, _ in COVERED_PX.values()) - 1e-6
    assert zone.bottom * 1920 >= max(bottom for _, _, bottom in COVERED_PX.values()) - 1e-6


def test_a_zone_of_one_platform_is_its_own() -> None:
    zone = safe_zone(FRAME, Covered(top=0.1, right=0.2, bottom=0.3, left=0.15))
    assert (zone.top, zone.right, zone.bottom, zone.left) == (0.1, 0.2, 0.3, 0.15)
    assert safe_zone(FRAME, Covered()) == SafeZone()


@pytest.mark.parametrize("size_px", [(1080, 1350), (1080, 1080), (1920, 1080)])
def test_only_tall_pictures_lie_under_buttons(size_px: tuple[int, int]) -> None:
    assert safe_zone(size_px) == SafeZone()


@pytest.mark.parametrize("style", STYLES, ids=[style.name for style in STYLES])
def test_no_shipped_style_puts_text_under_a_platforms_buttons(
    qapp: QApplication, style: CaptionStyle
) -> None:
    said = (
        "Nobody",
        "tells",
        "you",
        "this,",
        "but",
        "extraordinary",
        "90",
        "days",
        "decide",
        "it.",
    )
    for caption in layout(style, said).captions:
        block = caption.block
        assert block.y >= 200
        assert block.x + block.width <= 1080 - 200
        assert block.y + block.height <= 1920 - 360
        assert block.x >= 54


def test_text_is_centred_in_the_frame_where_there_is_room(qapp: QApplication) -> None:
    style = CaptionStyle(name="x", lines=LineRules(max_words=1, max_chars=10))
    block = layout(style, ("one", "two")).captions[0].block
    assert block.x + block.width / 2 == pytest.approx(540)


def test_a_clip_with_a_wide_caption_keeps_one_axis_for_all(qapp: QApplication) -> None:
    style = CaptionStyle(
        name="x",
        font=FontSpec(size_percent=4),
        lines=LineRules(max_words=3, max_chars=22, max_lines=1),
    )
    blocks = [
        one.block for one in layout(style, ("unmistakable words", "here", "a.", "No.")).captions
    ]
    axes = {round(block.x + block.width / 2, 3) for block in blocks}
    assert len(blocks) > 1
    assert len(axes) == 1
    assert axes.pop() < 540  # the widest would reach under the buttons
