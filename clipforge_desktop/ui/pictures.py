"""Pictures for cards, loaded and cut to size on other threads.

`pixmap` answers at once with what is in memory and asks for the rest; `arrived` tells when to
paint again. A picture that is not there yet (a poster that is still being made) is asked for
again after `forget`.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QRectF, QRunnable, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QBrush, QImage, QImageReader, QPainter, QPixmap, QTransform

MOST_KEPT = 600


@dataclass(frozen=True)
class Wanted:
    """A JPEG, or one tile of it given as (x, y, width, height)."""

    path: Path
    tile: tuple[int, int, int, int] | None = None


_Key = tuple[tuple[Wanted, ...], int, int, int]


class Pictures(QObject):
    """Keeps the most recently used pictures; all methods are for the GUI thread."""

    arrived = Signal()
    _loaded = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[_Key, QPixmap | None] = OrderedDict()
        self._asked: set[_Key] = set()
        self._threads = QThreadPool(self)
        self._threads.setMaxThreadCount(1)
        self._loaded.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def pixmap(
        self, wanted: Sequence[Wanted], size: QSize, radius: int, ratio: float
    ) -> QPixmap | None:
        """The first of `wanted` that can be read, filling `size` (points), corners rounded."""
        pixels = QSize(round(size.width() * ratio), round(size.height() * ratio))
        key = (tuple(wanted), pixels.width(), pixels.height(), round(radius * ratio))
        if key in self._kept:
            self._kept.move_to_end(key)
            made = self._kept[key]
            if made is not None:
                made.setDevicePixelRatio(ratio)
            return made
        if wanted and key not in self._asked:
            self._asked.add(key)
            self._threads.start(_Load(self, key))
        return None

    def forget_missing(self) -> None:
        """Ask again for pictures that were not there."""
        for key in [key for key, made in self._kept.items() if made is None]:
            del self._kept[key]

    def stop(self) -> None:
        self._threads.clear()
        self._threads.waitForDone()

    def deliver(self, key: _Key, image: QImage | None) -> None:
        self._loaded.emit(key, image)

    def _keep(self, key: _Key, image: QImage | None) -> None:
        self._asked.discard(key)
        self._kept[key] = None if image is None else QPixmap.fromImage(image)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        if image is not None:
            self.arrived.emit()


class _Load(QRunnable):
    def __init__(self, pictures: Pictures, key: _Key) -> None:
        super().__init__()
        self._pictures = pictures
        self._key = key

    def run(self) -> None:
        wanted, width, height, radius = self._key
        for one in wanted:
            image = _read(one)
            if not image.isNull():
                self._pictures.deliver(self._key, cover(image, QSize(width, height), radius))
                return
        self._pictures.deliver(self._key, None)


def _read(wanted: Wanted) -> QImage:
    if not wanted.path.is_file():
        return QImage()
    reader = QImageReader(str(wanted.path))
    if wanted.tile is not None:
        reader.setClipRect(QRect(*wanted.tile))
    return reader.read()


def cover(image: QImage, size: QSize, radius: float) -> QImage:
    """The middle of the picture, filling `size` pixels, with round corners."""
    scale = max(size.width() / image.width(), size.height() / image.height())
    small = image.scaled(
        round(image.width() * scale),
        round(image.height() * scale),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    made = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    brush = QBrush(small)
    brush.setTransform(
        QTransform.fromTranslate(
            (size.width() - small.width()) / 2, (size.height() - small.height()) / 2
        )
    )
    painter.setBrush(brush)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(0, 0, size.width(), size.height()), radius, radius)
    painter.end()
    return made
