"""Values as JSON and back: how they travel through the database.

msgspec does it for plain frozen dataclasses, strictly typed. `CaptionStyle` is the one
pydantic model among them; pydantic takes longer to load than all else the window needs at
start, so it is only imported when a value with a style is read.

msgspec notes on a class what it knows of its fields before it has found all of them, and a
thread that reads such a class meanwhile ends the process (0.22, 139 by SIGSEGV). So readers are
made one at a time, here and nowhere else.
"""

import hashlib
import sys
import threading
from typing import Any, TypeVar

import msgspec

_Value = TypeVar("_Value")
_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}
_making = threading.Lock()


def encode(value: object) -> str:
    """The value as compact JSON; the same value gives the same text."""
    return _json(value).decode()


def decode(kind: type[_Value], text: str | bytes) -> _Value:
    """The value that `encode` wrote. Raises msgspec.ValidationError for anything else."""
    decoder = _decoders.get(kind)
    if decoder is None:
        with _making:
            decoder = _decoders[kind] = _decoder(kind)
    value: _Value = decoder.decode(text)
    return value


def convert(kind: type[_Value], value: object) -> _Value:
    """The value from plain dicts and lists. Raises msgspec.ValidationError where they differ."""
    with _making:
        return msgspec.convert(value, kind)


def fingerprint(*values: object) -> str:
    """Hash of the values' JSON: the key under which a stage's result is cached."""
    digest = hashlib.sha256()
    for value in values:
        digest.update(value.encode() if isinstance(value, str) else _json(value))
        digest.update(b"\0")
    return digest.hexdigest()[:24]


def _json(value: object) -> bytes:
    return msgspec.json.encode(value, enc_hook=_dump_style)


def _decoder(kind: type[_Value]) -> msgspec.json.Decoder[_Value]:
    try:
        return msgspec.json.Decoder(kind, dec_hook=_load_style)
    except NameError:  # a type with a style in it, whose class is not loaded yet
        from clipforge_desktop.domain import caption_style, order, recipe

        order.__dict__["CaptionStyle"] = caption_style.CaptionStyle
        order.__dict__["Recipe"] = recipe.Recipe
        sys.modules[kind.__module__].__dict__["CaptionStyle"] = caption_style.CaptionStyle
        return msgspec.json.Decoder(kind, dec_hook=_load_style)


def _dump_style(value: object) -> object:
    dump = getattr(value, "model_dump", None)
    if dump is None:
        raise TypeError(f"{type(value).__name__} does not travel through the database")
    return dump(mode="json")


def _load_style(kind: type[Any], value: object) -> object:
    validate = getattr(kind, "model_validate_json", None)
    if validate is None:
        raise TypeError(f"{kind.__name__} does not travel through the database")
    return validate(msgspec.json.encode(value))
