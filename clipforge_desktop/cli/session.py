"""What every verb of the command line shares: its home, `--json`, and lists by default."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import typer

from clipforge_desktop.paths import Home

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]


@dataclass(frozen=True)
class Session:
    """The global options of this run."""

    home: Home
    is_offline: bool


def list_by_default(app: typer.Typer, listing: Callable[[typer.Context, bool], None]) -> None:
    """Let a group of verbs, asked for without one, do its `list`."""

    @app.callback(invoke_without_command=True, help=app.info.help)
    def show(context: typer.Context, as_json: AsJson = False) -> None:
        if context.invoked_subcommand is None:
            listing(context, as_json)
