"""`clipforge exchange`: clips of a video as timelines that a video editor opens."""

from pathlib import Path
from typing import Annotated

import typer

from clipforge_desktop.app import spoken
from clipforge_desktop.app.exchanging import send
from clipforge_desktop.cli import refusing
from clipforge_desktop.cli.exports import CutFillers, Paces
from clipforge_desktop.cli.reports import print_json
from clipforge_desktop.cli.session import AsJson, Session
from clipforge_desktop.exchange.formats import ExchangeFormat
from clipforge_desktop.store import Store


def exchange(
    context: typer.Context,
    video: Annotated[str, typer.Argument(help="A video of the library: its file or its number.")],
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    kind: Annotated[
        ExchangeFormat,
        typer.Option(
            "--format",
            help="otio: OpenTimelineIO; fcpxml: Final Cut Pro, Resolve; premiere: Premiere, "
            "Resolve; edl: anything.",
        ),
    ],
    clip: Annotated[
        list[int] | None, typer.Option(min=1, help="This clip (repeatable); else the whole shelf.")
    ] = None,
    pace: Paces = "spoken",
    cut_fillers: CutFillers = False,
    as_json: AsJson = False,
) -> None:
    """Send clips to a video editor: cuts of the source as timelines, nothing rendered."""
    session: Session = context.obj
    with Store.open(session.home) as store:
        source = spoken.find_source(store, video)
        clips = [
            spoken.paced(store, source, one, pace, without_fillers=cut_fillers)
            for one in spoken.find_clips(store, source, clip or [])
        ]
    for sent in send(source, clips, kind, Path(refusing.folder(out))):
        if as_json:
            event = {"event": "exchange", "source": source.path, "format": kind}
            print_json({**event, "clips": sent.clips, "file": str(sent.file)})
        else:
            typer.echo(str(sent.file))
