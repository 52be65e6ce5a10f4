"""Workers are killed in every moment that matters; the jobs do not notice."""

import signal
from pathlib import Path

import psutil
import pytest

from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.store import Store
from clipforge_desktop.store.pulse import read_mark
from tests.recovery.bench import WAY, Bench, until

STAGES = ["import", "transcription", "clip_detection", "export"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_job_whose_worker_is_killed_in_the_middle_is_done_by_the_next(
    bench: Bench, stage: str
) -> None:
    order = bench.add("talk.mp4", {stage: {"do": "wait", "go": bench.file("go")}})
    workers = dict(zip(WAY, bench.fork_all(), strict=True))
    for kill in range(2):
        until(lambda: bench.has_begun("talk.mp4", stage, kill + 1), f"{stage} begins")  # noqa: B023
        workers[Queue(stage)].kill()
        workers[Queue(stage)] = bench.fork(Queue(stage))
    Path(bench.file("go")).touch()
    until(lambda: bench.is_all_done(order), "all jobs are done")
    others = [other for other in STAGES if other not in (stage, "export")]
    assert [bench.ended("talk.mp4", other) for other in others] == [1] * len(others)
    assert bench.ended("talk.mp4", stage) == (2 if stage == "export" else 1)


def test_a_worker_killed_right_after_its_outputs_were_named_does_not_render_again(
    bench: Bench,
) -> None:
    order = bench.add("talk.mp4")
    bench.fork_all()
    until(lambda: bench.is_all_done(order), "all jobs are done")
    renders = [line for line in bench.trace("talk.mp4") if line.startswith("render")]
    with bench.store.transaction() as database:  # as if killed before the commit
        database.execute(
            "UPDATE jobs SET state = 'running', worker = 'dead', token = 'old'"
            " WHERE queue = 'export'"
        )
    bench.close_workers()
    bench.fork(Queue.EXPORT)
    until(lambda: bench.is_all_done(order), "the exports are done again")
    assert [line for line in bench.trace("talk.mp4") if line.startswith("render")] == renders


def test_a_killed_export_worker_leaves_no_child_process_and_no_part_file(bench: Bench) -> None:
    order = bench.add("talk.mp4", {"export": {"do": "wait", "go": bench.file("go")}})
    workers = dict(zip(WAY, bench.fork_all(), strict=True))
    until(lambda: bench.has_begun("talk.mp4", "export", 2), "two exports run")
    assert len(list(bench.out.glob(".clipforge-*.part"))) == 2
    children = psutil.Process(workers[Queue.EXPORT].pid).children(recursive=True)
    assert len(children) == 2
    workers[Queue.EXPORT].kill()
    bench.fork(Queue.EXPORT)
    until(lambda: not any(child.is_running() for child in children), "the orphans are gone")
    Path(bench.file("go")).touch()
    until(lambda: bench.is_all_done(order), "all jobs are done")


def test_a_killed_transcription_repeats_at_most_one_unit(bench: Bench) -> None:
    order = bench.add("talk.mp4", {"transcription": {"do": "wait", "go": bench.file("go")}})
    workers = dict(zip(WAY, bench.fork_all(), strict=True))
    until(lambda: bench.has_begun("talk.mp4", "transcription"), "transcription is at 60 %")
    workers[Queue.TRANSCRIPTION].kill()
    Path(bench.file("go")).touch()
    bench.fork(Queue.TRANSCRIPTION)
    until(lambda: bench.is_all_done(order), "all jobs are done")
    units = [line for line in bench.trace("talk.mp4") if line.startswith("unit")]
    assert units == [f"unit {n}" for n in (0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9)]


@pytest.mark.parametrize("how", ["abort", "kill"])
def test_a_job_that_kills_its_worker_three_times_is_set_aside_and_the_others_go_on(
    bench: Bench, how: str
) -> None:
    good = [bench.add("first.mp4", exports=False)]
    killer = bench.add("killer.mp4", {"import": {"do": how}}, exports=False)
    good += [bench.add(f"after{n}.mp4", exports=False) for n in range(3)]
    worker = bench.fork(Queue.IMPORT)
    for _ in range(3):
        worker.wait_gone()
        worker = bench.fork(Queue.IMPORT)
    until(
        lambda: all(bench.states(order, Queue.IMPORT) == [JobState.DONE] for order in good),
        "the innocent ones are done",
    )
    aside = [JobState.QUARANTINED]  # the last worker counts the last death
    until(lambda: bench.states(killer, Queue.IMPORT) == aside, "the bad one is set aside")
    assert bench.jobs(killer)[0].worker_deaths == 3
    assert all(bench.jobs(order)[0].worker_deaths <= 1 for order in good)
    bench.finish_without_workers()


def test_the_late_commit_of_a_worker_that_lost_its_job_is_refused(bench: Bench) -> None:
    order = bench.add("talk.mp4", {"import": {"do": "deafly", "go": bench.file("go")}})
    worker = bench.fork(Queue.IMPORT)
    until(lambda: bench.has_begun("talk.mp4", "import"), "import begins")
    worker.signal(signal.SIGSTOP)
    released = bench.store.jobs.release_dead(Queue.IMPORT)
    assert [job.state for job in released] == [JobState.QUEUED]
    taken = bench.store.jobs.claim(released[0].id, "another worker")
    assert taken is not None
    Path(bench.file("go")).touch()
    worker.signal(signal.SIGCONT)
    until(lambda: not bench.scratch("import"), "it gives up")
    worker.kill()
    job = bench.jobs(order)[0]
    assert (job.state, job.token) == (JobState.RUNNING, taken.token)
    assert bench.store.library.source(job.source_id).media is None
    bench.plan("talk.mp4", {})
    bench.fork_all()
    until(lambda: bench.is_all_done(order), "the next worker does it")


def test_a_kill_between_claim_and_first_sign_of_life_is_recovered(bench: Bench) -> None:
    order = bench.add("talk.mp4")
    claimed = bench.store.jobs.claim(bench.jobs(order)[0].id, "died at once")
    assert claimed is not None
    with Store.open(bench.home) as other:
        assert other.jobs.running(Queue.IMPORT) != []
    bench.fork_all()
    until(lambda: bench.is_all_done(order), "all jobs are done")
    assert bench.jobs(order)[0].worker_deaths == 1


def test_a_worker_that_starts_leaves_the_half_written_files_of_a_running_import_alone(
    bench: Bench,
) -> None:
    order = bench.add("talk.mp4", {"import": {"do": "wait", "go": bench.file("go")}}, exports=False)
    bench.fork(Queue.IMPORT)
    until(lambda: bench.has_begun("talk.mp4", "import"), "import begins")
    other = bench.fork(Queue.CLIP_DETECTION)
    until(lambda: read_mark(bench.home, Queue.CLIP_DETECTION), "the other one has recovered")
    assert other.is_alive()
    assert list(bench.home.cache.rglob("*.part")) != []
    Path(bench.file("go")).touch()
    bench.fork(Queue.TRANSCRIPTION)
    until(lambda: bench.is_all_done(order, 0), "all jobs are done")
