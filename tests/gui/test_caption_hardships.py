"""What a painter must bear: missing fonts, hostile text, other threads, no window at all."""

import hashlib
import json
import subprocess
import sys
import threading

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from clipforge_desktop.captions.fonts import load_fonts, own_folder
from clipforge_desktop.captions.lacking import lacking_notice, scripts_of
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.captions.thumbnail import style_thumbnail
from clipforge_desktop.domain.caption_style import (
    ActiveLook,
    Box,
    CaptionStyle,
    Fill,
    FontSpec,
    LineRules,
    Motion,
)
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.paths import Home
from tests.gui.caption_words import NAMES, PORTRAIT, STYLES, bgra, painter_of, spoken
from tests.gui.script_lines import SCRIPT_LINES

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_missing_font_is_replaced_and_said_so() -> None:
    style = CaptionStyle(name="x", font=FontSpec(family="No Such Font"))
    painter = painter_of(style)
    assert painter.notices == ("The font No Such Font is not installed, so Inter is used instead.",)
    assert painter.paint(0.6) == painter_of(CaptionStyle(name="x")).paint(0.6)


def test_letters_that_no_font_has_are_noticed() -> None:
    (notice,) = painter_of(load_style("clean"), (Word(0, 1, "a\U00012000"),)).notices
    assert "has the Cuneiform letters of this text; they are drawn as boxes." in notice
    (notice,) = painter_of(load_style("clean"), (Word(0, 1, "a\U0001d800"),)).notices
    assert "has some letters of this text" in notice
    tamil = painter_of(load_style("clean"), (Word(0, 1, "\u0b9a\u0bc6\u0ba9"),))
    assert all("Tamil" in said for said in tamil.notices)  # none where it is installed
    assert painter_of(load_style("clean")).notices == ()


def test_letters_that_no_font_has_are_named_by_their_script_with_what_helps(home: Home) -> None:
    load_fonts(home)
    han, kana, hangul = "\u4ece\u6765", "\u3053\u30fc", "\uc544"
    assert scripts_of(han + "\u3002") == ("Chinese or Japanese",)
    assert scripts_of(han + kana + hangul + "\u0b95") == ("Japanese", "Korean", "Tamil")
    notice = lacking_notice(kana + hangul, own_folder())
    assert "has the Japanese and Korean letters of this text" in notice
    assert "such as Noto Sans CJK" in notice
    assert str(home.fonts) in notice


def test_what_a_style_is_shown_by_stands_still_with_a_word_in_its_middle_active() -> None:
    active = ActiveLook(fill=Fill(colors=("#00FF00",)), linger_s=0)
    coming, going = Motion(kind="fade", duration_s=0.5), Motion(kind="fade", duration_s=1.1)
    lines = LineRules(max_words=8, max_chars=40)
    style = CaptionStyle(name="x", active=active, lines=lines, entrance=coming, exit=going)
    painter = painter_of(style, spoken("one two three four five six"))
    at_s, middle = painter.typical_s(), painter.track.tokens[3]
    (caption,) = painter.track.captions
    assert caption.start_s + 0.5 <= at_s <= caption.end_s - 1.1
    assert middle.start_s <= at_s < middle.end_s
    for shipped in STYLES:
        painter = painter_of(shipped, tuple(Word(n / 9, n / 9 + 0.1, "now") for n in range(9)))
        assert painter.key_at(painter.typical_s())


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
        "one\ntwo\r\n\tthree\x00\x1b[31m",
        "\u200b\u200d\ufeff\u2060",
        "\u0e33" * 5000,
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
        "tamil = (Word(0.4, 0.9, '\\u0b9a\\u0bc6\\u0ba9'),)\n"  # which few computers can shape
        "CaptionPainter(tamil, load_style('ember'), (540, 960), 3.0).frame(0.6)\n"
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


