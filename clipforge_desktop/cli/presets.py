"""`clipforge presets`: the platforms that clips can be made for, and what each of them takes."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from clipforge_desktop.cli.reports import clock, print_json
from clipforge_desktop.cli.session import AsJson, Session, list_by_default

if TYPE_CHECKING:
    from clipforge_desktop.presets import Preset

presets_app = typer.Typer(help="Platforms: what each of them takes.")


@presets_app.command("list")
def list_presets(context: typer.Context, as_json: AsJson = False) -> None:
    """Every platform preset, and the file in which you can change or add some."""
    from clipforge_desktop import presets  # pydantic, for this verb only

    session: Session = context.obj
    found = presets.presets(session.home)
    if as_json:
        for preset in found:
            print_json(_row(preset))
        return
    table = Table("preset", "platform", "shape", "longest", "largest", "checked", "", box=None)
    for preset in found:
        one = preset.delivery
        table.add_row(
            one.platform,
            one.name,
            one.aspect,
            clock(one.longest_s) if one.longest_s else "",
            _size(one.largest_bytes),
            str(preset.checked or ""),
            "yours" if preset.is_own else "",
        )
    Console(highlight=False, markup=False, emoji=False).print(table)
    typer.echo(f"Your own figures: {presets.own_file(session.home)}", err=True)


list_by_default(presets_app, list_presets)


@presets_app.command("show")
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A platform preset.")],
    as_json: AsJson = False,
) -> None:
    """Everything that one platform takes."""
    from clipforge_desktop import presets

    session: Session = context.obj
    [wanted] = presets.chosen(session.home, [name])
    [preset] = [one for one in presets.presets(session.home) if one.delivery == wanted]
    row = _row(preset)
    if as_json:
        print_json(row)
        return
    for field, value in row.items():
        if value is not None:
            typer.echo(f"{field}: {value}")


def _row(preset: "Preset") -> dict[str, object]:
    one = preset.delivery
    covered = asdict(one.covered) if one.covered else {}
    return {
        "preset": one.platform,
        "name": one.name,
        "aspect": one.aspect,
        "short_side_px": one.short_side_px,
        "max_fps": one.most_fps,
        "max_s": one.longest_s,
        "max_bytes": one.largest_bytes,
        "loudness_lufs": one.lufs,
        "true_peak_dbtp": one.peak_dbtp,
        "quality": one.quality,
        "covered": {side: round(share, 4) for side, share in covered.items()},
        "is_own": preset.is_own,
        "checked": str(preset.checked) if preset.checked else None,
    }


def _size(number: int | None) -> str:
    if number is None:
        return ""
    return f"{number / 1e9:g} GB" if number >= 1e9 else f"{number / 1e6:g} MB"
