"""The shipped stages under real workers: killed in the middle, hung, and left without a folder."""

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from clipforge_desktop.app import commands
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.edit import ClipEdit, pieces_of
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.job import JobState
from clipforge_desktop.domain.order import STUDIED_ASPECTS
from clipforge_desktop.media.ffmpeg import STALL_VARIABLE
from clipforge_desktop.paths import Home
from tests.recovery import oracle
from tests.recovery.bench import WAY, until
from tests.recovery.disks import mounted
from tests.recovery.real_work import FINDING, Desk, decoded, make_talk


@dataclass(frozen=True)
class Undisturbed:
    """The talk, and a home in which its clips were found and exported without trouble.

    Its workers live on, so that later tests need not wait for them to start.
    """

    talk: Path
    desk: Desk
    order: int
    out: Path


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    folder = tmp_path_factory.mktemp("undisturbed")
    talk = make_talk(folder)
    desk = Desk.open(Home(folder / "home"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(STALL_VARIABLE, "2")
        with desk.supervisor():
            order = desk.order(talk, folder / "out")
            desk.wait_done(order, exports=2)
            yield Undisturbed(talk, desk, order, folder / "out")
    desk.close()
    oracle.assert_in_order(desk.home, (folder / "out",))


def test_every_real_stage_killed_in_its_middle_ends_with_the_same_clips(
    undisturbed: Undisturbed, home: Home, tmp_path: Path
) -> None:
    desk = Desk.open(home)
    with desk.supervisor() as supervisor:
        order = desk.order(undisturbed.talk, tmp_path / "out")
        for queue in WAY:
            until(lambda: desk.is_running(order, queue), f"{queue} is at work")  # noqa: B023
            psutil.Process(supervisor.worker_pids[queue]).kill()
        desk.wait_done(order, exports=2)
        deaths = {queue: max(job.worker_deaths for job in desk.jobs(order, queue)) for queue in WAY}
    assert deaths == dict.fromkeys(WAY, 1)
    assert desk.clips(order) == undisturbed.desk.clips(undisturbed.order)
    assert decoded(tmp_path / "out") == decoded(undisturbed.out)
    assert len(decoded(tmp_path / "out")) == 2
    desk.close()
    oracle.assert_in_order(home, (tmp_path / "out",))


def test_an_ffmpeg_that_hangs_in_an_export_is_ended_and_the_export_done_by_a_retry(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    desk = undisturbed.desk
    job = desk.export(undisturbed.order, tmp_path / "out")
    hung = desk.wait_ffmpeg()
    hung.send_signal(signal.SIGSTOP)
    until(lambda: desk.state(job) is JobState.RETRY_WAIT, "it waits to be retried")
    assert not hung.is_running()
    assert desk.code(job) == "ffmpeg_stalled"
    until(lambda: desk.state(job) is JobState.DONE, "it is done")
    assert desk.store.jobs.get(job).attempts == 1
    assert len(list((tmp_path / "out").glob("*.mp4"))) == 1


def go_on(desk: Desk, job: int) -> None:
    """Press Retry, unless the job has gone on by itself already."""
    try:
        commands.retry_job(desk.store, job)
    except InputError as error:
        if error.failure.code != "already_under_way":
            raise


def test_a_read_only_output_folder_pauses_the_real_export_and_retry_works(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    desk, out = undisturbed.desk, tmp_path / "locked"
    with mounted(out, "size=24m,ro"):
        job = desk.export(undisturbed.order, out)
        until(lambda: desk.state(job) is JobState.PAUSED, "it is paused")
        assert desk.code(job) == "output_not_writable"
        assert str(out) in desk.message(job)
    go_on(desk, job)
    until(lambda: desk.state(job) is JobState.DONE, "it is done")
    assert len(list(out.glob("*.mp4"))) == 1


def test_an_output_folder_removed_under_the_real_export_pauses_it_and_retry_works(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    desk, out = undisturbed.desk, tmp_path / "out"
    job = desk.export(undisturbed.order, out)
    until(lambda: list(out.glob(".clipforge-*.part")), "it writes")
    shutil.rmtree(out)
    until(lambda: desk.state(job) is JobState.PAUSED, "it is paused")
    assert desk.code(job) == "output_missing"
    assert str(out) in desk.message(job)
    assert not out.exists()
    go_on(desk, job)
    until(lambda: desk.state(job) is JobState.DONE, "it is done")
    assert len(list(out.glob("*.mp4"))) == 1


def test_clips_found_for_the_window_are_looked_at_for_framing_by_a_queue_of_its_own(
    undisturbed: Undisturbed,
) -> None:
    store = undisturbed.desk.store
    order = replace(commands.default_order(is_offline=True), finding=FINDING)
    [added] = commands.add_videos(store, [undisturbed.talk], order)
    assert added.order_id is not None
    undisturbed.desk.wait_done(added.order_id, exports=2)
    clips = store.library.clips_of_order(added.order_id)
    for clip in clips:
        studies = store.library.studies(clip.id)
        assert {study.aspect for study in studies} == set(STUDIED_ASPECTS)
        assert {study.pieces for study in studies} == {clip.found.pieces}
    commands.edit_clip(
        store, clips[0].id, ClipEdit(cuts=(Piece(0.0, clips[0].found.pieces[0].start_s + 2.0),))
    )
    edited = pieces_of(clips[0].found.pieces, store.library.clip(clips[0].id).edit)
    until(
        lambda: {study.pieces for study in store.library.studies(clips[0].id)} == {edited},
        "the new cut is looked at",
    )


def test_a_source_unplugged_during_the_render_waits_and_goes_on_once_it_is_back(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    desk, talk = undisturbed.desk, undisturbed.talk
    away = tmp_path / "elsewhere.mp4"
    job = desk.export(undisturbed.order, tmp_path / "out")
    with halted(desk.wait_ffmpeg()):
        talk.rename(away)
    until(lambda: desk.state(job) is JobState.PAUSED, "it waits for the video")
    assert desk.code(job) == "source_missing"
    assert list((tmp_path / "out").iterdir()) == []
    away.rename(talk)
    until(lambda: desk.state(job) is JobState.DONE, "it goes on by itself")
    assert len(decoded(tmp_path / "out")) == 1


def test_a_source_moved_during_the_render_is_shown_and_the_export_done_from_there(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    desk, talk = undisturbed.desk, undisturbed.talk
    moved = tmp_path / "moved.mp4"
    job = desk.export(undisturbed.order, tmp_path / "out")
    source_id = desk.store.jobs.get(job).source_id
    with halted(desk.wait_ffmpeg()):
        talk.rename(moved)
    until(lambda: desk.state(job) is JobState.PAUSED, "it waits for the video")
    commands.relink_source(desk.store, source_id, moved)
    until(lambda: desk.state(job) is JobState.DONE, "it is done from the new place")
    assert len(decoded(tmp_path / "out")) == 1
    moved.rename(talk)
    commands.relink_source(desk.store, source_id, talk)


def test_a_source_changed_during_the_render_gives_no_clip_of_two_files(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    desk, talk = undisturbed.desk, undisturbed.talk
    size = talk.stat().st_size
    job = desk.export(undisturbed.order, tmp_path / "out")
    with halted(desk.wait_ffmpeg()), talk.open("ab") as file:
        file.write(b"another ending")
    until(lambda: desk.state(job) is JobState.FAILED, "it is refused")
    os.truncate(talk, size)
    assert desk.code(job) == "source_changed"
    assert list((tmp_path / "out").iterdir()) == []


@contextlib.contextmanager
def halted(process: psutil.Process) -> Iterator[None]:
    """The process stands still meanwhile, so that what is done is done in its middle."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)
