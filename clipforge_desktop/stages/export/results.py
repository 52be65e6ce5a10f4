"""Finished exports as they lie in a folder: told from their recipes, and found again."""

from pathlib import Path

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.order import ExportedFile
from clipforge_desktop.media import ffmpeg
from clipforge_desktop.stages.export import files
from clipforge_desktop.stages.export.recipe import Ingredients, Recipe, read_recipe


def already_there(folder: Path, stem: str, ingredients: Ingredients) -> ExportedFile | None:
    """The finished file of exactly this recipe, if it is whole."""
    stem, is_ours = files.stem_for(folder, stem, ingredients.key)
    recipe = read_recipe(folder / f"{stem}.json") if is_ours else None
    if recipe is None:
        return None
    found = exported(folder, stem, recipe)
    try:
        if found.size_bytes != recipe.video_bytes:
            return None
        if found.subtitles is not None and not Path(found.subtitles).is_file():
            return None
        ffmpeg.verify(Path(found.video), recipe.duration_s)
    except (OSError, ClipForgeError):
        return None
    return found


def exported(folder: Path, stem: str, recipe: Recipe) -> ExportedFile:
    video = folder / f"{stem}.mp4"
    return ExportedFile(
        aspect=recipe.ingredients.aspect,
        video=str(video),
        subtitles=str(folder / f"{stem}.srt") if recipe.has_subtitles else None,
        recipe=str(folder / f"{stem}.json"),
        size_bytes=video.stat().st_size if video.is_file() else 0,
        duration_s=recipe.duration_s,
        integrated_lufs=recipe.integrated_lufs,
        style=recipe.style,
        platform=recipe.platform,
    )
