"""The part of the frame that is painted, and how small it may be: what operations cover."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QTransform

from clipforge_desktop.captions.looks import Face
from clipforge_desktop.captions.operations import BoxOp, Operation, WordOp
from clipforge_desktop.captions.sprites import Layer, SpriteBook
from clipforge_desktop.captions.surfaces import box_reach

_SOFT_EDGE_PX = 2  # places are rounded, and edges run out over a pixel


@dataclass(frozen=True)
class Strip:
    """The part of the frame that is painted: all that captions ever cover in this clip.

    All numbers are even, and both sides at least 2.
    """

    x_px: int
    y_px: int
    width_px: int
    height_px: int


def least_strip(operations: Iterable[Operation], book: SpriteBook, within: Strip) -> Strip:
    """The least part of `within` that holds all that `CaptionPainter` draws of `operations`."""
    most = QRectF(within.x_px, within.y_px, within.width_px, within.height_px)
    seen = _covered_by(operations, book).intersected(most)
    if seen.isEmpty():
        return Strip(within.x_px, within.y_px, 2, 2)
    left, top = int(seen.left()) & ~1, int(seen.top()) & ~1
    right = min((math.ceil(seen.right()) + 1) & ~1, within.x_px + within.width_px)
    bottom = min((math.ceil(seen.bottom()) + 1) & ~1, within.y_px + within.height_px)
    return Strip(left, top, right - left, bottom - top)


def _covered_by(operations: Iterable[Operation], book: SpriteBook) -> QRectF:
    left = top = float("inf")
    right = bottom = float("-inf")
    area_of = cache(book.area)
    for op in set({id(op): op for op in operations}.values()):  # many are the same ones
        area = _covered(op, area_of) if op.opacity > 0 else QRectF()
        if area.isEmpty():
            continue
        left, top = min(left, area.left()), min(top, area.top())
        right, bottom = max(right, area.right()), max(bottom, area.bottom())
    return QRectF(left, top, right - left, bottom - top) if left < right else QRectF()


def _covered(op: Operation, area_of: Callable[[str, Face, float, Layer], QRect | None]) -> QRectF:
    stretch = 1.0
    if isinstance(op, WordOp):
        picture = area_of(op.text, op.face, op.em_px, op.layer)
        if picture is None:
            return QRectF()
        around = QRectF(picture).translated(-op.half_width, -op.middle)
        stretch = op.stretch
    elif isinstance(op, BoxOp):
        around = box_reach(op)
    else:
        around = QRectF(op.left, op.top, op.width, op.height)
    turn = QTransform().translate(op.center_x, op.center_y).rotate(op.tilt_deg)
    area = turn.scale(op.scale, op.scale * stretch).mapRect(around)
    edge = _SOFT_EDGE_PX
    area = area.adjusted(-edge, -edge, edge, edge)
    if op.clip is not None:
        left, right = max(area.left(), op.clip.left), min(area.right(), op.clip.right)
        top, bottom = max(area.top(), op.clip.top), min(area.bottom(), op.clip.bottom)
        area = QRectF(left, top, max(right - left, 0.0), max(bottom - top, 0.0))
    return area
