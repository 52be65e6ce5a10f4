"""A style as one file that travels: the style, its fonts and their licences in a zip.

Such a file comes from strangers. It is bounded before it is opened and while it is read, only
two kinds of plain names are looked at, a font must be one that Qt can load, and nothing is ever
written outside the user's own folders or over a style that is already there.
"""

import lzma
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFontDatabase

from clipforge_desktop.captions.fonts import files_of, load_fonts, missing_fonts
from clipforge_desktop.captions.shelf import MAX_STYLE_BYTES, parse_style, refuse_taken
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.paths import Home

SUFFIX = ".clipforge-style"
MAX_PACK_BYTES = 50 * 1024 * 1024
MAX_FILES = 64
_STYLE = "style.json"
_FONT = re.compile(r"fonts/([A-Za-z0-9][A-Za-z0-9 _.-]{0,79}\.(?:ttf|otf))", re.IGNORECASE)
_LICENCE = re.compile(r"fonts/[A-Za-z0-9][A-Za-z0-9 _.-]{0,79}\.txt", re.IGNORECASE)
_FONT_STARTS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_OLDEST = (1980, 1, 1, 0, 0, 0)
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
"""What zipfile and its unpackers say of broken bytes; unknown packing: NotImplementedError."""


@dataclass(frozen=True)
class Packed:
    """What was written. `notices` name fonts that could not come along."""

    file: Path
    fonts: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class Installed:
    """A style that is now on the shelf, and the font files that came with it."""

    style: CaptionStyle
    file: Path
    fonts: tuple[str, ...]


def families_of(style: CaptionStyle) -> tuple[str, ...]:
    """Every family that the style names, each once."""
    keywords, text = style.keywords, style.text
    looks = (keywords.first, keywords.second, text.sound_look, text.speaker_look)
    seconds = [look.font.family for look in looks if look and look.font and look.font.family]
    return tuple(dict.fromkeys([style.font.family, *seconds]))


def fonts_lacking(style: CaptionStyle, home: Home) -> tuple[str, ...]:
    """What to say of the fonts that the style names and nobody here has."""
    load_fonts(home)
    return missing_fonts(families_of(style))


def pack_style(style: CaptionStyle, file: Path, home: Home | None = None) -> Packed:
    """Write `style` with its fonts into `file`; the same style gives the same bytes.

    Raises InputError `style_not_written`. Fonts of the system stay where they are.
    """
    load_fonts(home)
    content = {_STYLE: (style.model_dump_json(indent=2) + "\n").encode()}
    notices: list[str] = []
    for family in families_of(style):
        found = files_of(family)
        if not found:
            notices.append(
                f"The font {family} belongs to this computer, so it does not travel with the style."
            )
        for font in found:
            content[f"fonts/{font.name}"] = font.read_bytes()
            for licence in sorted(font.parent.glob("OFL*.txt")):
                content[f"fonts/{family}-{licence.name}"] = licence.read_bytes()
    _write_zip(content, file)
    fonts = tuple(name for name in content if _FONT.fullmatch(name))
    return Packed(file, fonts, tuple(notices))


