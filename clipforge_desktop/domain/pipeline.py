"""Which job follows which, as pure functions that both towers use.

An order walks import -> transcription -> clip_detection -> one export per clip. Every
function returns the rows to insert; equal work gives an equal `work_key`, so asking twice
for the same thing never makes it twice.
"""

from dataclasses import dataclass

from clipforge_desktop.domain.clip import FoundClip
from clipforge_desktop.domain.job import NewJob, Queue
from clipforge_desktop.domain.naming import clip_stem
from clipforge_desktop.domain.order import ExportOptions, Order, encode, fingerprint


@dataclass(frozen=True)
class ExportTask:
    """What an export job's row says; the worker adds source, transcript and clip."""

    stem: str
    options: ExportOptions


def first_job(source_id: int, order_id: int) -> NewJob:
    return _step(Queue.IMPORT, source_id, order_id)


def after_import(source_id: int, order_id: int) -> NewJob:
    return _step(Queue.TRANSCRIPTION, source_id, order_id)


def after_transcription(source_id: int, order_id: int) -> NewJob:
    return _step(Queue.CLIP_DETECTION, source_id, order_id)


def after_clip_detection(
    source_id: int,
    source_name: str,
    order_id: int,
    order: Order,
    clips: list[tuple[int, FoundClip]],
) -> list[NewJob]:
    """Exports of the clips on the shelf, best first; none when the order only finds.

    `clips` are (clip id, found clip) in rank order.
    """
    options = order.export
    if options is None:
        return []
    return [
        export_job(source_id, source_name, order_id, clip_id, rank, found.title, options)
        for rank, (clip_id, found) in enumerate(clips, start=1)
        if found.is_on_shelf
    ]


def export_job(
    source_id: int,
    source_name: str,
    order_id: int,
    clip_id: int,
    rank: int,
    title: str,
    options: ExportOptions,
) -> NewJob:
    task = ExportTask(clip_stem(source_name, rank, title), options)
    return NewJob(
        queue=Queue.EXPORT,
        source_id=source_id,
        order_id=order_id,
        work_key=f"export:{clip_id}:{fingerprint(options)}",
        request=encode(task),
        clip_id=clip_id,
    )


def _step(queue: Queue, source_id: int, order_id: int) -> NewJob:
    return NewJob(queue, source_id, order_id, work_key=f"{queue}:{order_id}", request="{}")
