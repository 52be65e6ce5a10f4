"""The source of an export: still the file that was added, and the part of it that is wanted."""

from pathlib import Path

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.media.content_key import content_key


def check_source(path: Path, media: SourceMedia) -> None:
    """Before and after the render: never a result made of two different files."""
    try:
        key = content_key(path)
    except OSError as error:
        raise InputError(
            "source_missing",
            f"The video {path.name} is not where it was, or cannot be read.",
            "Connect its disk or bring it back, then press Retry; or show where it is now.",
        ) from error
    if key != media.content_key:
        raise InputError(
            "source_changed",
            f"The video {path.name} has changed since it was added.",
            "Add it again: what was found in the old version may not fit the new one.",
        )


def inside_source(pieces: tuple[Piece, ...], duration_s: float) -> tuple[Piece, ...]:
    inside = tuple(
        Piece(max(piece.start_s, 0.0), min(piece.end_s, duration_s))
        for piece in pieces
        if min(piece.end_s, duration_s) > max(piece.start_s, 0.0)
    )
    if not inside:
        raise InputError(
            "clip_outside_source",
            "This clip lies outside of the video.",
            "Find clips again, or move the clip's start and end.",
        )
    return inside
