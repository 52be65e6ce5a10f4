"""The same verbs as the window, typed. Composes commands and reports; decides nothing.

Data goes to stdout (with `--json` one object a line and nothing else), words for people and
progress bars to stderr. Exit codes: 0 all done, 1 something failed, 2 wrong usage or input
that cannot be taken, 130 interrupted.
"""

import os
import signal
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from clipforge_desktop import __version__
from clipforge_desktop.app.process import EXIT_DONE, EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from clipforge_desktop.cli.exchange import exchange
from clipforge_desktop.cli.export import export_command
from clipforge_desktop.cli.jobs import jobs_app
from clipforge_desktop.cli.library import doctor, library, search
from clipforge_desktop.cli.presets import presets_app
from clipforge_desktop.cli.process import process_command
from clipforge_desktop.cli.render import render
from clipforge_desktop.cli.reports import JsonReporter, say
from clipforge_desktop.cli.session import Session
from clipforge_desktop.cli.styles import styles_app
from clipforge_desktop.cli.subtitles import subtitles
from clipforge_desktop.domain.errors import ClipForgeError, Failure
from clipforge_desktop.paths import Home, default_home

_LONGEST_SHOWN = 60

# typer carries its own copy of click or uses the installed one, depending on its version.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.add_typer(jobs_app, name="jobs")
app.add_typer(styles_app, name="styles")
app.add_typer(presets_app, name="presets")
app.command("process")(process_command)
app.command("export")(export_command)
app.command()(library)
app.command()(search)
app.command()(subtitles)
app.command()(exchange)
app.command()(render)
app.command()(doctor)


def run(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell starts us deaf to SIGINT
        signal.signal(number, _interrupt)
    as_json = "--json" in arguments
    try:
        code = app(args=arguments, prog_name="clipforge", standalone_mode=not as_json)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except ClipForgeError as error:
        _tell(error.failure, as_json=as_json)
        return EXIT_USAGE
    except OSError as error:  # a path that no system call takes, a folder that nobody may enter
        if error.filename is None:
            raise
        _tell(_unusable(error), as_json=as_json)
        return EXIT_USAGE
    except UsageError as error:  # only as JSON: else typer prints it itself
        JsonReporter().error("", _wrong_usage(error))
        return EXIT_USAGE
    return code if isinstance(code, int) else EXIT_DONE


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="Keep the library, models and settings in this folder.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Never use the network.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Long videos in, ready-to-post captioned clips out, on your own machine."""
    if version:
        typer.echo(f"clipforge {__version__}")
        raise typer.Exit
    where = Home(home.expanduser().absolute()) if home else default_home()
    context.obj = Session(where, offline)


@app.command()
def window(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="Videos to add.")] = None,
) -> None:
    """Open the window; files that are given are added."""
    from clipforge_desktop.ui.application import run_window  # Qt is only loaded for the window

    session: Session = context.obj
    raise typer.Exit(run_window(session.home.create(), files or [], session.is_offline))


def _tell(failure: Failure, *, as_json: bool) -> None:
    if as_json:
        JsonReporter().error("", failure)
    else:
        say(failure)


def _unusable(error: OSError) -> Failure:
    name = Path(os.fsdecode(error.filename)).name
    said = name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…"
    return Failure(
        "path_unusable",
        f"{said} cannot be used: {error.strerror or error}.",
        "Check that path, or give another one.",
    )


def _wrong_usage(error: Exception) -> Failure:
    said = getattr(error, "format_message", error.__str__)()
    verb = getattr(getattr(error, "ctx", None), "command_path", "clipforge")
    return Failure("wrong_usage", said, f"See `{verb} --help`.")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
