"""The shelf: caption styles by name, shipped and the user's own, read with care.

A style file may come from anywhere, so it is bounded before it is read, validated field by
field, and refused with the field's name and its allowed range.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from clipforge_desktop.captions.plain_words import said
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.naming import NO_STYLE_RULE, is_no_style
from clipforge_desktop.domain.style_migrations import STYLE_VERSION
from clipforge_desktop.paths import Home, resources

DEFAULT_STYLE = "clean"
MAX_STYLE_BYTES = 1024 * 1024
_FIX = "Correct the file, or choose a style from the shelf."


@dataclass(frozen=True)
class ShelfEntry:
    """A style on the shelf. `is_own` marks the user's; a broken file has an `error` instead."""

    name: str
    path: Path
    is_own: bool
    style: CaptionStyle | None
    error: str | None


def load_style(name_or_path: str, home: Home | None = None) -> CaptionStyle:
    """The style of that name (any case), or of the file when it ends in ".json".

    The user's own style comes before a shipped one of the same name. Raises InputError
    `style_not_found` or `style_invalid`.
    """
    if name_or_path.lower().endswith(".json"):
        return read_style(Path(name_or_path))
    wanted = name_or_path.strip().casefold()
    for file, _ in reversed(_files(home)):
        if file.stem.casefold() == wanted:
            return _on_shelf(file)
    names = ", ".join(sorted({file.stem for file, _ in _files(home)}))
    raise InputError(
        "style_not_found",
        f"There is no caption style named {name_or_path[:60]!r}.",
        f"Choose one of: {names}; or give the path of a style file ending in .json.",
    )


def list_styles(home: Home | None = None) -> tuple[ShelfEntry, ...]:
    """Every style on the shelf, shipped first, by name; broken files are listed with why."""
    return tuple(_entry(file, is_own) for file, is_own in _files(home))


def _entry(file: Path, is_own: bool) -> ShelfEntry:
    try:
        return ShelfEntry(file.stem, file, is_own, _on_shelf(file), None)
    except InputError as error:
        return ShelfEntry(file.stem, file, is_own, None, error.failure.message)


def _on_shelf(file: Path) -> CaptionStyle:
    """The style in a file of the shelf, which is known by the file's name."""
    if is_no_style(file.stem):
        raise InputError(
            "style_invalid",
            f"{file.name}: name: {NO_STYLE_RULE}.",
            "Give the file, and the style in it, another name.",
        )
    return read_style(file)


def _files(home: Home | None) -> list[tuple[Path, bool]]:
    shipped = [(file, False) for file in sorted((resources() / "caption_styles").glob("*.json"))]
    if home is None or not home.styles.is_dir():
        return shipped
    return shipped + [(file, True) for file in sorted(home.styles.glob("*.json"))]


def refuse_taken(home: Home, name: str, *, replaces: bool) -> None:
    """Raises InputError `style_name_taken` when the shelf has that name, in any case.

    With `replaces` only for the name of a shipped style.
    """
    for entry in list_styles(home):
        if entry.name.casefold() == name.casefold() and not (entry.is_own and replaces):
            kind = "a style of your own" if entry.is_own else "a style that comes with ClipForge"
            raise InputError(
                "style_name_taken",
                f"There is {kind} called {entry.name}.",
                "Choose another name.",
            )


def read_style(file: Path) -> CaptionStyle:
    """The style in `file`. Raises InputError `style_not_found` or `style_invalid`."""
    return parse_style(_bytes_of(file), file.name)


def problems_of(file: Path) -> tuple[str, ...]:
    """Everything that is wrong in a style file, each as "field: what is allowed"; () when fine.

    Raises InputError `style_not_found`, and `style_invalid` for one too large to be read.
    """
    try:
        CaptionStyle.model_validate_json(_bytes_of(file))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True, include_input=False)
        places = [problem["loc"] for problem in found]
        return tuple(
            said(problem)
            for problem in found
            if not any(_lies_within(place, problem["loc"]) for place in places)
        )
    return ()


def _lies_within(place: tuple[int | str, ...], other: tuple[int | str, ...]) -> bool:
    """A list is only wrong because of what is wrong in it: that is said already."""
    return len(place) > len(other) and place[: len(other)] == other


def _bytes_of(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise FileNotFoundError(file)
        size = file.stat().st_size
        data = file.read_bytes() if size <= MAX_STYLE_BYTES else b""
    except OSError as error:
        raise InputError(
            "style_not_found",
            f"The style file {file.name[:100]} cannot be read.",
            "Check that the file is there and that you may read it.",
        ) from error
    if size > MAX_STYLE_BYTES:
        raise InputError(
            "style_invalid",
            f"{file.name[:100]} is {size / 1e6:.0f} MB; a caption style is at most 1 MB.",
            _FIX,
        )
    return data


def parse_style(data: bytes, file_name: str) -> CaptionStyle:
    """The style in JSON text. Raises InputError `style_invalid` naming field and range."""
    try:
        return CaptionStyle.model_validate_json(data)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=True, include_input=False)
        newer = any(
            problem["loc"] == ("version",) and problem["type"] == "less_than_equal"
            for problem in problems
        )
        if newer:
            raise InputError(
                "style_invalid",
                f"{file_name[:100]} was made by a newer ClipForge (field version: this one "
                f"reads up to {STYLE_VERSION}).",
                "Update ClipForge, or choose another style.",
            ) from error
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(
            "style_invalid", f"{file_name[:100]}: {said(problems[0])}{more}", _FIX
        ) from error


def style_schema() -> str:
    """The JSON Schema of style files, as it is published beside the shipped styles."""
    schema = CaptionStyle.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = f"ClipForge caption style, version {STYLE_VERSION}"
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
