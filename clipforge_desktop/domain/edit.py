"""What a person changed of a found clip: where it begins and ends, what is cut out, how it shows.

The found clip itself is never changed: an edit lies beside it and is taken back by another edit.
Times are source seconds, so an edit holds whatever else is cut out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.framing import FramingKind, FramingOverride

SHORTEST_PIECE_S = 0.08
"""Less than a syllable: what remains between two cuts and is shorter goes with them."""


@dataclass(frozen=True)
class ClipEdit:
    """Everything as it was found, unless said otherwise.

    `start_s` and `end_s` trim or lengthen the clip. `cuts` are stretches taken out: words,
    pauses, fillers. `framing` is this clip's default, `overrides` are single shots.
    """

    start_s: float | None = None
    end_s: float | None = None
    cuts: tuple[Piece, ...] = ()
    title: str = ""
    framing: FramingKind | None = None
    overrides: tuple[FramingOverride, ...] = ()


NO_EDIT = ClipEdit()
NO_EDITS: Mapping[int, ClipEdit] = MappingProxyType({})


def pieces_of(found: Sequence[Piece], edit: ClipEdit) -> tuple[Piece, ...]:
    """The found pieces with the edit applied, in clip order.

    Trims count for the clip as a whole: a new start moves the start of the first piece, a new
    end the end of the last. Raises InputError `clip_empty` when nothing would be left.
    """
    kept = [piece for whole in _trimmed(found, edit) for piece in _without(whole, edit.cuts)]
    left = tuple(p for p in kept if p.duration_s >= SHORTEST_PIECE_S or p in found)
    if not left:
        raise InputError(
            "clip_empty",
            "Everything in this clip is cut out.",
            "Bring something back: undo a cut, or move the clip's start or end.",
        )
    return left


def _trimmed(found: Sequence[Piece], edit: ClipEdit) -> Iterator[Piece]:
    last = len(found) - 1
    for number, piece in enumerate(found):
        begin_s, finish_s = piece.start_s, piece.end_s
        if edit.start_s is not None:
            begin_s = edit.start_s if number == 0 else max(begin_s, edit.start_s)
        if edit.end_s is not None:
            finish_s = edit.end_s if number == last else min(finish_s, edit.end_s)
        if finish_s > begin_s:
            yield Piece(begin_s, finish_s)


def _without(piece: Piece, cuts: Sequence[Piece]) -> Iterator[Piece]:
    at_s = piece.start_s
    for cut in sorted(cuts, key=lambda cut: cut.start_s):
        if cut.end_s <= at_s or cut.start_s >= piece.end_s:
            continue
        if cut.start_s > at_s:
            yield Piece(at_s, cut.start_s)
        at_s = max(at_s, cut.end_s)
    if at_s < piece.end_s:
        yield Piece(at_s, piece.end_s)
