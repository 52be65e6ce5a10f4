"""Icons: shipped SVG drawings whose strokes take the colour that is asked for.

A drawing says `currentColor`; it is replaced before rendering, so one file serves both
schemes and every state at every scale.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from clipforge_desktop.paths import resources


@lru_cache(maxsize=64)
def _drawing(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def icon_pixmap(name: str, color: str, size_px: int = 20, scale: float = 1.0) -> QPixmap:
    """The drawing `name` in `color` (#rrggbb), `size_px` points wide, sharp at `scale`."""
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", color).encode()))
    side = round(size_px * scale)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def icon(name: str, color: str, size_px: int = 20) -> QIcon:
    """An icon for a button, drawn for screens of single and double density."""
    made = QIcon()
    for scale in (1.0, 2.0):
        made.addPixmap(icon_pixmap(name, color, size_px, scale))
    return made
