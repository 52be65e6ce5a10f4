"""`clipforge process`: options to an order, then the whole job."""

from pathlib import Path
from typing import Annotated

import typer

from clipforge_desktop.app.folders import videos_in
from clipforge_desktop.app.process import process
from clipforge_desktop.cli import branding, refusing
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
from clipforge_desktop.domain.order import FindingOptions, Order, Speech, SpeechOptions


def process_command(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="The videos, or folders of videos.")],
    out: Out = Path("clips"),
    count: Annotated[int | None, typer.Option(min=1, max=1000, help="How many clips.")] = None,
    min_seconds: Annotated[float, typer.Option(help="The shortest clip.")] = 15.0,
    max_seconds: Annotated[float, typer.Option(help="The longest clip.")] = 60.0,
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
    speech: Annotated[Speech, typer.Option(help="How words are recognised.")] = "auto",
    model: Annotated[str, typer.Option(help="A Whisper model: its name or its folder.")] = "",
    language: Annotated[str, typer.Option(help="Spoken language: a code, or auto.")] = "auto",
    transcript: Annotated[
        Path | None, typer.Option(help="Use this .srt, .vtt, .ass or Whisper .json.")
    ] = None,
    judge: Annotated[
        str, typer.Option(help="Address of a local language model that re-ranks.")
    ] = "",
    judge_model: Annotated[str, typer.Option(help="The name of that model.")] = "",
    pace: Paces = "spoken",
    cut_fillers: CutFillers = False,
    find_only: Annotated[bool, typer.Option("--find-only", help="Do not export.")] = False,
    fix: Fix = False,
    as_json: AsJson = False,
) -> None:
    """Make clips of videos, without a window."""
    session: Session = context.obj
    exporting = Exporting(
        out, aspect, framing, style, preset, quality, encoder, noise_reduction, name, pace,
        cut_fillers, Levels(music, music_level, music_duck),
        branding.BrandingTyped(
            logo, logo_corner, logo_size, logo_opacity, headline, headline_seconds
        ),
    )  # fmt: skip
    if find_only:
        refusing.without_export(exporting.changed(fix))
    min_s, max_s = refusing.clip_lengths(min_seconds, max_seconds)
    order = Order(
        speech=SpeechOptions(
            speech,
            refusing.model(model, session.home),
            refusing.language(language),
            refusing.transcript(transcript),
        ),
        finding=FindingOptions(count, min_s, max_s, judge, judge_model),
        export=None if find_only else export_options(session.home, exporting),
        is_offline=session.is_offline,
    )
    raise typer.Exit(_process(session, files, order, exporting, as_json=as_json, mends=fix))


def _process(
    session: Session,
    files: list[Path],
    order: Order,
    typed: Exporting,
    *,
    as_json: bool,
    mends: bool,
) -> int:
    """Run the order on files, and on the videos in folders; returns the exit code."""
    home, is_offline = session.home.create(), session.is_offline
    videos = [video for given in files for video in list(videos_in([given])) or [given]]
    if as_json:
        lines = JsonReporter()
        typed.tell(lines)
        return process(home, videos, order, lines, is_offline=is_offline, mends=mends)
    with TerminalReporter() as reporter:
        typed.tell(reporter)
        return process(home, videos, order, reporter, is_offline=is_offline, mends=mends)
