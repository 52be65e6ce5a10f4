"""A recipe rendered again: the file is read with suspicion, its video found, an order written.

The recipe says where its video was; what is used is only a file of the right size there, or the
one that the user names, and import makes sure that its content is the same.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.naming import safe_stem
from clipforge_desktop.domain.order import ExportOptions, Order
from clipforge_desktop.domain.recipe import MOST_BYTES, Recipe, other_source, parse_recipe

_NETWORK = re.compile(r"[\\/]{2}")  # a recipe of a stranger must not make us call a server


@dataclass(frozen=True)
class Rendering:
    """The video and the order that give the recipe's file again."""

    video: Path
    order: Order


def rendering_of(
    file: Path, out_dir: str, source: Path | None = None, *, is_offline: bool = False
) -> Rendering:
    """What to process for the recipe in `file`; `source` goes before the place it names.

    Raises InputError `recipe_unreadable`, `recipe_invalid`, `recipe_newer`,
    `recipe_source_missing`, `recipe_other_source`, `recipe_other_music` or `recipe_other_logo`.
    """
    recipe = parse_recipe(_read(file), file.name)
    video = _video(recipe, source)
    _refuse_network(recipe)
    options = ExportOptions(
        out_dir=out_dir, aspects=(recipe.ingredients.aspect,), style=recipe.ingredients.style
    )
    stem = safe_stem(file.stem)
    return Rendering(
        video, Order(export=options, is_offline=is_offline, recipe=recipe, recipe_name=stem)
    )


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(
            "recipe_unreadable",
            f"{file.name} cannot be read: {error.strerror or error}.",
            "Give the .json file that lies beside an exported video.",
        ) from error


def _video(recipe: Recipe, source: Path | None) -> Path:
    if source is None and _NETWORK.match(recipe.source_path):
        raise _missing(recipe, "lies on another computer")
    video = source.expanduser().absolute() if source is not None else Path(recipe.source_path)
    try:
        size_bytes = video.stat().st_size if video.is_absolute() else -1
    except (OSError, ValueError):
        size_bytes = -1
    if size_bytes < 0 or video.is_dir():
        if source is not None:
            raise InputError(
                "not_found",
                f"There is no file {source.name} at that place.",
                "Check the path given with --source, or plug the drive in.",
            )
        raise _missing(recipe, "is not where it was")
    if size_bytes != recipe.source_bytes:
        raise other_source(video.name)
    return video


def _refuse_network(recipe: Recipe) -> None:
    made_of = recipe.ingredients
    logo = made_of.branding.logo if made_of.branding is not None else None
    for what, file in (("music", made_of.sound.music), ("logo", logo)):
        if file is not None and _NETWORK.match(file.path):
            raise InputError(
                f"recipe_other_{what}",
                f"The {what} of this recipe lies on another computer.",
                f"Export the clip once more with a {what} file that lies on this one.",
            )


def _missing(recipe: Recipe, why: str) -> InputError:
    name = Path(recipe.source_path.replace("\\", "/")).name[:100] or "The video"
    return InputError(
        "recipe_source_missing",
        f"{name}, from which this was made, {why}.",
        "Say where it is with --source FILE.",
    )
