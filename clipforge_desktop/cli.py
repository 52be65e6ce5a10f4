"""The same verbs as the window, typed. Composes commands and reports; decides nothing.

Data goes to stdout (with `--json` one object a line and nothing else), words for people and
progress bars to stderr. Exit codes: 0 all done, 1 something failed, 2 wrong usage or input
that cannot be taken, 130 interrupted.
"""

import re
import signal
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from clipforge_desktop import __version__
from clipforge_desktop.app import commands, health
from clipforge_desktop.app.process import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    process,
    work_off,
)
from clipforge_desktop.app.reports import (
    JsonReporter,
    TerminalReporter,
    clock,
    job_report,
    print_json,
    queue_report,
    say,
)
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.errors import ClipForgeError, InputError
from clipforge_desktop.domain.job import Job
from clipforge_desktop.domain.order import (
    ExportOptions,
    FindingOptions,
    Framing,
    Order,
    Speech,
    SpeechOptions,
)
from clipforge_desktop.paths import Home, default_home
from clipforge_desktop.store import Store

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
jobs_app = typer.Typer(help="What is waiting, running and done.")
app.add_typer(jobs_app, name="jobs")

DEFAULT_STYLE = "clean"
_ASPECT = re.compile(r"^[1-9]\d{0,4}[:x][1-9]\d{0,4}$")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]


@dataclass(frozen=True)
class Session:
    """The global options of this run."""

    home: Home
    is_offline: bool


