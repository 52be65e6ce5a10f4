"""`clipforge process`: options to an order, then the whole job."""

from pathlib import Path
from typing import Annotated

import typer

from clipforge_desktop.app.folders import videos_in
from clipforge_desktop.app.process import process
from clipforge_desktop.cli import branding, refusing
from clipforge_desktop.cli.exports import (
    Aspects,
    Exporting,
    Levels,
    Names,
    Presets,
    Styles,
    export_options,
)
from clipforge_desktop.cli.reports import JsonReporter, TerminalReporter
from clipforge_desktop.cli.session import AsJson, Session
from clipforge_desktop.domain.cuts import Pace
from clipforge_desktop.domain.delivery import Quality
from clipforge_desktop.domain.order import (
    Encoder,
    FindingOptions,
    Framing,
    Order,
    Speech,
    SpeechOptions,
)


def process_command(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="The videos, or folders of videos.")],
    out: Annotated[Path, typer.Option(help="Folder for the clips.")] = Path("clips"),
    count: Annotated[int | None, typer.Option(min=1, max=1000, help="How many clips.")] = None,
    min_seconds: Annotated[float, typer.Option(help="The shortest clip.")] = 15.0,
    max_seconds: Annotated[float, typer.Option(help="The longest clip.")] = 60.0,
    aspect: Aspects = None,
    framing: Annotated[Framing, typer.Option(help="Which part of the picture.")] = "auto",
    style: Styles = None,
    preset: Presets = None,
    quality: Annotated[Quality, typer.Option(help="How much time a file may take.")] = "standard",
    encoder: Annotated[
        Encoder, typer.Option(help="x264, or the graphics card where that works.")
    ] = "software",
    noise_reduction: Annotated[
        bool, typer.Option("--noise-reduction", help="Take steady noise out of the sound.")
    ] = False,
    music: Annotated[
        Path | None, typer.Option(help="Your own music, quieter while somebody speaks.")
    ] = None,
    music_level: Annotated[
        float | None, typer.Option(help="Its loudness beside the speech, dB: -40 to 0, else -10.")
    ] = None,
    music_duck: Annotated[
        float | None, typer.Option(help="How much quieter under speech, dB: 0 to 40, else 10.")
    ] = None,
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
    pace: Annotated[Pace, typer.Option(help="Shorten pauses: over 0.6, 0.35 or 0.15 s.")] = (
        "spoken"
    ),
    cut_fillers: Annotated[
        bool, typer.Option("--cut-fillers", help="Take out um, uh and the like.")
    ] = False,
    find_only: Annotated[bool, typer.Option("--find-only", help="Do not export.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what is found before the export: length, captions.")
    ] = False,
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
    raise typer.Exit(_process(session, files, order, as_json=as_json, mends=fix))


def _process(
    session: Session, files: list[Path], order: Order, *, as_json: bool, mends: bool
) -> int:
    """Run the order on files, and on the videos in folders; returns the exit code."""
    home, is_offline = session.home.create(), session.is_offline
    videos = [video for given in files for video in list(videos_in([given])) or [given]]
    if as_json:
        return process(home, videos, order, JsonReporter(), is_offline=is_offline, mends=mends)
    with TerminalReporter() as reporter:
        return process(home, videos, order, reporter, is_offline=is_offline, mends=mends)
