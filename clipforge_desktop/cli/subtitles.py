"""`clipforge subtitles`: the words of a video of the library, or of one clip, as a file."""

from pathlib import Path
from typing import Annotated

import typer

from clipforge_desktop.app import spoken
from clipforge_desktop.captions.shelf import DEFAULT_STYLE, load_style
from clipforge_desktop.cli.exports import CutFillers, Paces
from clipforge_desktop.cli.reports import print_json
from clipforge_desktop.cli.session import AsJson, Session
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store


def subtitles(
    context: typer.Context,
    video: Annotated[str, typer.Argument(help="A video of the library: its file or its number.")],
    out: Annotated[Path, typer.Option(help="The file: .srt, .vtt, .ass or .json.")],
    clip: Annotated[
        int | None, typer.Option(min=1, help="This clip, on its own clock; else the whole video.")
    ] = None,
    pace: Paces = "spoken",
    cut_fillers: CutFillers = False,
    style: Annotated[str, typer.Option(help="A caption style, for .ass.")] = "",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file that is there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the words of a video, or of one of its clips, as subtitles."""
    from clipforge_desktop.captions.subtitles import subtitles_of_clip  # Qt, for this verb only

    session: Session = context.obj
    kind = spoken.kind_of(out)
    if clip is None and (pace != "spoken" or cut_fillers):
        raise InputError(
            "pace_needs_clip",
            "Only clips are cut: the whole video keeps its pauses and fillers.",
            "Name a clip with --clip, or leave --pace and --cut-fillers out.",
        )
    dressed = _style(style, kind, session.home)
    with Store.open(session.home) as store:
        source = spoken.find_source(store, video)
        one = spoken.find_clip(store, source, clip) if clip is not None else None
        if one is not None:
            one = spoken.paced(store, source, one, pace, without_fillers=cut_fillers)
        said = spoken.spoken_in(store, source, one)
        grounds = spoken.grounds_of(store, one) if one is not None else ()
    text = subtitles_of_clip(said, kind, dressed, grounds)
    file = out.expanduser().absolute()
    spoken.save_text(file, text, replaces=overwrite)
    if as_json:
        print_json({"event": "subtitles", "source": source.path, "clip": clip, "file": str(file)})
    else:
        typer.echo(str(file))


def _style(name: str, kind: spoken.SubtitleKind, home: Home) -> CaptionStyle | None:
    """Only ASS files have looks. Raises InputError `style_needs_ass`."""
    if kind == "ass":
        from clipforge_desktop.captions.fonts import load_fonts
        from clipforge_desktop.captions.qt import ensure_gui_application

        ensure_gui_application()
        load_fonts(home)
        return load_style(name or DEFAULT_STYLE, home)
    if name:
        raise InputError(
            "style_needs_ass",
            f"A .{kind} file cannot hold a style.",
            "Leave --style out, or write an .ass file.",
        )
    return None
