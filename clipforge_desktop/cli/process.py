"""`clipforge process`: options to an order, then the whole job."""

import re
from pathlib import Path
from typing import Annotated

import typer

from clipforge_desktop.app.process import process
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.cli.reports import JsonReporter, TerminalReporter
from clipforge_desktop.cli.session import AsJson, Session
from clipforge_desktop.domain.caption_style import CaptionStyle
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
    files: Annotated[list[Path], typer.Argument(help="The videos.")],
    out: Annotated[Path, typer.Option(help="Folder for the clips.")] = Path("clips"),
    count: Annotated[int | None, typer.Option(min=1, max=1000, help="How many clips.")] = None,
    min_seconds: Annotated[float, typer.Option(min=1, max=600)] = 15.0,
    max_seconds: Annotated[float, typer.Option(min=2, max=3600)] = 60.0,
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
    find_only: Annotated[bool, typer.Option("--find-only", help="Do not export.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make clips of videos, without a window."""
    session: Session = context.obj
    if min_seconds > max_seconds:
        raise typer.BadParameter("--min-seconds is larger than --max-seconds")
    if preset is not None:
        raise InputError(
            "preset_not_built",
            "Platform presets are not built yet.",
            "Leave --preset out: 1080x1920 H.264 at -14 LUFS suits every platform.",
        )
    _refuse_unbuilt(framing)
    folder = out.expanduser().absolute()
    if not find_only and folder.exists() and not folder.is_dir():
        raise InputError(
            "output_not_a_folder",
            f"{folder.name} is a file, so no clips can be put into it.",
            "Give a folder with --out; it is made when it is not there.",
        )
    order = Order(
        speech=SpeechOptions(speech, _model(model), language, _transcript(transcript)),
        finding=FindingOptions(count, min_seconds, max_seconds, judge, judge_model),
        export=None
        if find_only
        else ExportOptions(
            out_dir=str(folder),
            aspects=_aspects(aspect or ["9:16"]),
            framing=framing,
            style=_style(style, session.home),
        ),
        is_offline=session.is_offline,
    )
    home = session.home.create()
    if as_json:
        code = process(home, files, order, JsonReporter(), is_offline=session.is_offline)
    else:
        with TerminalReporter() as reporter:
            code = process(home, files, order, reporter, is_offline=session.is_offline)
    raise typer.Exit(code)


def _refuse_unbuilt(framing: Framing) -> None:
    if framing in ("split", "screen", "wide"):
        raise InputError(
            "framing_not_built",
            f'The framing "{framing}" is not built yet.',
            "Use auto, fill or fit.",
        )


def _aspects(given: list[str]) -> tuple[str, ...]:
    for value in given:
        if not _ASPECT.match(value):
            raise typer.BadParameter(
                f"{value!r} is no aspect: give W:H like 9:16, or WxH in pixels like 1080x1350"
            )
    return tuple(dict.fromkeys(given))


def _style(name: str, home: Home) -> CaptionStyle | None:
    return None if name == "none" else load_style(name, home)


def _model(value: str) -> str:
    """A folder as an absolute path, a name as it is."""
    folder = Path(value).expanduser()
    return str(folder.absolute()) if value and folder.is_dir() else value


def _transcript(path: Path | None) -> str:
    if path is None:
        return ""
    if not path.expanduser().is_file():
        raise InputError(
            "transcript_not_found",
            f"There is no transcript file {path.name} at that place.",
            "Check the path given with --transcript.",
        )
    return str(path.expanduser().absolute())
