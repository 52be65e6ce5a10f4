"""Preflight in a run without a window: told once a video's clips are known, mended when asked.

Without mending the workers export by the order as it was given, and findings are only told.
With it the order has no export: the clips are exported here, with every remedy applied.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Protocol

from clipforge_desktop.app import commands
from clipforge_desktop.app.preflight import Finding, preflight
from clipforge_desktop.domain.edit import ClipEdit
from clipforge_desktop.domain.job import FINISHED_STATES, Job, JobState, Queue
from clipforge_desktop.domain.order import ExportOptions
from clipforge_desktop.domain.preflight import Remedy
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import Clip

MOST_REASONS = 3
MOST_ROUNDS = 8
"""A remedy may bring up something else, such as another place for captions; never for ever."""
_AT_REST = FINISHED_STATES | {JobState.PAUSED}
PER_CLIP = (Queue.FRAMING, Queue.EXPORT)
_SAME_AGAIN = "already_exported"  # the same command again takes up what is there


class Teller(Protocol):
    """Takes findings; `ranks` are the numbers of their clips, from 1."""

    def finding(
        self, source: str, finding: Finding, ranks: Sequence[int], *, is_mended: bool
    ) -> None: ...


class Ahead:
    """Looks at each order once, as soon as its clips are known."""

    def __init__(
        self, store: Store, teller: Teller, options: ExportOptions, *, mends: bool = False
    ) -> None:
        self._store = store
        self._teller = teller
        self._options = options
        self._mends = mends
        self._looked: set[int] = set()
        self._chosen: dict[int, list[Clip]] = {}  # by order, once they are known
        self._asked: set[int] = set()  # clips that somebody was asked to look at
        self.looks: set[int] = set()
        """The jobs that look at clips before remedies are applied."""
        self._edits: dict[int, ClipEdit] = {}  # of these exports: the clips stay as they are
        self._ranks: dict[int, int] = {}
        self.blocked_orders: set[int] = set()
        self.exports: set[int] | None = set() if mends else None
        """The exports that were asked for here; None when the order itself asks for them."""
        self._left_out: dict[int, Finding] = {}  # by clip

    def leave_out(self, order_ids: Iterable[int]) -> None:
        """Say nothing of orders whose files are all there, as a look is a quarter of such a run."""
        self._looked.update(order_ids)

    def look(self, order_id: int, source: str, jobs: Sequence[Job]) -> bool:
        """Say what is to be said of the order's clips, and export them when it mends.

        `jobs` are the order's. True when there may be more of them now.
        """
        if order_id in self._looked or not self._are_clips_known(order_id, jobs):
            return False
        clips = self._chosen[order_id]
        if not self._mends:
            self._told(source, clips)
        elif self._are_seen(clips):
            self._export(source, clips)
        else:
            return True
        self._looked.add(order_id)
        return self._mends

    @property
    def is_waiting(self) -> bool:
        """Whether clips that are known have still to be exported here."""
        return self._mends and not self._chosen.keys() <= self._looked

    @property
    def why_nothing(self) -> str:
        """What to say at the end where mending has left out every clip; "" where it has not."""
        if not self._ranks or self._left_out.keys() != self._ranks.keys():
            return ""
        number, reasons = len(self._left_out), dict.fromkeys(self._left_out.values())
        what = "the only clip" if number == 1 else f"all {number} clips"
        why = " ".join(finding.message for finding in islice(reasons, MOST_REASONS))
        said = f"Nothing was exported: --fix left out {what}. {why}"
        if any(finding.is_blocking for finding in reasons):
            return said
        return f"{said} Run this without --fix to export {'it' if number == 1 else 'them'} anyway."

    def export(self, source: str, clips: Sequence[Clip]) -> None:
        """Say what is to be said of clips that are known already, and export them.

        With remedies that has to wait for a `look`: faces have to be known.
        """
        for clip in clips:
            self._chosen.setdefault(clip.order_id, []).append(clip)
        if not self._mends:
            self._looked.update(self._chosen)
            self._export(source, clips)

    def _export(self, source: str, clips: Sequence[Clip]) -> None:
        ids, options = self._told(source, clips)
        jobs = commands.export_clips(self._store, ids, options, self._edits)
        self.exports = {*(self.exports or ()), *jobs}

    def _told(self, source: str, clips: Sequence[Clip]) -> tuple[list[int], ExportOptions]:
        """What may be exported, and with which options, when everything was said of it."""
        self._ranks |= {clip.id: clip.rank for clip in clips}
        ids, options = [clip.id for clip in clips], self._options
        if self._mends:
            ids, options = self._mended(source, ids)
        blocked: set[int] = set()
        for finding in self._findings(ids, options):
            self._teller.finding(source, finding, self._numbers(finding), is_mended=False)
            if finding.is_blocking:
                blocked.update(finding.clip_ids)
        self.blocked_orders.update(clip.order_id for clip in clips if clip.id in blocked)
        return [clip_id for clip_id in ids if clip_id not in blocked], options

    def _are_clips_known(self, order_id: int, jobs: Sequence[Job]) -> bool:
        if order_id in self._chosen:
            return True
        stages = [job for job in jobs if job.queue not in PER_CLIP]
        found = [job.state for job in stages if job.queue is Queue.CLIP_DETECTION]
        if found[-1:] != [JobState.DONE] or any(job.state not in _AT_REST for job in stages):
            return False  # while an earlier stage runs again, other clips may be found
        clips = self._store.library.clips_of_order(order_id)
        self._chosen[order_id] = [clip for clip in clips if clip.found.is_on_shelf]
        return True

    def _are_seen(self, clips: Sequence[Clip]) -> bool:
        """Does somebody know where the faces in them are, or was it tried in vain?"""
        ids = {clip.id for clip in clips}
        if not ids <= self._asked:
            self._asked |= ids
            self.looks.update(commands.study_clips(self._store, sorted(ids)))
        looks = (self._store.jobs.get(job_id) for job_id in self.looks)
        return all(job.state in _AT_REST for job in looks if job.clip_id in ids)

    def _mended(self, source: str, ids: list[int]) -> tuple[list[int], ExportOptions]:
        """The clips that are left, and the options, after every remedy there is."""
        options, tried = self._options, set[Finding]()
        for _ in range(MOST_ROUNDS):
            fresh = (one for one in self._findings(ids, options) if one not in tried)
            finding = next((one for one in fresh if one.remedy is not None), None)
            if finding is None or finding.remedy is None:
                break
            tried.add(finding)
            ids, options = self._applied(finding, finding.remedy, ids, options)
            self._teller.finding(source, finding, self._numbers(finding), is_mended=True)
        return ids, options

    def _applied(
        self, finding: Finding, remedy: Remedy, ids: list[int], options: ExportOptions
    ) -> tuple[list[int], ExportOptions]:
        self._edits |= dict(remedy.edits)
        left = [clip_id for clip_id in ids if clip_id not in remedy.without]
        self._left_out |= {clip_id: finding for clip_id in ids if clip_id in remedy.without}
        return left, remedy.options or options

    def _findings(self, ids: list[int], options: ExportOptions) -> list[Finding]:
        found = preflight(self._store, ids, options, self._edits)
        return [finding for finding in found if finding.code != _SAME_AGAIN]

    def _numbers(self, finding: Finding) -> list[int]:
        return sorted(self._ranks[clip_id] for clip_id in finding.clip_ids)
