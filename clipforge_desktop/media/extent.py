"""How long a file really plays, by its packets: headers lie in files that were cut off.

The last seconds are read first; only when they are not where the header says (a truncated file,
a recording without a length) is every packet looked at, without decoding any.
"""

import contextlib
from collections.abc import Callable, Collection

from clipforge_desktop.media.container import AV_ERRORS, Container

_TAIL_S = 4.0
_NEAR_S = 1.0


def end_s(
    container: Container, indices: Collection[int], check: Callable[[], None]
) -> tuple[float, bool]:
    """(container time at which the last of these streams ends, whether the header was right)."""
    claims_s = _claimed_ends_s(container)
    for claimed_s in claims_s:
        try:
            container.seek(int(max(claimed_s - _TAIL_S, 0.0) * 1_000_000))
            found_s = _last_end_s(container, indices, check)
        except AV_ERRORS:
            found_s = None
        if found_s is not None and abs(found_s - claimed_s) <= _NEAR_S:
            return found_s, True
    with contextlib.suppress(*AV_ERRORS):  # what cannot go back has not gone forward either
        container.seek(0)
    found_s = _last_end_s(container, indices, check)
    return found_s or 0.0, (found_s or 0.0) >= max(claims_s, default=0.0) - _NEAR_S


def _claimed_ends_s(container: Container) -> tuple[float, ...]:
    """What the header's duration can mean: from the start on, or for some also from zero on."""
    if container.duration is None or container.duration <= 0:
        return ()
    length_s = container.duration / 1_000_000
    late_s = max(container.start_time or 0, 0) / 1_000_000
    is_from_zero = late_s > _NEAR_S and "matroska" in container.format.name
    return (length_s, length_s + late_s) if is_from_zero else (length_s + late_s,)


def _last_end_s(
    container: Container, indices: Collection[int], check: Callable[[], None]
) -> float | None:
    latest_s: float | None = None
    packets = container.demux()
    while True:
        check()
        try:
            packet = next(packets)
        except (StopIteration, *AV_ERRORS):
            return latest_s
        if packet.stream_index not in indices or packet.pts is None or packet.is_discard:
            continue
        if packet.time_base is not None:
            packet_end_s = float((packet.pts + (packet.duration or 0)) * packet.time_base)
            latest_s = packet_end_s if latest_s is None else max(latest_s, packet_end_s)
