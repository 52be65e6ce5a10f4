"""What a card says, from rows alone: no window needed."""

from dataclasses import replace

import pytest

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.store.library import Clip, Source
from clipforge_desktop.ui import phrases
from clipforge_desktop.ui.cards import card_of, stage_lines
from tests.gui.furnishing import found

SOURCE = Source(1, "/v/talk.mp4", "talk.mp4", 2_900_000, 1, None, None, 0.0, False, 1)


def job(queue: Queue, state: JobState, **more: object) -> Job:
    plain = Job(
        1, queue, state, 1, 1, None, "{}", 0, 0, 0, 0.0, None, None, 0.0, "", None, None, 0.0,
        None, None, 1,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]  # named fields of Job


def test_what_fails_comes_before_what_waits() -> None:
    failure = Failure("no_moov", "The file is cut off. It has no index.", "Copy it again.")
    jobs = [job(Queue.IMPORT, JobState.FAILED, failure=failure), job(Queue.EXPORT, JobState.QUEUED)]
    card = card_of(SOURCE, jobs, [], 0)
    assert (card.state, card.tone, card.remedy) == ("The file is cut off", "bad", "retry")
    assert card.failure == failure


@pytest.mark.parametrize("code", ["source_missing", "source_changed", "not_found"])
def test_a_missing_file_is_to_be_found_not_retried(code: str) -> None:
    jobs = [job(Queue.IMPORT, JobState.FAILED, failure=Failure(code, "Gone.", "Find it."))]
    assert card_of(SOURCE, jobs, [], 0).remedy == "relink"


def test_a_running_stage_shows_note_percent_and_time_left() -> None:
    running = job(
        Queue.TRANSCRIPTION, JobState.RUNNING, progress=0.41, note="Word 7", seconds_left=372.0
    )
    card = card_of(SOURCE, [running], [], 0)
    assert card.state == "Word 7 · 41 % · 6 min left"
    assert card.progress == 0.41


def test_several_exports_show_as_one() -> None:
    jobs = [job(Queue.EXPORT, JobState.RUNNING, progress=0.5), job(Queue.EXPORT, JobState.QUEUED)]
    card = card_of(SOURCE, jobs, [], 0)
    assert card.state == "Exporting 2 clips"
    assert card.progress == 0.25


def test_a_paused_disk_says_why_and_a_pause_by_hand_does_not() -> None:
    full = Failure("disk_full", "The disk is full.", "Free 2.1 GB.")
    by_hand = Failure("paused_by_user", "You paused this.", "Retry it.")
    assert card_of(SOURCE, [job(Queue.EXPORT, JobState.PAUSED, failure=full)], [], 0).state == (
        "The disk is full"
    )
    paused = job(Queue.EXPORT, JobState.PAUSED, failure=by_hand)
    assert card_of(SOURCE, [paused], [], 0).state == "Paused"


def test_a_finished_video_counts_its_clips_and_exports() -> None:
    clips = [Clip(n, 1, 1, n, str(n), found(n, [(n, n + 2)]), "", 1) for n in range(9)]
    card = card_of(SOURCE, [job(Queue.CLIP_DETECTION, JobState.DONE)], clips, 3)
    assert (card.state, card.tone) == ("9 clips · 3 exported", "ok")


def test_a_video_without_clips_says_so() -> None:
    assert card_of(SOURCE, [job(Queue.CLIP_DETECTION, JobState.DONE)], [], 0).state == (
        "No clips found"
    )


def test_the_three_stages_stand_in_order_whether_begun_or_not() -> None:
    lines = stage_lines([job(Queue.IMPORT, JobState.DONE)])
    assert [line.queue for line in lines] == list(Queue)[:3]
    assert [line.state for line in lines] == [JobState.DONE, None, None]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (38, "38 s"), (89, "89 s"), (3120, "52 min"), (6480, "1 h 48 min")],
)
def test_lengths_are_said_with_their_unit(seconds: float, said: str) -> None:
    assert phrases.length(seconds) == said


def test_times_are_said_as_clocks_show_them() -> None:
    assert [phrases.clock(s) for s in (38.9, 761, 3723)] == ["0:38", "12:41", "1:02:03"]
