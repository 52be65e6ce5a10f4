"""Pixels in bulk: blurs, and the planes that ffmpeg's overlay takes.

All work on whole arrays with numpy. Pictures are QImages in ARGB32_Premultiplied, which in
memory is blue, green, red, alpha on the little-endian machines that we run on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage

_SMOOTH = Qt.TransformationMode.SmoothTransformation
_FINE_BITS = 4  # of opacity, beyond the 8 of a picture
_LARGEST_SIGMA = 6  # in pixels, of what is blurred

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


def pixels(image: QImage) -> Bytes:
    """The picture's memory as (height, width, 4) BGRA. Keep `image`: the array only borrows."""
    flat = np.frombuffer(image.bits(), np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4)


@dataclass(frozen=True)
class Softness:
    """How opaque a blurred silhouette is: (height, width) in steps of 1/4080, maybe made smaller.

    `size` is that of the silhouette.
    """

    alpha: NDArray[np.uint16]
    size: QSize

    def tinted(self, color: QColor, strength: int) -> QImage:
        """The silhouette's size, in `color`; `strength` lays the light over itself."""
        height, width = self.alpha.shape
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        pixels(image).view(np.uint32)[:, :, 0] = _tints(color.rgba(), strength)[self.alpha]
        return image if image.size() == self.size else image.scaled(self.size, mode=_SMOOTH)


def blurred(silhouette: QImage, radius_px: float) -> Softness:
    """The silhouette's shape, blurred; three box blurs stand for a Gaussian.

    `radius_px` is about twice the standard deviation (as in CSS). Source of the box widths:
    Kovesi, "Fast Almost-Gaussian Filtering" (2010).
    """
    sigma = radius_px / 2
    shrink = 4 if sigma >= 6 else 2 if sigma >= 3 else 1
    while sigma / shrink >= _LARGEST_SIGMA:
        shrink *= 2
    size = silhouette.size()
    if shrink > 1:  # what is that soft looks the same from a smaller picture
        silhouette = silhouette.scaled(
            -(-size.width() // shrink), -(-size.height() // shrink), mode=_SMOOTH
        )
        sigma /= shrink
    alpha = np.left_shift(pixels(silhouette)[:, :, 3], _FINE_BITS, dtype=np.uint16)
    if sigma > 0.3:
        half = max(int(np.sqrt(12 * sigma * sigma / 3 + 1)) // 2, 1)
        for _ in range(2):
            for _ in range(3):
                alpha = _mean_of_rows(alpha, half)
            alpha = np.ascontiguousarray(alpha.T)
    return Softness(alpha, size)


@lru_cache(maxsize=64)
def _tints(rgba: int, strength: int) -> NDArray[np.uint32]:
    """Premultiplied pixels in a colour (as `QColor.rgba`) for each fine step of opacity."""
    share = np.linspace(0.0, 1.0, (255 << _FINE_BITS) + 1)
    share = (1 - (1 - share) ** strength) * (rgba >> 24) / 255
    levels = (rgba & 255, rgba >> 8 & 255, rgba >> 16 & 255, 255)  # blue, green, red, alpha
    channels = [np.rint(share * level).astype(np.uint32) for level in levels]
    table: NDArray[np.uint32] = sum(
        (channel << np.uint32(8 * place) for place, channel in enumerate(channels)),
        np.zeros(len(share), np.uint32),
    )
    return table


def _mean_of_rows(values: NDArray[np.uint16], half: int) -> NDArray[np.uint16]:
    """Mean of each pixel and `half` neighbours above and below; nothing beyond the edges.

    Whole numbers up to 255 * 16 fit 16 times into 16 bits, so no sum of at most 13 overflows.
    """
    total: NDArray[np.uint16] = values + np.uint16(half)  # which rounds
    for step in range(1, half + 1):
        total[step:] += values[:-step]
        total[:-step] += values[step:]
    total //= np.uint16(2 * half + 1)
    return total


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
    """ITU-R BT.709 luma Y = 0.2126 R + 0.7152 G + 0.0722 B as 16 to 235, in 1/256 steps.

    On whole pixels, which is twice as fast as channel by channel: a product puts the share of
    each channel into the upper 16 bits, where their sum just fits; Y is the uppermost byte.
    """
    whole = straight.view(np.uint32)[:, :, 0]
    total = whole & np.uint32(0xFF00FF)  # red and blue
    total *= np.uint32(16 << 16 | 47)
    green = whole & np.uint32(0x00FF00)
    green *= np.uint32(157 << 8)
    total += green
    total += np.uint32((16 << 8 | 128) << 16)
    return total.view(np.uint8).reshape(*whole.shape, 4)[:, :, 3]


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
