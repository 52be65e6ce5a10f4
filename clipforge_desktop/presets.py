"""Platform presets: what each platform takes, from `platforms.toml` to a `Delivery`.

The shipped file is dated and meant to be corrected: `platforms.toml` in the home's folder wins,
field by field, and may name platforms of its own. That file may come from anywhere, so it is
bounded before it is read, validated, and refused with the field's name and what it may be.
"""

import datetime
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from clipforge_desktop.domain.delivery import Covered, Delivery
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.formats import output_size
from clipforge_desktop.paths import Home, resources

FILE_NAME = "platforms.toml"
FILE_VERSION = 1
MAX_FILE_BYTES = 1024 * 1024
MEASURED_PX = (1080, 1920)

_Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
_Aspect = Annotated[str, StringConstraints(pattern=r"^(source|[1-9]\d{0,3}[:x][1-9]\d{0,3})$")]
_LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"
_EdgePx = Annotated[float, Field(ge=0, le=900)]
_RULES = {
    "aspect": 'a shape such as "9:16" or "1080x1350", or "source"',
    "checked": "a day, written 2026-11-22",
    "safe_zone": "a group { top_px, bottom_px, left_px, right_px }",
    "defaults": "a group of fields",
    "platforms": "groups [platforms.NAME], 100 at most",
}
_KINDS = {"integer": "a whole number", "number": "a number", "string": "text"}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


class _SafeZone(_Part):
    top_px: _EdgePx = 0
    bottom_px: _EdgePx = 0
    left_px: _EdgePx = 0
    right_px: _EdgePx = 0


class _Fields(_Part):
    """What a file may say of a platform; None where it says nothing."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_LINE)] | None = (
        None
    )
    aspect: _Aspect | None = None
    short_side_px: Annotated[int, Field(ge=240, le=2160)] | None = None
    max_fps: Annotated[int, Field(ge=24, le=60)] | None = None
    max_s: Annotated[float, Field(ge=0, le=43_200)] | None = None
    max_mb: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    loudness_lufs: Annotated[float, Field(ge=-36, le=-6)] | None = None
    true_peak_dbtp: Annotated[float, Field(ge=-9, le=0)] | None = None
    quality: Literal["draft", "standard", "best"] | None = None
    safe_zone: _SafeZone | None = None


class _File(_Part):
    version: Annotated[int, Field(ge=1, le=FILE_VERSION)] = FILE_VERSION
    checked: datetime.date | None = None
    defaults: _Fields = _Fields()
    platforms: Annotated[dict[_Key, _Fields], Field(max_length=100)] = {}


@dataclass(frozen=True)
class Preset:
    """One platform: whether the user's file speaks of it, and the day its figures are of."""

    delivery: Delivery
    is_own: bool
    checked: datetime.date | None


def deliveries(home: Home) -> dict[str, Delivery]:
    """Every platform by its key, shipped ones first. Raises InputError `presets_invalid`."""
    return {preset.delivery.platform: preset.delivery for preset in presets(home)}


def presets(home: Home) -> tuple[Preset, ...]:
    """Every platform, shipped ones first. Raises InputError `presets_invalid`."""
    shipped, own = _shipped(), _own(home)
    found = []
    for key in dict.fromkeys([*shipped.platforms, *own.platforms]):
        layers = [shipped.defaults, own.defaults]
        layers += [file.platforms[key] for file in (shipped, own) if key in file.platforms]
        is_own = key in own.platforms
        delivery = _delivery(key, layers)
        _check_shape(delivery, home)
        found.append(Preset(delivery, is_own, (own if is_own else shipped).checked))
    return tuple(found)


def chosen(home: Home, names: Sequence[str]) -> tuple[Delivery, ...]:
    """The platforms of those names (keys, any case), each once.

    Raises InputError `preset_not_found`, which lists them, or `presets_invalid`.
    """
    known = deliveries(home)
    for name in names:
        if name.casefold() not in known:
            raise InputError(
                "preset_not_found",
                f"There is no platform preset named {name[:60]!r}.",
                f"Choose one of: {', '.join(known)}.",
            )
    return tuple(known[name] for name in dict.fromkeys(name.casefold() for name in names))


def own_file(home: Home) -> Path:
    """Where the user's own figures stand, whether or not there are any."""
    return home.root / FILE_NAME


