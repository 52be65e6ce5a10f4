"""Glass: a surface through which the picture behind it is seen, out of focus.

One definition for the window and for the export's graph, in steps that Qt and ffmpeg do alike:
the strip's picture is made small by area, two box blurs run over the small one, and it is made
large again by bilinear steps. That is a softness of `blur_em` (as in CSS: twice the standard
deviation) for a cost that hardly grows with it. What is glass is said by a mask.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter

from clipforge_desktop.captions.raster import boxed
from clipforge_desktop.captions.surfaces import boxes_of
from clipforge_desktop.domain.caption_style import CaptionStyle

BOX_RADII = (1, 1)
"""Of the box blurs one after the other, in pixels of the small picture."""

_SHRINK = 0.4
"""How often the softness is made smaller: shrinking by f and back has a variance of f2/12 + f2/6,
the two boxes add 4/3 f2, so twice the deviation is 2.5 f."""

_LEAST_PX = 4  # a box needs its neighbours


@dataclass(frozen=True)
class Glass:
    """How what is behind the strip is blurred: made as small as this in between."""

    small_px: tuple[int, int]


@dataclass(frozen=True)
class Panes:
    """Where glass is now: `mask` (Alpha8) covers the strip, and is clear outside of `bounds`."""

    mask: QImage
    bounds: QRect
    glass: Glass

    def lines(self) -> NDArray[np.uint8]:
        """The mask as (height, width), 255 is glass. Keep the panes: the array only borrows."""
        return mask_lines(self.mask)


def glass_of(style: CaptionStyle, em_px: float, strip_px: tuple[int, int]) -> Glass | None:
    """The style's softness, which is that of its softest box; None when it has no glass."""
    softness_px = max((box.blur_em for box in boxes_of(style)), default=0.0) * em_px
    if softness_px <= 0:
        return None
    shrink = max(softness_px * _SHRINK, 1.0)
    width, height = (max(round(side / shrink), _LEAST_PX) for side in strip_px)
    return Glass((width, height))


def mask_lines(mask: QImage) -> NDArray[np.uint8]:
    """(height, width) of an Alpha8 picture, which the array only borrows."""
    lines = np.frombuffer(mask.constBits(), np.uint8).reshape(mask.height(), -1)
    return lines[:, : mask.width()]


def panes_in(mask: QImage, glass: Glass) -> Panes | None:
    """None when nothing in the mask is glass."""
    lines = mask_lines(mask)
    rows, columns = np.flatnonzero(lines.any(axis=1)), np.flatnonzero(lines.any(axis=0))
    if not rows.size:
        return None
    left, top = int(columns[0]), int(rows[0])
    return Panes(
        mask, QRect(left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1), glass
    )


def blurred(picture: QImage, glass: Glass) -> QImage:
    """`picture`, out of focus and small: to be drawn with smooth transforms over all of it."""
    small = picture.scaled(
        *glass.small_px,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    ).convertToFormat(QImage.Format.Format_RGB888)
    width, height = glass.small_px
    lines = np.frombuffer(small.constBits(), np.uint8).reshape(height, -1)
    rows = lines[:, : width * 3].reshape(height, width, 3).astype(np.float32)
    soft = np.rint(boxed(rows, BOX_RADII)).astype(np.uint8)
    made = QImage(soft.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return made.convertToFormat(QImage.Format.Format_RGB32)


def behind(picture: QImage, panes: Panes) -> QImage:
    """What is seen through the glass, for its bounds: ARGB32_Premultiplied, clear around it.

    `picture` is what the strip lies on, in any size.
    """
    layer = QImage(panes.bounds.size(), QImage.Format.Format_ARGB32_Premultiplied)
    corner = -QPointF(panes.bounds.topLeft())
    painter = QPainter(layer)
    try:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        whole = QRectF(corner, QSizeF(panes.mask.size()))
        painter.drawImage(whole, blurred(picture, panes.glass))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawImage(corner, panes.mask)
    finally:
        painter.end()
    return layer
