"""What the command line refuses before it begins, and what it tells of a result that lacks."""

import json
from pathlib import Path

import pytest

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import JobState, NewJob, Queue
from clipforge_desktop.domain.order import Order
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from tests import media_maker, program

SHORT = ("--find-only", "--min-seconds", "3", "--max-seconds", "8")


@pytest.fixture
def cut_off(tmp_path: Path) -> Path:
    """A faststart MP4 of 20 s of which only the first part is there."""
    whole = tmp_path / "whole.mp4"
    media_maker.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=20",
        "-f", "lavfi", "-i", "sine=duration=20",
        "-c:v", "libx264", "-preset", "ultrafast", "-movflags", "+faststart", whole,
    )  # fmt: skip
    data = whole.read_bytes()
    cut = tmp_path / "cut off.mp4"
    cut.write_bytes(data[: len(data) * 6 // 10])
    whole.unlink()
    return cut


def test_a_cut_off_video_says_once_where_it_stops_in_every_place(home: Home, cut_off: Path) -> None:
    told = program.run(home, "process", cut_off, "--json", *SHORT)
    assert told.code == 0, told.errors
    [stops] = [event for event in told.of("notice") if "stops after" in event["message"]]
    assert stops["source"] == str(cut_off)
    assert stops["stage"] == "import"
    plain = program.run(home, "process", cut_off, *SHORT)
    assert plain.errors.count(f"{cut_off.name}: {stops['message']}") == 1
    [listing] = program.run(home, "jobs", "--json").events
    [first, *_] = listing["jobs"]
    assert stops["message"] in first["notices"]
    [shown] = program.run(home, "jobs", "show", str(first["id"]), "--json").events
    assert stops["message"] in shown["notices"]


def test_a_size_with_odd_sides_is_told_as_the_size_that_is_made(home: Home, tmp_path: Path) -> None:
    gone = tmp_path / "gone.mp4"
    told = program.run(home, "process", gone, "--aspect", "301x777", "--json")
    messages = [event["message"] for event in told.of("notice")]
    assert messages == ["A picture's sides are even, so 301x777 is made as 300x776."]


def test_words_of_a_draft_are_called_a_draft_on_every_clip(home: Home, tmp_path: Path) -> None:
    video = media_maker.talk(tmp_path / "talk.mp4", 12)
    first = program.run(home, "process", video, "--json", *SHORT)
    with Store.open(home) as store:  # as the draft recogniser leaves it when it hears words
        store.connection.execute("UPDATE transcripts SET origin = 'draft'")
    again = program.run(home, "process", video, "--json", *SHORT)
    assert not any("is_draft" in clip for clip in first.of("clip"))
    assert again.of("clip")
    assert all(clip["is_draft"] for clip in again.of("clip"))
    assert again.of("summary")[0]["drafts"] == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.srt", b"", "transcript_empty"),
        ("blank.vtt", b"\xef\xbb\xbf\r\n \n", "transcript_empty"),
        ("binary.srt", bytes(range(256)) * 20, "transcript_unreadable"),
        ("film.mp4", b"words", "transcript_kind"),
        ("folder.srt", None, "transcript_not_found"),
    ],
)
def test_a_transcript_that_cannot_be_is_refused_before_import(
    home: Home, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    file = tmp_path / name
    file.mkdir() if content is None else file.write_bytes(content)
    done = program.run(home, "process", "a.mp4", "--transcript", file, "--json")
    assert done.code == 2
    assert [error["code"] for error in done.of("error")] == [code]


def test_music_that_is_none_is_refused_before_import(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "song.mp3"
    file.write_text("words", encoding="utf-8")
    done = program.run(home, "process", "a.mp4", "--music", file, "--json")
    assert done.code == 2
    [error] = done.events
    assert (error["event"], error["code"]) == ("error", "music_unreadable")
    assert "song.mp3" in error["message"]


def test_half_a_model_folder_is_refused_before_import(home: Home, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"weights")
    done = program.run(home, "process", "a.mp4", "--model", tmp_path, "--json")
    assert done.code == 2
    assert [error["code"] for error in done.of("error")] == ["model_incomplete"]


def test_folders_are_searched_and_what_is_no_video_stays_out_of_the_library(
    home: Home, cut_off: Path, tmp_path: Path
) -> None:
    words = tmp_path / "words.srt"
    words.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n")
    (tmp_path / "nothing here").mkdir()
    done = program.run(
        home, "process", tmp_path, words, tmp_path / "nothing here", "--json", *SHORT
    )
    assert done.code == 1
    assert {error["code"] for error in done.of("error")} == {"not_a_video", "is_a_folder"}
    sources = [video["source"] for video in program.run(home, "library", "--json").events]
    assert sources == [str(cut_off)]
    assert (done.of("summary")[0]["sources"], done.of("summary")[0]["failed"]) == (3, 2)


def test_a_style_that_is_wrong_names_field_and_range(home: Home, tmp_path: Path) -> None:
    style = tmp_path / "mine.json"
    style.write_text(json.dumps({"name": "mine", "font": {"size_percent": 99}}))
    done = program.run(home, "process", "a.mp4", "--style", style, "--json")
    assert done.code == 2
    assert "font.size_percent must be a number, 1 to 14" in done.of("error")[0]["message"]


def test_where_the_window_has_a_button_the_terminal_names_the_command(
    home: Home, tmp_path: Path
) -> None:
    with Store.open(home) as store:
        source_id = store.library.add_source(str(tmp_path / "talk.mp4"), "talk.mp4", 1, 1)
        order_id = store.library.add_order(source_id, Order())
        job_id = store.jobs.add(NewJob(Queue.IMPORT, source_id, order_id, "work", "{}"))
        job = store.jobs.claim(job_id, "worker")
        assert job is not None
        full = Failure("disk_full", "The disk is full.", "Free some space, then press Retry.")
        store.jobs.fail(job_id, job.token or "", full)
        assert store.jobs.get(job_id).state is JobState.FAILED
    shown = program.start(home, "jobs", "show", str(job_id))
    out, _ = shown.communicate(timeout=program.LONG_ENOUGH_S)
    assert f"Free some space, then run `clipforge jobs retry {job_id}`." in out
    [retried] = program.run(home, "jobs", "retry", str(job_id), "--json").events
    assert retried["state"] == "queued"
    assert "`clipforge jobs run`" in retried["next_step"]
    assert "press Retry" not in out


def test_a_model_that_cannot_be_is_refused_before_import(home: Home) -> None:
    done = program.run(home, "process", "a.mp4", "--model", "smal", "--json")
    assert done.code == 2
    [error] = done.of("error")
    assert error["code"] == "whisper_model_unknown"
    assert "small" in error["next_step"]