@cache
def covered_anywhere() -> Covered:
    """What at least one of the shipped platforms covers, on each side."""
    shipped = _shipped()
    zones = [_covered(fields.safe_zone) for fields in shipped.platforms.values()]
    return Covered(
        max(zone.top for zone in zones),
        max(zone.right for zone in zones),
        max(zone.bottom for zone in zones),
        max(zone.left for zone in zones),
    )


@cache
def _shipped() -> _File:
    return _read(resources() / "presets" / FILE_NAME, "Install ClipForge again.")


def _own(home: Home) -> _File:
    file = own_file(home)
    if not file.exists():
        return _File()
    return _read(file, f"Correct {file}, or remove it to use ClipForge's own figures.")


def _delivery(key: str, layers: list[_Fields]) -> Delivery:
    """Later layers win where they say something."""
    said: dict[str, Any] = {}
    for layer in layers:
        said |= {
            name: value
            for name in _Fields.model_fields
            if (value := getattr(layer, name)) is not None
        }
    return Delivery(
        platform=key,
        name=said.get("name", key),
        aspect=said["aspect"],
        short_side_px=said["short_side_px"],
        most_fps=said["max_fps"],
        longest_s=said["max_s"] or None,
        largest_bytes=round(said["max_mb"] * 1_000_000) or None,
        lufs=said["loudness_lufs"],
        peak_dbtp=said["true_peak_dbtp"],
        covered=_covered(said["safe_zone"]),
        quality=said.get("quality"),
    )


def _check_shape(delivery: Delivery, home: Home) -> None:
    """A shape must give a size that can be made, with the shorter side it goes with."""
    try:
        output_size(delivery.aspect, delivery.short_side_px)
    except InputError as error:
        said = f"platforms.{delivery.platform}.aspect, {delivery.aspect}, is no shape that can be"
        said += f" made with a shorter side of {delivery.short_side_px} px."
        raise _invalid(said, f"Correct {own_file(home)}: {error.failure.next_step}") from error


def _covered(zone: _SafeZone | None) -> Covered:
    width, height = MEASURED_PX
    zone = zone or _SafeZone()
    return Covered(
        zone.top_px / height, zone.right_px / width, zone.bottom_px / height, zone.left_px / width
    )


def _read(file: Path, fix: str) -> _File:
    try:
        if file.exists() and not file.is_file() and not file.is_dir():
            raise _invalid("it is no file.", fix)  # a pipe or a device would never end
        size = file.stat().st_size
        if size > MAX_FILE_BYTES:
            raise _invalid(f"it is {size / 1e6:.0f} MB; at most 1 MB is read.", fix)
        return _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8-sig")))
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        raise _invalid(_said(problems[0]), fix) from error
    except OSError as error:
        raise _invalid(f"it cannot be read: {error.strerror or error}.", fix) from error
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, endless numbers or nesting
        raise _invalid(f"it is no TOML that can be read: {str(error)[:160]}.", fix) from error


def _invalid(what: str, fix: str) -> InputError:
    return InputError("presets_invalid", f"{FILE_NAME}: {what}", fix)


def _said(problem: ErrorDetails) -> str:
    """One problem as "field must be ...", with both ends of the range."""
    place = [str(part)[:60] for part in problem["loc"] if part != "[key]"]
    field, name = ".".join(place), place[-1] if place else ""
    if "[key]" in problem["loc"]:
        return f"{field} is no name of a platform: small letters, digits, - and _, 32 at most."
    if place == ["version"] and problem["type"] == "less_than_equal":
        return f"version: made for a newer ClipForge; this one reads up to {FILE_VERSION}."
    if problem["type"] == "extra_forbidden":
        return f"{field}: there is no such field."
    is_group = len(place) == 2 and place[0] == "platforms"
    allowed = _RULES["defaults"] if is_group else _RULES.get(name) or _range_of(name)
    return f"{field} must be {allowed}."


def _range_of(name: str) -> str:
    """What a field may be, as its own rule says."""
    for part in (_Fields, _SafeZone, _File):
        rule = part.model_json_schema()["properties"].get(name, {})
        rule = next((one for one in rule.get("anyOf", ()) if one.get("type") != "null"), rule)
        if "enum" in rule:
            return f"one of {', '.join(rule['enum'])}"
        for low, high, unit in (("minimum", "maximum", ""), ("minLength", "maxLength", " letters")):
            if high in rule:
                return f"{_KINDS[rule['type']]}, {rule[low]:.15g} to {rule[high]:.15g}{unit}"
    return "something else"
