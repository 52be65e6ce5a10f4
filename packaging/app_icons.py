"""The app icon as .ico (Windows) and .icns (macOS), each with all its sizes, from the one SVG.

Both are containers of PNG files, written here by their published layouts, because Qt writes
only one size into each.
"""

import os
import struct
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICO_SIZES_PX = (16, 24, 32, 48, 64, 128, 256)
ICNS_SIZES_PX = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}


def png(svg: Path, size_px: int) -> bytes:
    """The drawing as a PNG of `size_px` by `size_px`. Needs a QGuiApplication."""
    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(svg)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """ICONDIR, one ICONDIRENTRY per size (0 stands for 256), then the PNG files."""
    offset = 6 + 16 * len(pictures)
    entries, bodies = b"", b""
    for size_px, picture in pictures.items():
        edge = size_px % 256
        entries += struct.pack(
            "<BBBBHHII", edge, edge, 0, 0, 1, 32, len(picture), offset + len(bodies)
        )
        bodies += picture
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + bodies


def icns(pictures: dict[bytes, bytes]) -> bytes:
    """The magic and whole length, then (type, length, PNG) for each size."""
    body = b"".join(
        kind + struct.pack(">I", len(picture) + 8) + picture for kind, picture in pictures.items()
    )
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def write_all(svg: Path, folder: Path) -> None:
    """Write `clipforge.ico` and `clipforge.icns` into `folder`."""
    application = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {size_px: png(svg, size_px) for size_px in (*ICO_SIZES_PX, 512, 1024)}
    (folder / "clipforge.ico").write_bytes(ico({size: sizes[size] for size in ICO_SIZES_PX}))
    (folder / "clipforge.icns").write_bytes(
        icns({kind: sizes[size] for kind, size in ICNS_SIZES_PX.items()})
    )
    del application
