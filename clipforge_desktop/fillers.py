"""Words that people say while they think, per language: reads `resources/fillers`.

The lists are meant to be edited by people; a mistake in one is reported with its file. A
language without a list has no fillers.
"""

import tomllib
from functools import cache

import msgspec

from clipforge_desktop.domain.cuts import FillerList
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.wire import convert
from clipforge_desktop.paths import resources


@cache
def fillers_of(language: str) -> FillerList:
    """The list of a language by its ISO 639-1 code. Raises InputError `fillers_invalid`."""
    file = resources() / "fillers" / f"{language}.toml"
    if not language.isalpha() or not file.is_file():
        return FillerList()
    try:
        return convert(FillerList, tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise InputError(
            "fillers_invalid",
            f"The list of fillers {file.name} cannot be read: {error}.",
            "Correct that file, or install ClipForge again.",
        ) from error
