"""The shelf of styles: what is found, what is refused, and how that is said."""

import json
from pathlib import Path

import pytest

from clipforge_desktop.captions.shelf import (
    DEFAULT_STYLE,
    MAX_STYLE_BYTES,
    list_styles,
    load_style,
    parse_style,
    problems_of,
    style_schema,
)
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.order import ExportOptions, decode, encode
from clipforge_desktop.paths import Home, resources

NAME_SAID = "name: this cannot be the name of a file on every system"
BAD_NAMES = (
    *("../../x", "a\0b", "con", "   ", "\u200b", "abc. ", "\u202egnp.x", "é" * 64, "x" * 65, ""),
)


def refusal(content: object) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(InputError) as caught:
        parse_style(data, "mine.json")
    assert caught.value.failure.code == "style_invalid"
    return caught.value.failure.message


def test_every_shipped_style_is_valid_distinct_and_says_what_it_is_for() -> None:
    entries = list_styles()
    assert len(entries) >= 24
    styles = [entry.style for entry in entries if entry.style is not None]
    assert [entry.error for entry in entries if entry.error] == []
    assert all(style.purpose and style.description for style in styles)
    assert all(entry.name == entry.style.name for entry in entries if entry.style)
    assert len({style.model_copy(update={"name": "x"}) for style in styles}) == len(styles)


def test_the_default_style_is_on_the_shelf() -> None:
    assert load_style(DEFAULT_STYLE).name == DEFAULT_STYLE
    assert load_style(" EMBER ").name == "ember"


def test_the_users_own_style_comes_before_a_shipped_one_of_that_name(home: Home) -> None:
    own = load_style("clean").model_copy(update={"purpose": "mine"})
    (home.styles / "clean.json").write_text(own.model_dump_json())
    assert load_style("clean", home).purpose == "mine"


def test_a_style_is_read_from_a_path(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"name": "x"}')
    assert load_style(str(file)) == CaptionStyle(name="x")


@pytest.mark.parametrize(
    "name", ["nope", "../../secret", "/etc/passwd", "", "missing.json", "a\0b"]
)
def test_a_name_that_is_not_on_the_shelf_is_not_found(name: str) -> None:
    with pytest.raises(InputError) as caught:
        load_style(name)
    assert caught.value.failure.code == "style_not_found"


def test_a_path_in_a_name_never_leaves_the_shelf(home: Home) -> None:
    (home.root / "secret.json").write_text('{"name": "secret"}')
    with pytest.raises(InputError):
        load_style("../secret", home)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"name": "x", "font": {"size_percent": 1e300}}, "font.size_percent"),
        ({"name": "x", "font": {"size_percent": True}}, "font.size_percent"),
        ({"name": "x", "font": {"weight": 10**40}}, "font.weight"),
        (b'{"name": "x", "fill": {"angle_deg": NaN}}', "fill.angle_deg"),
        (b'{"name": "x", "active": {"scale": Infinity}}', "active.scale"),
        ({"name": "x", "fill": {"colors": ["red"]}}, "#RRGGBB"),
        ({"name": "x", "colour": 1}, "colour: there is no such field"),
        *(({"name": name}, NAME_SAID) for name in BAD_NAMES),
        ({"name": "x", "version": 0}, "version must be a whole number, 1 to 2"),
        (
            {"name": "x", "lines": {"min_s": 3, "max_s": 2}},
            "min_s (3.0) must not be more than max_s",
        ),
        (b'{"name": "x", "lines": {"min_s": 1, "min_s": 2}}', "lines.min_s: this field is written"),
        (b'{"name": "x", "outlines": [{}, {"color": "#000000", "color": "#FFFFFF"}]}', "1.color"),
        ({"name": "x", "lines": {"max_lines": 99}}, "1 to 8"),
        ({"name": "x", "outlines": [{}] * 9}, "outlines"),
        ({"name": "x", "version": 3}, "newer ClipForge"),
        ({}, "the field name is missing"),
        (b"\x00\xff", "mine.json"),
        (b"[" * 100_000, "mine.json"),
    ],
)
def test_a_broken_style_is_refused_naming_the_field_and_its_range(
    content: object, said: str
) -> None:
    assert said in refusal(content)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as stream:
        stream.truncate(MAX_STYLE_BYTES * 50)
    with pytest.raises(InputError, match="at most 1 MB"):
        load_style(str(file))


def test_a_broken_own_style_is_listed_with_its_error(home: Home) -> None:
    (home.styles / "bad.json").write_text('{"name": "bad", "fill": 3}')
    entry = next(entry for entry in list_styles(home) if entry.is_own)
    assert entry.style is None
    assert entry.error is not None
    assert "fill" in entry.error


def test_a_style_travels_through_the_database_unchanged() -> None:
    for entry in list_styles():
        options = ExportOptions(out_dir="out", style=entry.style)
        assert decode(ExportOptions, encode(options)) == options


def test_the_published_schema_is_that_of_the_model() -> None:
    published = resources() / "caption_styles" / "schema" / "caption-style-2.schema.json"
    assert published.read_text(encoding="utf-8") == style_schema()


def test_a_mark_before_the_text_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"version": 1, "name": "x"}', encoding="utf-8-sig")
    assert problems_of(file) == ()
    assert load_style(str(file)) == CaptionStyle(name="x")