@pytest.mark.parametrize("script", SCRIPT_LINES)
def test_every_script_is_written_whole_and_in_its_own_order(script: str) -> None:
    """The active word's box moves the way the script is read, and no letter is lost."""
    line = SCRIPT_LINES[script]
    box = Box(fill=Fill(colors=("#00FF00",)), pad_x_em=0, pad_y_em=0)
    style = CaptionStyle(
        name="x",
        font=FontSpec(size_percent=1.6),
        active=ActiveLook(box=box, outlines=(), shadows=(), linger_s=0),
        lines=LineRules(max_words=40, max_chars=80, max_lines=1, max_s=15, pause_s=5),
    )
    painter = painter_of(style, spoken(line))
    tokens = painter.track.tokens
    assert "".join(token.text for token in tokens) == line.replace(" ", "")
    first = painter.track.captions[0]
    middles = [lit_columns(painter, t.start_s * 0.5 + t.end_s * 0.5).mean() for t in tokens]
    middles = middles[: first.end]
    assert len(middles) > 2
    if script == "Arabic with numbers":  # numbers and names run the other way inside the line
        assert middles[0] == max(middles)
    elif script != "Hebrew in English":
        assert middles == sorted(middles, reverse=script in ("Arabic", "Hebrew"))


def lit_columns(painter: CaptionPainter, clip_s: float) -> NDArray[np.intp]:
    picture = bgra(painter.paint(clip_s)).astype(int)
    is_lit = (picture[:, :, 1] > 180) & (picture[:, :, 2] < 60) & (picture[:, :, 0] < 60)
    columns: NDArray[np.intp] = np.flatnonzero(is_lit.any(axis=0))
    return columns


def test_greek_capitals_have_no_accents() -> None:
    style = CaptionStyle(name="x", font=FontSpec(case="upper"))
    painter = painter_of(style, spoken("Κανείς Où"))
    assert [token.text for token in painter.track.tokens] == ["ΚΑΝΕΙΣ", "OÙ"]


def test_a_style_with_everything_at_its_most_is_painted_in_bounds() -> None:
    heavy = {"color": "#FF00FF80", "offset_x_em": 1.0, "offset_y_em": 1.0, "blur_em": 1.0}
    line = {"color": "#00FF0080", "width_em": 0.4, "offset_x_em": 0.5, "offset_y_em": 0.5}
    fill = {"colors": ["#FF0000", "#00FF00"], "shimmer_s": 0.1}
    box = {"shape": "window", "pad_x_em": 2.0, "pad_y_em": 2.0, "tilt_deg": 20.0}
    box |= {"shadow": heavy, "border": line, "radius_em": 2.0}
    most = {"scale": 2.0, "stretch": 1.8, "lift_em": 1.0, "tilt_deg": 20.0, "box": box}
    font = {"size": 2.5, "family": "Anton"}
    style = CaptionStyle.model_validate_json(
        json.dumps(
            {
                "name": "x",
                "font": {"size_percent": 14, "grow": 2, "letter_spacing_em": 1.0},
                "fill": fill,
                "outlines": [line] * 4,
                "shadows": [heavy] * 4,
                "glow": {"radius_em": 1.0, "strength": 4},
                "block_box": box,
                "line_box": box,
                "word_box": box,
                "active": {**most, "box_motion": "tilt", "transition_s": 0.6},
                "keywords": {"first": {**most, "font": font}, "rare": "first"},
                "idle": {"scope": "letter", "distance_em": 0.5, "period_s": 0.2},
                "entrance": {"kind": "snap", "scope": "word", "duration_s": 1.5},
                "exit": {"kind": "reveal", "scope": "line", "duration_s": 1.5},
            }
        )
    )
    painter = painter_of(style, spoken("Nobody expected extraordinary things."))
    assert painter.strip.y_px + painter.strip.height_px <= PORTRAIT[1]
    for at_s in (0.45, 0.9, 1.6, 1.9):
        assert painter.paint(at_s).height() == painter.strip.height_px
