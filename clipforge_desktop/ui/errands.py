"""What the window asks of the background: short functions of a Store, one per errand.

They run on a lane of `Background`. `app.commands` and the order's values load pydantic, so
they are imported at the first errand and not before the window is painted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.transcript import Correction, Transcript
from clipforge_desktop.store import Store

if TYPE_CHECKING:
    from clipforge_desktop.domain.edit import ClipEdit
    from clipforge_desktop.domain.order import ExportOptions
    from clipforge_desktop.domain.source import SourceMedia
    from clipforge_desktop.store.library import Clip, Export, Hit, OwnStyle, Source, Verdict


@dataclass(frozen=True)
class Material:
    """What the player and the side panel show of one source."""

    source_id: int
    transcript: Transcript | None  # as it reads with the user's corrections
    peaks: bytes  # 50 a second, 0 to 255; empty when there is no sound
    is_present: bool
    recognised: Transcript | None = None


@dataclass(frozen=True)
class Details:
    """Everything about one video but its words and sound."""

    source: "Source"
    clips: "tuple[Clip, ...]"
    exports: "tuple[Export, ...]"
    jobs: tuple[Job, ...]


def details_of(store: Store, source_id: int) -> Details:
    """Rows of one moment, for the video that is being opened."""
    with store.snapshot():
        clips = store.library.clips_of_source(source_id)
        orders = {clip.order_id for clip in clips}
        newest = store.library.latest_order_id(source_id)
        orders |= {newest} if newest is not None else set()
        cleared = store.jobs.cleared_ids()
        jobs = [job for order_id in sorted(orders) for job in store.jobs.of_order(order_id)]
        return Details(
            store.library.source(source_id),
            tuple(clips),
            tuple(one for clip in clips for one in store.library.exports_of_clip(clip.id)),
            tuple(job for job in jobs if job.id not in cleared),
        )


def done_jobs(store: Store) -> tuple[list[Job], dict[int, str]]:
    """Jobs that are done and on the list, and the titles of the clips that jobs export."""
    cleared = store.jobs.cleared_ids()
    jobs = [job for job in store.jobs.in_state(JobState.DONE) if job.id not in cleared]
    return jobs, store.library.titles_of_exported_clips()


def add_videos(store: Store, paths: Sequence[Path], is_offline: bool) -> list[Failure]:
    """Put files into the library; returns why some could not be added."""
    from clipforge_desktop.app import commands

    order = commands.default_order(is_offline=is_offline)
    added = commands.add_videos(store, paths, order)
    return [one.failure for one in added if one.failure is not None]


def clips_of_source(store: Store, source_id: int) -> "list[Clip]":
    return store.library.clips_of_source(source_id)


def shelf_of_clip(store: Store, clip_id: int) -> "list[Clip]":
    """All clips beside this one, as they are written."""
    return store.library.clips_of_source(store.library.clip(clip_id).source_id)


def material_of(store: Store, source_id: int, path: str, media: "SourceMedia | None") -> Material:
    is_present = Path(path).is_file()
    if media is None:
        return Material(source_id, None, b"", is_present)
    peaks = b""
    if media.waveform:
        waveform = store.home.cache / media.content_key / media.waveform
        peaks = waveform.read_bytes() if waveform.is_file() else b""
    heard = store.library.transcript(media.content_key)
    reading = store.library.corrected(media.content_key, heard) if heard is not None else None
    return Material(source_id, reading, peaks, is_present, heard)


def search(store: Store, words: str) -> "list[Hit]":
    return store.library.search(words)


def judge(store: Store, clip_id: int, verdict: "Verdict") -> None:
    from clipforge_desktop.app import commands

    commands.judge_clip(store, clip_id, verdict)


def edit_clip(store: Store, clip_id: int, edit: "ClipEdit") -> None:
    from clipforge_desktop.app import commands

    commands.edit_clip(store, clip_id, edit)


def study_clip(store: Store, clip_id: int, *, is_matted: bool = False) -> None:
    from clipforge_desktop.app import commands

    commands.study_clip(store, clip_id, is_matted=is_matted)


def correct_words(
    store: Store, content_key: str, transcript: Transcript, corrections: Sequence[Correction]
) -> None:
    from clipforge_desktop.app import commands

    commands.correct_words(store, content_key, transcript, corrections)


def set_own_style(store: Store, clip_id: int, own: "OwnStyle | None") -> None:
    """Give a clip a caption style of its own, None for the shelf's."""
    from clipforge_desktop.app import commands

    commands.set_own_style(store, [clip_id], own)


