"""The name of a file's content: its size and a hash of its head, middle and tail.

Three reads of a quarter megabyte tell any two real videos apart at any size, in no time, and
stay equal when a file is renamed or moved. (Every encoder's header or index differs with any
change of content; reading all of a 100 GB file would take minutes.)
"""

import hashlib
from pathlib import Path

_PART_BYTES = 256 * 1024


def content_key(path: Path) -> str:
    """32 hexadecimal digits. Raises OSError when the file cannot be read."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        digest = hashlib.sha256(str(size).encode())
        for position in (0, (size - _PART_BYTES) // 2, size - _PART_BYTES):
            file.seek(max(position, 0))
            digest.update(b"\0" + file.read(_PART_BYTES))
    return digest.hexdigest()[:32]
