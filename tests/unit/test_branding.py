"""A logo's file is taken or refused in words; both marks keep off captions and off each other."""

import os
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from clipforge_desktop.captions.corners import logo_area, zone_area
from clipforge_desktop.captions.fonts import load_font_folder
from clipforge_desktop.captions.layout import Area
from clipforge_desktop.captions.logo_file import MOST_BYTES, read_logo
from clipforge_desktop.captions.marks import Frame, Marks, marks_of, taken_by
from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.shelf import list_styles
from clipforge_desktop.captions.zones import safe_zone
from clipforge_desktop.cli.branding import BrandingTyped, typed_branding
from clipforge_desktop.domain.branding import (
    CORNERS,
    LONGEST_TEXT,
    Branding,
    Headline,
    Logo,
    headline_text,
)
from clipforge_desktop.domain.delivery import Covered
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.order import ExportOptions, decode, encode
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.domain.wire import fingerprint
from clipforge_desktop.paths import resources
from tests import logos

pytestmark = pytest.mark.usefixtures("qapp")

TITLE = "Nobody tells you the first year is mostly waiting"
SPOKEN = ("Nobody", "came", "to", "pick", "them", "up.", "And", "then", "90", "people", "did!")
SAID = tuple(Word(n * 0.4, n * 0.4 + 0.35, text) for n, text in enumerate(SPOKEN))
TIKTOK = Covered(130 / 1920, 200 / 1080, 350 / 1920, 0.0)


@pytest.mark.parametrize("ending", ["png", "webp", "jpg"])
def test_a_picture_is_taken_by_its_content_whatever_its_name(tmp_path: Path, ending: str) -> None:
    file = logos.drawn(tmp_path / f"logo.{ending}")
    found = read_logo(str(file))
    assert (found.image.width(), found.image.height()) == (120, 80)
    assert found.image.hasAlphaChannel()
    assert found.image.pixelColor(20, 40).red() > 200
    if ending != "jpg":
        assert found.image.pixelColor(119, 0).alpha() == 0
        assert 120 < found.image.pixelColor(100, 40).alpha() < 136
    other = file.rename(tmp_path / "a song.mp3")
    assert read_logo(str(other), found.key).key == found.key


def test_a_photograph_is_turned_as_its_camera_said(tmp_path: Path) -> None:
    image = read_logo(str(logos.turned_jpeg(tmp_path / "logo.jpg"))).image
    assert (image.width(), image.height()) == (20, 60)


def _cut_off(file: Path, kind: str) -> None:
    """Half of a picture."""
    logos.drawn(file.with_suffix(f".{kind.lower()}"), (300, 200)).rename(file)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


def _clear(file: Path) -> None:
    picture = QImage(40, 40, QImage.Format.Format_ARGB32)
    picture.fill(0)
    assert picture.save(str(file))


def _large(file: Path) -> None:
    logos.drawn(file)
    with file.open("r+b") as opened:
        opened.truncate(MOST_BYTES + 1)


