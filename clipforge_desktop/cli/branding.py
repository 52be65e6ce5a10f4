"""Logo and headline as they are typed, to what an order carries; nonsense is refused at once.

The logo's file is read here already: one that cannot be drawn would only fail after all the work.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from clipforge_desktop.domain.branding import (
    LEAST_OPACITY,
    LEAST_SIZE,
    LONGEST_S,
    LONGEST_TEXT,
    MOST_SIZE,
    SHORTEST_S,
    Branding,
    Corner,
    Headline,
    Logo,
    branding_of,
)
from clipforge_desktop.domain.errors import InputError

AUTO, NONE = "auto", "none"

LogoFile = Annotated[Path | None, typer.Option("--logo", help="Your logo: PNG, JPEG or WebP.")]
LogoCorner = Annotated[
    Corner | None, typer.Option(help="Where it is, inside the safe zone; else top-right.")
]
LogoSize = Annotated[
    float | None,
    typer.Option(help="Its longer side, % of the frame's shorter side: 5 to 40, else 16."),
]
LogoOpacity = Annotated[float | None, typer.Option(help="How solid it is, %: 5 to 100, else 100.")]
HeadlineText = Annotated[
    str | None,
    typer.Option("--headline", help="A text at the top, auto for each clip's title, or none."),
]
HeadlineSeconds = Annotated[
    float | None, typer.Option(help="How long it is shown: 0.5 to 600, else the whole clip.")
]


@dataclass(frozen=True)
class BrandingTyped:
    """None where nothing was typed."""

    logo: Path | None = None
    corner: Corner | None = None
    size_percent: float | None = None
    opacity_percent: float | None = None
    headline: str | None = None
    headline_s: float | None = None


NO_BRANDING = BrandingTyped()


def typed_branding(typed: BrandingTyped) -> Branding | None:
    """What to draw; None for nothing.

    Raises InputError: `nothing_to_place` for a place of no logo, or a length of no headline,
    `logo_out_of_range`, `headline_out_of_range`, `headline_unusable`, and what `read_logo` does.
    """
    return branding_of(_logo(typed), _headline(typed))


def _logo(typed: BrandingTyped) -> Logo | None:
    if typed.logo is None:
        if (typed.corner, typed.size_percent, typed.opacity_percent) != (None, None, None):
            raise InputError(
                "nothing_to_place",
                "--logo-corner, --logo-size and --logo-opacity need a logo, and there is none.",
                "Give the logo with --logo FILE.",
            )
        return None
    path = str(typed.logo.expanduser().absolute())
    usual = Logo(path)
    size = _share("--logo-size", typed.size_percent, usual.size, LEAST_SIZE, MOST_SIZE)
    opacity = _share("--logo-opacity", typed.opacity_percent, usual.opacity, LEAST_OPACITY, 1.0)
    from clipforge_desktop.captions.logo_file import read_logo  # Qt only where there is a logo

    read_logo(path)
    return Logo(path, typed.corner or usual.corner, size, opacity)


def _headline(typed: BrandingTyped) -> Headline | None:
    text = (typed.headline if typed.headline is not None else NONE).strip()
    if text == NONE:
        if typed.headline_s is not None:
            raise InputError(
                "nothing_to_place",
                "--headline-seconds needs a headline, and there is none.",
                "Give its words with --headline, or --headline auto for each clip's title.",
            )
        return None
    if not text or len(text) > LONGEST_TEXT:
        what = f"has {len(text)} letters" if text else "is empty"
        raise InputError(
            "headline_unusable",
            f"The headline {what}; it can have 1 to {LONGEST_TEXT}.",
            "Give its words with --headline, or --headline auto for each clip's title.",
        )
    seconds = typed.headline_s
    if seconds is not None and not SHORTEST_S <= seconds <= LONGEST_S:  # NaN is neither
        raise InputError(
            "headline_out_of_range",
            f"--headline-seconds must be from {SHORTEST_S:g} to {LONGEST_S:g}; {seconds:g} is not.",
            "Leave it out for the whole clip.",
        )
    return Headline("" if text == AUTO else text, seconds)


def _share(option: str, percent: float | None, usual: float, least: float, most: float) -> float:
    if percent is None:
        return usual
    if math.isnan(percent) or not least * 100 <= percent <= most * 100:
        raise InputError(
            "logo_out_of_range",
            f"{option} must be from {least:.0%} to {most:.0%}; {percent:g} is not.",
            f"Leave it out for {usual:.0%}.",
        )
    return percent / 100
