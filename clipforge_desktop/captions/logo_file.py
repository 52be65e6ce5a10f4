"""The file of the user's own logo, taken in safely.

It is judged by its first bytes, never by its name, and only then decoded, by the one reader for
that format: an SVG would have us follow what it names. It is turned as its camera said and
brought to sRGB, which is what the painters paint in.
"""

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColorSpace, QImage, QImageReader

from clipforge_desktop.captions.raster import pixels
from clipforge_desktop.domain.errors import InputError

MOST_BYTES = 20_000_000
MOST_PIXELS = 25_000_000
LONGEST_SIDE_PX = 8192

_PREMULTIPLIED = QImage.Format.Format_ARGB32_Premultiplied
_KINDS = "Choose a PNG, JPEG or WebP picture."


@dataclass(frozen=True)
class LogoPicture:
    """`image` is upright, sRGB, ARGB32_Premultiplied; `key` names the file's content."""

    image: QImage
    key: str


def read_logo(path: str, key: str = "") -> LogoPicture:
    """The picture in the file; with a `key`, only if it is still that content.

    Raises InputError (logo_missing, logo_unreadable, logo_too_large, logo_changed).
    """
    data = _bytes_of(path)
    found = hashlib.sha256(data).hexdigest()[:24]
    if key and found != key:
        raise InputError(
            "logo_changed",
            f'The logo "{_named(path)}" was changed while the clip was made.',
            "Export the clip again.",
        )
    return LogoPicture(_decoded(path, data), found)


def _bytes_of(path: str) -> bytes:
    """Pipes, sockets and devices are never opened: reading one could block for ever."""
    try:
        status = Path(path).stat()
        if stat.S_ISDIR(status.st_mode):
            raise _unreadable(path, "It is a folder.")
        if not stat.S_ISREG(status.st_mode):
            raise _unreadable(path, "It is no plain file.")
        if status.st_size > MOST_BYTES:
            raise _too_large(path, f"{status.st_size / 1e6:.0f} MB")
        with Path(path).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise InputError(
            "logo_missing",
            f'The logo "{_named(path)}" is not where it was.',
            "Bring it back, choose another one, or export without the logo.",
        ) from error
    except OSError as error:
        raise _unreadable(path, f"It cannot be read: {error.strerror or error}.") from error
    if len(data) > MOST_BYTES:
        raise _too_large(path, f"more than {MOST_BYTES // 1_000_000} MB")
    return data


def _decoded(path: str, data: bytes) -> QImage:
    kind = _format_of(data)
    if kind is None:
        raise _unreadable(path, "It is no PNG, JPEG or WebP picture.")
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        raise _unreadable(path, "The picture is damaged.")
    width, height = size.width(), size.height()
    if max(width, height) > LONGEST_SIDE_PX or width * height > MOST_PIXELS:
        raise _too_large(path, f"{width} x {height} pixels")
    image = reader.read()
    if image.isNull() or (kind == b"jpeg" and _is_cut_off(data)):
        raise _unreadable(path, "The picture is damaged.")
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    if image.colorSpace().isValid() and image.colorSpace() != srgb:
        image = image.convertedToColorSpace(srgb)
    image = image.convertToFormat(_PREMULTIPLIED)
    if image.isNull() or not pixels(image)[:, :, 3].any():
        raise _unreadable(path, "There is nothing to be seen in it.")
    return image


def _format_of(data: bytes) -> bytes | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return b"png"
    if data.startswith(b"\xff\xd8\xff"):
        return b"jpeg"
    return b"webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _is_cut_off(jpeg: bytes) -> bool:
    """Whether the last scan has no end (ITU-T T.81: SOS, EOI): Qt would show it in grey."""
    return jpeg.rfind(b"\xff\xd9") < jpeg.rfind(b"\xff\xda")


def _named(path: str) -> str:
    return Path(path.replace("\0", "")).name[:100]


def _unreadable(path: str, why: str) -> InputError:
    return InputError("logo_unreadable", f'The logo "{_named(path)}" cannot be used. {why}', _KINDS)


def _too_large(path: str, what: str) -> InputError:
    return InputError(
        "logo_too_large",
        f'The logo "{_named(path)}" is too large ({what}).',
        f"Make it smaller: up to {LONGEST_SIDE_PX} pixels a side, {MOST_PIXELS // 1_000_000}"
        f" million in all, and {MOST_BYTES // 1_000_000} MB.",
    )
