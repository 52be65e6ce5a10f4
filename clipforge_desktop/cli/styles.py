"""`clipforge styles`: the shelf of caption styles for people who design them by hand.

Looks, checks, copies, previews and carries styles about; what it prints, installs and refuses
comes from the same shelf and the same painter that the window and the export use.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from clipforge_desktop.app.process import EXIT_DONE, EXIT_USAGE
from clipforge_desktop.captions.shelf import (
    DEFAULT_STYLE,
    ShelfEntry,
    list_styles,
    load_style,
    problems_of,
    read_style,
)
from clipforge_desktop.cli.reports import print_json
from clipforge_desktop.cli.session import AsJson, Session, list_by_default
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.paths import Home

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

PREVIEW_SIZES = {"9:16": (1080, 1920), "1:1": (1080, 1080), "4:5": (1080, 1350)}
WIDE_PX = (1920, 1080)
SAMPLE_TEXT = "Say it so they stay."

styles_app = typer.Typer(help="Caption styles: look, check, copy, preview, carry.")
StyleName = Annotated[str, typer.Argument(metavar="NAME", help="A style's name, or a style file.")]


@styles_app.command("list")
def list_all(context: typer.Context, as_json: AsJson = False) -> None:
    """Every caption style on the shelf, and what it is for."""
    session: Session = context.obj
    entries = list_styles(session.home)
    if as_json:
        for entry in entries:
            print_json(_row(entry))
        return
    table = Table("style", "purpose", "", box=None)
    for entry in entries:
        purpose = entry.style.purpose if entry.style else str(entry.error)
        mark = "cannot be read" if entry.style is None else "yours" if entry.is_own else ""
        table.add_row(entry.name, purpose, mark)
    Console(highlight=False, markup=False, emoji=False).print(table)


list_by_default(styles_app, list_all)


def _row(entry: ShelfEntry) -> dict[str, object]:
    return {
        "style": entry.name,
        "purpose": entry.style.purpose if entry.style else None,
        "description": entry.style.description if entry.style else None,
        "is_own": entry.is_own,
        "file": str(entry.path),
        "error": entry.error,
    }


@styles_app.command("show")
def show(context: typer.Context, name: StyleName, as_json: AsJson = False) -> None:
    """A style as JSON, with every field that it can have."""
    session: Session = context.obj
    style = load_style(name, session.home)
    if as_json:
        print_json(style.model_dump(mode="json"))
    else:
        typer.echo(style.model_dump_json(indent=2))


@styles_app.command("check")
def check(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Style files.")],
    as_json: AsJson = False,
) -> None:
    """Check style files; name every field that is wrong and what it may be."""
    session: Session = context.obj
    worst = EXIT_DONE
    for file in files:
        remarks: tuple[str, ...] = ()
        try:
            problems = problems_of(file)
            remarks = () if problems else _missing_fonts(read_style(file), session.home)
        except InputError as error:
            problems = (error.failure.message,)
        worst = EXIT_USAGE if problems else worst
        if as_json:
            row = {"file": str(file), "is_valid": not problems, "problems": list(problems)}
            print_json({**row, "remarks": list(remarks)})
        elif problems:
            for problem in problems:
                typer.echo(f"{file}: {problem}")
        else:
            typer.echo(f"{file}: fine")
            for remark in remarks:
                typer.echo(f"{file}: {remark}", err=True)
    raise typer.Exit(worst)


def _missing_fonts(style: CaptionStyle, home: Home) -> tuple[str, ...]:
    from clipforge_desktop.captions.qt import ensure_gui_application  # fonts are looked up by Qt
    from clipforge_desktop.captions.travel import fonts_lacking

    ensure_gui_application()
    return fonts_lacking(style, home)


@styles_app.command("new")
def new(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is to be called.")],
    origin: Annotated[str, typer.Option("--from", help="The style to begin with.")] = DEFAULT_STYLE,
    as_json: AsJson = False,
) -> None:
    """A style of your own, as a copy of another; edit its file as you like."""
    from clipforge_desktop.captions import own_styles  # Qt, which other verbs need not wait for

    session: Session = context.obj
    home = session.home.create()
    style = own_styles.named(load_style(origin, home), name)
    saved = own_styles.save(home, style, replaces=False)
    file = str(home.styles / f"{saved.name}.json")
    _tell(as_json, file, {"style": saved.name, "file": file})


@styles_app.command("preview")
def preview(
    context: typer.Context,
    name: StyleName,
    out: Annotated[Path, typer.Option(help="The picture to write, a .png.")],
    text: Annotated[str, typer.Option(help="The words to show.")] = SAMPLE_TEXT,
    aspect: Annotated[str, typer.Option(help="9:16, 1:1, 4:5 or 16:9.")] = "9:16",
    at_s: Annotated[
        float | None,
        typer.Option("--at", metavar="SECONDS", help="When: two words are spoken a second."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A picture of a style, painted as an export paints it."""
    size_px = {**PREVIEW_SIZES, "16:9": WIDE_PX}.get(aspect)
    if size_px is None:
        raise typer.BadParameter(f"{aspect!r} is no aspect: give 9:16, 1:1, 4:5 or 16:9")
    if out.suffix.lower() != ".png":
        raise typer.BadParameter(f"{out.name!r} does not end in .png")
    session: Session = context.obj
    style = load_style(name, session.home)

    from clipforge_desktop.captions.fonts import load_fonts  # Qt is only loaded to paint
    from clipforge_desktop.captions.qt import ensure_gui_application
    from clipforge_desktop.captions.thumbnail import style_still

    ensure_gui_application()
    load_fonts(session.home)
    still = style_still(style, size_px, text, at_s)
    _save_picture(still.picture, out)
    report = {"style": name, "file": str(out), "notices": still.notices, "at_s": still.at_s}
    _tell(as_json, str(out), {**report, "duration_s": still.duration_s, "goes_on": still.goes_on})
    if not as_json:
        moment = f"{round(still.at_s, 2):g} s of {still.duration_s:g} s"
        more = f"Shown is the caption at {moment}; --at shows another."
        for notice in (*still.notices, *([more] if still.goes_on else [])):
            typer.echo(notice, err=True)


