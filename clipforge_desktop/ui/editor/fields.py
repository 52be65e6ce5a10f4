"""The caption style's model as a tree of fields, each with its kind, range and unit.

Read from the pydantic model by introspection, so an attribute that is added there gets its
control here without a word. Values are plain data, as `CaptionStyle.model_dump()` gives them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from clipforge_desktop.domain.caption_style import CaptionStyle
from clipforge_desktop.ui.editor import naming

Plain = bool | int | float | str | dict[str, "Plain"] | tuple["Plain", ...] | None
"""A value of `model_dump()`."""

LONG_LIST = 16
"""Lists that may hold more than this are word lists, shown as a table."""


@dataclass(frozen=True)
class Number:
    """A number in `low` to `high`, both included; `step` is a sensible smallest change."""

    low: float
    high: float
    is_whole: bool
    unit: naming.Unit

    @property
    def step(self) -> float:
        span = self.high - self.low
        if self.is_whole:
            return 100 if span >= 800 else 1
        return 0.005 if span <= 0.5 else 0.01 if span <= 4 else 0.1 if span <= 20 else 0.5


@dataclass(frozen=True)
class Switch:
    """Yes or no."""


@dataclass(frozen=True)
class Choice:
    options: tuple[str, ...]


@dataclass(frozen=True)
class Color:
    """#RRGGBB or #RRGGBBAA."""


@dataclass(frozen=True)
class Text:
    shortest: int
    longest: int


@dataclass(frozen=True)
class Part:
    """A model inside the model."""

    fields: tuple["Field", ...]


@dataclass(frozen=True)
class Maybe:
    """Something that may be left out (None)."""

    inner: "Shape"


@dataclass(frozen=True)
class Several:
    """`fewest` to `most` of the same."""

    item: "Shape"
    fewest: int
    most: int

    @property
    def is_long(self) -> bool:
        return self.most > LONG_LIST and isinstance(self.item, Text | Part)


Shape = Number | Switch | Choice | Color | Text | Part | Maybe | Several


@dataclass(frozen=True)
class Field:
    """One field: its name in the file, its name for people, what it holds, its usual value.

    `usual` is None as well where the model knows none and `is_needed`. `about` is what the
    model says of it, `words` everything it is found by.
    """

    name: str
    title: str
    shape: Shape
    usual: Plain
    is_needed: bool
    about: str

    @property
    def words(self) -> str:
        return f"{self.title} {self.name}".casefold()


@cache
def style_fields() -> tuple[Field, ...]:
    """All fields of a caption style, in the order of the model."""
    return _fields_of(CaptionStyle)


def inner_fields(shape: Shape) -> tuple[Field, ...]:
    """The fields of the part that `shape` is, may be, or lists; none for a plain value."""
    if isinstance(shape, Part):
        return shape.fields
    if isinstance(shape, Maybe):
        return inner_fields(shape.inner)
    return inner_fields(shape.item) if isinstance(shape, Several) else ()


def is_found(field: Field, wanted: str) -> bool:
    """Whether the field or anything in it is called like `wanted` (lower case)."""
    if all(word in field.words for word in wanted.split()):
        return True
    inner = inner_fields(field.shape)
    rest = " ".join(word for word in wanted.split() if word not in field.words)
    return any(is_found(one, rest) for one in inner)


def fresh(shape: Shape, name: str = "") -> Plain:
    """What a thing of this shape is when it is switched on or added to a list."""
    if isinstance(shape, Number):
        usual = 400 if name == "weight" else 1 if shape.low <= 1 <= shape.high else shape.low
        return int(usual) if shape.is_whole else float(usual)
    if isinstance(shape, Switch):
        return True
    if isinstance(shape, Choice):
        return shape.options[0]
    if isinstance(shape, Color):
        return "#FFFFFF"
    if isinstance(shape, Text):
        return {"family": "Inter", "emoji": "\N{SPARKLES}"}.get(name, "word")
    if isinstance(shape, Part):
        return {
            one.name: fresh(one.shape, one.name) if one.is_needed else one.usual
            for one in shape.fields
        }
    if isinstance(shape, Maybe):
        return None
    return tuple(fresh(shape.item, name) for _ in range(shape.fewest))


def _fields_of(model: type[BaseModel]) -> tuple[Field, ...]:
    return tuple(_field(model, name, info) for name, info in model.model_fields.items())


def _field(model: type[BaseModel], name: str, info: FieldInfo) -> Field:
    shape = _shape(info.annotation, list(info.metadata), name)
    is_needed = info.is_required()
    usual = None if is_needed else _plain(info.get_default(call_default_factory=True))
    about = info.description or " ".join((model.__doc__ or "").split())
    return Field(name, naming.title_of(name), shape, usual, is_needed, about)


def _plain(value: object) -> Plain:
    if isinstance(value, BaseModel):
        dumped: dict[str, Plain] = value.model_dump()
        return dumped
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    assert value is None or isinstance(value, bool | int | float | str)
    return value


def _shape(annotation: Any, rules: list[Any], name: str) -> Shape:
    """`annotation` is any type expression that pydantic takes; `rules` its metadata."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shape(inside[0], [*inside[1:], *rules], name)
    if origin in (Union, UnionType):
        held = next(one for one in inside if one is not NoneType)
        return Maybe(_shape(held, rules, name))
    if origin is Literal:
        return Choice(tuple(str(option) for option in inside))
    if origin is tuple:
        fewest, most = _limit(rules, "min_length"), _limit(rules, "max_length")
        return Several(_shape(inside[0], [], name), int(fewest or 0), int(most or 1000))
    if annotation is bool:
        return Switch()
    if annotation in (int, float):
        low, high = _limit(rules, "ge"), _limit(rules, "le")
        span = (low if low is not None else -1000.0, high if high is not None else 1000.0)
        return Number(*span, annotation is int, naming.unit_of(name, *span))
    if annotation is str:
        if str(_limit(rules, "pattern") or "").startswith("^#"):
            return Color()
        return Text(int(_limit(rules, "min_length") or 0), int(_limit(rules, "max_length") or 64))
    assert issubclass(annotation, BaseModel), annotation
    return Part(_fields_of(annotation))


def _limit(rules: list[Any], kind: str) -> Any:
    """The tightest place where a rule of that kind stands, None when there is none."""
    for rule in _flat(rules):
        found = getattr(rule, kind, None)
        if found is not None:
            return found
    return None


def _flat(rules: list[Any]) -> Iterator[Any]:
    for rule in rules:
        if isinstance(rule, FieldInfo):
            yield from rule.metadata
        else:
            yield rule
