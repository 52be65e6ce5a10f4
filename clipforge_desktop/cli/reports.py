"""How what happens is told: one JSON object a line, or bars and sentences for a terminal.

JSON goes to stdout and nothing else does; everything for people goes to stderr, so that both
can be used at once.
"""

import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.errors import Failure, in_terminal
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.preflight import Finding
from clipforge_desktop.domain.wire import decode
from clipforge_desktop.store.jobs import QueueCounts
from clipforge_desktop.store.library import Clip, Export

STAGE_NAMES = {
    Queue.IMPORT: "Importing",
    Queue.TRANSCRIPTION: "Transcribing",
    Queue.CLIP_DETECTION: "Finding clips",
    Queue.FRAMING: "Framing",
    Queue.EXPORT: "Exporting",
}


def print_json(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a file name that is no text
        text = json.dumps(value)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def sentences(failure: Failure) -> str:
    """A failure as a person reads it."""
    return f"{failure.message} {failure.next_step}"


def say(failure: Failure) -> None:
    """A failure on stderr."""
    Console(stderr=True, highlight=False).print(sentences(failure), markup=False, soft_wrap=True)


def clock(seconds: float) -> str:
    """754.2 -> "12:34", 3754 -> "1:02:34"."""
    whole = max(round(seconds), 0)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def failure_report(failure: Failure) -> dict[str, str]:
    return {
        "code": failure.code,
        "message": failure.message,
        "next_step": failure.next_step,
    }


def job_report(job: Job, source: str) -> dict[str, object]:
    """One job as `clipforge jobs --json` shows it."""
    return {
        "id": job.id,
        "source": source,
        "stage": job.queue.value,
        "state": job.state.value,
        "progress": round(job.progress, 4),
        "note": job.note,
        "seconds_left": job.seconds_left,
        "attempts": job.attempts,
        "clip_id": job.clip_id,
        "error": failure_report(in_terminal(job.failure, job.id)) if job.failure else None,
        "notices": list(job.notices),
    }


def queue_report(counts: dict[Queue, QueueCounts]) -> dict[str, dict[str, object]]:
    return {
        queue.value: {
            "waiting": count.waiting,
            "active": count.active,
            "completed": count.completed,
            "failed": count.failed,
            "is_paused": count.is_paused,
        }
        for queue, count in counts.items()
    }


@dataclass(frozen=True)
class _Ingredients:
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class _Recipe:
    """What is read of the recipe beside a file: how the clip was cut for it."""

    ingredients: _Ingredients


def _pieces(clip: Clip, export: Export | None) -> tuple[Piece, ...]:
    """As exported, pauses and fillers cut out; the clip's own while there is no file."""
    if export is not None:
        with contextlib.suppress(OSError, ValueError, msgspec.MsgspecError):
            return decode(_Recipe, Path(export.file.recipe).read_bytes()).ingredients.pieces
    return clip.pieces


def clip_report(
    source: str, clip: Clip, export: Export | None, *, is_draft: bool
) -> dict[str, object]:
    """A clip event; `files` only when it was exported, `is_draft` only when its words are."""
    found, pieces = clip.found, _pieces(clip, export)
    report: dict[str, object] = {
        "event": "clip",
        "source": source,
        "index": clip.rank,
        "start_s": round(pieces[0].start_s, 3),
        "end_s": round(pieces[-1].end_s, 3),
        "pieces": [[round(piece.start_s, 3), round(piece.end_s, 3)] for piece in pieces],
        "score": found.score,
        "category": found.category,
        "reasons": [{"name": part.name, "value": round(part.value, 3)} for part in found.reasons],
        "advice": found.advice,
        "title": clip.title,
    }
    if is_draft:
        report["is_draft"] = True
    if export is not None:
        report["aspect"] = export.file.aspect
        report["style"] = export.file.style
        report["platform"] = export.file.platform
        report["files"] = {
            "video": export.file.video,
            "subtitles": export.file.subtitles,
            "recipe": export.file.recipe,
        }
    return report


def _next_step(finding: Finding) -> str:
    """What to do about it, in a terminal."""
    return f"With --fix: {_lower(finding.remedy.label)}." if finding.remedy else ""


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


class JsonReporter:
    """One object a line on stdout."""

    def __init__(self) -> None:
        self._drafts: set[str] = set()

    def job(self, source: str, job: Job) -> None:
        print_json(
            {
                "event": "job",
                "source": source,
                "stage": job.queue.value,
                "state": job.state.value,
                "progress": round(job.progress, 4),
            }
        )

    def clip(self, source: str, clip: Clip, export: Export | None, *, is_draft: bool) -> None:
        if is_draft:
            self._drafts.add(source)
        print_json(clip_report(source, clip, export, is_draft=is_draft))

    def error(self, source: str, failure: Failure) -> None:
        print_json({"event": "error", "source": source, **failure_report(failure)})

    def notice(self, text: str, source: str = "", stage: Queue | None = None) -> None:
        print_json(
            {
                "event": "notice",
                "source": source,
                "stage": stage.value if stage else "",
                "message": text,
            }
        )

    def finding(
        self, source: str, finding: Finding, ranks: Sequence[int], *, is_mended: bool
    ) -> None:
        """A notice, an error for what blocks; with its code, its clips and its remedy."""
        remedy = finding.remedy.label if finding.remedy else None
        is_error = finding.is_blocking and not is_mended
        report: dict[str, object] = {
            "event": "error" if is_error else "notice",
            "source": source,
            "stage": Queue.EXPORT.value,
            "code": finding.code,
            "message": finding.message,
            "clips": list(ranks),
            "remedy": remedy,
            "is_mended": is_mended,
        }
        if is_error:
            report["next_step"] = _next_step(finding)
        print_json(report)

    def summary(self, sources: int, clips: int, failed: int, why: str = "") -> None:
        report: dict[str, object] = {"event": "summary", "sources": sources, "clips": clips}
        report["failed"] = failed
        if self._drafts:
            report["drafts"] = len(self._drafts)
        if why:
            report["message"] = why
        print_json(report)


class TerminalReporter:
    """A bar per stage and source on a terminal; plain lines at each change elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._out = Console(highlight=False, soft_wrap=True)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=28),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[note]}", markup=False, style="dim"),
            console=self._console,
        )
        self._bars: dict[int, TaskID] = {}
        self._states: dict[int, JobState] = {}
        self._drafts: set[str] = set()

    def __enter__(self) -> "TerminalReporter":
        if self._console.is_terminal:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._progress.stop()

    def job(self, source: str, job: Job) -> None:
        label = f"{STAGE_NAMES[job.queue]} {Path(source).name}"
        if self._console.is_terminal:
            if job.id not in self._bars:
                self._bars[job.id] = self._progress.add_task(label, total=1.0, note="")
            self._progress.update(self._bars[job.id], completed=job.progress, note=self._note(job))
        elif self._states.get(job.id) is not job.state:
            self._console.print(f"{label}: {job.state.value}", markup=False)
        self._states[job.id] = job.state

    def clip(self, source: str, clip: Clip, export: Export | None, *, is_draft: bool) -> None:
        found, pieces = clip.found, _pieces(clip, export)
        span = f"{clock(pieces[0].start_s)} to {clock(pieces[-1].end_s)}"
        where = f"  {export.file.video}" if export else ""
        label = "  (draft words)" if is_draft else ""
        if is_draft:
            self._drafts.add(source)
        self._out.print(f"{found.score:>3}  {span}  {clip.title}{label}{where}", markup=False)

    def error(self, source: str, failure: Failure) -> None:
        self._console.print(
            f"{Path(source).name}: {sentences(failure)}", style="red", markup=False, soft_wrap=True
        )

    def notice(self, text: str, source: str = "", stage: Queue | None = None) -> None:
        about = f"{Path(source).name}: " if source else ""
        self._console.print(
            f"{about}{text}", style="dim" if source else "", markup=False, soft_wrap=True
        )

    def finding(
        self, source: str, finding: Finding, ranks: Sequence[int], *, is_mended: bool
    ) -> None:
        step = _next_step(finding)
        if is_mended and finding.remedy is not None:
            step = f"Done: {_lower(finding.remedy.label)}."
        is_error = finding.is_blocking and not is_mended
        clips = f"clip {ranks[0]}" if len(ranks) == 1 else f"{len(ranks)} clips"
        self._console.print(
            f"{Path(source).name}, {clips}: {finding.message} {step}".rstrip(),
            style="red" if is_error else "dim",
            markup=False,
            soft_wrap=True,
        )

    def summary(self, sources: int, clips: int, failed: int, why: str = "") -> None:
        videos = "1 video" if sources == 1 else f"{sources} videos"
        made = "1 clip" if clips == 1 else f"{clips} clips"
        failures = f", {failed} failed" if failed else ""
        drafts = ", with draft words" if self._drafts else ""
        said = f"{videos}, {made}{drafts}{failures}. {why}".rstrip()
        self._console.print(said, markup=False, soft_wrap=bool(why))

    @staticmethod
    def _note(job: Job) -> str:
        if job.state is JobState.RUNNING:
            left = f", {clock(job.seconds_left)} left" if job.seconds_left else ""
            return f"{job.note}{left}"
        return "" if job.state is JobState.DONE else job.state.value.replace("_", " ")
