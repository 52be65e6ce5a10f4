"""What tightening would do to a clip, worked out from its words; a plain value to choose from."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from clipforge_desktop.domain import cuts
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.cuts import LONGEST_PAUSE_S, Pace
from clipforge_desktop.domain.edit import ClipEdit, pieces_of
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.fillers import fillers_of

if TYPE_CHECKING:
    from clipforge_desktop.domain.source import SpeechRange
    from clipforge_desktop.domain.transcript import Transcript, Word
    from clipforge_desktop.store.library import Clip

PACES: dict[Pace, str] = {
    "spoken": "As spoken",
    "natural": "Natural",
    "fast": "Fast",
    "extra-fast": "Extra fast",
}


@dataclass(frozen=True)
class Offer:
    """One line of the menu: an edit, and how many seconds it takes out (negative: brings back)."""

    title: str
    what: str  # for undo
    edit: ClipEdit
    saved_s: float
    is_chosen: bool
    pace: Pace | None = None


class Tightening:
    """One clip and its words."""

    def __init__(
        self, clip: "Clip", transcript: "Transcript | None", speech: "tuple[SpeechRange, ...]",
        chosen: Pace = "spoken",
    ) -> None:  # fmt: skip
        """`chosen` is the pace that was asked for last: several may amount to the same cuts."""
        self._clip = clip
        self._chosen = chosen
        self._speech = speech
        self._extent = self.extent_of(clip)
        first_s, last_s = self._extent[0].start_s, self._extent[-1].end_s
        everything = transcript.words if transcript is not None else ()
        # One word more on either side: they say where the outermost gaps are.
        near = [n for n, w in enumerate(everything) if w.end_s > first_s and w.start_s < last_s]
        begin, end = (max(near[0] - 1, 0), near[-1] + 2) if near else (0, 0)
        self._words = everything[begin:end]
        self._struck = cuts.words_in(self._words, clip.edit.cuts)
        known = fillers_of(transcript.language if transcript is not None else "")
        runs = cuts.fillers(self._words, known)
        self._fillers = frozenset(
            n for run in runs for n in range(*run) if self._is_inside(self._words[n])
        )
        self.filler_count = sum(run[0] in self._fillers for run in runs)

    @staticmethod
    def extent_of(clip: "Clip") -> tuple[Piece, ...]:
        """The clip's pieces between its ends, as if nothing were cut out."""
        return pieces_of(clip.found.pieces, replace(clip.edit, cuts=()))

    def _is_inside(self, word: "Word") -> bool:
        at_s = cuts.middle_s(word)
        return any(piece.start_s <= at_s < piece.end_s for piece in self._extent)

    @property
    def pace(self) -> Pace | None:
        """The pace that the cuts amount to; None when pauses were restored one by one."""
        now = self._inside(self._clip.edit.cuts)
        for pace in sorted(PACES, key=lambda pace: pace != self._chosen):
            if _is_close(now, self._inside(self._edit(pace, self._struck).cuts)):
                return pace
        return None

    def paces(self) -> list[Offer]:
        """Every pace; strikes stay."""
        now = self.pace
        offers = []
        for pace, name in PACES.items():
            edit = self._edit(pace, self._struck)
            over = f": pauses over {LONGEST_PAUSE_S[pace]:g} s" if pace != "spoken" else ""
            offers.append(
                Offer(f"{name}{over}", f"the pace {name.lower()}", edit, self._saved_s(edit),
                      pace == now, pace)
            )  # fmt: skip
        return offers

    def fillers(self) -> Offer | None:
        """All fillers out, or back when they are out; None when there are none."""
        if not self._fillers:
            return None
        are_out = self._fillers <= self._struck
        struck = self._struck - self._fillers if are_out else self._struck | self._fillers
        pace = self.pace  # pauses that were brought back one by one stay as they are
        edit = self._by_hand(are_out) if pace is None else self._edit(pace, struck)
        count = f"{self.filler_count} filler" + ("" if self.filler_count == 1 else "s")
        return Offer(f"Cut {count}", f"cutting {count}", edit, self._saved_s(edit), are_out)

    def _by_hand(self, are_out: bool) -> ClipEdit:
        kept = self._clip.edit.cuts
        for number in sorted(self._fillers):
            cut = cuts.word_cut(self._words, number, number + 1)
            kept = cuts.without_cut(kept, cut) if are_out else cuts.with_cut(kept, cut)
        return replace(self._clip.edit, cuts=kept)

    def _edit(self, pace: Pace, struck: frozenset[int]) -> ClipEdit:
        kept = self._clip.edit.cuts
        for piece in self._extent:
            kept = cuts.without_cut(kept, piece)
        made = [
            cut
            for piece in self._extent
            for cut in cuts.tightened(self._words, self._speech, piece, pace, struck)
        ]
        return replace(self._clip.edit, cuts=cuts.with_cut(kept, *made))

    def _inside(self, all_cuts: tuple[Piece, ...]) -> list[Piece]:
        return [
            Piece(max(cut.start_s, piece.start_s), min(cut.end_s, piece.end_s))
            for piece in self._extent
            for cut in all_cuts
            if cut.end_s > piece.start_s and cut.start_s < piece.end_s
        ]

    def _saved_s(self, edit: ClipEdit) -> float:
        """Compared with the clip as it is now."""
        return _length_s(self._clip.pieces) - _length_s(_pieces(self._clip, edit))


def _pieces(clip: "Clip", edit: ClipEdit) -> tuple[Piece, ...]:
    try:
        return pieces_of(clip.found.pieces, edit)
    except InputError:  # nothing would be left; choosing it says so
        return ()


def _length_s(pieces: tuple[Piece, ...]) -> float:
    return sum(piece.duration_s for piece in pieces)


def _is_close(some: list[Piece], others: list[Piece]) -> bool:
    return len(some) == len(others) and all(
        abs(a.start_s - b.start_s) < 0.001 and abs(a.end_s - b.end_s) < 0.001
        for a, b in zip(some, others, strict=True)
    )
