"""Paths as the `file:` URLs that editors read (RFC 8089), on every system."""

from pathlib import PurePath


def file_url(path: PurePath) -> str:
    """`file:///C:/My%20talk.mp4`, `file:///home/me/100%25.mp4`, `file://server/share/a.mp4`.

    The path must be absolute. What is no plain letter or digit is percent-encoded as UTF-8.
    """
    return path.as_uri()


def local_host_url(path: PurePath) -> str:
    """As Premiere and Final Cut 7 write it: with the host's name where `file_url` has none."""
    url = file_url(path)
    return url.replace("file:///", "file://localhost/", 1)
