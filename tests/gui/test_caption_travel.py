"""A style in one file: there and back unchanged, and nothing that a stranger's file can break."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from clipforge_desktop.captions.painter import CaptionPainter
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.captions.travel import (
    MAX_PACK_BYTES,
    families_of,
    install_style,
    pack_style,
)
from clipforge_desktop.domain.caption_style import CaptionStyle, FontSpec
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.paths import Home, resources

pytestmark = pytest.mark.usefixtures("qapp")

FONT = (resources() / "fonts" / "VT323" / "VT323_400Regular.ttf").read_bytes()
STYLE = json.dumps({"version": 2, "name": "mine"})


def packed(file: Path, entries: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in entries.items():
            pack.writestr(name, data)
    return file


def refusal(file: Path, home: Home) -> InputError:
    before = sorted(home.root.rglob("*"))
    with pytest.raises(InputError) as caught:
        install_style(file, home)
    assert sorted(home.root.rglob("*")) == before  # nothing was left behind
    return caught.value


def test_a_style_comes_back_as_it_went_with_all_its_fonts(tmp_path: Path, home: Home) -> None:
    style = load_style("spotlight").model_copy(update={"name": "my spotlight"})
    made = pack_style(style, tmp_path / "x.clipforge-style")
    assert families_of(style) == ("Poppins", "Anton")
    assert any("Anton" in name for name in made.fonts)
    assert made.notices == ()
    with zipfile.ZipFile(made.file) as pack:
        assert any(name.endswith("OFL.txt") for name in pack.namelist())
    installed = install_style(made.file, home)
    assert load_style("my spotlight", home) == style
    assert installed.fonts == ()  # the shipped ones are already there


def test_the_same_style_gives_the_same_file(tmp_path: Path) -> None:
    style = load_style("terminal")
    one, other = (pack_style(style, tmp_path / name).file for name in ("a", "b"))
    assert one.read_bytes() == other.read_bytes()


def test_a_font_that_is_not_there_yet_is_installed_and_can_be_used(
    tmp_path: Path, home: Home
) -> None:
    own = FONT.replace(b"VT323", b"QT323").replace(
        "VT323".encode("utf-16-be"), "QT323".encode("utf-16-be")
    )
    style = CaptionStyle(name="own", font=FontSpec(family="QT323"))
    file = packed(tmp_path / "x", {"style.json": style.model_dump_json(), "fonts/QT323.ttf": own})
    assert install_style(file, home).fonts == ("QT323.ttf",)
    assert install_style(file, home, replaces=True).fonts == ()  # it is there now
    painter = CaptionPainter((), load_style("own", home), (540, 960), 1.0)
    assert painter.notices == ()


def test_a_font_of_the_system_stays_behind_and_is_said_so(tmp_path: Path) -> None:
    style = CaptionStyle(name="x", font=FontSpec(family="No Such Font"))
    made = pack_style(style, tmp_path / "x")
    assert made.fonts == ()
    assert "No Such Font" in made.notices[0]


def test_a_style_of_that_name_is_never_overwritten_unasked(tmp_path: Path, home: Home) -> None:
    file = packed(tmp_path / "x", {"style.json": STYLE})
    (home.styles / "MINE.json").write_text("{}")
    assert refusal(file, home).failure.code == "style_name_taken"
    install_style(file, home, replaces=True)
    assert load_style("mine", home).name == "mine"


@pytest.mark.parametrize(
    "name",
    [
        "../evil.ttf",
        "fonts/../../evil.ttf",
        "/etc/evil.ttf",
        "fonts/sub/evil.ttf",
        "fonts\\evil.ttf",
        "fonts/.hidden.ttf",
        "fonts/evil.exe",
        "C:evil.ttf",
        "evil.py",
    ],
)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, home: Home, name: str) -> None:
    error = refusal(packed(tmp_path / "x", {"style.json": STYLE, name: FONT}), home)
    assert error.failure.code == "style_pack_invalid"
    assert "does not belong there" in error.failure.message


def test_a_zip_bomb_is_refused_in_bounded_memory(tmp_path: Path, home: Home) -> None:
    bomb = packed(
        tmp_path / "x", {"style.json": STYLE, "fonts/a.ttf": b"\0" * (MAX_PACK_BYTES + 1)}
    )
    assert bomb.stat().st_size < 1_000_000
    assert "larger than 50 MB" in refusal(bomb, home).failure.message


def test_a_zip_that_lies_about_sizes_is_refused(tmp_path: Path, home: Home) -> None:
    file = packed(tmp_path / "x", {"style.json": STYLE + " " * 2_000_000})
    honest = (2_000_000 + len(STYLE)).to_bytes(4, "little")
    file.write_bytes(file.read_bytes().replace(honest, (10).to_bytes(4, "little")))
    assert refusal(file, home).failure.code in ("style_pack_invalid", "style_invalid")


def test_too_many_files_are_refused(tmp_path: Path, home: Home) -> None:
    many = {f"fonts/{n}.txt": "x" for n in range(100)}
    assert "more than 64" in refusal(packed(tmp_path / "x", {**many}), home).failure.message


@pytest.mark.parametrize("data", [b"not a font", b"\x00\x01\x00\x00" + b"\xff" * 500, FONT[:300]])
def test_a_font_that_cannot_be_loaded_is_refused(tmp_path: Path, home: Home, data: bytes) -> None:
    error = refusal(packed(tmp_path / "x", {"style.json": STYLE, "fonts/a.ttf": data}), home)
    assert "is not a font" in error.failure.message


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"{}", b"\0" * 1000])
def test_what_is_no_zip_is_refused(tmp_path: Path, home: Home, data: bytes) -> None:
    file = tmp_path / "x"
    file.write_bytes(data)
    assert refusal(file, home).failure.code == "style_pack_invalid"


def test_a_huge_or_missing_file_is_refused_unread(tmp_path: Path, home: Home) -> None:
    file = tmp_path / "x"
    with file.open("wb") as stream:
        stream.truncate(MAX_PACK_BYTES + 1)
    assert "50 MB" in refusal(file, home).failure.message
    assert refusal(tmp_path / "missing", home).failure.code == "style_not_found"
    assert refusal(tmp_path, home).failure.code == "style_not_found"


def test_a_pack_without_a_valid_style_is_refused_naming_the_field(
    tmp_path: Path, home: Home
) -> None:
    assert (
        "no style" in refusal(packed(tmp_path / "x", {"fonts/a.ttf": FONT}), home).failure.message
    )
    broken = json.dumps({"version": 2, "name": "x", "fill": 3})
    error = refusal(packed(tmp_path / "y", {"style.json": broken}), home)
    assert error.failure.code == "style_invalid"
    assert "fill" in error.failure.message


def test_a_damaged_entry_is_refused(tmp_path: Path, home: Home) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as pack:
        pack.writestr("style.json", STYLE)
    data = stream.getvalue().replace(b'"mine"', b'"mind"')  # its checksum is wrong now
    (tmp_path / "x").write_bytes(data)
    assert refusal(tmp_path / "x", home).failure.code == "style_pack_invalid"


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_pack_is_refused_in_words(tmp_path: Path, home: Home, packing: int) -> None:
    file = tmp_path / "x"
    with zipfile.ZipFile(file, "w", packing) as pack:
        pack.writestr("style.json", load_style("neon").model_dump_json())
    data = bytearray(file.read_bytes())
    data[60:120] = b"\xa5" * 60
    file.write_bytes(data)
    assert refusal(file, home).failure.code == "style_pack_invalid"


def test_a_pack_with_two_styles_is_refused(tmp_path: Path, home: Home) -> None:
    file = tmp_path / "x"
    with zipfile.ZipFile(file, "w") as pack:
        pack.writestr("style.json", STYLE)
        with pytest.warns(UserWarning, match="Duplicate"):
            pack.writestr("style.json", STYLE.replace("mine", "other"))
    assert "two files named style.json" in refusal(file, home).failure.message


def test_a_pack_never_takes_the_name_of_a_shipped_style(tmp_path: Path, home: Home) -> None:
    file = packed(tmp_path / "x", {"style.json": STYLE.replace("mine", "Clean")})
    error = refusal(file, home)
    assert error.failure.code == "style_name_taken"
    assert "comes with ClipForge" in error.failure.message
    with pytest.raises(InputError):
        install_style(file, home, replaces=True)


@pytest.mark.parametrize("name", ["con", "   ", "\u200b", "abc. ", "\u202egnp.x", "é" * 64])
def test_a_pack_whose_name_cannot_be_a_file_is_refused(
    tmp_path: Path, home: Home, name: str
) -> None:
    file = packed(tmp_path / "x", {"style.json": json.dumps({"version": 2, "name": name})})
    assert "cannot be the name of a file" in refusal(file, home).failure.message
