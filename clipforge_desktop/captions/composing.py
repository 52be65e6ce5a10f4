"""Captions over a picture: glass first, then the strip, and neither over people before them.

What the export does in its graph, done on a QImage: for thumbnails, tests, and in parts by the
window, which paints the picture at another scale.
"""

from typing import Protocol

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter

from clipforge_desktop.captions.extents import Strip
from clipforge_desktop.captions.glass import Panes, behind


class Captions(Protocol):
    """What paints captions, and says where glass is: see `captions.painter`."""

    strip: Strip

    def paint(self, clip_s: float) -> QImage: ...
    def backdrop(self, clip_s: float) -> Panes | None: ...


def lay_over(
    frame: QImage, captions: Captions, clip_s: float, y_px: int, people: QImage | None = None
) -> None:
    """The captions at `clip_s` over a frame of their width; their strip's top goes to `y_px`.

    `people` is a picture of the strip's size that covers them; None where nobody is in front.
    """
    strip, panes, left_px = captions.paint(clip_s), captions.backdrop(clip_s), captions.strip.x_px
    layers = [(strip, QPoint(0, 0))]
    if panes is not None:
        glass = behind(frame.copy(left_px, y_px, strip.width(), strip.height()), panes)
        layers.insert(0, (glass, panes.bounds.topLeft()))
    painter = QPainter(frame)
    try:
        for layer, place in layers:
            shown = layer if people is None else without_people(layer, people, place)
            painter.drawImage(place + QPoint(left_px, y_px), shown)
    finally:
        painter.end()


def without_people(layer: QImage, people: QImage, place: QPoint) -> QImage:
    """A copy of `layer`, which lies at `place` of the strip, cleared where `people` covers it."""
    cleared = layer.copy()
    painter = QPainter(cleared)
    try:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        painter.drawImage(-place, people)
    finally:
        painter.end()
    return cleared
