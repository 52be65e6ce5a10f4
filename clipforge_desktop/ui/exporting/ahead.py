"""A look ahead at an export: what it will make, and what is to be said of it before.

Asked in the background; `keep` turns a remedy's options into the panel's choices.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from clipforge_desktop.domain.errors import Failure, InputError
from clipforge_desktop.ui import styling
from clipforge_desktop.ui.choices import Choices

if TYPE_CHECKING:
    from clipforge_desktop.domain.branding import Branding
    from clipforge_desktop.domain.order import ExportOptions
    from clipforge_desktop.domain.preflight import Finding
    from clipforge_desktop.store import Store
    from clipforge_desktop.ui.styling import ExportWish


@dataclass(frozen=True)
class Ahead:
    """`first_name` is the real name of the first file; `name_failure` why there is none."""

    clip_ids: tuple[int, ...]
    options: "ExportOptions"
    findings: "tuple[Finding, ...]"
    files_a_clip: int
    first_name: str
    name_failure: Failure | None = None

    @property
    def blocking(self) -> "Finding | None":
        return next((one for one in self.findings if one.is_blocking), None)


def look_ahead(
    store: "Store", clip_ids: Sequence[int], wish: "ExportWish", only_now: "ExportOptions | None"
) -> Ahead:
    """`only_now` goes before the wish, for this export. Raises InputError for a style gone."""
    from clipforge_desktop.app.preflight import preflight
    from clipforge_desktop.domain.outputs import outputs

    options = only_now or styling.export_options(store, wish)
    findings = preflight(store, clip_ids, options) if clip_ids else ()
    number = len(outputs(options))
    try:
        name = _first_name(store, clip_ids, options)
    except InputError as error:
        return Ahead(tuple(clip_ids), options, findings, number, "", error.failure)
    return Ahead(tuple(clip_ids), options, findings, number, name)


def _first_name(store: "Store", clip_ids: Sequence[int], options: "ExportOptions") -> str:
    from clipforge_desktop.domain.outputs import file_names, outputs

    if not clip_ids:
        return ""
    clip = store.library.clip(clip_ids[0])
    source = Path(store.library.source(clip.source_id).name).stem
    names = file_names(options.name_template, source, clip.rank, clip.title, outputs(options))
    return f"{names[0]}.mp4"


def keep(choices: Choices, before: "ExportOptions", after: "ExportOptions") -> bool:
    """Put what a remedy changes into the choices; False when they cannot say all of it."""
    from clipforge_desktop.domain.order import NAME_TEMPLATE

    choices.aspects = list(after.aspects)
    choices.export_dir = after.out_dir if after.out_dir != before.out_dir else choices.export_dir
    choices.quality = after.quality
    choices.uses_graphics_card = after.encoder == "hardware"
    choices.reduces_noise = after.reduce_noise
    is_usual = after.name_template == NAME_TEMPLATE
    choices.name_template = "" if is_usual else after.name_template
    if after.music is None:
        choices.music_path = ""
    else:
        choices.music_path = after.music.path
        choices.music_level_lu, choices.music_duck_lu = after.music.level_lu, after.music.duck_lu
    _keep_branding(choices, after.branding)
    if after.style is None and before.style is not None:
        choices.style = None
    left = {style.name for style in after.further_styles}
    choices.further_styles = [name for name in choices.further_styles if name in left]
    kept = [one for one in after.deliveries if one in before.deliveries]
    choices.platforms = [one.platform for one in kept if one.platform]
    said = replace(
        before,
        aspects=after.aspects,
        out_dir=after.out_dir,
        quality=after.quality,
        encoder=after.encoder,
        reduce_noise=after.reduce_noise,
        name_template=after.name_template,
        music=after.music,
        branding=after.branding,
        style=after.style if after.style in (None, before.style) else before.style,
        further_styles=tuple(one for one in before.further_styles if one in after.further_styles),
        deliveries=tuple(kept) or before.deliveries,
    )
    return said == after


def _keep_branding(choices: Choices, branding: "Branding | None") -> None:
    logo = branding.logo if branding is not None else None
    headline = branding.headline if branding is not None else None
    choices.logo_path = logo.path if logo is not None else ""
    if logo is not None:
        choices.logo_corner, choices.logo_size = logo.corner, logo.size
        choices.logo_opacity = logo.opacity
    choices.shows_headline = headline is not None
    if headline is not None:
        choices.headline_text, choices.headline_s = headline.text, headline.for_s or 0.0
