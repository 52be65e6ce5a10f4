"""Which job follows which, as pure functions that both towers use.

An order walks import -> transcription -> clip_detection -> one export per clip, or one look at
its framing where the window will show it; an order with a recipe import -> export. Every
function returns the rows to insert; equal work gives an equal `work_key`, so asking twice
for the same thing never makes it twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from clipforge_desktop.domain.clip import FoundClip, Piece
from clipforge_desktop.domain.edit import NO_EDIT, ClipEdit, pieces_of
from clipforge_desktop.domain.job import NewJob, Queue
from clipforge_desktop.domain.naming import clip_stem
from clipforge_desktop.domain.order import ExportOptions, Order, encode, fingerprint
from clipforge_desktop.domain.outputs import file_names, outputs


@dataclass(frozen=True)
class ExportTask:
    """What an export job's row says; the worker adds source, transcript and clip.

    The edit is the clip's, and `names` are the files', as they were when the export was asked
    for. An older row has a `stem` only, which is the name without the shape.
    """

    stem: str
    options: ExportOptions
    edit: ClipEdit = NO_EDIT
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class FramingTask:
    """What a framing job's row says: the clip as it was cut when this was asked for.

    `is_matted`: people are told from the background too, for captions that stand behind them.
    """

    pieces: tuple[Piece, ...]
    is_matted: bool = False


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
    clips: Sequence[tuple[int, FoundClip, ClipEdit]],
) -> list[NewJob]:
    """Framings and exports of the clips on the shelf, best first, as far as the order has them.

    `clips` are (clip id, found clip, what the user made of it) in rank order.
    """
    new: list[NewJob] = []
    for rank, (clip_id, found, edit) in enumerate(clips, start=1):
        if not found.is_on_shelf:
            continue
        if order.is_previewed:
            pieces = pieces_of(found.pieces, edit)
            new.append(framing_job(source_id, order_id, clip_id, pieces))
        if order.export is not None:
            title, options = found.title, order.export
            new.append(
                export_job(source_id, source_name, order_id, clip_id, rank, title, options, edit)
            )
    return new


def framing_job(
    source_id: int,
    order_id: int,
    clip_id: int,
    pieces: tuple[Piece, ...],
    priority: int = 0,
    *,
    is_matted: bool = False,
) -> NewJob:
    """A look at how one clip, cut like this, can be framed, and with `is_matted` at its people."""
    mark = ":people" if is_matted else ""
    return NewJob(
        queue=Queue.FRAMING,
        source_id=source_id,
        order_id=order_id,
        work_key=f"framing:{clip_id}:{fingerprint(*pieces)}{mark}",
        request=encode(FramingTask(pieces, is_matted)),
        clip_id=clip_id,
        priority=priority,
    )


def export_job(
    source_id: int,
    source_name: str,
    order_id: int,
    clip_id: int,
    rank: int,
    title: str,
    options: ExportOptions,
    edit: ClipEdit = NO_EDIT,
) -> NewJob:
    """The export of one clip, with the title and the cuts that the user gave it.

    Raises InputError `name_template_invalid`.
    """
    shown = edit.title or title
    names = file_names(options.name_template, source_name, rank, shown, outputs(options))
    task = ExportTask(clip_stem(source_name, rank, shown), options, edit, names)
    return NewJob(
        queue=Queue.EXPORT,
        source_id=source_id,
        order_id=order_id,
        work_key=f"export:{clip_id}:{_export_mark(options, edit)}",
        request=encode(task),
        clip_id=clip_id,
    )


def render_job(source_id: int, order_id: int, clip_id: int, order: Order) -> NewJob:
    """The file of the order's recipe, under the order's name for it."""
    assert order.export is not None
    task = ExportTask(order.recipe_name, order.export, names=(order.recipe_name,))
    return NewJob(
        queue=Queue.EXPORT,
        source_id=source_id,
        order_id=order_id,
        work_key=f"render:{order_id}",
        request=encode(task),
        clip_id=clip_id,
    )


def _export_mark(options: ExportOptions, edit: ClipEdit) -> str:
    return fingerprint(options) if edit == NO_EDIT else fingerprint(options, edit)


def _step(queue: Queue, source_id: int, order_id: int) -> NewJob:
    return NewJob(queue, source_id, order_id, work_key=f"{queue}:{order_id}", request="{}")
