"""`clipforge jobs`: what is waiting, running and done, and what to do about it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from clipforge_desktop.app import commands
from clipforge_desktop.app.process import work_off
from clipforge_desktop.cli.reports import (
    JsonReporter,
    TerminalReporter,
    job_report,
    print_json,
    queue_report,
    sentences,
)
from clipforge_desktop.cli.session import AsJson, Session, list_by_default
from clipforge_desktop.domain.errors import InputError, in_terminal
from clipforge_desktop.domain.job import Job, JobState
from clipforge_desktop.store import Store

_WORK_OFF = "It is done by `clipforge jobs run`, or by the window when that is open."

jobs_app = typer.Typer(help="What is waiting, running and done.")


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
    for job in jobs:
        table.add_row(
            str(job.id),
            Path(paths[job.source_id]).name,
            job.queue.value,
            job.state.value,
            f"{job.progress * 100:.0f} %",
            _what(job),
        )
    Console(highlight=False, markup=False, emoji=False).print(table if jobs else "No jobs.")


list_by_default(jobs_app, list_jobs)


def _what(job: Job) -> str:
    """The one thing to know of a job: its failure, what it does, or what its result lacks."""
    if job.failure is not None:
        return sentences(in_terminal(job.failure, job.id))
    return job.note if job.state is JobState.RUNNING else " ".join(job.notices)


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
    report["log"] = log.read_text("utf-8", "replace").rstrip() if log.is_file() else ""
    if as_json:
        print_json(report)
        return
    for name, value in report.items():
        for line in _lines(value):
            typer.echo(f"{name}: {line}")


def _lines(value: object) -> list[str]:
    """A value as lines for people; nothing for what is not there."""
    if isinstance(value, dict):
        return [f"{value['message']} {value['next_step']}"]
    if isinstance(value, list):
        return [str(one) for one in value]
    return [] if value in (None, "") else [str(value)]


@jobs_app.command("retry")
def retry_job(
    context: typer.Context, job_id: Annotated[int, typer.Argument()], as_json: AsJson = False
) -> None:
    """Put a failed, cancelled or paused job back into its queue; `jobs run` does the work."""
    session: Session = context.obj
    with Store.open(session.home) as store:
        state = commands.retry_job(store, _job(store, job_id).id)
    _tell_state(job_id, state, as_json, _WORK_OFF)


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
        cleared = commands.clear_finished_jobs(store)
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


def _tell_state(job_id: int, state: str, as_json: bool, next_step: str = "") -> None:
    step = {"next_step": next_step} if next_step else {}
    if as_json:
        print_json({"id": job_id, "state": str(state), **step})
    else:
        typer.echo(f"job {job_id}: {state}")
        if next_step:
            typer.echo(next_step, err=True)


def _job(store: Store, job_id: int) -> Job:
    try:
        return store.jobs.get(job_id)
    except KeyError:
        raise InputError(
            "no_such_job", f"There is no job {job_id}.", "See `clipforge jobs list`."
        ) from None
