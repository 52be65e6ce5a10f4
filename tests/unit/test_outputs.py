"""Which files one clip becomes, and what they are called."""

import datetime
import re

import pytest

from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.delivery import ANYWHERE, Delivery
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.naming import (
    LONGEST_STEM_BYTES,
    NAME_FIELDS,
    check_name_template,
    clip_stem,
)
from clipforge_desktop.domain.order import NAME_TEMPLATE, ExportOptions
from clipforge_desktop.domain.outputs import OutputWish, file_names, outputs, plain_names

BOLD, CALM = CaptionStyle(name="Bold"), CaptionStyle(name="Calm")
TIKTOK = Delivery("tiktok", "TikTok")
ARCHIVE = Delivery("archive", "Archive", aspect="source")
DAY = datetime.date(2026, 11, 22)
TALL = OutputWish("9:16", None, ANYWHERE)


def name(template: str, title: str = "A title", wish: OutputWish = TALL, source: str = "t") -> str:
    return file_names(template, source, 3, title, [wish], DAY)[0]


def test_a_clip_becomes_every_shape_in_every_style_for_every_platform() -> None:
    options = ExportOptions(
        "/out", ("9:16", "1:1"), style=BOLD, further_styles=(CALM,), deliveries=(ANYWHERE, TIKTOK)
    )
    wished = outputs(options)
    assert len(set(map(repr, wished))) == 8
    assert [wish.aspect for wish in wished] == ["9:16"] * 4 + ["1:1"] * 4
    assert wished[1] == OutputWish("9:16", BOLD, TIKTOK)


def test_what_is_asked_for_twice_is_made_once() -> None:
    options = ExportOptions(
        "/out", ("9:16", "9:16"), style=BOLD, further_styles=(BOLD,), deliveries=(TIKTOK, TIKTOK)
    )
    assert outputs(options) == (OutputWish("9:16", BOLD, TIKTOK),)


def test_without_a_shape_each_platform_has_its_own() -> None:
    options = ExportOptions("/out", (), deliveries=(TIKTOK, ARCHIVE))
    assert [wish.aspect for wish in outputs(options)] == ["9:16", "source"]


def test_a_name_says_the_size_that_is_made() -> None:
    assert name("{title}-{aspect}", wish=OutputWish("301x777", None, ANYWHERE)) == "A title-300x776"


@pytest.mark.parametrize("title", ["Nobody shared it", "what? 50:50", "Wait...", "...", "-x", ""])
@pytest.mark.parametrize("aspect", ["9:16", "1:1", "720x1280"])
def test_the_usual_template_gives_the_names_there_were_before(title: str, aspect: str) -> None:
    wish = OutputWish(aspect, None, ANYWHERE)
    before = f"{clip_stem('My talk', 3, title)}-{aspect.replace(':', 'x')}"
    assert name(NAME_TEMPLATE, title, wish, "My talk") == before


def test_every_field_is_filled() -> None:
    template = "-".join(f"{{{field}}}" for field in NAME_FIELDS)
    wish = OutputWish("9:16", BOLD, TIKTOK)
    assert name(template, wish=wish) == "t-03-A title-9x16-Bold-tiktok-2026-11-22"


def test_a_field_without_a_value_goes_with_its_separator() -> None:
    assert name("{source}-{style}-{index}") == "t-03"
    assert name("{platform}_{source} ({index})") == "t (03)"
    assert name("{title}", title="???") == "clip"
    assert name("My own name") == "My own name"


@pytest.mark.parametrize("title", ["T" * 300, "🎬" * 90, "é" * 200])
@pytest.mark.parametrize("template", [NAME_TEMPLATE, "{title}{title} {aspect} {index}", "{title}"])
def test_a_long_title_is_cut_and_never_the_index_or_the_shape(title: str, template: str) -> None:
    made = name(template, title, source="S" * 200)
    assert len(made.encode()) <= LONGEST_STEM_BYTES
    assert ("03" in made) == ("{index}" in template)
    assert ("9x16" in made) == ("{aspect}" in template)
    assert title[0] in made


def test_names_that_would_be_one_say_what_differs() -> None:
    wished = outputs(
        ExportOptions("/out", ("9:16",), style=BOLD, deliveries=(ANYWHERE, TIKTOK, ARCHIVE))
    )
    made = file_names(NAME_TEMPLATE, "t", 1, "A", wished, DAY)
    assert made == ("t-01-A-9x16", "t-01-A-9x16-tiktok", "t-01-A-9x16-archive")
    shapes = outputs(ExportOptions("/out", ("9:16", "1:1")))
    assert file_names("{title}", "t", 1, "A", shapes, DAY) == ("A-9x16", "A-1x1")


def test_names_that_cannot_be_told_apart_are_numbered() -> None:
    loud = Delivery("tiktok", "TikTok", lufs=-9)
    wished = [OutputWish("9:16", style, loud) for style in (BOLD, CaptionStyle(name="bold"))]
    wished += [OutputWish("9:16", BOLD, TIKTOK)]
    made = file_names("{title}", "t", 1, "T" * 300, wished, DAY)
    assert len({one.casefold() for one in made}) == 3
    assert all(len(one.encode()) <= LONGEST_STEM_BYTES for one in made)


@pytest.mark.parametrize(
    "title", ["con", "LPT1.txt", "../../etc", "a\nb\u202e", ".hidden", "C:\\x"]
)
def test_no_title_makes_a_name_unsafe(title: str) -> None:
    made = name("{title}", title)
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\u202e]', made)
    assert not made.startswith(".")
    assert made.split(".")[0].lower() not in ("con", "lpt1")


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{source}-{speaker}", "{speaker}"),
        ("{title!r}", "{title}"),
        ("{title:>10}", "{title}"),
        ("{}", "{}"),
        ("{source", "brace"),
        ("clips/{title}", "slash"),
        ("clips\\{title}", "slash"),
        ("", "empty"),
        ("--", "empty"),
        ("x" * 130 + "{index}", "too long"),
    ],
)
def test_a_template_that_cannot_be_is_refused_and_says_what_can(template: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        name(template)
    assert refused.value.failure.code == "name_template_invalid"
    assert said in refused.value.failure.message
    step = refused.value.failure.next_step
    assert "{title}" in step or "slash" in step or "120" in step


def test_a_template_is_checked_before_there_is_a_clip() -> None:
    check_name_template(NAME_TEMPLATE)
    for template in ("{nobody}", "x" * 130 + "{index}"):
        with pytest.raises(InputError):
            check_name_template(template)


def test_an_export_asked_for_before_templates_keeps_its_names() -> None:
    shapes = outputs(ExportOptions("/out", ("9:16", "1:1")))
    assert plain_names("t-01-A", shapes) == ("t-01-A-9x16", "t-01-A-1x1")
