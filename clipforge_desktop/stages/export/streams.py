"""Streams of frames as ffmpeg takes them: pieces joined at one rate, thinned, split, put in a row.

Everything runs at the clip's constant rate from the first filter on. Nothing here knows what the
frames show.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import ffmpeg

from clipforge_desktop.stages.export.clock import ClipPiece, Read

Stream = Any  # a node of ffmpeg-python, which has no types


def joined_pieces(
    inputs: Sequence[Stream], reads: Sequence[Read], start_s: float, rate: Fraction, lead_s: float
) -> Stream:
    """All pieces in clip order at the constant `rate`; `inputs[i]` is the picture of `reads[i]`.

    Time stamps of the inputs are the container's own; source time 0 is at `start_s` of them.
    """
    parts: list[Stream] = []
    for stream, read in zip(inputs, reads, strict=True):
        branches = split(stream, len(read.pieces))
        parts += [
            _piece(branch, piece, start_s, rate, lead_s)
            for branch, piece in zip(branches, read.pieces, strict=True)
        ]
    return concat(parts, rate)


def _piece(
    stream: Stream, piece: ClipPiece, start_s: float, rate: Fraction, lead_s: float
) -> Stream:
    at_s = start_s + piece.start_s
    length_s = float(piece.frames / rate)
    return (
        stream.filter("trim", start=f"{at_s - lead_s:.6f}", end=f"{at_s + length_s + lead_s:.6f}")
        .filter("setpts", f"PTS-({at_s:.6f})/TB")
        .filter("fps", fps=rate_text(rate), start_time=0)
        .filter("tpad", stop=-1, stop_mode="clone")
        .filter("trim", end_frame=piece.frames)
    )


def whole_frames(stream: Stream) -> Stream:
    """Interlaced frames, as they are flagged, with both fields at one moment; others as they are.

    Comes first: scaling would mix the fields for good.
    """
    return stream.filter("bwdif", mode="send_frame", parity="auto", deint="interlaced")


def thinned(stream: Stream, every: int, rate: Fraction) -> Stream:
    """Every `every`th frame, from the first on, of a stream at `rate`."""
    if every == 1:
        return stream
    slower = stream.filter("framestep", step=every)
    return slower.filter("settb", f"1/({rate_text(rate / every)})").filter("setpts", "N")


def split(stream: Stream | None, count: int) -> list[Stream]:
    if stream is None or count == 0:
        return []
    if count == 1:
        return [stream]
    branches = stream.filter_multi_output("split", count)
    return [branches[number] for number in range(count)]


def concat(parts: Sequence[Stream], rate: Fraction) -> Stream:
    if len(parts) == 1:
        return parts[0]
    joined = ffmpeg.concat(*parts, v=1, a=0)
    return joined.filter("settb", f"1/({rate_text(rate)})").filter("setpts", "N")


def rate_text(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"
