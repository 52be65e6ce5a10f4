"""Lengths, sizes, room on the disk, the folder and the music: what needs no look at the picture."""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from clipforge_desktop.app.music import music_refusal
from clipforge_desktop.app.preflight.batch import Batch, Planned, named, smaller
from clipforge_desktop.domain.delivery import Delivery
from clipforge_desktop.domain.preflight import Finding, Remedy, shortened
from clipforge_desktop.paths import default_exports

_SPARE_BYTES = 50_000_000  # what the stage keeps free on a disk
_SMALLER_PX = 720


def folder(batch: Batch) -> Iterator[Finding]:
    """Where nothing can be written, nothing can be exported."""
    wanted = Path(batch.options.out_dir).expanduser()
    if _is_writable(wanted):
        return
    usual = default_exports()
    remedy = None
    if usual != wanted and _is_writable(usual):
        remedy = Remedy(f"Save to {usual}", options=replace(batch.options, out_dir=str(usual)))
    message = f"Nothing can be written into the folder {wanted}."
    yield Finding("output_not_writable", message, batch.ids, remedy, is_blocking=True)


def music(batch: Batch) -> Iterator[Finding]:
    """Music that is none would only fail after all the rest of the work."""
    bed = batch.options.music
    failure = music_refusal(bed.path) if bed is not None else None
    if failure is None:
        return
    remedy = Remedy("Export without music", options=replace(batch.options, music=None))
    message = f"{failure.message} {failure.next_step}"
    yield Finding(failure.code, message, batch.ids, remedy, is_blocking=True)


def room(batch: Batch) -> Iterator[Finding]:
    """The estimate is generous, so this does not forbid anything."""
    needed = sum(output.about_bytes for one in batch.planned for output in one.outputs)
    there = _existing(Path(batch.options.out_dir).expanduser())
    try:
        free = shutil.disk_usage(there).free
    except OSError:
        return  # `folder` says so
    if needed and free < needed + min(_SPARE_BYTES, needed):
        message = (
            f"The disk of {batch.options.out_dir} may be too full: about"
            f" {_size(needed)} are needed, {_size(free)} are free."
        )
        yield Finding("disk_full", message, batch.ids, None, is_blocking=False)


def length(batch: Batch) -> Iterator[Finding]:
    """Longer than a platform takes; an end is offered at the last sentence that fits."""
    for delivery in _deliveries(batch.planned):
        longest_s = delivery.longest_s
        if longest_s is None:
            continue
        long = [one for one in _going_to(batch.planned, delivery) if one.duration_s > longest_s]
        if not long:
            continue
        if len(long) == 1:
            said = f"“{long[0].clip.title}” is {_clock(long[0].duration_s)} long"
        else:
            said = f"{len(long)} clips are up to {_clock(max(p.duration_s for p in long))} long"
        message = f"{said}; {named(delivery)} takes {_clock(longest_s)}."
        ids = tuple(one.clip.id for one in long)
        yield Finding("too_long", message, ids, _shortening(long, longest_s), is_blocking=False)


def _shortening(long: Sequence[Planned], longest_s: float) -> Remedy:
    edits = [
        (one.clip.id, shortened(one.pieces, one.clip.edit, one.transcript, longest_s))
        for one in long
    ]
    if any(edit is None for _, edit in edits):
        which = "it" if len(long) == 1 else "them"
        return Remedy(f"Leave {which} out", without=tuple(one.clip.id for one in long))
    end = "the last sentence that fits"
    label = f"End at {end}" if len(long) == 1 else f"End each at {end}"
    return Remedy(label, edits=tuple((id_, edit) for id_, edit in edits if edit is not None))


def size(batch: Batch) -> Iterator[Finding]:
    """A file that may get larger than a platform takes."""
    for delivery in _deliveries(batch.planned):
        largest = delivery.largest_bytes
        if largest is None:
            continue
        about = {
            one.clip.id: max(
                output.about_bytes for output in one.outputs if output.wish.delivery == delivery
            )
            for one in _going_to(batch.planned, delivery)
        }
        ids = tuple(id_ for id_, number in about.items() if number > largest)
        if not ids:
            continue
        what = "A file" if len(ids) == 1 else f"{len(ids)} files"
        message = (
            f"{what} may get as large as {_size(max(about.values()))}; {named(delivery)} takes"
            f" {_size(largest)}."
        )
        options = smaller(batch.options, _SMALLER_PX)
        label = f"Export at {_SMALLER_PX}p"
        remedy = Remedy(label, options=options) if options != batch.options else None
        yield Finding("file_too_large", message, ids, remedy, is_blocking=False)


def _deliveries(planned: Sequence[Planned]) -> list[Delivery]:
    return list(dict.fromkeys(out.wish.delivery for one in planned for out in one.outputs))


def _going_to(planned: Sequence[Planned], delivery: Delivery) -> list[Planned]:
    return [one for one in planned if any(out.wish.delivery == delivery for out in one.outputs)]


def _existing(path: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def _is_writable(wanted: Path) -> bool:
    try:
        there = _existing(wanted)
        return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    except (OSError, ValueError):
        return False


def _clock(seconds: float) -> str:
    whole = max(int(seconds + 0.5), 0)
    return f"{whole // 60}:{whole % 60:02d}"


def _size(number: int) -> str:
    if number >= 1e9:
        return f"{number / 1e9:.1f} GB"
    return f"{number / 1e6:.{0 if number >= 1e7 else 1}f} MB"
