"""What a file is by its content alone, decided before any library that could open other files.

Names and endings say nothing here. Playlists, manifests and session descriptions are refused
because a reader would follow them to other files or to the network; other text, pictures and
empty things are refused because there is nothing to watch or hear in them.
"""

import codecs
import errno
import re
import stat
from enum import Enum, auto
from pathlib import Path

from clipforge_desktop.domain.errors import InputError, TransientError

HEAD_BYTES = 64 * 1024

_PLAYLISTS = re.compile(
    rb"#EXTM3U|ffconcat\s+version|<(\w+:)?MPD[\s>]|<SmoothStreamingMedia|<(\w+:)?CompositionPlaylist"
    rb"|\[playlist\]|<asx[\s>]|<smil[\s>]|<playlist[\s>]|^v=0\r?\n(.*\n)*?[cm]=|^file\s+['\"/]|rtsp://",
    re.IGNORECASE,
)
_PICTURES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"II*\0",
    b"MM\0*",
    b"8BPS",
    b"\0\0\1\0",
    b"\xff\x0a",
)
_STILL_BRANDS = (b"avif", b"heic", b"heix", b"mif1", b"WEBP")
_MEDIA = (
    b"RIFF",
    b"RF64",
    b"\x1aE\xdf\xa3",
    b"OggS",
    b"ID3",
    b"FLV",
    b"fLaC",
    b"FORM",
    b"caff",
    b"\x30\x26\xb2\x75",
    b"\0\0\1\xba",
    b"\0\0\1\xb3",
    b".RMF",
    b"MThd",
    b"#!AMR",
    b"\x06\x0e\x2b\x34",
    b"wvpk",
    b"MAC ",
    b".snd",
)
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"styp", b"moof")
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\x1b")


class Content(Enum):
    """What the first bytes look like; UNKNOWN is for libav to say."""

    MEDIA = auto()
    PLAYLIST = auto()
    TEXT = auto()
    PICTURE = auto()
    UNKNOWN = auto()


def content_of(head: bytes) -> Content:
    """Judge the first `HEAD_BYTES` of a file."""
    if head.startswith(_MEDIA) or head[4:8] in _MP4_BOXES:
        return Content.PICTURE if head[8:12] in _STILL_BRANDS else Content.MEDIA
    text = _as_text(head)
    if text is not None:
        return Content.PLAYLIST if _PLAYLISTS.search(text.lstrip()) else Content.TEXT
    if head.startswith((b"#EXTM3U", b"ffconcat version", b"v=0\n", b"v=0\r\n")):
        return Content.PLAYLIST
    if head.startswith(_PICTURES) or (head[:2] == b"BM" and head[6:10] == bytes(4)):
        return Content.PICTURE
    return Content.UNKNOWN


def is_mp4_without_index(path: Path, head: bytes) -> bool:
    """True when the file begins as MP4 or MOV but no `moov` box follows: its end is missing."""
    if head[4:8] not in (b"ftyp", b"mdat", b"wide", b"free", b"skip"):
        return False
    size = path.stat().st_size
    with path.open("rb") as file:
        position = 0
        while position + 8 <= size:
            file.seek(position)
            header = file.read(16)
            length, kind = int.from_bytes(header[:4]), header[4:8]
            if kind in (b"moov", b"moof"):
                return False
            if length == 1:
                length = int.from_bytes(header[8:16])
            if length < 8:
                return True
            position += length
    return True


def has_drm_marks(head: bytes) -> bool:
    """True when an MP4's sample descriptions say that they are encrypted (ISO/IEC 23001-7)."""
    return b"sinf" in head and (b"encv" in head or b"enca" in head)


def check_file(path: Path) -> bytes:
    """The head of a plain, readable, non-empty file that may be media; raises InputError.

    Devices, sockets and pipes are never opened: reading one could block for ever.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise _is_a_folder()
        if not stat.S_ISREG(mode):
            raise _not_a_file()
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise _unreadable(error) from error
    if not head:
        raise InputError(
            "empty_file",
            "This file is empty (0 bytes).",
            "Copy it again from where it came from.",
        )
    _refuse(content_of(head))
    return head


def not_media() -> InputError:
    return InputError(
        "not_media",
        "This is not a video or a sound file.",
        "Add a video (MP4, MOV, MKV, WebM, AVI ...) or a sound file (MP3, WAV, M4A ...).",
    )


def _refuse(content: Content) -> None:
    if content is Content.TEXT:
        raise not_media()
    if content is Content.PLAYLIST:
        raise InputError(
            "playlist_refused",
            "This is a playlist that points to other files or addresses, not a video.",
            "Download or export the video itself, then add that file.",
        )
    if content is Content.PICTURE:
        raise InputError(
            "is_a_picture",
            "This is a still picture, not a video.",
            "Add a video or a sound file.",
        )


def _unreadable(error: OSError) -> InputError | TransientError:
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG):
        return InputError(
            "not_found",
            "There is no such file.",
            "Check its name; if it lies on a drive, plug the drive in and try again.",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return InputError(
            "no_permission",
            "This file may not be read.",
            "Give your user permission to read it, then try again.",
        )
    if error.errno == errno.EISDIR:
        return _is_a_folder()
    if error.errno in (errno.ENXIO, errno.ENODEV):
        return _not_a_file()
    return TransientError(
        "read_failed",
        f"The disk could not read this file: {error.strerror or error}.",
        "It is tried again by itself; check the cable or the disk if it happens again.",
    )


def _is_a_folder() -> InputError:
    return InputError("is_a_folder", "This is a folder, not a video.", "Add the videos inside it.")


def _not_a_file() -> InputError:
    return InputError(
        "not_a_file",
        "This is a device, a pipe or a socket, not a file.",
        "Save the video as a file, then add that.",
    )


def _as_text(head: bytes) -> bytes | None:
    """The head as UTF-8 bytes when it reads as text of any common encoding, else None."""
    sample = head[:4096]
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if sample.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore").encode()
    if any(byte < 32 and byte not in _TEXT_CONTROLS for byte in sample):
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return None
    return head
