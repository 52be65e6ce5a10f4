"""What every verb of the command line shares: its home, and the `--json` option."""

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
