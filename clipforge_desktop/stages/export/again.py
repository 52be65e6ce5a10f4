"""A recipe as the clip and the file to make: nothing is decided anew, so the frames are the same.

A recipe may have been written by a stranger: `domain.recipe` has looked at its numbers, here it is
held against the real source. Its paths are only ever opened, by the doors that open every file.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from clipforge_desktop.captions.logo_file import read_logo
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.order import ExportRequest
from clipforge_desktop.domain.recipe import COPIED, SOFTWARE, Ingredients, Recipe, other_source
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.media import encoders
from clipforge_desktop.stages.export import files, formats
from clipforge_desktop.stages.export.clock import clip_clock
from clipforge_desktop.stages.export.groups import Wanted
from clipforge_desktop.stages.export.making import Clip
from clipforge_desktop.stages.export.sound_music import music_key
from clipforge_desktop.stages.export.source import check_source, inside_source

_OLDER = "Another version of ClipForge made this: single frames may differ from the first time."
_OTHER_ENCODER = "This was made by an encoder that is not known here: its frames will differ."


@dataclass(frozen=True)
class Again:
    """What to make, and what the creator should know of it."""

    clip: Clip
    wanted: Wanted
    notices: tuple[str, ...]


def again(request: ExportRequest, recipe: Recipe, version: int, cores: int) -> Again:
    """The recipe's file, as this `version` of the stage makes it on so many `cores`.

    Raises InputError (recipe_other_source, recipe_other_music, recipe_other_logo, recipe_invalid,
    source_missing, source_changed) and PausingError (output_not_writable, disk_full).
    """
    path, media, made_of = Path(request.path), request.media, recipe.ingredients
    if made_of.content_key != media.content_key:
        raise other_source(path.name)
    check_source(path, media)
    _check_fits(recipe, media)
    _check_music(made_of)
    _check_logo(made_of)
    notices = [_OLDER] if made_of.stage_version != version else []
    encoder = made_of.encoder
    if encoder not in (COPIED, SOFTWARE) and encoders.named(encoder) is None:
        notices.append(_OTHER_ENCODER)
        encoder = SOFTWARE
    clip = Clip(
        path=path,
        media=media,
        folder=files.open_folder(request.options.out_dir),
        clock=clip_clock(made_of.pieces, made_of.clip_rate, formats.AUDIO_HZ),
        words=made_of.words,
        title=recipe.title,
        threads=recipe.threads or formats.encoder_threads(cores, 1),
    )
    wanted = Wanted(
        name=request.names[0],
        ingredients=replace(made_of, stage_version=version, encoder=encoder),
        otherwise=() if encoder == SOFTWARE else (SOFTWARE,),
        style=recipe.style,
        platform=recipe.platform,
        largest_bytes=recipe.largest_bytes,
    )
    return Again(clip, wanted, tuple(notices))


def _check_fits(recipe: Recipe, media: SourceMedia) -> None:
    """Pieces and crops must lie in this source; what was rendered from it always does."""
    made_of, info = recipe.ingredients, media.info
    if inside_source(made_of.pieces, info.duration_s) != made_of.pieces:
        raise _does_not_fit("ingredients.pieces")
    plan = made_of.framing
    if info.video is not None and plan.source_size_px != info.video.display_size_px:
        raise _does_not_fit("ingredients.framing.source_size_px")


def _check_music(made_of: Ingredients) -> None:
    """The music must be there, and be what it was."""
    music = made_of.sound.music
    if music is None:
        return
    try:
        key = music_key(music.path)
    except (InputError, ValueError):
        key = ""
    if key != made_of.music_key:
        raise InputError(
            "recipe_other_music",
            f"The music {Path(music.path).name[:100]} is not where it was, or was changed.",
            "Put the music back where it was, then render it again.",
        )


def _check_logo(made_of: Ingredients) -> None:
    """The logo must be there, and be what it was."""
    logo = made_of.branding.logo if made_of.branding is not None else None
    if logo is None:
        return
    try:
        key = read_logo(logo.path).key
    except InputError:
        key = ""
    if key != logo.key:
        raise InputError(
            "recipe_other_logo",
            f"The logo {Path(logo.path).name[:100]} is not where it was, or was changed.",
            "Put the logo back where it was, then render it again.",
        )


def _does_not_fit(field: str) -> InputError:
    return InputError(
        "recipe_invalid",
        f"The recipe does not fit its video: field {field} names what is not in it.",
        "Give the .json file that ClipForge wrote beside an exported video, unchanged.",
    )