SVG = '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda file: None, "logo_missing"),
        (lambda file: file.mkdir(), "logo_unreadable"),
        (lambda file: file.touch(), "logo_unreadable"),
        (lambda file: file.write_text(SVG), "logo_unreadable"),
        (lambda file: file.write_text("#EXTM3U\nhttp://127.0.0.1/a.png\n"), "logo_unreadable"),
        (lambda file: file.write_bytes(b"GIF89a" + bytes(100)), "logo_unreadable"),
        (lambda file: file.write_bytes(b"\x89PNG\r\n\x1a\n"), "logo_unreadable"),
        (lambda file: file.write_bytes(b"\xff\xd8\xff\xe0" + bytes(500)), "logo_unreadable"),
        (lambda file: file.write_bytes(b"RIFF\xff\xff\xff\xffWEBP" + bytes(64)), "logo_unreadable"),
        (lambda file: _cut_off(file, "PNG"), "logo_unreadable"),
        (lambda file: _cut_off(file, "JPG"), "logo_unreadable"),
        (lambda file: _cut_off(file, "WEBP"), "logo_unreadable"),
        (_clear, "logo_unreadable"),
        (lambda file: logos.claimed_png(file, 30_000, 30_000), "logo_too_large"),
        (lambda file: logos.claimed_png(file, 8_000, 8_000), "logo_too_large"),
        (_large, "logo_too_large"),
    ],
)  # fmt: skip
def test_what_is_no_logo_is_refused_in_words(
    tmp_path: Path, make: Callable[[Path], object], code: str
) -> None:
    file = tmp_path / "my logo.png"
    make(file)
    with pytest.raises(InputError) as refused:
        read_logo(str(file))
    failure = refused.value.failure
    assert failure.code == code
    assert "my logo.png" in failure.message
    assert failure.next_step


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for_and_so_is_a_hostile_path(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "logo.png")
    for path in (tmp_path / "logo.png", "/nowhere/\0.png", "x" * 5000):
        with pytest.raises(InputError):
            read_logo(str(path))


def test_a_logo_that_changed_meanwhile_is_told(tmp_path: Path) -> None:
    file = str(logos.drawn(tmp_path / "logo.png"))
    with pytest.raises(InputError, match="changed"):
        read_logo(file, "another")


def _apart(one: Area, other: Area) -> bool:
    return (
        one.x + one.width <= other.x + 0.5
        or other.x + other.width <= one.x + 0.5
        or one.y + one.height <= other.y + 0.5
        or other.y + other.height <= one.y + 0.5
    )


def _inside(area: Area, zone: Area) -> bool:
    return (
        area.x >= zone.x - 1
        and area.y >= zone.y - 1
        and area.x + area.width <= zone.x + zone.width + 1
        and area.y + area.height <= zone.y + zone.height + 1
    )


@pytest.mark.parametrize("covered", [None, TIKTOK])
@pytest.mark.parametrize("size_px", [(360, 640), (480, 480), (640, 360)])
def test_beside_captions_of_every_style_both_stand_in_the_safe_zone_and_on_nothing(
    size_px: tuple[int, int], covered: Covered | None
) -> None:
    load_font_folder(resources() / "fonts")
    picture = QImage(300, 200, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor("red"))
    frame = Frame(size_px, safe_zone(size_px, covered), 6.0)
    zone = zone_area(frame.zone, size_px)
    drawn: list[Marks] = []
    styles = [entry.style for entry in list_styles() if entry.style is not None]
    for style, corner in zip([*styles, None], cycle(CORNERS), strict=False):
        captions = None
        if style is not None:
            captions = CaptionPainter(SAID, style, size_px, 6.0, frame.zone)
        branding = Branding(Logo("x", corner, 0.2), Headline(TITLE))
        marks = marks_of(branding, picture, style, taken_by(captions), frame)
        drawn.append(marks)
        assert marks.logo is not None
        assert marks.headline is not None
        assert _inside(marks.logo, zone)
        assert _inside(marks.headline, zone)
        assert _apart(marks.logo, marks.headline)
        for taken in taken_by(captions):
            assert _apart(marks.logo, taken.area)
            assert _apart(marks.headline, taken.area)
    high = sum(m.headline is not None and m.headline.y < size_px[1] * 0.25 for m in drawn)
    assert high >= 0.8 * len(drawn), "a headline stands at the top, but for captions up there"


def test_where_captions_fill_everything_it_is_said_and_nothing_is_covered() -> None:
    picture = QImage(30, 20, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor("red"))
    frame = Frame((360, 640), safe_zone((360, 640)), 6.0)
    style = next(entry.style for entry in list_styles() if entry.style is not None)
    painter = CaptionPainter(SAID, style, frame.size_px, 6.0, frame.zone)
    everything = replace(taken_by(painter)[0], area=Area(0, 0, 360, 640))
    branding = Branding(Logo("x"), Headline(TITLE, 2.0))
    marks = marks_of(branding, picture, style, (everything,), frame)
    assert (marks.painters, marks.logo, marks.headline) == ((), None, None)
    assert len(marks.notices) == 2
    later = replace(everything, from_s=2.5)
    assert marks_of(branding, picture, style, (later,), frame).headline is not None


