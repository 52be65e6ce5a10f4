"""What the window and the command line ask for, on a real database."""

import os
from pathlib import Path

import pytest

from clipforge_desktop import words_from
from clipforge_desktop.app import commands
from clipforge_desktop.domain.clip import FoundClip, Piece
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.job import Job, JobState, NewJob, Queue
from clipforge_desktop.domain.order import (
    ExportedFile,
    ExportOptions,
    Order,
    SpeechOptions,
    encode,
    fingerprint,
)
from clipforge_desktop.domain.pipeline import after_import, first_job
from clipforge_desktop.domain.source import MediaInfo, SourceMedia
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.paths import Home
from clipforge_desktop.speech.sidecar import find_sidecar
from clipforge_desktop.store import Store
from clipforge_desktop.words_from import source_mark
from clipforge_desktop.work.known import JobResult


@pytest.fixture
def video(tmp_path: Path) -> Path:
    file = tmp_path / "talk.mp4"
    file.write_bytes(b"a video")
    return file


def done(store: Store, new: NewJob, parameters: str = "p") -> Job:
    """The job, run to its end with nothing to show for it."""
    job = store.jobs.claim(store.jobs.add(new), "worker")
    assert job is not None
    assert store.jobs.finish(job.id, job.token or "", encode(JobResult(parameters)))
    return store.jobs.get(job.id)


def transcribed(
    store: Store, video: Path, order: Order, transcript: Transcript, parameters: str = "p"
) -> Job:
    """A source whose import and transcription are done."""
    [added] = commands.add_videos(store, [video], order)
    assert added.source_id is not None
    assert added.order_id is not None
    info = MediaInfo("mp4", 7, 60.0, 0.0, None, ())
    media = SourceMedia("key", info, None, None, (), (0, 0), None, None, None, None, ())
    store.library.set_media(added.source_id, media)
    done(store, first_job(added.source_id, added.order_id))
    store.library.save_transcript("key", parameters, transcript)
    return done(store, after_import(added.source_id, added.order_id), parameters)


DRAFT = Transcript("en", "draft", "x", (), ())
WRITTEN = Transcript("en", "sidecar", "x", (), ())


def test_the_same_file_and_order_are_one_order(home: Home, video: Path) -> None:
    with Store.open(home) as store:
        first = commands.add_videos(store, [video, video], Order())
        again = commands.add_videos(store, [video], Order())
        other = commands.add_videos(store, [video], Order(SpeechOptions(language="de")))
        assert first[0] == first[1] == again[0]
        assert other[0].source_id == first[0].source_id
        assert other[0].order_id != first[0].order_id
        assert len(store.jobs.all()) == 2


def test_a_changed_file_is_another_source(home: Home, video: Path) -> None:
    with Store.open(home) as store:
        [first] = commands.add_videos(store, [video], Order())
        video.write_bytes(b"another cut of the video")
        [second] = commands.add_videos(store, [video], Order())
        assert second.source_id != first.source_id


def test_a_draft_is_made_anew_once_a_model_is_installed(home: Home, video: Path) -> None:
    with Store.open(home) as store:
        job = transcribed(store, video, Order(), DRAFT)
        commands.add_videos(store, [video], Order())
        assert store.jobs.get(job.id).state is JobState.DONE
        (home.models / "whisper" / "small").mkdir(parents=True)
        commands.add_videos(store, [video], Order())
        assert store.jobs.get(job.id).state is JobState.QUEUED


