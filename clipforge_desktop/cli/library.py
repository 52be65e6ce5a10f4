"""`clipforge library`, `search` and `doctor`: looking, without changing anything."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from clipforge_desktop.app import health
from clipforge_desktop.app.process import EXIT_DONE, EXIT_FAILED
from clipforge_desktop.cli.reports import clock, print_json
from clipforge_desktop.cli.session import AsJson, Session
from clipforge_desktop.store import Store


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
    Console(highlight=False, markup=False, emoji=False).print(
        table if rows else "The library is empty."
    )


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