def _save_picture(picture: "QImage", out: Path) -> None:
    out = out.expanduser()
    if not picture.save(str(out)):
        raise InputError(
            "picture_not_written",
            f"The picture cannot be saved as {out.name[:100]}.",
            "Check that the folder is there and that you may write to it.",
        )


@styles_app.command("export")
def export(
    context: typer.Context,
    name: StyleName,
    out: Annotated[Path, typer.Option(help="The file to write; it ends in .clipforge-style.")],
    as_json: AsJson = False,
) -> None:
    """A style with its fonts as one file, to give to somebody."""
    session: Session = context.obj
    style = load_style(name, session.home)

    from clipforge_desktop.captions.qt import ensure_gui_application  # fonts are looked up by Qt
    from clipforge_desktop.captions.travel import SUFFIX, pack_style

    ensure_gui_application()
    file = out.expanduser()
    file = file if file.suffix.lower() == SUFFIX else file.with_name(file.name + SUFFIX)
    packed = pack_style(style, file, session.home)
    _tell(
        as_json,
        "\n".join([str(packed.file), *packed.notices]),
        {"style": name, "file": str(packed.file), "fonts": packed.fonts, "notices": packed.notices},
    )


@styles_app.command("install")
def install(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .clipforge-style or a .json.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="In place of your own style of that name.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a style that somebody gave you on your shelf, with its fonts."""
    session: Session = context.obj
    home, file = session.home.create(), file.expanduser()
    if file.suffix.lower() == ".json":
        from clipforge_desktop.captions import own_styles

        saved = own_styles.save(home, read_style(file), replaces=replace)
        _tell_installed(as_json, home, saved.style, home.styles / f"{saved.name}.json", ())
        return

    from clipforge_desktop.captions.qt import ensure_gui_application  # fonts are tried by Qt
    from clipforge_desktop.captions.travel import install_style

    ensure_gui_application()
    installed = install_style(file, home, replaces=replace)
    _tell_installed(as_json, home, installed.style, installed.file, installed.fonts)


def _tell_installed(
    as_json: bool, home: Home, style: CaptionStyle, file: Path, fonts: tuple[str, ...]
) -> None:
    notices = _missing_fonts(style, home)
    said = [str(file), *(f"font: {font}" for font in fonts)]
    _tell(
        as_json,
        "\n".join(said),
        {"style": style.name, "file": str(file), "fonts": fonts, "notices": notices},
    )
    if not as_json:
        for notice in notices:
            typer.echo(notice, err=True)


def _tell(as_json: bool, text: str, report: dict[str, object]) -> None:
    if as_json:
        print_json(json.loads(json.dumps(report)))
    else:
        typer.echo(text)
