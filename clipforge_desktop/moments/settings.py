"""The lists and weights of `resources/ranking.toml` and `resources/ranking/<language>.toml`.

They are meant to be edited by people, so they are validated here, and a mistake in them is
reported with the name of the field.
"""

import tomllib
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from clipforge_desktop.domain.errors import InputError

Terms = tuple[Annotated[str, AfterValidator(str.casefold)], ...]
"""Words to look for in a text whose case has been folded the same way."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class HookSettings(_Section):
    """How likeness to hooks is read; `passage_s` is how much of the talk is read at once.

    `words_passage_s` is the same for the word lists, which stand in for the sentence model.
    """

    best: int = Field(ge=1, le=50)
    dullest: int = Field(ge=1, le=50)
    passage_s: float = Field(ge=5, le=120)
    weight: float = Field(ge=0, le=10)
    words_passage_s: float = Field(ge=5, le=120)


class WeightSettings(_Section):
    weight: float = Field(ge=0, le=10)


class CompletenessSettings(_Section):
    """`reach_s` is how far an end may be moved to a cleaner one."""

    weight: float = Field(ge=0, le=10)
    reach_s: float = Field(ge=0, le=60)


class LengthSettings(_Section):
    best_s: float = Field(ge=5, le=600)
    weight: float = Field(ge=0, le=10)


class ShelfSettings(_Section):
    per_hour: float = Field(ge=1, le=60)
    candidate_every_s: float = Field(ge=20, le=3600)


class Ranking(_Section):
    """ranking.toml, version 1."""

    version: int = Field(ge=1, le=1)
    hooks: HookSettings
    sound: WeightSettings
    completeness: CompletenessSettings
    length: LengthSettings
    spread: WeightSettings
    shelf: ShelfSettings


class DullList(_Section):
    phrases: tuple[str, ...] = ()
    words: Terms = ()


class Openings(_Section):
    """Lower-case words: how clauses begin, and what a clip should neither open nor end with.

    `dangling` and `announcing` may be phrases: how a line begins that points back, and one
    that only says what comes next.
    """

    clause: Terms = ()
    dangling: Terms = ()
    answer: Terms = ()
    open_end: Terms = ()
    announcing: Terms = ()
    filler: Terms = ()


class LanguageList(_Section):
    """One language's phrases (for the sentence model) and words (for the stand-in)."""

    language: str
    hooks: dict[str, tuple[str, ...]] = {}
    words: dict[str, Terms] = {}
    dull: DullList = DullList()
    openings: Openings = Openings()


_Model = TypeVar("_Model", bound=BaseModel)


def load_ranking(resources: Path) -> Ranking:
    """Raises InputError "ranking-file" naming the field that cannot be taken."""
    return _load(Ranking, resources / "ranking.toml")


def load_language(resources: Path, language: str) -> LanguageList | None:
    """The lists of `language` (ISO 639-1), None when there are none. Errors as above."""
    path = resources / "ranking" / f"{language}.toml"
    if not (language.isascii() and language.isalpha() and path.is_file()):
        return None
    return _load(LanguageList, path)


def _load(kind: type[_Model], path: Path) -> _Model:
    try:
        return kind.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = str(error)
    except ValidationError as error:
        # A field that is not known explains the one that is missing.
        first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
        field = ".".join(str(part) for part in first["loc"])
        reason = f"{field}: {first['msg']}"
    raise InputError(
        "ranking-file",
        f"The ranking file {path.name} cannot be used: {reason}",
        "Correct the file, or install ClipForge again to get the original back.",
    )
