"""`clipforge process`: options to an order, then the whole job."""

import re
from pathlib import Path
from typing import Annotated

import typer

from clipforge_desktop.app.folders import videos_in
from clipforge_desktop.app.process import process
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.cli import refusing
from clipforge_desktop.cli.reports import JsonReporter, TerminalReporter
from clipforge_desktop.cli.session import AsJson, Session
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.cuts import Pace
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.order import (
    ExportOptions,
    FindingOptions,
    Framing,
    Order,
    Speech,
    SpeechOptions,
)
from clipforge_desktop.paths import Home

DEFAULT_STYLE = "clean"
_ASPECT = re.compile(r"^[1-9]\d{0,4}[:x][1-9]\d{0,4}$")


def process_command(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="The videos, or folders of videos.")],
    out: Annotated[Path, typer.Option(help="Folder for the clips.")] = Path("clips"),
    count: Annotated[int | None, typer.Option(min=1, max=1000, help="How many clips.")] = None,
    min_seconds: Annotated[float, typer.Option(help="The shortest clip.")] = 15.0,
    max_seconds: Annotated[float, typer.Option(help="The longest clip.")] = 60.0,
    aspect: Annotated[list[str] | None, typer.Option(help="9:16, 1:1, 4:5, 16:9 or WxH.")] = None,
    framing: Annotated[Framing, typer.Option(help="Which part of the picture.")] = "auto",
    style: Annotated[str, typer.Option(help="A caption style, a style file, or none.")] = (
        DEFAULT_STYLE
    ),
    preset: Annotated[str | None, typer.Option(help="A platform preset.")] = None,
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
    as_json: AsJson = False,
) -> None:
    """Make clips of videos, without a window."""
    session: Session = context.obj
    _refuse_unbuilt(preset)
    _refuse_cuts_without_export(find_only, pace != "spoken" or cut_fillers)
    min_s, max_s = refusing.clip_lengths(min_seconds, max_seconds)
    order = Order(
        speech=SpeechOptions(
            speech,
            refusing.model(model, session.home),
            refusing.language(language),
            refusing.transcript(transcript),
        ),
        finding=FindingOptions(count, min_s, max_s, judge, judge_model),
        export=None
        if find_only
        else ExportOptions(
            out_dir=_folder(out),
            aspects=_aspects(aspect or ["9:16"]),
            framing=framing,
            style=_style(style, session.home),
            pace=pace,
            cut_fillers=cut_fillers,
        ),
        is_offline=session.is_offline,
    )
    raise typer.Exit(_process(session, files, order, as_json))


def _process(session: Session, files: list[Path], order: Order, as_json: bool) -> int:
    """Run the order on files, and on the videos in folders; returns the exit code."""
    home = session.home.create()
    videos = [video for given in files for video in list(videos_in([given])) or [given]]
    if as_json:
        return process(home, videos, order, JsonReporter(), is_offline=session.is_offline)
    with TerminalReporter() as reporter:
        return process(home, videos, order, reporter, is_offline=session.is_offline)


def _refuse_unbuilt(preset: str | None) -> None:
    if preset is not None:
        raise InputError(
            "preset_not_built",
            "Platform presets are not built yet.",
            "Leave --preset out: 1080x1920 H.264 at -14 LUFS suits every platform.",
        )


def _refuse_cuts_without_export(find_only: bool, cuts: bool) -> None:
    if find_only and cuts:
        raise InputError(
            "nothing_to_cut",
            "--pace and --cut-fillers change exported clips, and --find-only exports none.",
            "Leave --find-only out, or the other two.",
        )


def _folder(out: Path) -> str:
    folder = out.expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise InputError(
            "output_not_a_folder",
            f"{folder.name} is a file, so no clips can be put into it.",
            "Give a folder with --out; it is made when it is not there.",
        )
    return str(folder)


def _aspects(given: list[str]) -> tuple[str, ...]:
    for value in given:
        if not _ASPECT.match(value):
            raise typer.BadParameter(
                f"{value!r} is no aspect: give W:H like 9:16, or WxH in pixels like 1080x1350"
            )
    return tuple(dict.fromkeys(given))


def _style(name: str, home: Home) -> CaptionStyle | None:
    return None if name == "none" else load_style(name, home)
