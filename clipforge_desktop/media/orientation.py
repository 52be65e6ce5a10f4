"""Which way up: a display matrix as a turn and a mirror, and pictures put upright with them.

The matrix is the one of ISO/IEC 14496-12 (nine 32-bit numbers; the first, second, fourth and
fifth are turn, scale and mirror). To show a picture upright, turn it clockwise by `rotation_deg`,
then mirror it left to right when `is_mirrored`.
"""

import math
import struct
from typing import cast

import numpy as np
import numpy.typing as npt
from av.sidedata.sidedata import SideDataContainer, Type
from av.video.frame import VideoFrame

Pixels = npt.NDArray[np.uint8]

_MATRIX_BYTES = 36


def from_matrix(matrix: bytes) -> tuple[int, bool]:
    """(clockwise turn: 0, 90, 180 or 270; mirrored). Anything that is no turn counts as none."""
    if len(matrix) < _MATRIX_BYTES:
        return 0, False
    a, b, _, c, d, *_ = struct.unpack("=9i", matrix[:_MATRIX_BYTES])
    # x' = a x + c y, y' = b x + d y, with y downwards; a mirror after the turn negates a and c.
    if a * d == b * c:
        return 0, False
    turn_deg = math.degrees(math.atan2(b, d))
    return round(turn_deg / 90) * 90 % 360, a * d < b * c


def of_frame(frame: VideoFrame) -> tuple[int, bool]:
    """(clockwise turn, mirrored) of a decoded frame."""
    attached = cast(SideDataContainer, frame.side_data)  # declared as something narrower
    try:
        return from_matrix(bytes(attached[Type.DISPLAYMATRIX]))
    except KeyError:
        return 0, False


def upright(pixels: Pixels, rotation_deg: int, *, is_mirrored: bool) -> Pixels:
    """The picture (height x width x channels) as it is meant to be seen."""
    turned = np.rot90(pixels, -rotation_deg // 90 % 4)
    if is_mirrored:
        turned = turned[:, ::-1]
    return np.ascontiguousarray(turned)
