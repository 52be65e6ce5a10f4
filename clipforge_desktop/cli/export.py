"""`clipforge export`: clips that were found before, as files."""

from pathlib import Path
from typing import Annotated

import typer

from clipforge_desktop.app import spoken
from clipforge_desktop.app.process import export
from clipforge_desktop.cli import branding
from clipforge_desktop.cli.exports import (
    Aspects,
    CutFillers,
    Encoders,
    Exporting,
    Fix,
    Framings,
    Levels,
    Music,
    MusicDuck,
    MusicLevel,
    Names,
    NoiseReduction,
    Out,
    Paces,
    Presets,
    Qualities,
    Styles,
    export_options,
)
from clipforge_desktop.cli.reports import JsonReporter, TerminalReporter
from clipforge_desktop.cli.session import AsJson, Session
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.store import Store


def export_command(
    context: typer.Context,
    video: Annotated[str, typer.Argument(help="A video of the library: its file or its number.")],
    clip: Annotated[
        list[int] | None, typer.Option(min=1, help="This clip (repeatable); else the whole shelf.")
    ] = None,
    out: Out = Path("clips"),
    aspect: Aspects = None,
    framing: Framings = "auto",
    style: Styles = None,
    preset: Presets = None,
    quality: Qualities = "standard",
    encoder: Encoders = "software",
    noise_reduction: NoiseReduction = False,
    music: Music = None,
    music_level: MusicLevel = None,
    music_duck: MusicDuck = None,
    logo: branding.LogoFile = None,
    logo_corner: branding.LogoCorner = None,
    logo_size: branding.LogoSize = None,
    logo_opacity: branding.LogoOpacity = None,
    headline: branding.HeadlineText = None,
    headline_seconds: branding.HeadlineSeconds = None,
    name: Names = "",
    pace: Paces = "spoken",
    cut_fillers: CutFillers = False,
    fix: Fix = False,
    as_json: AsJson = False,
) -> None:
    """Export clips that were found before: the chosen ones, or the whole shelf."""
    session: Session = context.obj
    exporting = Exporting(
        out, aspect, framing, style, preset, quality, encoder, noise_reduction, name, pace,
        cut_fillers, Levels(music, music_level, music_duck),
        branding.BrandingTyped(
            logo, logo_corner, logo_size, logo_opacity, headline, headline_seconds
        ),
    )  # fmt: skip
    options = export_options(session.home, exporting)
    with Store.open(session.home) as store:
        source = spoken.find_source(store, video)
        clips = spoken.find_clips(store, source, clip or [])
    if not clips:
        raise InputError(
            "no_clips",
            f"There are no clips of {source.name} to export.",
            "Run `clipforge process` with this video, or bring back a clip that was rejected.",
        )
    given = (session.home, source.path, clips, options)
    if as_json:
        lines = JsonReporter()
        exporting.tell(lines)
        code = export(*given, lines, is_offline=session.is_offline, mends=fix)
    else:
        with TerminalReporter() as reporter:
            exporting.tell(reporter)
            code = export(*given, reporter, is_offline=session.is_offline, mends=fix)
    raise typer.Exit(code)
