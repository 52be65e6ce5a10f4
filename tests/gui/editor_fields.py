"""Every field that a caption style can have, for tests that leave none out."""

from collections.abc import Iterator

from clipforge_desktop.ui.editor import fields as fl
from clipforge_desktop.ui.editor.values import Path


def walk(fields: tuple[fl.Field, ...], path: Path = ()) -> Iterator[tuple[Path, fl.Field]]:
    """Every field of the model that is there when everything optional is switched on."""
    for field in fields:
        here = (*path, field.name)
        yield here, field
        shape = field.shape.inner if isinstance(field.shape, fl.Maybe) else field.shape
        if isinstance(shape, fl.Part):
            yield from walk(shape.fields, here)
        elif isinstance(shape, fl.Several) and not shape.is_long:
            yield from walk(fl.inner_fields(shape), (*here, 0))


def everything_on(fields: tuple[fl.Field, ...], data: fl.Plain) -> fl.Plain:
    """`data` with all optional parts there and one entry in every short list."""
    assert isinstance(data, dict)
    filled = dict(data)
    for field in fields:
        value, shape = data[field.name], field.shape
        if isinstance(shape, fl.Maybe):
            shape = shape.inner
            value = fl.fresh(shape, field.name) if value is None else value
        if isinstance(shape, fl.Part):
            value = everything_on(shape.fields, value)
        elif isinstance(shape, fl.Several) and not shape.is_long:
            assert isinstance(value, tuple)
            value = value or (fl.fresh(shape.item),)
            if isinstance(shape.item, fl.Part):
                value = tuple(everything_on(shape.item.fields, one) for one in value)
        filled[field.name] = value
    return filled
