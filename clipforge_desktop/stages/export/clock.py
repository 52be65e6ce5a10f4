"""Which source frames and samples an export shows when, without drift over any number of pieces.

Every piece begins on the clip's own frame grid (`round(start * rate)`) and sample grid, so joins
are off by half a frame at most and errors never add up. Pieces that lie near each other share
one input of ffmpeg; a piece far away, or an earlier one, gets an input of its own.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.source import MediaInfo

SEEK_GAP_S = 8.0  # decoding this much is about as cheap as opening the file once more
_UNINDEXED = ("mpegts", "mpeg", "mpegvideo", "h264", "hevc", "m4v", "flv", "asf", "rm")
_UNINDEXED_BACK_S = 10.0  # a seek lands between keyframes there: the one before must be read
_VARIABLE_BACK_S = 2.0  # the frame that is on screen at the cut may have begun this long ago


@dataclass(frozen=True)
class ClipPiece:
    """One piece on the clip's grid: `frames` frames and `samples` samples from `start_s` on.

    `start_s` is source time and lies on the grid: at most half a frame from the piece's start.
    """

    start_s: float
    frames: int
    samples: int
    end_s: float


@dataclass(frozen=True)
class Read:
    """One input: where to seek (seconds of the container's own clock) and what is taken from it."""

    seek_s: float
    pieces: tuple[ClipPiece, ...]


@dataclass(frozen=True)
class ClipClock:
    """The frame grid of one clip. Frame `n` is shown at `n / rate`."""

    rate: Fraction
    pieces: tuple[ClipPiece, ...]

    @property
    def frames(self) -> int:
        return sum(piece.frames for piece in self.pieces)

    @property
    def duration_s(self) -> float:
        return float(self.frames / self.rate)


def clip_clock(pieces: tuple[Piece, ...], rate: Fraction, audio_hz: int) -> ClipClock:
    """Pieces put on the grid; pieces shorter than half a frame vanish, one frame always stays."""
    ends_s = list(accumulate(piece.duration_s for piece in pieces))
    ends = [round(end_s * rate) for end_s in ends_s]
    ends[-1] = max(ends[-1], 1)
    placed: list[ClipPiece] = []
    begin_s, begin = 0.0, 0
    for piece, end_s, end in zip(pieces, ends_s, ends, strict=True):
        if end > begin:
            first_sample, last_sample = (round(n * audio_hz / rate) for n in (begin, end))
            start_s = piece.start_s + float(begin / rate) - begin_s
            placed.append(ClipPiece(start_s, end - begin, last_sample - first_sample, piece.end_s))
        begin_s, begin = end_s, max(begin, end)
    return ClipClock(rate, tuple(placed))


def plan_reads(clock: ClipClock, info: MediaInfo) -> tuple[Read, ...]:
    """The inputs that ffmpeg opens, in clip order."""
    groups: list[list[ClipPiece]] = []
    for piece in clock.pieces:
        gap_s = piece.start_s - groups[-1][-1].end_s if groups else SEEK_GAP_S + 1
        if 0 <= gap_s <= SEEK_GAP_S:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    back_s = _back_s(info, clock.rate)
    return tuple(Read(info.start_s + group[0].start_s - back_s, tuple(group)) for group in groups)


def lead_in_s(info: MediaInfo, rate: Fraction) -> float:
    """How much earlier than a cut frames are looked at for the one on screen at the cut."""
    if info.video is not None and (info.video.is_variable_rate or info.video.fps < 5):
        return _VARIABLE_BACK_S
    return 3 / min(float(rate), info.video.fps if info.video else float(rate))


def _back_s(info: MediaInfo, rate: Fraction) -> float:
    names = info.container.split(",")
    back_s = _UNINDEXED_BACK_S if any(name in _UNINDEXED for name in names) else 0.0
    return back_s + lead_in_s(info, rate)
