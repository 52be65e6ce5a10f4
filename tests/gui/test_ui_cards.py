"""What a card says, from rows alone: no window needed."""

from dataclasses import replace

import pytest

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.store.cards import CardRow, StageNotices
from clipforge_desktop.ui import phrases
from clipforge_desktop.ui.cards import card_of, stage_lines
from tests.gui.furnishing import video_stream

SOURCE = CardRow(
    1, "/v/talk.mp4", "talk.mp4", 2_900_000, False, None, None, None, None, "", 0, 0, False, ()
)


def job(queue: Queue, state: JobState, **more: object) -> Job:
    plain = Job(
        1, queue, state, 1, 1, None, "{}", 0, 0, 0, 0.0, None, None, 0.0, "", None, None, 0.0,
        None, None, 1,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]  # named fields of Job


def test_what_fails_comes_before_what_waits() -> None:
    failure = Failure("no_moov", "The file is cut off. It has no index.", "Copy it again.")
    jobs = [job(Queue.IMPORT, JobState.FAILED, failure=failure), job(Queue.EXPORT, JobState.QUEUED)]
    card = card_of(SOURCE, jobs)
    assert (card.state, card.tone, card.remedy) == ("The file is cut off", "bad", "retry")
    assert card.failure == failure


@pytest.mark.parametrize("code", ["source_missing", "source_changed", "not_found"])
def test_a_missing_file_is_to_be_found_not_retried(code: str) -> None:
    jobs = [job(Queue.IMPORT, JobState.FAILED, failure=Failure(code, "Gone.", "Find it."))]
    assert card_of(SOURCE, jobs).remedy == "relink"


def test_a_running_stage_shows_note_percent_and_time_left() -> None:
    running = job(
        Queue.TRANSCRIPTION, JobState.RUNNING, progress=0.41, note="Word 7", seconds_left=372.0
    )
    card = card_of(SOURCE, [running])
    assert card.state == "Word 7 · 41\N{NO-BREAK SPACE}% · 6 min left"
    assert card.progress == 0.41


def test_several_exports_show_as_one() -> None:
    jobs = [job(Queue.EXPORT, JobState.RUNNING, progress=0.5), job(Queue.EXPORT, JobState.QUEUED)]
    card = card_of(SOURCE, jobs)
    assert card.state == "Exporting 2 clips"
    assert card.progress == 0.25


def test_a_paused_disk_says_why_and_a_pause_by_hand_does_not() -> None:
    full = Failure("disk_full", "The disk is full.", "Free 2.1 GB.")
    by_hand = Failure("paused_by_user", "You paused this.", "Retry it.")
    assert card_of(SOURCE, [job(Queue.EXPORT, JobState.PAUSED, failure=full)]).state == (
        "The disk is full"
    )
    paused = job(Queue.EXPORT, JobState.PAUSED, failure=by_hand)
    assert card_of(SOURCE, [paused]).state == "Paused"


def test_a_finished_video_counts_its_clips_and_exports() -> None:
    card = card_of(replace(SOURCE, clips=9, exported=3), [])
    assert (card.state, card.tone) == ("9 clips · 3 exported", "ok")


def test_a_video_without_clips_says_so() -> None:
    assert card_of(replace(SOURCE, is_searched=True), []).state == "No clips found"


def test_what_is_odd_about_the_file_shows_and_the_rest_is_there_to_read() -> None:
    stops = "The file stops after 0:12 of 0:20; only the part that is there is used."
    words = "Clips were chosen by word lists."
    row = replace(
        SOURCE,
        notices=(
            StageNotices(Queue.IMPORT, (stops,)),
            StageNotices(Queue.CLIP_DETECTION, (words,)),
        ),
    )
    card = card_of(row, [])
    assert card.notice == stops
    assert card.notices == (stops, words)


def test_a_card_says_that_its_words_are_a_draft() -> None:
    row = replace(SOURCE, duration_s=38.0, video=video_stream(), origin="draft")
    assert card_of(row, []).meta == "38 s · 720p · draft words"


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