def _write_zip(content: dict[str, bytes], file: Path) -> None:
    part = file.with_name(file.name + ".part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as pack:
            for name, data in content.items():
                pack.writestr(zipfile.ZipInfo(name, _OLDEST), data, zipfile.ZIP_DEFLATED)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(
            "style_not_written",
            f"The style cannot be saved as {file.name[:100]}: {error.strerror}.",
            "Choose another folder, or make room on the disk.",
        ) from error


def install_style(file: Path, home: Home, *, replaces: bool = False) -> Installed:
    """Put the style in `file` on the user's shelf, and its fonts into the user's fonts.

    Raises InputError `style_not_found`, `style_pack_invalid`, `style_invalid`,
    `style_name_taken` (of one's own style: unless `replaces`) or `style_not_written`; then
    nothing was installed.
    """
    content = _read_pack(file)
    style = parse_style(content[_STYLE], f"{file.name}: {_STYLE}")
    refuse_taken(home, style.name, replaces=replaces)
    target = home.styles / f"{style.name}.json"
    fonts = {match[1]: data for name, data in content.items() if (match := _FONT.fullmatch(name))}
    for name, data in fonts.items():
        _check_font(name, data)
    load_fonts(home)
    missing = {name: data for name, data in fonts.items() if not _has(data, home)}
    try:
        for name, data in missing.items():
            _write(_free(home.fonts, name), data)
        _write(target, (style.model_dump_json(indent=2) + "\n").encode())
    except OSError as error:
        raise InputError(
            "style_not_written",
            f"The style cannot be saved in {home.root}: {error.strerror}.",
            "Make room on the disk, or make the folder writable.",
        ) from error
    load_fonts(home)
    return Installed(style, target, tuple(missing))


def _read_pack(file: Path) -> dict[str, bytes]:
    """The style, fonts and licences in the file, by name, within all bounds."""
    try:
        size = file.stat().st_size
        if not file.is_file():
            raise FileNotFoundError(file)
    except OSError as error:
        raise InputError(
            "style_not_found", f"There is no style file {file.name[:100]}.", "Check the path."
        ) from error
    if size > MAX_PACK_BYTES:
        raise _invalid(file, "it is larger than 50 MB")
    try:
        with zipfile.ZipFile(file) as pack:
            content: dict[str, bytes] = {}
            for name, data in _entries(file, pack):
                if name in content:
                    raise _invalid(file, f"there are two files named {name} in it")
                content[name] = data
    except (*_DAMAGE, NotImplementedError) as error:
        raise _invalid(file, "it is damaged, or not a style file at all") from error
    except RuntimeError as error:  # what zipfile says of encrypted entries
        raise _invalid(file, "it is locked with a password") from error
    if _STYLE not in content:
        raise _invalid(file, "there is no style in it")
    return content


def _entries(file: Path, pack: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Entries by name. Sizes that a file claims are not believed: reading itself is bounded."""
    entries = pack.infolist()
    if len(entries) > MAX_FILES:
        raise _invalid(file, f"there are more than {MAX_FILES} files in it")
    left = MAX_PACK_BYTES
    for entry in entries:
        name = entry.filename
        if name != _STYLE and not _FONT.fullmatch(name) and not _LICENCE.fullmatch(name):
            raise _invalid(file, f"it holds a file that does not belong there: {name[:60]!r}")
        bound = min(left, MAX_STYLE_BYTES if name == _STYLE else MAX_PACK_BYTES)
        with pack.open(entry) as stream:
            data = stream.read(bound + 1)
        if len(data) > bound:
            raise _invalid(file, "unpacked it would be larger than 50 MB")
        left -= len(data)
        yield name, data


def _check_font(name: str, data: bytes) -> None:
    number = -1
    if data.startswith(_FONT_STARTS):
        number = QFontDatabase.addApplicationFontFromData(QByteArray(data))
    if number < 0:
        raise InputError(
            "style_pack_invalid",
            f"{name[:80]} is not a font that can be used.",
            "Ask for the style again from where it came.",
        )
    QFontDatabase.removeApplicationFont(number)


def _has(data: bytes, home: Home) -> bool:
    """Whether these very bytes are among the loaded fonts already."""
    number = QFontDatabase.addApplicationFontFromData(QByteArray(data))
    families = QFontDatabase.applicationFontFamilies(number)
    QFontDatabase.removeApplicationFont(number)
    known = {file for family in families for file in files_of(family) if file.is_file()}
    known |= {file for file in home.fonts.glob("*") if file.is_file()}
    return any(file.stat().st_size == len(data) and file.read_bytes() == data for file in known)


def _free(folder: Path, name: str) -> Path:
    """`name` in the folder, or the first of "name-2", "name-3" ... that is not there."""
    plain = folder / name
    numbers = range(2, MAX_FILES * 100)
    others = (folder / f"{plain.stem}-{number}{plain.suffix}" for number in numbers)
    return next(path for path in (plain, *others) if not path.exists())


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _invalid(file: Path, why: str) -> InputError:
    return InputError(
        "style_pack_invalid",
        f"{file.name[:100]} cannot be installed: {why}.",
        "Ask for the style again from where it came.",
    )