def test_an_order_from_before_there_was_branding_is_read() -> None:
    options = ExportOptions("/clips")
    before = encode(options).replace(',"branding":null', "")
    assert "branding" not in before
    assert decode(ExportOptions, before) == options
    branded = replace(options, branding=Branding(Logo("/a.png"), Headline()))
    assert decode(ExportOptions, encode(branded)) == branded
    assert fingerprint(branded) != fingerprint(options)


def test_a_headline_has_the_clips_title_in_one_line_cut_at_a_word() -> None:
    branding = Branding(Logo("/a.png"), Headline())
    of_clip = branding.of_clip("  I had\nnever called him ", "key")
    assert of_clip is not None
    assert of_clip.headline == Headline("I had never called him")
    assert of_clip.logo == Logo("/a.png", key="key")
    assert Branding(None, Headline()).of_clip(" ", "") is None
    assert len(headline_text("word " * 100)) <= LONGEST_TEXT
    assert headline_text("word " * 100).endswith("word…")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (BrandingTyped(corner="top-left"), "nothing_to_place"),
        (BrandingTyped(size_percent=10), "nothing_to_place"),
        (BrandingTyped(headline_s=3), "nothing_to_place"),
        (BrandingTyped(logo=Path("no-such.png")), "logo_missing"),
        (BrandingTyped(logo=Path(__file__)), "logo_unreadable"),
        (BrandingTyped(logo=Path(__file__), size_percent=60), "logo_out_of_range"),
        (BrandingTyped(logo=Path(__file__), opacity_percent=float("nan")), "logo_out_of_range"),
        (BrandingTyped(headline=" "), "headline_unusable"),
        (BrandingTyped(headline="x" * 200), "headline_unusable"),
        (BrandingTyped(headline="auto", headline_s=0), "headline_out_of_range"),
        (BrandingTyped(headline="auto", headline_s=float("nan")), "headline_out_of_range"),
    ],
)
def test_nonsense_is_refused_when_it_is_typed(typed: BrandingTyped, code: str) -> None:
    with pytest.raises(InputError) as refused:
        typed_branding(typed)
    assert refused.value.failure.code == code


def test_what_is_typed_is_what_is_drawn(tmp_path: Path) -> None:
    file = logos.drawn(tmp_path / "logo.png")
    typed = BrandingTyped(file, "bottom-left", 10, 50, "auto", 3)
    expected = Branding(Logo(str(file), "bottom-left", 0.1, 0.5), Headline("", 3))
    assert typed_branding(typed) == expected
    assert typed_branding(BrandingTyped(headline="none")) is None
    assert typed_branding(BrandingTyped()) is None


def test_a_logo_whose_corner_is_taken_goes_beside_it_or_out_of_the_way_along_its_side() -> None:
    zone, shape = Area(20, 20, 560, 360), (100, 50)
    free = logo_area(shape, "bottom-left", 0.25, (600, 400), zone, [])
    assert free == Area(20, 330, 100, 50)
    left = Area(20, 250, 200, 130)
    beside = logo_area(shape, "bottom-left", 0.25, (600, 400), zone, [left])
    assert beside == Area(480, 330, 100, 50)
    wide = Area(20, 250, 560, 130)
    assert logo_area(shape, "bottom-left", 0.25, (600, 400), zone, [wide]) == Area(20, 192, 100, 50)
    low = Area(20, 300, 560, 30)
    assert logo_area(shape, "bottom-left", 0.1, (600, 400), zone, [low]) == Area(20, 360, 40, 20)
    assert logo_area(shape, "top-right", 0.25, (600, 400), zone, [zone]) is None
