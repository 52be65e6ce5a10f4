"""Preflight: what is wrong with an export before it is rendered, each with one click to mend it.

Reads the store and asks the file system a little; decodes nothing and uses no network, so that
the window can ask after every change. Only music is looked into, once a file, by a child process.
The order of findings is the order in which they matter.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

from clipforge_desktop.app.preflight import limits, looks, marks, repeats
from clipforge_desktop.app.preflight.batch import gather
from clipforge_desktop.domain.edit import NO_EDITS, ClipEdit
from clipforge_desktop.domain.order import ExportOptions
from clipforge_desktop.domain.preflight import Finding, Remedy
from clipforge_desktop.store import Store

__all__ = ["Finding", "Remedy", "preflight"]

_CHECKS = (
    limits.folder,
    limits.music,
    limits.room,
    repeats.exported,
    repeats.overlapping,
    limits.length,
    limits.size,
    looks.enlarged,
    looks.captions,
    marks.marks,
)


def preflight(
    store: Store,
    clip_ids: Sequence[int],
    options: ExportOptions,
    edits: Mapping[int, ClipEdit] = NO_EDITS,
) -> tuple[Finding, ...]:
    """What a creator should know of exporting these clips like this; those that block first.

    `edits` stand for the clips' own, where they are for this export only.
    On the main thread of a process without a window it makes Qt's application, to measure
    captions. Raises KeyError for an unknown clip.
    """
    batch, findings = gather(store, clip_ids, options, edits)
    found = [*findings, *chain.from_iterable(check(batch) for check in _CHECKS)]
    return tuple(sorted(found, key=lambda finding: not finding.is_blocking))
