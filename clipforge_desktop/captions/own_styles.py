"""The user's own styles as files: written whole or not at all, renamed, removed, brought in.

Called in the background with a Store's home. A file says what differs from the usual values,
so it stays short enough to read, to compare and to share.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from clipforge_desktop.captions import shelf, travel
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.naming import LONGEST_STEM_BYTES, NO_STYLE_RULE, is_no_style
from clipforge_desktop.domain.wire import fingerprint
from clipforge_desktop.paths import Home


@dataclass(frozen=True)
class Saved:
    """A style as it lies on the shelf; `is_own` when the user may change it."""

    name: str
    style: CaptionStyle
    is_own: bool


def style_text(style: CaptionStyle) -> str:
    """The style as its file has it."""
    data = style.model_dump(mode="json", exclude_defaults=True)
    kept = {"version": style.version, "name": style.name, **data}
    return json.dumps(kept, indent=2, ensure_ascii=False) + "\n"


def saved_style(home: Home, name: str) -> Saved | None:
    """What the shelf has under that name now; the user's own before a shipped one."""
    found = None
    for entry in shelf.list_styles(home):
        if entry.name.casefold() == name.casefold() and entry.style is not None:
            found = Saved(entry.name, entry.style, entry.is_own)
    return found


def save(home: Home, style: CaptionStyle, *, replaces: bool) -> Saved:
    """Put the style on the shelf under its name.

    Raises InputError `style_name_taken` for a name of a shipped style, or, unless it `replaces`
    it, of any other; `style_name_bad` for what cannot be a file; `style_not_saved`.
    """
    named(style, style.name)  # it may be a copy that nobody validated
    shelf.refuse_taken(home, style.name, replaces=replaces)
    file = home.styles / f"{style.name}.json"
    part = file.with_suffix(".json.part")
    try:
        home.styles.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as out:
            out.write(style_text(style))
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(
            "style_not_saved",
            f"The style could not be saved: {error.strerror or error}.",
            "Make room on the disk, or check the permissions of ClipForge's folder.",
        ) from error
    return Saved(style.name, style, is_own=True)


def named(style: CaptionStyle, name: str) -> CaptionStyle:
    """The same look under another name. Raises InputError `style_name_bad`."""
    try:
        return CaptionStyle.model_validate({**style.model_dump(), "name": name})
    except ValidationError as error:
        raise _bad_name(name) from error


def rename(home: Home, before: str, style: CaptionStyle) -> Saved:
    """Save the style under its new name, and take its old file away."""
    is_same_file = before.casefold() == style.name.casefold()
    saved = save(home, style, replaces=is_same_file)
    if before != style.name and not is_same_file:
        (home.styles / f"{before}.json").unlink(missing_ok=True)
    return saved


def remove(home: Home, name: str) -> None:
    (home.styles / f"{name}.json").unlink(missing_ok=True)


def bring_in(home: Home, file: Path) -> Saved:
    """A style from a file, put on the shelf; under another name where its own is taken.

    A travel file brings its fonts along, and is refused where its name is taken. Raises InputError
    with the file's field that is wrong.
    """
    if file.name.lower().endswith(travel.SUFFIX):
        installed = travel.install_style(file, home).style
        return Saved(installed.name, installed, is_own=True)
    style = shelf.read_style(file)
    same = saved_style(home, style.name)
    if same is not None and same.style == style:
        return same
    return save(home, style.model_copy(update={"name": free_name(home, style.name)}), replaces=True)


def free_name(home: Home, wanted: str) -> str:
    """`wanted`, with a number behind it when there is a style of that name."""
    taken = {entry.name.casefold() for entry in shelf.list_styles(home)}
    bounded = wanted[:58].encode()[: LONGEST_STEM_BYTES - 6].decode(errors="ignore")
    stem, number, name = bounded.rstrip(), 1, wanted
    while name.casefold() in taken:
        number += 1
        name = f"{stem} {number}"
    return name


def write(style: CaptionStyle, file: Path) -> tuple[str, ...]:
    """Into any folder, to be shared; with its fonts when the name ends like a travel file.

    Says which of them could not come along. Raises InputError `style_not_saved` or
    `style_not_written`.
    """
    if file.name.lower().endswith(travel.SUFFIX):
        return travel.pack_style(style, file).notices
    try:
        file.write_text(style_text(style), encoding="utf-8")
    except OSError as error:
        raise InputError(
            "style_not_saved",
            f"{file.name} could not be written: {error.strerror or error}.",
            "Choose another folder.",
        ) from error
    return ()


def mark_of(style: CaptionStyle) -> str:
    """Tells one look from another: the same for a style under another name or file version."""
    data = style.model_dump(mode="json", exclude_defaults=True, exclude={"version", "name"})
    return fingerprint(json.dumps(data, sort_keys=True))


def _bad_name(name: str) -> InputError:
    if is_no_style(name):
        return InputError("style_name_bad", f"{NO_STYLE_RULE}.", "Choose another name.")
    return InputError(
        "style_name_bad",
        f"{name[:80]!r} cannot be the name of a style, as no file can be called so everywhere.",
        "Use letters, digits, spaces and dashes, 64 at most.",
    )
