"""Pixels in bulk: blurs, and the planes that ffmpeg's overlay takes.

All work on whole arrays with numpy. Pictures are QImages in ARGB32_Premultiplied, which in
memory is blue, green, red, alpha on the little-endian machines that we run on.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

_SMOOTH = Qt.TransformationMode.SmoothTransformation

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


def pixels(image: QImage) -> Bytes:
    """The picture's memory as (height, width, 4) BGRA. Keep `image`: the array only borrows."""
    flat = np.frombuffer(image.bits(), np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4)


def blurred(silhouette: QImage, radius_px: float, color: QColor, strength: int) -> QImage:
    """The silhouette's shape in `color`, blurred; three box blurs stand for a Gaussian.

    `radius_px` is about twice the standard deviation (as in CSS). `strength` lays the light
    over itself. Source of the box widths: Kovesi, "Fast Almost-Gaussian Filtering" (2010).
    """
    sigma = radius_px / 2
    shrink = 4 if sigma >= 6 else 2 if sigma >= 3 else 1
    size = silhouette.size()
    if shrink > 1:  # what is that soft looks the same from a smaller picture
        silhouette = silhouette.scaled(
            -(-size.width() // shrink), -(-size.height() // shrink), mode=_SMOOTH
        )
        sigma /= shrink
    alpha: Floats = pixels(silhouette)[:, :, 3].astype(np.float32) / np.float32(255)
    if sigma > 0.3:
        width = max(int(np.sqrt(12 * sigma * sigma / 3 + 1)) // 2 * 2 + 1, 3)
        for _ in range(3):
            alpha = _box_rows(_box_rows(alpha, width).T, width).T
    if strength > 1:
        alpha = 1 - (1 - np.clip(alpha, 0, 1)) ** strength
    alpha = np.clip(alpha, 0, 1) * np.float32(color.alphaF())
    result = QImage(silhouette.size(), QImage.Format.Format_ARGB32_Premultiplied)
    out = pixels(result)
    for channel, level in enumerate((color.blue(), color.green(), color.red(), 255)):
        out[:, :, channel] = np.rint(alpha * level)
    return result if shrink == 1 else result.scaled(size, mode=_SMOOTH)


def _box_rows(values: Floats, width: int) -> Floats:
    """Mean over `width` (odd) neighbours along the last axis; nothing beyond the edges."""
    half = width // 2
    padded = np.pad(values, ((0, 0), (half + 1, half)))
    sums = np.cumsum(padded, axis=1, dtype=np.float32)
    mean: Floats = (sums[:, width:] - sums[:, :-width]) / np.float32(width)
    return mean


def boxed(values: Floats, radii: Sequence[int]) -> Floats:
    """(height, width, channels) after box blurs of `radii` along both axes, edges mirrored.

    By plain sums: a product of matrices would wake all threads of BLAS for each frame.
    """
    for axis in (0, 1):
        values = np.ascontiguousarray(values.swapaxes(0, axis))
        length = values.shape[0]
        for radius in radii:
            wider = values[_mirrored(length, radius)]
            total = wider[:length].copy()
            for step in range(1, 2 * radius + 1):
                total += wider[step : step + length]
            values = total * np.float32(1 / (2 * radius + 1))
        values = values.swapaxes(0, axis)
    return values


@lru_cache(maxsize=16)
def _mirrored(length: int, margin: int) -> NDArray[np.intp]:
    """Where to look for the lines from `margin` before the first one to as many after the last."""
    lines = np.arange(-margin, length + margin)
    lines = np.where(lines < 0, -lines - 1, lines)
    return np.where(lines < length, lines, 2 * length - 1 - lines)


class PlaneBuffer:
    """yuva420p planes of one strip size, BT.709 limited range, straight (not premultiplied).

    Straight alpha is what ffmpeg's overlay expects by default and has fast code for. Colour of
    a 2x2 block is weighted by alpha, so that no transparent pixel bleeds into an edge. Only
    what differs from the picture before is converted.
    """

    def __init__(self, width_px: int, height_px: int) -> None:
        if width_px % 2 or height_px % 2:
            raise ValueError("yuva420p planes need even sizes")
        luma, chroma = width_px * height_px, width_px * height_px // 4
        half = (height_px // 2, width_px // 2)
        sheet = np.zeros(2 * luma + 2 * chroma, np.uint8)
        self._sheet = sheet
        self._y = sheet[:luma].reshape(height_px, width_px)
        self._u = sheet[luma : luma + chroma].reshape(half)
        self._v = sheet[luma + chroma : luma + 2 * chroma].reshape(half)
        self._alpha = sheet[luma + 2 * chroma :].reshape(height_px, width_px)
        self._y[:], self._u[:], self._v[:] = 16, 128, 128
        self._shown = np.zeros((height_px, width_px), np.uint32)

    def planes(self, image: QImage) -> bytes:
        """Y, U, V and A planes of the strip picture, one after the other."""
        picture = pixels(image).view(np.uint32)[:, :, 0]
        changed = picture != self._shown
        rows = np.flatnonzero(changed.any(axis=1))
        if rows.size:
            top, bottom = int(rows[0]) & ~1, (int(rows[-1]) + 2) & ~1
            columns = np.flatnonzero(changed[top:bottom].any(axis=0))
            left, right = int(columns[0]) & ~1, (int(columns[-1]) + 2) & ~1
            self._shown[top:bottom, left:right] = picture[top:bottom, left:right]
            self._convert(image.copy(left, top, right - left, bottom - top), left, top)
        return self._sheet.tobytes()

    def _convert(self, part: QImage, left: int, top: int) -> None:
        whole = (slice(top, top + part.height()), slice(left, left + part.width()))
        half = (
            slice(top // 2, (top + part.height()) // 2),
            slice(left // 2, (left + part.width()) // 2),
        )
        window = pixels(part)
        self._alpha[whole] = window[:, :, 3]
        self._u[half], self._v[half] = _chroma(part)
        straight = part.convertToFormat(QImage.Format.Format_ARGB32)  # held: pixels borrows it
        self._y[whole] = _luma(pixels(straight))


def _luma(straight: Bytes) -> Bytes:
    """ITU-R BT.709 luma Y = 0.2126 R + 0.7152 G + 0.0722 B as 16 to 235, in 1/256 steps."""
    total: NDArray[np.uint16] = straight[:, :, 2] * np.uint16(47)
    total += straight[:, :, 1] * np.uint16(157)
    total += straight[:, :, 0] * np.uint16(16)
    total += np.uint16(128 + 16 * 256)
    total >>= 8
    return total.astype(np.uint8)


def _chroma(picture: QImage) -> tuple[Bytes, Bytes]:
    """Cb = (B - Y) / 1.8556, Cr = (R - Y) / 1.5748 of each 2x2 block, 16 to 240 around 128.

    Qt halves the premultiplied picture, which weighs colours by alpha, and divides them again.
    """
    half = picture.scaled(
        picture.width() // 2, picture.height() // 2, mode=_SMOOTH
    ).convertToFormat(QImage.Format.Format_ARGB32)
    window = pixels(half)
    blue, green, red = (window[:, :, channel].astype(np.int32) for channel in range(3))
    cb = (112 * blue - 86 * green - 26 * red + (128 * 256 + 128)) >> 8
    cr = (112 * red - 102 * green - 10 * blue + (128 * 256 + 128)) >> 8
    return cb.astype(np.uint8), cr.astype(np.uint8)
