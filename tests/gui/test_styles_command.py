"""`clipforge styles`: what people who design styles by hand do with files."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.cli import run
from clipforge_desktop.cli.exports import Exporting, export_options
from clipforge_desktop.paths import Home, resources

Styles = Callable[..., tuple[int, str, str]]
SHIPPED = resources() / "caption_styles"


@pytest.fixture
def styles(qtbot: QtBot, home: Home, capfd: pytest.CaptureFixture[str]) -> Styles:
    def call(*words: object) -> tuple[int, str, str]:
        code = run(["--home", str(home.root), "styles", *map(str, words)])
        said = capfd.readouterr()
        return code, said.out, said.err

    return call


def test_the_list_names_every_style_with_its_purpose_and_ones_own(
    styles: Styles, home: Home
) -> None:
    styles("new", "Mine")
    (home.styles / "broken.json").write_text("{")
    code, out, _ = styles("list", "--json")
    rows = {row["style"]: row for row in map(json.loads, out.splitlines())}
    assert code == 0
    assert len(rows) >= 24 + 2
    assert all(row["purpose"] for row in rows.values() if row["error"] is None)
    assert [name for name, row in rows.items() if row["is_own"]] == ["Mine", "broken"]
    assert rows["broken"]["error"]


def test_a_style_is_shown_whole_and_that_can_be_read_again(styles: Styles, tmp_path: Path) -> None:
    code, out, _ = styles("show", "Neon")
    (tmp_path / "again.json").write_text(out)
    assert code == 0
    assert load_style(str(tmp_path / "again.json")) == load_style("neon")


def test_a_new_style_is_a_copy_under_its_own_name_and_never_over_another(
    styles: Styles, home: Home
) -> None:
    code, out, _ = styles("new", "My look", "--from", "ember")
    assert code == 0
    assert Path(out.strip()) == home.styles / "My look.json"
    copy, origin = load_style("my look", home), load_style("ember")
    assert copy.model_copy(update={"name": "ember"}) == origin
    for taken in ("My look", "Neon"):
        code, _, err = styles("new", taken)
        assert code == 2
        assert "Choose another name" in err
    assert styles("new", "a/b")[0] == 2


def test_every_wrong_field_is_named_with_what_it_may_be(styles: Styles, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(
        '{"name": "x", "version": 99, "font": {"size_percent": 99, "famly": "Inter"},'
        ' "fill": {"colors": ["red"]}}'
    )
    code, out, _ = styles("check", bad, SHIPPED / "neon.json", tmp_path / "nowhere.json", "--json")
    first, second, third = map(json.loads, out.splitlines())
    assert code == 2
    assert [fields.split()[0].rstrip(":") for fields in first["problems"]] == [
        "version",
        "font.size_percent",
        "font.famly",
        "fill.colors.0",
    ]
    assert "1 to 14" in first["problems"][1]
    assert second["is_valid"]
    assert not third["is_valid"]
    assert styles("check", *SHIPPED.glob("*.json"))[0] == 0


def test_a_preview_is_a_picture_of_the_frame_with_the_text_in_it(
    styles: Styles, tmp_path: Path
) -> None:
    with_text, without = tmp_path / "with.png", tmp_path / "without.png"
    assert styles("preview", "ember", "--text", "Hello there", "--out", with_text)[0] == 0
    assert styles("preview", "ember", "--text", " ", "--out", without, "--aspect", "9:16")[0] == 0
    shown, plain = QImage(str(with_text)), QImage(str(without))
    assert (shown.width(), shown.height()) == (1080, 1920)
    changed = [y for y in range(0, 1920, 8) if any(
        shown.pixel(x, y) != plain.pixel(x, y) for x in range(0, 1080, 8))]  # fmt: skip
    assert changed
    assert min(changed) > 960  # where the style puts it
    assert styles("preview", "ember", "--out", tmp_path / "x.jpg")[0] == 2
    assert styles("preview", "ember", "--out", tmp_path / "x.png", "--aspect", "7:5")[0] == 2
    assert styles("preview", "ember", "--out", tmp_path / "no" / "x.png")[0] == 2


def test_a_style_travels_to_another_home_as_one_file(
    styles: Styles, home: Home, tmp_path: Path
) -> None:
    styles("new", "Mine", "--from", "neon")
    code, out, _ = styles("export", "Mine", "--out", tmp_path / "mine")
    file = Path(out.strip())
    assert code == 0
    assert file == tmp_path / "mine.clipforge-style"
    assert styles("install", file)[0] == 2  # it is there
    assert styles("install", file, "--replace")[0] == 0
    (home.styles / "Mine.json").unlink()
    code, out, _ = styles("install", file, "--json")
    assert code == 0
    assert json.loads(out)["style"] == "Mine"
    assert load_style("Mine", home).font == load_style("neon").font


def test_a_plain_style_file_is_installed_too(styles: Styles, home: Home, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    text = (SHIPPED / "neon.json").read_text()
    file.write_text(text.replace('"neon"', '"Other neon"'))
    assert styles("install", file)[0] == 0
    assert load_style("Other neon", home)
    assert styles("install", file)[0] == 2
    assert styles("install", file, "--replace")[0] == 0
    assert styles("install", SHIPPED / "neon.json")[0] == 2


def test_a_missing_font_is_said_by_check_and_by_preview(styles: Styles, tmp_path: Path) -> None:
    file, picture = tmp_path / "x.json", tmp_path / "x.png"
    file.write_text('{"version": 2, "name": "x", "font": {"family": "No Such Font"}}')
    code, out, err = styles("check", file)
    assert (code, out.strip()) == (0, f"{file}: fine")
    assert "No Such Font is not installed" in err
    assert "No Such Font" in json.loads(styles("check", file, "--json")[1])["remarks"][0]
    code, _, err = styles("preview", file, "--out", picture)
    assert code == 0
    assert "No Such Font is not installed" in err
    report = json.loads(styles("preview", file, "--out", picture, "--json")[1])
    assert "No Such Font" in report["notices"][0]
    assert json.loads(styles("preview", "neon", "--out", picture, "--json")[1])["notices"] == []


def inked(picture: Path, blank: Path) -> int:
    """How many of some pixels differ."""
    shown, plain = QImage(str(picture)), QImage(str(blank))
    places = [(x, y) for x in range(0, 1080, 6) for y in range(0, 1920, 6)]
    return sum(shown.pixel(place[0], place[1]) != plain.pixel(*place) for place in places)


@pytest.mark.parametrize("name", ["punch", "one-word"])
def test_a_preview_of_text_without_spaces_is_not_empty(
    styles: Styles, tmp_path: Path, name: str
) -> None:
    picture, blank = tmp_path / "thai.png", tmp_path / "blank.png"
    assert styles("preview", name, "--text", " ", "--out", blank)[0] == 0
    thai = "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e0a\u0e32\u0e27\u0e42\u0e25\u0e01"
    assert styles("preview", name, "--text", thai * 2, "--out", picture)[0] == 0
    assert inked(picture, blank) > 100


def test_a_preview_tells_of_text_that_comes_later_and_shows_any_moment(
    styles: Styles, tmp_path: Path
) -> None:
    first, later = tmp_path / "first.png", tmp_path / "later.png"
    wish = ("preview", "ember", "--text", "Say it so, Berlin 42 stay with us now.")
    code, _, err = styles(*wish, "--out", first)
    report = json.loads(styles(*wish, "--out", first, "--json")[1])
    assert code == 0
    assert f"caption at {round(report['at_s'], 2):g} s of 4.5 s; --at shows another." in err
    assert (report["duration_s"], report["goes_on"]) == (4.5, True)
    code, _, err = styles(*wish, "--out", later, "--at", "4.2")
    assert (code, err) == (0, "")
    assert inked(later, first) > 100
    code, _, err = styles(*wish, "--out", later, "--at", "4.6")
    assert code == 2
    assert "4.5 s" in err
    assert styles(*wish, "--out", later, "--at", "nan")[0] == 2
    code, _, err = styles("preview", "one-word", "--text", "a b", "--out", later, "--at", "1")
    assert (code, err.strip()) == (0, "No caption is on screen at 1 s.")


def test_a_font_that_is_missing_is_said_when_a_style_is_installed(
    styles: Styles, tmp_path: Path
) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"version": 2, "name": "x", "font": {"family": "No Such Font"}}')
    said = "The font No Such Font is not installed, so Inter is used instead."
    code, _, err = styles("install", file)
    assert (code, err.strip()) == (0, said)
    assert json.loads(styles("install", file, "--replace", "--json")[1])["notices"] == [said]
    pack = Path(styles("export", "x", "--out", tmp_path / "x")[1].splitlines()[0])
    code, _, err = styles("install", pack, "--replace")
    assert (code, err.strip()) == (0, said)
    assert styles("check", file)[2].strip() == f"{file}: {said}"


def test_no_style_can_be_called_none_which_stands_for_no_captions(
    styles: Styles, home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "style.json"
    file.write_text('{"version": 2, "name": "None"}')
    for words in (("new", "none"), ("install", file), ("show", file)):
        code, _, err = styles(*words)
        assert code == 2
        assert "stands for no captions" in err
    assert "name: 'none' stands for no captions" in styles("check", file)[1]
    (home.styles / "none.json").write_text('{"version": 2, "name": "x"}')
    rows = [json.loads(line) for line in styles("list", "--json")[1].splitlines()]
    assert "name: 'none' stands for no captions" in rows[-1]["error"]
    assert styles("show", "none")[0] == 2
    for named in ("none", "None"):
        taken = export_options(home, Exporting(tmp_path, styles=["clean", named]))
        assert taken.style is None
        assert [style.name for style in taken.further_styles] == ["clean"]