def run(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app(args=arguments, prog_name="clipforge")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except ClipForgeError as error:
        if "--json" in arguments:
            JsonReporter().error("", error.failure)
        else:
            say(error.failure)
        return EXIT_USAGE
    return EXIT_DONE


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


@app.command("process")
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
    order = Order(
        speech=SpeechOptions(speech, _model(model), language, _transcript(transcript)),
        finding=FindingOptions(count, min_seconds, max_seconds, judge, judge_model),
        export=None
        if find_only
        else ExportOptions(
            out_dir=str(out.expanduser().absolute()),
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


@jobs_app.callback(invoke_without_command=True)
def show_jobs(context: typer.Context, as_json: AsJson = False) -> None:
    """What is waiting, running and done."""
    if context.invoked_subcommand is None:
        list_jobs(context, as_json)


@jobs_app.command("list")
def list_jobs(context: typer.Context, as_json: AsJson = False) -> None:
    """Queues and their jobs."""
    session: Session = context.obj
    with Store.open(session.home) as store:
        jobs = store.jobs.all()
        paths = {id_: store.library.source(id_).path for id_ in {job.source_id for job in jobs}}
        rows = [job_report(job, paths[job.source_id]) for job in jobs]
        counts = queue_report(store.jobs.counts())
    if as_json:
        print_json({"queues": counts, "jobs": rows})
        return
    table = Table("id", "video", "stage", "state", "progress", "what", box=None)
    for row in rows:
        error = row["error"]
        what = (
            f"{error['message']} {error['next_step']}" if isinstance(error, dict) else row["note"]
        )
        table.add_row(
            str(row["id"]),
            Path(str(row["source"])).name,
            str(row["stage"]),
            str(row["state"]),
            f"{float(str(row['progress'])) * 100:.0f} %",
            str(what),
        )
    Console(highlight=False).print(table if rows else "No jobs.")


@jobs_app.command("show")
def show_job(
    context: typer.Context, job_id: Annotated[int, typer.Argument()], as_json: AsJson = False
) -> None:
    """Everything about one job, with its log."""
    session: Session = context.obj
    with Store.open(session.home) as store:
        job = _job(store, job_id)
        report = job_report(job, store.library.source(job.source_id).path)
    log = session.home.logs / f"job-{job_id}.log"
    report["log"] = log.read_text("utf-8", "replace") if log.is_file() else ""
    if as_json:
        print_json(report)
        return
    for name, value in report.items():
        typer.echo(f"{name}: {value}")


@jobs_app.command("retry")
def retry_job(
    context: typer.Context, job_id: Annotated[int, typer.Argument()], as_json: AsJson = False
) -> None:
    """Put a failed, cancelled or paused job back into its queue."""
    session: Session = context.obj
    with Store.open(session.home) as store:
        state = commands.retry_job(store, _job(store, job_id).id)
    _tell_state(job_id, state, as_json)


@jobs_app.command("cancel")
def cancel_job(
    context: typer.Context, job_id: Annotated[int, typer.Argument()], as_json: AsJson = False
) -> None:
    """Stop a job; finished parts are kept."""
    session: Session = context.obj
    with Store.open(session.home) as store:
        state = commands.cancel_job(store, _job(store, job_id).id)
    _tell_state(job_id, state, as_json)


@jobs_app.command("clear")
def clear_jobs(context: typer.Context, as_json: AsJson = False) -> None:
    """Take finished jobs off the list."""
    session: Session = context.obj
    with Store.open(session.home) as store:
        cleared = store.jobs.clear_finished()
    if as_json:
        print_json({"cleared": cleared})
    else:
        typer.echo(f"{cleared} cleared")


@jobs_app.command("run")
def run_jobs(context: typer.Context, as_json: AsJson = False) -> None:
    """Work off what is waiting, then end."""
    session: Session = context.obj
    home = session.home.create()
    if as_json:
        raise typer.Exit(work_off(home, JsonReporter(), is_offline=session.is_offline))
    with TerminalReporter() as reporter:
        code = work_off(home, reporter, is_offline=session.is_offline)
    raise typer.Exit(code)


@app.command()
def library(context: typer.Context, as_json: AsJson = False) -> None:
    """The videos, and how many clips each has."""
    session: Session = context.obj
    with Store.open(session.home) as store:
        rows = [
            {
                "id": source.id,
                "source": source.path,
                "duration_s": source.media.info.duration_s if source.media else None,
                "clips": len(store.library.clips_of_source(source.id)),
            }
            for source in store.library.sources()
        ]
    if as_json:
        for row in rows:
            print_json(row)
        return
    table = Table("id", "video", "length", "clips", box=None)
    for row in rows:
        length = row["duration_s"]
        shown = clock(length) if isinstance(length, float) else "not imported yet"
        table.add_row(str(row["id"]), str(row["source"]), shown, str(row["clips"]))
    Console(highlight=False).print(table if rows else "The library is empty.")


@app.command()
def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(help="Words that were spoken.")],
    as_json: AsJson = False,
) -> None:
    """Find sentences in everything that was ever transcribed."""
    session: Session = context.obj
    with Store.open(session.home) as store:
        hits = store.library.search(" ".join(words))
        paths = {source.id: source.path for source in store.library.sources()}
    for hit in hits:
        if as_json:
            print_json(
                {
                    "source": paths.get(hit.source_id, hit.source_name),
                    "start_s": hit.start_s,
                    "end_s": hit.end_s,
                    "text": hit.text,
                }
            )
        else:
            typer.echo(f"{clock(hit.start_s):>8}  {hit.source_name}  {hit.snippet}")
    if not hits and not as_json:
        typer.echo("Nothing found.")


@app.command()
def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check everything ClipForge needs, and say what to do about what is missing."""
    session: Session = context.obj
    checks = health.examine(session.home.create())
    for check in checks:
        if as_json:
            print_json(
                {
                    "check": check.name,
                    "state": check.state,
                    "message": check.message,
                    "next_step": check.next_step,
                }
            )
        else:
            step = f" {check.next_step}" if check.next_step else ""
            typer.echo(f"{check.state:>4}  {check.name}: {check.message}{step}")
    raise typer.Exit(EXIT_FAILED if any(check.state == "bad" for check in checks) else EXIT_DONE)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _tell_state(job_id: int, state: str, as_json: bool) -> None:
    if as_json:
        print_json({"id": job_id, "state": str(state)})
    else:
        typer.echo(f"job {job_id}: {state}")


def _job(store: Store, job_id: int) -> Job:
    try:
        return store.jobs.get(job_id)
    except KeyError:
        raise InputError(
            "no_such_job", f"There is no job {job_id}.", "See `clipforge jobs list`."
        ) from None


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
