"""What can be told of an export before it is rendered, and what would put it right.

Pure arithmetic over pieces, words, plans and sizes; `app.preflight` asks it with what the store
knows. A finding is one sentence for a creator, about one or more clips of the batch.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.cuts import EDGE_AIR_S, middle_s
from clipforge_desktop.domain.edit import ClipEdit
from clipforge_desktop.domain.framing import FramingPlan
from clipforge_desktop.domain.order import ExportOptions
from clipforge_desktop.domain.transcript import Transcript, Word

LEAST_KEPT = 0.5
"""An earlier sentence's end than this share of the time allowed is no good: then a word's end."""


@dataclass(frozen=True)
class Remedy:
    """One click: other options, edits of clips (by id), or clips to leave out of the batch."""

    label: str
    options: ExportOptions | None = None
    edits: tuple[tuple[int, ClipEdit], ...] = ()
    without: tuple[int, ...] = ()


@dataclass(frozen=True)
class Finding:
    """`is_blocking`: these clips cannot be exported like this at all."""

    code: str
    message: str
    clip_ids: tuple[int, ...]
    remedy: Remedy | None
    is_blocking: bool


def heard_s(pieces: Sequence[Piece], end_s: float) -> float:
    """How long a clip lasts up to source time `end_s`, its pieces in the source's order."""
    return sum(max(min(piece.end_s, end_s) - piece.start_s, 0.0) for piece in pieces)


def shortened(
    pieces: tuple[Piece, ...], edit: ClipEdit, transcript: Transcript | None, longest_s: float
) -> ClipEdit | None:
    """The edit, ending with the last sentence that fits, else the last word, else at the limit.

    `pieces` are what is left of the clip now. None where they are not in the source's order, as
    then no one end would shorten them.
    """
    if any(a.end_s > b.start_s for a, b in pairwise(pieces)):
        return None
    limit_s = TimeMap(pieces).to_source_s(longest_s)
    words = transcript.words if transcript is not None else ()
    first, last = (bisect_left(words, at_s, key=middle_s) for at_s in (pieces[0].start_s, limit_s))
    fitting = [number for number in range(first, last) if _end_s(words, number) <= limit_s]
    closing = {one.end - 1 for one in transcript.sentences if not one.is_cut} if transcript else ()
    for number in reversed([number for number in fitting if number in closing]):
        if heard_s(pieces, _end_s(words, number)) >= LEAST_KEPT * longest_s:
            return replace(edit, end_s=_end_s(words, number))
    return replace(edit, end_s=_end_s(words, fitting[-1]) if fitting else limit_s)


def _end_s(words: Sequence[Word], number: int) -> float:
    """Where to end after a word: with a little air, at most half of the gap behind it."""
    end_s = words[number].end_s
    after_s = words[number + 1].start_s if number + 1 < len(words) else end_s + 1
    return round(end_s + min(max((after_s - end_s) / 2, 0.0), EDGE_AIR_S), 3)


def overlap(one: Sequence[Piece], other: Sequence[Piece]) -> float:
    """Which share of the shorter of two clips of one source the other has, too: 0 to 1."""
    shared_s = sum(
        max(min(a.end_s, b.end_s) - max(a.start_s, b.start_s), 0.0) for a in one for b in other
    )
    shorter_s = min(sum(piece.duration_s for piece in pieces) for pieces in (one, other))
    return min(shared_s / shorter_s, 1.0) if shorter_s > 0 else 0.0


def enlargement(plan: FramingPlan, size_px: tuple[int, int]) -> float:
    """How many output pixels the smallest crop of a clip becomes per source pixel, at most."""
    width, height = size_px
    return max(
        max(pane.place.width * width / across, pane.place.height * height / along)
        for shot in plan.shots
        for pane in shot.panes
        for across, along in [pane.crop_size_px]
    )
