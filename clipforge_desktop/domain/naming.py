"""File names made from people's words: safe on Windows, macOS and Linux alike.

A name template is text with fields in braces. It is filled so that the name always fits: what is
cut is the title, then the source, and never the index or the shape.
"""

import re
import string
import unicodedata
from collections.abc import Mapping

from clipforge_desktop.domain.errors import InputError

LONGEST_STEM_BYTES = 120
NO_STYLE = "none"
"""What stands for no captions where a caption style is named."""
NO_STYLE_RULE = f"{NO_STYLE!r} stands for no captions, so no style can be called so"
NAME_FIELDS = ("source", "index", "title", "aspect", "style", "platform", "date")

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = ("con", "prn", "aux", "nul", "conin$", "conout$")
_PORTS = (f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³")
_RESERVED = frozenset([*_DEVICES, *_PORTS])
_MOST_SOURCE_BYTES = 50
_SHORTENED = ("title", "source", "style")  # in this order, as far as needed
_NOTHING = "\0"  # where a field has no value: it goes with the separators before it
_GAP = re.compile(r"\A[-_ .]*\0[-_ .]*|[-_ .]*\0")

_LONGEST = {
    "source": "a",
    "index": "9999",
    "title": "a",
    "aspect": "3840x3840",
    "style": "a",
    "platform": "a" * 32,
    "date": "2026-11-22",
}

_Part = tuple[str, str]  # literal text, and the field after it ("" for none)


def is_no_style(name: str) -> bool:
    """Whether the name of a caption style stands for no captions."""
    return name.casefold() == NO_STYLE


def safe_stem(text: str, fallback: str = "clip") -> str:
    """`text` as a file name without ending: no separators, no control or hidden-name characters.

    At most 120 bytes of UTF-8, cut between characters, so that an ending always fits.
    """
    plain = _cut(_plain(text).strip(" .-"), LONGEST_STEM_BYTES)
    if not plain or plain.split(".")[0].rstrip().lower() in _RESERVED:
        return fallback
    return plain


def is_file_name(text: str) -> bool:
    """Whether a file can be called exactly so, with any ending, on every system."""
    return safe_stem(text, "") == text


def safe_source(name: str) -> str:
    """A video's name as the beginning of a clip's, short enough to leave room for a title."""
    return _cut(safe_stem(name, "video"), _MOST_SOURCE_BYTES)


def clip_stem(source_name: str, rank: int, title: str) -> str:
    """`Founders talk-02-Nobody shared it`: sorts by rank within its source."""
    return safe_stem(f"{safe_source(source_name)}-{rank:02d}-{title}")


def check_name_template(template: str) -> None:
    """Raises InputError `name_template_invalid`, naming the field and what is allowed."""
    filled(template, _LONGEST)


def filled(template: str, values: Mapping[str, str], ending: str = "") -> str:
    """The template with `values` (by field, all of NAME_FIELDS) and `ending` as a safe name.

    A field without a value goes with the separators before it. Raises InputError
    `name_template_invalid`, also where no title is short enough for the template.
    """
    parts = _parts(template)
    plain = {field: _plain(text).rstrip(" .-") for field, text in values.items()}
    name = _joined(parts, plain)
    for field in _SHORTENED:
        times = sum(used == field for _, used in parts)
        while times and plain[field] and len((name + ending).encode()) > LONGEST_STEM_BYTES:
            excess = len((name + ending).encode()) - LONGEST_STEM_BYTES
            kept = len(plain[field].encode()) - -(-excess // times)
            plain[field] = _cut(plain[field], max(kept, 0))
            name = _joined(parts, plain)
    if len((name + ending).encode()) > LONGEST_STEM_BYTES:
        raise _invalid(
            f"The name template {_short(template)} makes names that are too long.",
            "Write less text around the fields: a name has room for 120 bytes.",
        )
    return safe_stem(name + ending)


def _joined(parts: list[_Part], plain: Mapping[str, str]) -> str:
    text = "".join(
        literal + ((plain[field] or _NOTHING) if field else "") for literal, field in parts
    )
    return _plain(_GAP.sub("", text)).strip(" .-")


def _parts(template: str) -> list[_Part]:
    try:
        pieces = list(string.Formatter().parse(template))
    except ValueError as error:
        raise _invalid(
            f"The name template {_short(template)} has a brace without its partner.", _ALLOWED
        ) from error
    parts: list[_Part] = []
    for literal, field, spec, conversion in pieces:
        if "/" in literal or "\\" in literal:
            raise _invalid(
                f"The name template {_short(template)} has a slash in it: a name is no folder.",
                "Choose the folder apart from the name, and take the slash out.",
            )
        if field is not None and (field not in NAME_FIELDS or spec or conversion):
            raise _invalid(f"The name template has no field {_short('{' + field + '}')}.", _ALLOWED)
        parts.append((_FORBIDDEN.sub(" ", literal), field or ""))
    if not any(literal.strip(" .-") or field for literal, field in parts):
        raise _invalid("The name template is empty.", _ALLOWED)
    return parts


_ALLOWED = f"The fields are {', '.join(f'{{{field}}}' for field in NAME_FIELDS)}."


def _plain(text: str) -> str:
    """No character that some system forbids, and single blanks."""
    plain = unicodedata.normalize("NFC", text)
    plain = "".join(
        " " if unicodedata.category(mark) in ("Cc", "Cf", "Cs") else mark for mark in plain
    )
    return re.sub(r"\s+", " ", _FORBIDDEN.sub(" ", plain)).strip(" ")


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore").strip(" .-")


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


def _invalid(message: str, next_step: str) -> InputError:
    return InputError("name_template_invalid", message, next_step)
