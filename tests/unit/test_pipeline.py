"""Which job follows which."""

from clipforge_desktop.domain.clip import FoundClip, Piece
from clipforge_desktop.domain.edit import NO_EDIT, ClipEdit
from clipforge_desktop.domain.job import FINISHED_STATES, LEGAL_MOVES, JobState, Queue
from clipforge_desktop.domain.order import ExportOptions, Order, decode
from clipforge_desktop.domain.pipeline import (
    ExportTask,
    after_clip_detection,
    after_import,
    after_transcription,
    first_job,
)


def found(title: str, start_s: float, on_shelf: bool = True) -> FoundClip:
    return FoundClip((Piece(start_s, start_s + 20),), 80, "story", (), "", title, on_shelf)


def test_an_order_walks_through_its_stages() -> None:
    queues = [step(7, 9).queue for step in (first_job, after_import, after_transcription)]
    assert queues == [Queue.IMPORT, Queue.TRANSCRIPTION, Queue.CLIP_DETECTION]


def test_only_clips_on_the_shelf_are_exported_and_best_first() -> None:
    order = Order(export=ExportOptions("/clips"))
    clips = [
        (1, found("best", 0), NO_EDIT),
        (2, found("rest", 30, False), NO_EDIT),
        (3, found("good", 60), NO_EDIT),
    ]
    jobs = after_clip_detection(7, "talk", 9, order, clips)
    assert [job.clip_id for job in jobs] == [1, 3]
    assert decode(ExportTask, jobs[0].request).stem == "talk-01-best"


def test_a_clip_that_was_edited_before_is_exported_as_it_is_now() -> None:
    edit = ClipEdit(end_s=9.0, title="Mine")
    order = Order(export=ExportOptions("/clips"))
    [job] = after_clip_detection(7, "talk", 9, order, [(1, found("best", 0), edit)])
    task = decode(ExportTask, job.request)
    assert (task.edit, task.stem) == (edit, "talk-01-Mine")


def test_an_order_that_only_finds_exports_nothing() -> None:
    assert after_clip_detection(7, "talk", 9, Order(), [(1, found("best", 0), NO_EDIT)]) == []


def test_other_options_are_other_work() -> None:
    clips = [(1, found("best", 0), NO_EDIT)]
    keys = {
        after_clip_detection(7, "talk", 9, Order(export=options), clips)[0].work_key
        for options in (
            ExportOptions("/clips"),
            ExportOptions("/elsewhere"),
            ExportOptions("/clips", aspects=("1:1",)),
        )
    }
    assert len(keys) == 3


def test_every_state_can_end() -> None:
    assert set(LEGAL_MOVES) == set(JobState)
    for state in JobState:
        seen = {state}
        while True:
            more = seen | {after for before in seen for after in LEGAL_MOVES[before]}
            if more == seen:
                break
            seen = more
        assert seen & FINISHED_STATES
