"""File names made from people's words: safe on Windows, macOS and Linux alike."""

import re
import unicodedata

LONGEST_STEM_BYTES = 120
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)


def safe_stem(text: str, fallback: str = "clip") -> str:
    """`text` as a file name without ending: no separators, no control or hidden-name characters.

    At most 120 bytes of UTF-8, cut between characters, so that an ending always fits.
    """
    plain = unicodedata.normalize("NFC", text)
    plain = "".join(
        " " if unicodedata.category(mark) in ("Cc", "Cf", "Cs") else mark for mark in plain
    )
    plain = re.sub(r"\s+", " ", _FORBIDDEN.sub(" ", plain)).strip(" .-")
    plain = plain.encode()[:LONGEST_STEM_BYTES].decode(errors="ignore").strip(" .-")
    if not plain or plain.split(".")[0].lower() in _RESERVED:
        return fallback
    return plain


def is_file_name(text: str) -> bool:
    """Whether a file can be called exactly so, with any ending, on every system."""
    return safe_stem(text, "") == text


def clip_stem(source_name: str, rank: int, title: str) -> str:
    """`Founders talk-02-Nobody shared it`: sorts by rank within its source."""
    source = safe_stem(source_name, "video").encode()[:50].decode(errors="ignore").strip(" .-")
    return safe_stem(f"{source}-{rank:02d}-{title}")
