"""Paints one decoded frame the way the export frames it: every pane in its place, and what is
behind them.

The backdrop imitates the export's graph (a small copy of the whole picture, three box blurs,
darkened in luma only) at half its scale with as much blur, so that it costs a fraction of a
millisecond. Places snap to real pixels, so that panes that touch show no seam.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from clipforge_desktop.domain.framing import Backdrop, Rect
from clipforge_desktop.ui.framing.layout import Layout

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DARK = QColor("#101216")
SHORT_SIDE = 68  # 1080 / 16: the export blurs at an eighth of its size, with twice the radii
RADII = (2, 2, 1)
LIGHT = 0.55
_LUMA = (0.2126, 0.7152, 0.0722)  # BT.709
_COARSE = 4  # samples to a pixel of the small copy, each way
_SHARP_UP_TO = 3.5  # where a picture shrinks by more, it is sampled twice as often


def paint(painter: QPainter, rect: QRectF, frame: QImage, layout: Layout) -> None:
    """Fill `rect` with `frame` as `layout` says. Set smooth transforms on the painter before."""
    if layout.backdrop is Backdrop.BLUR:
        painter.drawImage(rect, blurred(frame, rect.width() / rect.height()))
    elif layout.backdrop is Backdrop.DARK:
        painter.fillRect(rect, DARK)
    device = painter.device()
    scale = device.devicePixelRatio() if device is not None else 1.0
    for place, part in layout.panes:
        _paint_part(painter, placed(rect, place, scale), frame, part, scale)


def placed(rect: QRectF, place: Rect, scale: float) -> QRectF:
    """A place in shares of `rect`, its edges on whole pixels."""
    left, right = (
        round((rect.left() + rect.width() * share) * scale) / scale
        for share in (place.x, place.x + place.width)
    )
    top, bottom = (
        round((rect.top() + rect.height() * share) * scale) / scale
        for share in (place.y, place.y + place.height)
    )
    return QRectF(left, top, right - left, bottom - top)


def _paint_part(painter: QPainter, target: QRectF, frame: QImage, part: Rect, scale: float) -> None:
    source = QRectF(
        part.x * frame.width(),
        part.y * frame.height(),
        part.width * frame.width(),
        part.height * frame.height(),
    )
    if source.width() <= target.width() * scale * _SHARP_UP_TO:
        painter.drawImage(target, frame, source)
        return
    twice = QImage((target.size() * scale * 2).toSize(), QImage.Format.Format_RGB32)
    inner = QPainter(twice)
    inner.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    inner.drawImage(QRectF(twice.rect()), frame, source)
    inner.end()
    painter.drawImage(target, twice)


_kept: dict[tuple[int, int, int], QImage] = {}
"""The backdrop of the latest frame: glass, and a second look, need it once more."""


def blurred(frame: QImage, shape: float) -> QImage:
    """The middle of the frame in `shape` (width over height), small, out of focus, darker."""
    width = round(SHORT_SIDE * max(shape, 1.0))
    height = round(SHORT_SIDE * max(1 / shape, 1.0))
    key = (frame.cacheKey(), width, height)
    if key not in _kept:
        _kept.clear()
        _kept[key] = _blurred(frame, width, height)
    return _kept[key]


def _blurred(frame: QImage, width: int, height: int) -> QImage:
    from clipforge_desktop.captions.raster import boxed  # numpy: with the first blurred shot

    return _darkened(boxed(_pixels(_small(frame, width, height)), RADII))


def _small(frame: QImage, width: int, height: int) -> QImage:
    """The middle of the frame that has this shape, in this size."""
    shape = width / height
    across = min(float(frame.width()), frame.height() * shape)
    along = min(float(frame.height()), frame.width() / shape)
    part = QRectF((frame.width() - across) / 2, (frame.height() - along) / 2, across, along)
    coarse = QImage(width * _COARSE, height * _COARSE, QImage.Format.Format_RGB32)
    painter = QPainter(coarse)  # nearest pixels: quick, and the blur hides it
    painter.drawImage(QRectF(coarse.rect()), frame, part)
    painter.end()
    return coarse.scaled(
        width,
        height,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    ).convertToFormat(QImage.Format.Format_RGB888)


def _pixels(small: QImage) -> "NDArray[np.float32]":
    """(height, width, 3), red first, 0 to 255."""
    import numpy as np

    lines = np.frombuffer(small.constBits(), np.uint8).reshape(small.height(), -1)
    return lines[:, : small.width() * 3].reshape(small.height(), -1, 3).astype(np.float32)


def _darkened(pixels: "NDArray[np.float32]") -> QImage:
    """Less luma and the same chroma: the same taken off red, green and blue."""
    import numpy as np

    red, green, blue = (pixels[..., channel] * share for channel, share in enumerate(_LUMA))
    luma = (red + green + blue)[..., None]
    dark = np.clip(pixels - (1 - LIGHT) * luma, 0, 255).round().astype(np.uint8)
    height, width, _ = dark.shape
    made = QImage(dark.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return made.convertToFormat(QImage.Format.Format_RGB32)
