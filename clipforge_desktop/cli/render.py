"""`clipforge render`: an exported file once more, from the recipe beside it."""

from pathlib import Path
from typing import Annotated

import typer

from clipforge_desktop.app.process import process
from clipforge_desktop.app.rendering import rendering_of
from clipforge_desktop.cli import refusing
from clipforge_desktop.cli.reports import JsonReporter, TerminalReporter
from clipforge_desktop.cli.session import AsJson, Session


def render(
    context: typer.Context,
    recipe: Annotated[Path, typer.Argument(help="The .json file beside an exported video.")],
    out: Annotated[Path, typer.Option(help="Folder for the file.")],
    source: Annotated[
        Path | None, typer.Option(help="The video it was made from, when it was moved.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Render a recipe: the same pieces, framing, captions and sound as when it was exported."""
    session: Session = context.obj
    wanted = rendering_of(
        recipe.expanduser().absolute(),
        refusing.folder(out),
        source,
        is_offline=session.is_offline,
    )
    home, videos, order = session.home.create(), [wanted.video], wanted.order
    if as_json:
        code = process(home, videos, order, JsonReporter(), is_offline=session.is_offline)
    else:
        with TerminalReporter() as reporter:
            code = process(home, videos, order, reporter, is_offline=session.is_offline)
    raise typer.Exit(code)
