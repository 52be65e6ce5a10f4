"""What a clip is to become, as it is typed: options of the command line to `ExportOptions`.

Everything that can be told now is refused now, before any work.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from clipforge_desktop.app.process import Reporter
from clipforge_desktop.captions.shelf import DEFAULT_STYLE, load_style
from clipforge_desktop.cli import refusing
from clipforge_desktop.cli.branding import NO_BRANDING, BrandingTyped, typed_branding
from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.domain.cuts import Pace
from clipforge_desktop.domain.delivery import ANYWHERE, Delivery, Quality
from clipforge_desktop.domain.formats import OWN_SHAPE, even_shape, made_even, output_size
from clipforge_desktop.domain.naming import check_name_template, is_no_style
from clipforge_desktop.domain.order import NAME_TEMPLATE, Encoder, ExportOptions, Framing
from clipforge_desktop.paths import Home

_ASPECT = re.compile(r"[1-9]\d{0,4}[:x][1-9]\d{0,4}")

Aspects = Annotated[
    list[str] | None,
    typer.Option(help="9:16, 1:1, 4:5, 16:9, WxH or source; else as the preset says."),
]
Styles = Annotated[
    list[str] | None, typer.Option(help="A caption style, a style file, or none. May be repeated.")
]
Presets = Annotated[
    list[str] | None,
    typer.Option(help="A platform, see `clipforge presets`. May be repeated."),
]
Out = Annotated[Path, typer.Option(help="Folder for the clips.")]
Framings = Annotated[Framing, typer.Option(help="Which part of the picture.")]
Qualities = Annotated[Quality, typer.Option(help="How much time a file may take.")]
Encoders = Annotated[Encoder, typer.Option(help="x264, or the graphics card where that works.")]
NoiseReduction = Annotated[
    bool, typer.Option("--noise-reduction", help="Take steady noise out of the sound.")
]
Music = Annotated[Path | None, typer.Option(help="Your own music, quieter while somebody speaks.")]
MusicLevel = Annotated[
    float | None, typer.Option(help="Its loudness beside the speech, dB: -40 to 0, else -10.")
]
MusicDuck = Annotated[
    float | None, typer.Option(help="How much quieter under speech, dB: 0 to 40, else 10.")
]
Paces = Annotated[Pace, typer.Option(help="Shorten pauses: over 0.6, 0.35 or 0.15 s.")]
CutFillers = Annotated[bool, typer.Option("--cut-fillers", help="Take out um, uh and the like.")]
Fix = Annotated[
    bool, typer.Option("--fix", help="Mend what is found before the export: length, captions.")
]
Names = Annotated[str, typer.Option(help=f"Names of the files, such as {NAME_TEMPLATE}.")]


@dataclass(frozen=True)
class Levels:
    """Music as it was typed; None where nothing was."""

    file: Path | None = None
    level_lu: float | None = None
    duck_lu: float | None = None


@dataclass(frozen=True)
class Exporting:
    """The options of an export as they were typed."""

    out: Path
    aspects: list[str] | None = None
    framing: Framing = "auto"
    styles: list[str] | None = None
    presets: list[str] | None = None
    quality: Quality = "standard"
    encoder: Encoder = "software"
    reduces_noise: bool = False
    name: str = ""
    pace: Pace = "spoken"
    cuts_fillers: bool = False
    music: Levels = Levels()
    branding: BrandingTyped = NO_BRANDING

    def tell(self, reporter: Reporter) -> None:
        """What will be other than it was typed, once that was taken."""
        for typed in dict.fromkeys(self.aspects or ()):
            if (made := even_shape(typed)) != typed:
                reporter.notice(made_even(typed, made))

    def changed(self, mends: bool) -> list[str]:
        """The options that would do nothing without an export, as they are typed."""
        usual = Exporting(self.out)
        found = [
            option
            for field, option in _OPTIONS.items()
            if getattr(self, field) != getattr(usual, field)
        ]
        if self.branding.logo is not None:
            found.append("--logo")
        if self.branding.headline is not None:
            found.append("--headline")
        return [*found, "--fix"] if mends else found


_OPTIONS = {
    "aspects": "--aspect",
    "framing": "--framing",
    "styles": "--style",
    "quality": "--quality",
    "encoder": "--encoder",
    "pace": "--pace",
    "cuts_fillers": "--cut-fillers",
    "presets": "--preset",
    "reduces_noise": "--noise-reduction",
    "name": "--name",
    "music": "--music",
}


def export_options(home: Home, typed: Exporting) -> ExportOptions:
    """Raises InputError for what cannot be taken, typer's usage error for what is no aspect."""
    deliveries = _deliveries(home, typed.presets or [])
    styles = _styles(typed.styles or [DEFAULT_STYLE], home)
    if typed.name:
        check_name_template(typed.name)
    return ExportOptions(
        out_dir=refusing.folder(typed.out),
        aspects=_aspects(typed.aspects, has_presets=bool(typed.presets)),
        framing=typed.framing,
        style=styles[0],
        further_styles=tuple(style for style in styles[1:] if style is not None),
        quality=typed.quality,
        pace=typed.pace,
        cut_fillers=typed.cuts_fillers,
        deliveries=deliveries,
        name_template=typed.name or NAME_TEMPLATE,
        encoder=typed.encoder,
        reduce_noise=typed.reduces_noise,
        music=refusing.music(typed.music.file, typed.music.level_lu, typed.music.duck_lu),
        branding=typed_branding(typed.branding),
    )


def _deliveries(home: Home, names: list[str]) -> tuple[Delivery, ...]:
    if not names:
        return (ANYWHERE,)
    from clipforge_desktop import presets

    return presets.chosen(home, names)


def _aspects(given: list[str] | None, *, has_presets: bool) -> tuple[str, ...]:
    """None given: each preset's own shape, and 9:16 without any preset."""
    if not given:
        return () if has_presets else (ANYWHERE.aspect,)
    for value in given:
        if value != OWN_SHAPE and not _ASPECT.fullmatch(value):
            raise typer.BadParameter(
                f"{value!r} is no aspect: give W:H like 9:16, WxH in pixels like 1080x1350, or"
                " source"
            )
        output_size(value)
    return tuple(dict.fromkeys(map(even_shape, given)))


def _styles(given: list[str], home: Home) -> list[CaptionStyle | None]:
    """Each once; without captions comes first, as only the first may be without."""
    names = list(dict.fromkeys(name.strip() for name in given))
    names.sort(key=lambda name: not is_no_style(name))
    styles = [None if is_no_style(name) else load_style(name, home) for name in names]
    found: list[CaptionStyle | None] = []
    for style in styles:
        if style not in found:
            found.append(style)
    return found
