"""The recipe beside a file, written and read; what it says is in `domain.recipe`."""

import json
from pathlib import Path

import msgspec

from clipforge_desktop.domain.recipe import COPIED as COPIED
from clipforge_desktop.domain.recipe import MOST_BYTES
from clipforge_desktop.domain.recipe import RECIPE_VERSION as RECIPE_VERSION
from clipforge_desktop.domain.recipe import SOFTWARE as SOFTWARE
from clipforge_desktop.domain.recipe import Ingredients as Ingredients
from clipforge_desktop.domain.recipe import Recipe as Recipe
from clipforge_desktop.domain.wire import decode, encode


def write_recipe(recipe: Recipe, path: Path) -> None:
    """As JSON that people can read."""
    text = json.dumps(json.loads(encode(recipe)), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def read_recipe(path: Path) -> Recipe | None:
    """The recipe in `path`; None when there is none, or it is not ours to understand."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        return decode(Recipe, path.read_text(encoding="utf-8"))
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
