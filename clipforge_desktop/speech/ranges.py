"""Packs speech ranges into the units that are recognised one at a time.

Whisper hears 30 s at once and costs the same for less, so units are filled to 20 to 30 s and
cut at the longest pause there; speech that never pauses is cut where it is quietest. Long
silences are left out: a recogniser invents text for them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.speech.engine import Unit

MAX_PAUSE_S = 4.0  # a longer pause always ends a unit
EDGE_S = 0.25  # silence kept around a unit, where there is some
_FILLED = 2 / 3  # of the longest unit: from here on a pause is good enough to cut at

QuietestAt = Callable[[float, float], float]


def middle(start_s: float, end_s: float) -> float:
    """The cut of last resort, when nothing is known about the sound."""
    return (start_s + end_s) / 2


def pack(
    speech: Sequence[SpeechRange],
    duration_s: float,
    max_unit_s: float,
    quietest_at: QuietestAt = middle,
) -> tuple[Unit, ...]:
    """Units (sorted, apart, at most `max_unit_s` long) that cover all of `speech`.

    `quietest_at(start_s, end_s)` names the best place to cut inside unbroken speech.
    """
    room_s = max_unit_s - 2 * EDGE_S
    pieces = list(_broken(speech, room_s, quietest_at))
    units: list[Unit] = []
    while pieces:
        count = _take(pieces, room_s)
        units.append(Unit(pieces[0].start_s, pieces[count - 1].end_s))
        del pieces[:count]
    return tuple(_with_edges(units, duration_s))


def _broken(
    speech: Iterable[SpeechRange], room_s: float, quietest_at: QuietestAt
) -> Iterator[SpeechRange]:
    """The ranges, with those longer than a unit cut into parts that fit."""
    for spoken in speech:
        start_s = spoken.start_s
        while spoken.end_s - start_s > room_s:
            low_s, high_s = start_s + room_s * _FILLED, start_s + room_s
            cut_s = min(max(quietest_at(low_s, high_s), low_s), high_s)
            yield SpeechRange(start_s, cut_s)
            start_s = cut_s
        if spoken.end_s > start_s:
            yield SpeechRange(start_s, spoken.end_s)


def _take(pieces: Sequence[SpeechRange], room_s: float) -> int:
    """How many of the first pieces make the next unit; at least one."""
    start_s = pieces[0].start_s
    best, best_pause_s = 1, -1.0
    for count, piece in enumerate(pieces, 1):
        if piece.end_s - start_s > room_s:
            break
        if count == len(pieces):
            return count
        pause_s = pieces[count].start_s - piece.end_s
        if pause_s > MAX_PAUSE_S:
            return count
        is_filled = piece.end_s - start_s >= room_s * _FILLED
        # Until the unit is filled the latest cut is kept, from then on the longest pause.
        if pause_s >= best_pause_s or not is_filled:
            best, best_pause_s = count, pause_s if is_filled else -1.0
    return best


def _with_edges(units: Sequence[Unit], duration_s: float) -> Iterator[Unit]:
    for index, unit in enumerate(units):
        before_s = units[index - 1].end_s if index else 0.0
        after_s = units[index + 1].start_s if index + 1 < len(units) else duration_s
        start_s = max(unit.start_s - EDGE_S, middle(before_s, unit.start_s) if index else 0.0)
        is_last = index + 1 == len(units)
        limit_s = max(after_s, unit.end_s) if is_last else middle(unit.end_s, after_s)
        yield Unit(round(start_s, 3), round(min(unit.end_s + EDGE_S, limit_s), 3))
