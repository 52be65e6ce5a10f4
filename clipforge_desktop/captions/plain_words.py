"""What is wrong with a style file, in words for the person who wrote it.

pydantic names the place and the rule that was broken; the schema of the style says what would
be allowed there, both ends of a range and every word of a choice.
"""

from functools import cache
from typing import Any

from pydantic_core import ErrorDetails

from clipforge_desktop.domain.caption_style import NAME_RULE, STYLE_VERSION, CaptionStyle

_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a group of fields in { }",
}


def said(problem: ErrorDetails) -> str:
    """One problem as "field must be ...", e.g. "font.size_percent must be a number, 1 to 14"."""
    place = problem["loc"]
    field = ".".join(str(part)[:60] for part in place)
    if place == ("version",) and problem["type"] == "less_than_equal":
        return "version: this style was made by a newer ClipForge."
    if place == ("version",):
        return f"version must be a whole number, 1 to {STYLE_VERSION}."
    if place == ("name",) and problem["type"] in ("style_name", "string_pattern_mismatch"):
        return f"name: {NAME_RULE}; use letters, digits, spaces and dashes, 64 at most."
    if problem["type"] == "style_rule":
        return f"{field}: {problem['msg']}."
    if problem["type"] == "extra_forbidden":
        return f"{field}: there is no such field."
    if problem["type"] == "missing":
        return f"the field {field} is missing."
    if not field:
        return f"{problem['msg'][:200]}."
    allowed = _allowed(_rule(place))
    return f"{field} must be {allowed}." if allowed else f"{field}: {problem['msg'][:200]}."


def _allowed(rule: dict[str, Any]) -> str:  # a JSON schema: values of any kind
    if "#[0-9a-fA-F]" in str(rule.get("pattern", "")):
        return "a colour, written #RRGGBB or #RRGGBBAA"
    if "enum" in rule:
        return f"one of {', '.join(map(str, rule['enum']))}"
    kind = _KINDS.get(str(rule.get("type")), "")
    for low, high, unit in (
        ("minimum", "maximum", ""),
        ("minLength", "maxLength", " letters"),
        ("minItems", "maxItems", " entries"),
    ):
        if kind and high in rule:
            return f"{kind}, {rule.get(low, 0)} to {rule[high]}{unit}"
    return kind


def _rule(place: tuple[int | str, ...]) -> dict[str, Any]:
    """The part of the schema that speaks of this place; empty when there is none."""
    rule = _schema()
    for part in place:
        if isinstance(part, int):
            rule = _plain(rule.get("items", {}))
        elif part in rule.get("properties", {}):
            rule = _plain(rule["properties"][part])
    return rule


def _plain(rule: dict[str, Any]) -> dict[str, Any]:
    """Behind a reference, and without the "or nothing" of optional parts."""
    for choice in rule.get("anyOf", ()):
        if choice.get("type") != "null":
            return _plain(choice)
    if "$ref" in rule:
        found: dict[str, Any] = _schema()["$defs"][rule["$ref"].rsplit("/", 1)[-1]]
        return found
    return rule


@cache
def _schema() -> dict[str, Any]:
    return CaptionStyle.model_json_schema()
