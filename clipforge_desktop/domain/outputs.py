"""Which files one clip becomes, and what they are called: pure functions of an export's options.

The stage renders by them and the window previews names by them, so both say the same.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from clipforge_desktop.domain.delivery import Delivery
from clipforge_desktop.domain.formats import even_shape
from clipforge_desktop.domain.naming import filled, safe_source, safe_stem
from clipforge_desktop.domain.order import ExportOptions

if TYPE_CHECKING:
    from clipforge_desktop.domain.caption_style import CaptionStyle

_OF_OUTPUT = ("aspect", "style", "platform")


@dataclass(frozen=True)
class OutputWish:
    """One file of a clip. `style` None: without captions."""

    aspect: str
    style: CaptionStyle | None
    delivery: Delivery


def outputs(options: ExportOptions) -> tuple[OutputWish, ...]:
    """Every shape x style x delivery, the shapes first; what is asked for twice is there once.

    Without any shape, every delivery has its own.
    """
    wished: list[OutputWish] = []
    for aspect in options.aspects or ("",):
        for style in (options.style, *options.further_styles):
            for delivery in options.deliveries:
                wish = OutputWish(aspect or delivery.aspect, style, delivery)
                if wish not in wished:
                    wished.append(wish)
    return tuple(wished)


def file_names(
    template: str,
    source: str,
    index: int,
    title: str,
    outputs: Sequence[OutputWish],
    on: datetime.date | None = None,
) -> tuple[str, ...]:
    """The names, without ending, of one clip's files: all different, each at most 120 bytes.

    Where the template gives one name to several, what differs between them (shape, style,
    platform) is added, then a number.
    `on` is the day of {date}, None for today. Raises InputError `name_template_invalid`.
    """
    clip = {
        "source": safe_source(source),
        "index": f"{index:02d}",
        "title": title,
        "date": (on or datetime.date.today()).isoformat(),
    }
    fields = [clip | _of_output(output) for output in outputs]
    names = [filled(template, values) for values in fields]
    shared = _shared(names)
    apart = template + _telling_apart(template, fields)
    taken: set[str] = set()
    different: list[str] = []
    for name, values in zip(names, fields, strict=True):
        own = apart if name.casefold() in shared else template
        candidates = (filled(own, values, f"-{n}" if n > 1 else "") for n in count(1))
        different.append(next(one for one in candidates if one.casefold() not in taken))
        taken.add(different[-1].casefold())
    return tuple(different)


def plain_names(stem: str, outputs: Sequence[OutputWish]) -> tuple[str, ...]:
    """Names of an export that was asked for before templates, when there was only a stem."""
    names = [f"{safe_stem(stem)}-{_of_output(output)['aspect']}" for output in outputs]
    shared = _shared(names)
    return tuple(
        f"{name}-{number}" if name.casefold() in shared else name
        for number, name in enumerate(names, start=1)
    )


def _of_output(output: OutputWish) -> dict[str, str]:
    return {
        "aspect": even_shape(output.aspect).replace(":", "x"),
        "style": output.style.name if output.style is not None else "",
        "platform": output.delivery.platform,
    }


def _telling_apart(template: str, fields: Sequence[dict[str, str]]) -> str:
    """What differs between the files and is not in the template yet."""
    differing = (field for field in _OF_OUTPUT if len({values[field] for values in fields}) > 1)
    return "".join(f"-{{{field}}}" for field in differing if f"{{{field}}}" not in template)


def _shared(names: Sequence[str]) -> set[str]:
    """The names that more than one file would have, on systems that ignore case."""
    return {name for name, count in Counter(map(str.casefold, names)).items() if count > 1}
