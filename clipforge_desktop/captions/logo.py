"""A logo laid over the frame: a still picture in a corner, painted as captions are."""

import math
from collections.abc import Hashable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter

from clipforge_desktop.captions.extents import Strip
from clipforge_desktop.captions.glass import Panes
from clipforge_desktop.captions.layout import Area
from clipforge_desktop.captions.raster import PlaneBuffer

_PREMULTIPLIED = QImage.Format.Format_ARGB32_Premultiplied


class LogoPainter:
    """A logo that stands in its `box` of the frame for the whole clip; used like captions are."""

    glass = None

    def __init__(
        self, picture: QImage, box: Area, opacity: float, frame_size_px: tuple[int, int]
    ) -> None:
        """`picture` is made as large as the box."""
        self.frame_size_px = frame_size_px
        self.box = box
        left, right = int(box.x) & ~1, (math.ceil(box.x + box.width) + 1) & ~1
        top, bottom = int(box.y) & ~1, (math.ceil(box.y + box.height) + 1) & ~1
        self.strip = Strip(left, top, max(right - left, 2), max(bottom - top, 2))
        self._painted = self._strip_of(picture, opacity)
        self._planes: bytes | None = None

    def _strip_of(self, picture: QImage, opacity: float) -> QImage:
        strip = QImage(self.strip.width_px, self.strip.height_px, _PREMULTIPLIED)
        strip.fill(0)
        sized = picture.scaled(
            round(self.box.width),
            round(self.box.height),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter = QPainter(strip)
        try:
            painter.setOpacity(opacity)
            corner = QPoint(round(self.box.x), round(self.box.y))
            painter.drawImage(corner - QPoint(self.strip.x_px, self.strip.y_px), sized)
        finally:
            painter.end()
        return strip

    def key_at(self, clip_s: float) -> Hashable:
        """It never changes."""
        return ()

    def paint(self, clip_s: float) -> QImage:
        """The strip's picture, ARGB32_Premultiplied; do not paint on it."""
        return self._painted

    def frame(self, clip_s: float) -> bytes:
        """The same as planes (yuva420p), see `CaptionPainter.frame`."""
        if self._planes is None:
            buffer = PlaneBuffer(self.strip.width_px, self.strip.height_px)
            self._planes = buffer.planes(self._painted)
        return self._planes

    def backdrop(self, clip_s: float) -> Panes | None:
        """No part of it is glass."""
        return None