@pytest.mark.parametrize("name", ["talk.srt", "talk.en.srt", "talk.mp4.srt", "talk.ssa"])
@pytest.mark.parametrize("change", ["newer", "older", "longer", "other reader"])
def test_a_transcript_that_would_be_read_otherwise_is_read_anew(
    home: Home, video: Path, name: str, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = video.with_name(name)
    written.write_text("1\n")
    os.utime(written, (1000, 1000))
    mark = source_mark(SpeechOptions(), video, home.models, find_sidecar)
    with Store.open(home) as store:
        parameters = fingerprint(SpeechOptions(), mark)  # as a worker names them
        job = transcribed(store, video, Order(), WRITTEN, parameters)
        commands.add_videos(store, [video], Order())
        assert store.jobs.get(job.id).state is JobState.DONE
        if change == "longer":
            written.write_text("1\n\n")
            os.utime(written, (1000, 1000))
        elif change == "other reader":
            monkeypatch.setattr(words_from, "_READ", " read 999")
        else:
            changed_s = {"newer": 2e9, "older": 500}[change]
            os.utime(written, (changed_s, changed_s))
        commands.add_videos(store, [video], Order())
        assert store.jobs.get(job.id).state is JobState.QUEUED


def test_a_json_beside_the_video_that_was_written_since_is_read_anew(
    home: Home, video: Path
) -> None:
    written = video.with_suffix(".json")
    written.write_text("{}")
    os.utime(written, (1000, 1000))
    with Store.open(home) as store:
        job = transcribed(store, video, Order(), WRITTEN)
        commands.add_videos(store, [video], Order())
        assert store.jobs.get(job.id).state is JobState.DONE
        os.utime(written, (2e9, 2e9))
        commands.add_videos(store, [video], Order())
        assert store.jobs.get(job.id).state is JobState.QUEUED


def test_asking_again_takes_up_what_was_cancelled(home: Home, video: Path) -> None:
    with Store.open(home) as store:
        commands.add_videos(store, [video], Order())
        [job] = store.jobs.all()
        assert commands.cancel_job(store, job.id) is JobState.CANCELLED
        commands.add_videos(store, [video], Order())
        assert store.jobs.get(job.id).state is JobState.QUEUED
        assert job.queue is Queue.IMPORT


def test_a_removed_video_stops_its_work_and_comes_back_whole(home: Home, video: Path) -> None:
    with Store.open(home) as store:
        [added] = commands.add_videos(store, [video], Order())
        assert added.source_id is not None
        commands.remove_source(store, added.source_id)
        assert store.library.sources() == []
        assert [job.state for job in store.jobs.all()] == [JobState.CANCELLED]
        commands.restore_source(store, added.source_id)
        assert [source.id for source in store.library.sources()] == [added.source_id]
        assert [job.state for job in store.jobs.all()] == [JobState.QUEUED]


def test_one_file_named_in_two_ways_is_one_video(home: Home, video: Path) -> None:
    detour = video.parent / "sub" / ".." / video.name
    (video.parent / "sub").mkdir()
    with Store.open(home) as store:
        added = commands.add_videos(store, [video, detour], Order())
        assert added[0].source_id == added[1].source_id


def test_a_name_that_is_no_text_is_refused_and_the_others_are_taken(
    home: Home, video: Path
) -> None:
    broken = Path(os.fsdecode(b"\xff\xfebad.mp4"))
    with Store.open(home) as store:
        refused, taken = commands.add_videos(store, [broken, video], Order())
        assert refused.failure is not None
        assert refused.failure.code == "name_not_text"
        assert taken.source_id is not None


@pytest.mark.parametrize("missing", ["video", "subtitles", "recipe", "shortened"])
def test_an_export_that_misses_a_file_is_made_again(
    home: Home, video: Path, missing: str, tmp_path: Path
) -> None:
    names = {kind: tmp_path / kind for kind in ("video", "subtitles", "recipe")}
    for made_file in names.values():
        made_file.write_bytes(b"x")
    made = {kind: str(file) for kind, file in names.items()}
    clip = FoundClip((Piece(0.0, 20.0),), 90, "story", (), "", "Title", True)
    options = ExportOptions(str(tmp_path))
    with Store.open(home) as store:
        [added] = commands.add_videos(store, [video], Order())
        assert added.source_id is not None
        assert added.order_id is not None
        [clip_id] = store.library.save_clips(added.source_id, added.order_id, [clip])
        [job_id] = commands.export_clips(store, [clip_id], options)
        job = store.jobs.claim(job_id, "worker")
        assert job is not None
        file = ExportedFile("9:16", size_bytes=1, duration_s=20.0, integrated_lufs=None, **made)
        store.library.save_export(job_id, clip_id, file)
        store.jobs.finish(job_id, job.token or "", "{}")
        assert commands.export_clips(store, [clip_id], options) == [job_id]
        assert store.jobs.get(job_id).state is JobState.DONE
        if missing == "shortened":
            names["video"].write_bytes(b"")
        else:
            names[missing].unlink()
        commands.export_clips(store, [clip_id], options)
        assert store.jobs.get(job_id).state is JobState.QUEUED


def test_a_finished_job_is_not_retried_and_says_so(home: Home, video: Path) -> None:
    with Store.open(home) as store:
        job = transcribed(store, video, Order(), WRITTEN)
        for each in store.jobs.of_order(job.order_id):
            with pytest.raises(InputError) as caught:
                commands.retry_job(store, each.id)
            assert caught.value.failure.code == "already_finished"
            assert store.jobs.get(each.id).state is JobState.DONE


def test_a_waiting_job_is_not_retried_and_says_so(home: Home, video: Path) -> None:
    with Store.open(home) as store:
        commands.add_videos(store, [video], Order())
        with pytest.raises(InputError) as caught:
            commands.retry_job(store, store.jobs.all()[0].id)
        assert caught.value.failure.code == "already_under_way"


@pytest.mark.parametrize("state", ["failed", "quarantined", "paused", "cancelled", "retry_wait"])
def test_a_job_that_rests_unfinished_is_queued_afresh_by_a_retry(
    home: Home, video: Path, state: str
) -> None:
    with Store.open(home) as store:
        commands.add_videos(store, [video], Order())
        job_id = store.jobs.all()[0].id
        with store.transaction() as database:
            database.execute("UPDATE jobs SET state = ?, attempts = 2", (state,))
        assert commands.retry_job(store, job_id) is JobState.QUEUED
        assert store.jobs.get(job_id).attempts == 0


def test_an_export_whose_file_is_gone_may_be_retried_although_it_is_done(
    home: Home, video: Path, tmp_path: Path
) -> None:
    made = tmp_path / "clip.mp4"
    made.write_bytes(b"x")
    file = ExportedFile("9:16", str(made), None, str(made), 1, 20.0, None)
    clip = FoundClip((Piece(0.0, 20.0),), 90, "story", (), "", "Title", True)
    with Store.open(home) as store:
        [added] = commands.add_videos(store, [video], Order())
        [clip_id] = store.library.save_clips(added.source_id or 0, added.order_id or 0, [clip])
        [job_id] = commands.export_clips(store, [clip_id], ExportOptions(str(tmp_path)))
        job = store.jobs.claim(job_id, "worker")
        assert job is not None
        store.library.save_export(job_id, clip_id, file)
        store.jobs.finish(job_id, job.token or "", "{}")
        with pytest.raises(InputError):
            commands.retry_job(store, job_id)
        made.unlink()
        assert commands.retry_job(store, job_id) is JobState.QUEUED
