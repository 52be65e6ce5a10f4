"""A network of the shape of PP-HumanSeg, written by hand: bright pixels are people.

ONNX is protocol buffers; the few fields that one layer needs are written here, so that no test
needs the real model or a library for ONNX. The layer is a convolution of one pixel: "person" is
the picture's brightness times `_SLOPE`, "background" the opposite.
"""

import struct
from pathlib import Path

SIDE_PX = 192
_SLOPE = 8.0
_FLOAT = 1
_VARINT, _BYTES = 0, 2


def write_person_net(path: Path, side_px: int = SIDE_PX, planes: int = 2) -> Path:
    """A file that OpenCV reads as (1, 3, side, side) -> (1, planes, side, side)."""
    weights = [
        sign * _SLOPE * share
        for sign in (-1, 1)[:planes] * (planes // min(planes, 2))
        for share in (0.2126, 0.7152, 0.0722)
    ]
    node = b"".join(
        [_text(1, "x"), _text(1, "w"), _text(2, "y"), _text(3, "conv"), _text(4, "Conv")]
    )
    tensor = b"".join(_number(1, size) for size in (planes, 3, 1, 1))
    tensor += _number(2, _FLOAT) + _text(8, "w")
    tensor += _field(9, struct.pack(f"<{len(weights)}f", *weights))
    graph = _field(1, node) + _text(2, "people") + _field(5, tensor)
    graph += _field(11, _value("x", (1, 3, side_px, side_px)))
    graph += _field(12, _value("y", (1, planes, side_px, side_px)))
    model = _number(1, 7) + _field(7, graph) + _field(8, _text(1, "") + _number(2, 11))
    path.write_bytes(model)
    return path


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    sizes = b"".join(_field(1, _number(1, size)) for size in shape)
    return _text(1, name) + _field(2, _field(1, _number(1, _FLOAT) + _field(2, sizes)))


def _text(field: int, text: str) -> bytes:
    return _field(field, text.encode())


def _field(field: int, payload: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(payload)) + payload


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
