"""Pixels in bulk: blur for shadows, and the planes that ffmpeg's overlay takes.

Both work on whole arrays with numpy. Pictures are QImages in ARGB32_Premultiplied, which in
memory is blue, green, red, alpha on the little-endian machines that we run on.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


def pixels(image: QImage) -> Bytes:
    """The picture's memory as (height, width, 4) BGRA; valid while `image` lives."""
    flat = np.frombuffer(image.bits(), np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4)


def blurred(silhouette: QImage, radius_px: float, color: QColor, strength: int) -> QImage:
    """The silhouette's shape in `color`, blurred; three box blurs stand for a Gaussian.

    `radius_px` is about twice the standard deviation (as in CSS). `strength` lays the light
    over itself. Source of the box widths: Kovesi, "Fast Almost-Gaussian Filtering" (2010).
    """
    alpha: Floats = pixels(silhouette)[:, :, 3].astype(np.float32) / np.float32(255)
    sigma = radius_px / 2
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
    return result


def _box_rows(values: Floats, width: int) -> Floats:
    """Mean over `width` (odd) neighbours along the last axis; nothing beyond the edges."""
    half = width // 2
    padded = np.pad(values, ((0, 0), (half + 1, half)))
    sums = np.cumsum(padded, axis=1, dtype=np.float32)
    mean: Floats = (sums[:, width:] - sums[:, :-width]) / np.float32(width)
    return mean


class PlaneBuffer:
    """yuva420p planes of one strip size, BT.709 limited range, straight (not premultiplied).

    Straight alpha is what ffmpeg's overlay expects by default and has fast code for. Colour of
    a 2x2 block is weighted by alpha, so that no transparent pixel bleeds into an edge.
    """

    def __init__(self, width_px: int, height_px: int) -> None:
        self._size = (height_px, width_px)
        luma, chroma = width_px * height_px, width_px * height_px // 4
        self._blank = np.zeros(2 * luma + 2 * chroma, np.uint8)
        self._ends = (luma, luma + chroma, luma + 2 * chroma)
        self._blank[:luma] = 16
        self._blank[luma : luma + 2 * chroma] = 128

    def planes(self, image: QImage) -> bytes:
        """Y, U, V and A planes of the strip picture, one after the other."""
        picture = pixels(image)
        covered = picture[:, :, 3] != 0
        rows = np.flatnonzero(covered.any(axis=1))
        if not rows.size:
            return self._blank.tobytes()
        columns = np.flatnonzero(covered.any(axis=0))
        top, bottom = int(rows[0]) & ~1, (int(rows[-1]) + 2) & ~1
        left, right = int(columns[0]) & ~1, (int(columns[-1]) + 2) & ~1
        window = picture[top:bottom, left:right]
        sheet = self._blank.copy()
        height, width = self._size
        y_end, u_end, v_end = self._ends
        luma = sheet[:y_end].reshape(height, width)
        alpha = sheet[v_end:].reshape(height, width)
        halves = (slice(top // 2, bottom // 2), slice(left // 2, right // 2))
        whole = (slice(top, bottom), slice(left, right))
        chroma_size = (height // 2, width // 2)
        luma[whole] = _luma(window)
        alpha[whole] = window[:, :, 3]
        blue_difference, red_difference = _chroma(window)
        sheet[y_end:u_end].reshape(chroma_size)[halves] = blue_difference
        sheet[u_end:v_end].reshape(chroma_size)[halves] = red_difference
        return sheet.tobytes()


def _straight(total: NDArray[np.uint16], weight: NDArray[np.uint16]) -> Floats:
    """`total` of premultiplied values over `weight` of alphas, 0 to 1; 0 where nothing is."""
    return np.divide(
        total, weight, out=np.zeros(total.shape, np.float32), where=weight != 0, dtype=np.float32
    )


def _luma(window: Bytes) -> Bytes:
    """ITU-R BT.709 luma: Y = 0.2126 R + 0.7152 G + 0.0722 B, 16 to 235."""
    blue, green, red = (window[:, :, channel].astype(np.uint16) for channel in range(3))
    weighted = red * 54 + green * 183 + blue * 19  # of 256: at most 65,280
    alpha = window[:, :, 3].astype(np.uint16)
    share = _straight(weighted, alpha) / 256
    return np.rint(16 + 219 * share).astype(np.uint8)


def _chroma(window: Bytes) -> tuple[Bytes, Bytes]:
    """Cb = (B - Y) / 1.8556, Cr = (R - Y) / 1.5748 of each 2x2 block, 16 to 240 around 128."""
    sums = window.astype(np.uint16)
    sums = sums[0::2, 0::2] + sums[1::2, 0::2] + sums[0::2, 1::2] + sums[1::2, 1::2]
    blue, green, red = (_straight(sums[:, :, i], sums[:, :, 3]) for i in range(3))
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    cb = np.rint(128 + 224 * (blue - luma) / 1.8556).astype(np.uint8)
    cr = np.rint(128 + 224 * (red - luma) / 1.5748).astype(np.uint8)
    return cb, cr
