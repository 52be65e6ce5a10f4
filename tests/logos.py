"""Logos that tests make: pictures with alpha, and files that only claim to be one."""

import struct
import zlib
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter


def drawn(path: Path, size: tuple[int, int] = (120, 80)) -> Path:
    """Red at the left, half-clear blue at the right, nothing in its corners."""
    picture = QImage(*size, QImage.Format.Format_ARGB32)
    picture.fill(0)
    painter = QPainter(picture)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(220, 30, 40))
    painter.drawRoundedRect(QRectF(0, 0, size[0] * 0.6, size[1]), 12, 12)
    painter.setBrush(QColor(20, 60, 220, 128))
    painter.drawRect(QRectF(size[0] * 0.6, size[1] * 0.2, size[0] * 0.4, size[1] * 0.6))
    painter.end()
    assert picture.save(str(path))
    return path


def turned_jpeg(path: Path) -> Path:
    """Wide as stored, and to be shown upright: EXIF orientation 6, a quarter turn clockwise."""
    picture = QImage(60, 20, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    assert picture.save(str(path), "JPG")  # type: ignore[call-overload]  # str is what it takes
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    exif = b"Exif\0\0" + tiff
    data = path.read_bytes()
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:])
    return path


def claimed_png(path: Path, width: int, height: int) -> Path:
    """A few bytes that say they are a picture of any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path
