"""Reading and changing one place in a style's plain data, by its path.

A path is names and list places: ("outlines", 0, "color"). Data is never changed in place.
"""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.ui.editor.fields import Plain

Path = tuple[str | int, ...]


class Missing:
    """There is nothing at that path."""


MISSING = Missing()


def at(data: Plain, path: Path) -> Plain | Missing:
    """What is there, or MISSING."""
    found = data
    for key in path:
        is_there = (isinstance(found, dict) and key in found) or (
            isinstance(found, tuple) and isinstance(key, int) and key < len(found)
        )
        if not is_there:
            return MISSING
        found = found[key]  # type: ignore[index] # one of the two, see above
    return found


def replaced(data: Plain, path: Path, value: Plain) -> Plain:
    """`data` with `value` at `path`; everything else is shared. Raises KeyError."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(data, dict) and isinstance(key, str):
        return {**data, key: replaced(data.get(key), rest, value)}
    if isinstance(data, tuple) and isinstance(key, int) and key < len(data):
        return (*data[:key], replaced(data[key], rest, value), *data[key + 1 :])
    raise KeyError(path)


def style_of(data: Plain) -> CaptionStyle | str:
    """The style, or in words why there is none."""
    try:
        return CaptionStyle.model_validate(data)
    except ValidationError as error:
        return said(error.errors(include_url=False, include_input=False)[0])


def said(problem: ErrorDetails) -> str:
    """ "Input should be less than or equal to 14" as "At most 14."."""
    context = problem.get("ctx", {})
    bounds = {
        "less_than_equal": "At most {le}.",
        "greater_than_equal": "At least {ge}.",
        "string_too_long": "At most {max_length} letters.",
        "string_too_short": "At least {min_length} letter.",
        "too_long": "At most {max_length} of them.",
        "too_short": "At least {min_length} of them.",
        "extra_forbidden": "There is no such field.",
        "missing": "This field is needed.",
        "literal_error": "One of {expected}.",
    }
    if problem["type"] == "string_pattern_mismatch":
        is_color = "#" in str(context.get("pattern", ""))
        return "Written #RRGGBB or #RRGGBBAA." if is_color else "This name cannot be a file name."
    text = bounds.get(problem["type"], "")
    return text.format(**context) if text else f"{problem['msg']}."