def export_clips(store: Store, clip_ids: Sequence[int], options: "ExportOptions") -> list[Job]:
    """The jobs, those that were finished before as they are."""
    from clipforge_desktop.app import commands

    Path(options.out_dir).mkdir(parents=True, exist_ok=True)
    return [store.jobs.get(job_id) for job_id in commands.export_clips(store, clip_ids, options)]


def count_files(store: Store, job_ids: Sequence[int]) -> dict[int, int]:
    """How many files each export makes."""
    from clipforge_desktop.domain.order import decode
    from clipforge_desktop.domain.outputs import outputs
    from clipforge_desktop.domain.pipeline import ExportTask

    asked = {job_id: store.jobs.get(job_id).request for job_id in job_ids}
    return {one: len(outputs(decode(ExportTask, text).options)) for one, text in asked.items()}


def videos_of_jobs(store: Store, job_ids: Sequence[int]) -> list[str]:
    """The files that exports have made."""
    return [one.file.video for job_id in job_ids for one in store.library.exports_of_job(job_id)]


def remove_source(store: Store, source_id: int) -> None:
    from clipforge_desktop.app import commands

    commands.remove_source(store, source_id)


def restore_source(store: Store, source_id: int) -> None:
    from clipforge_desktop.app import commands

    commands.restore_source(store, source_id)


def retry_source(store: Store, source_id: int) -> None:
    from clipforge_desktop.app import commands

    commands.retry_source(store, source_id)


def relink_source(store: Store, source_id: int, path: Path) -> None:
    """The video lies at `path` now; what had failed for want of it is tried again."""
    from clipforge_desktop.app import commands

    commands.relink_source(store, source_id, path)


def retry_jobs(store: Store, job_ids: Sequence[int]) -> None:
    from clipforge_desktop.app import commands

    for job_id in job_ids:
        commands.retry_job(store, job_id)


def pause_jobs(store: Store, job_ids: Sequence[int]) -> None:
    from clipforge_desktop.app import commands

    for job_id in job_ids:
        commands.pause_job(store, job_id)


def cancel_jobs(store: Store, job_ids: Sequence[int]) -> None:
    from clipforge_desktop.app import commands

    for job_id in job_ids:
        commands.cancel_job(store, job_id)


def move_job_before(store: Store, job_id: int, other_id: int) -> list[int]:
    """Do `job_id` before `other_id`; returns the new order of all jobs."""
    from clipforge_desktop.app import commands

    commands.move_job_before(store, job_id, other_id)
    return job_order(store)


def job_order(store: Store) -> list[int]:
    return [job.id for job in store.jobs.all()]


def clear_finished(store: Store) -> set[int]:
    """Take finished jobs off the list; returns the ids of all that are off it."""
    from clipforge_desktop.app import commands

    commands.clear_finished_jobs(store)
    return store.jobs.cleared_ids()


def pause_everything(store: Store, is_paused: bool) -> bool:
    """Let no queue start anything new, or let all go on."""
    from clipforge_desktop.app import commands

    commands.pause_queues(store, is_paused)
    return is_paused


def is_everything_paused(store: Store) -> bool:
    return all(store.jobs.is_paused(queue) for queue in Queue)


def read_log(store: Store, job_id: int) -> str:
    """The job's own log, its last 200 kB."""
    file = store.home.logs / f"job-{job_id}.log"
    if not file.is_file():
        return ""
    with file.open("rb") as log:
        log.seek(max(0, file.stat().st_size - 200_000))
        return log.read().decode(errors="replace")
