"""What a painter must bear: missing fonts, hostile text, other threads, no window at all."""

import hashlib
import subprocess
import sys
import threading

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from clipforge_desktop.captions.fonts import load_fonts
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.captions.thumbnail import style_thumbnail
from clipforge_desktop.domain.caption_style import (
    CaptionStyle,
    FontSpec,
)
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.paths import Home
from tests.gui.test_caption_painting import NAMES, PORTRAIT, STYLES, bgra, painter_of, spoken

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_missing_font_is_replaced_and_said_so() -> None:
    style = CaptionStyle(name="x", font=FontSpec(family="No Such Font"))
    painter = painter_of(style)
    assert painter.notices == ("The font No Such Font is not installed, so Inter is used instead.",)
    assert painter.paint(0.6) == painter_of(CaptionStyle(name="x")).paint(0.6)


def test_letters_that_no_font_has_are_noticed() -> None:
    painter = painter_of(load_style("clean"), (Word(0, 1, "\U00012000"),))
    assert painter.notices == (
        "No installed font has some letters of this text; they are drawn as boxes.",
    )
    assert painter_of(load_style("clean")).notices == ()


def test_broken_files_among_the_users_fonts_do_no_harm(home: Home) -> None:
    (home.fonts / "broken.ttf").write_bytes(b"not a font")
    (home.fonts / "folder.ttf").mkdir()
    load_fonts(home)
    load_fonts(home)
    assert painter_of(load_style("clean")).notices == ()


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 50,
        "\u202eright\u2066 to left",
        "Z" + "\u0321" * 5000,
        "昂贵的相机" * 200,
        r"{\an8\fs900}<font size=99>&amp;%n\N",
    ],
)
def test_hostile_text_is_drawn_within_the_frame(text: str) -> None:
    words = (Word(0.2, 3, text), Word(3, 4, "after"))
    painter = CaptionPainter(words, load_style("ember"), PORTRAIT, 5.0)
    assert painter.strip.y_px + painter.strip.height_px <= PORTRAIT[1]
    for frame in range(0, 50, 5):
        painter.frame(frame / 10)
    assert len(painter.track.tokens) < 1000


def test_ten_thousand_words_are_laid_out_in_bounded_memory() -> None:
    words = spoken(" ".join(["because", "the", "lens."] * 1000))
    painter = CaptionPainter(words, load_style("clean"), PORTRAIT, 1300.0)
    assert len(painter.track.captions) >= 1000
    assert painter.frame(600.0) != painter.frame(0.0)


def test_painting_works_on_another_thread_than_the_application(qapp: QApplication) -> None:
    expected = painter_of(load_style("ember")).frame(1.0)
    found: list[bytes] = []
    worker = threading.Thread(
        target=lambda: found.append(painter_of(load_style("ember")).frame(1.0))
    )
    worker.start()
    worker.join()
    assert found == [expected]


def test_a_process_without_a_window_paints_the_same_picture() -> None:
    code = (
        "import hashlib\n"
        "from clipforge_desktop.captions.qt import ensure_gui_application\n"
        "ensure_gui_application(); ensure_gui_application()\n"
        "from clipforge_desktop.captions.painter import CaptionPainter\n"
        "from clipforge_desktop.captions.shelf import load_style\n"
        "from clipforge_desktop.domain.transcript import Word\n"
        "words = (Word(0.4, 0.9, 'Hello'), Word(0.9, 1.4, 'there'))\n"
        "frame = CaptionPainter(words, load_style('ember'), (540, 960), 3.0).frame(1.0)\n"
        "print(hashlib.sha256(frame).hexdigest())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    words = (Word(0.4, 0.9, "Hello"), Word(0.9, 1.4, "there"))
    here = CaptionPainter(words, load_style("ember"), (540, 960), 3.0).frame(1.0)
    assert done.stdout.strip() == hashlib.sha256(here).hexdigest()
    assert done.stderr == ""


@pytest.mark.parametrize("style", STYLES, ids=NAMES)
def test_every_style_has_a_thumbnail_that_shows_its_letters(style: CaptionStyle) -> None:
    picture = bgra(style_thumbnail(style, (240, 150))).astype(int)
    assert picture.shape == (150, 240, 4)
    background = bgra(style_thumbnail(style, (240, 150), text="")).astype(int)
    changed = np.abs(picture - background).max(axis=2) > 60
    assert changed.mean() > 0.005
    assert not changed[0].any()
    assert not changed[-1].any()


@pytest.mark.parametrize("size", [(303, 541), (31, 17), (2, 2), (1, 1), (4000, 20)])
def test_any_frame_size_can_be_previewed(size: tuple[int, int]) -> None:
    for style in STYLES:
        painter = painter_of(style, size=size)
        assert painter.paint(1.5).width() == size[0]
        assert painter.strip.height_px % 2 == 0


def test_planes_of_an_odd_width_are_refused() -> None:
    with pytest.raises(ValueError, match="even"):
        painter_of(load_style("clean"), size=(303, 540)).frame(1.0)
