"""Moves of jobs: each compare-and-set, each legal, whatever the clock and the callers do."""

import time

import pytest

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import FINISHED_STATES, LEGAL_MOVES, JobState, NewJob, Queue
from clipforge_desktop.domain.order import Order
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.jobs import LONGEST_BACKOFF_S, DueJob, ProgressReport, backoff_s

FAILURE = Failure("flaky", "It did not work just now.", "It is tried again.")
DAY_S = 86400.0


@pytest.fixture
def store(home: Home) -> Store:
    return Store.open(home)


def add(store: Store, name: str = "a", priority: int = 0) -> int:
    source = store.library.add_source(f"/videos/{name}.mp4", f"{name}.mp4", 10, 20)
    order = store.library.add_order(source, Order())
    return store.jobs.add(NewJob(Queue.IMPORT, source, order, name, "{}", priority=priority))


def claim(store: Store, job: int) -> str:
    claimed = store.jobs.claim(job, "worker")
    assert claimed is not None
    assert claimed.token is not None
    return claimed.token


def test_equal_work_is_inserted_once(store: Store) -> None:
    assert add(store) == add(store)
    assert len(store.jobs.all()) == 1


def test_of_two_claims_one_wins(store: Store, home: Home) -> None:
    job = add(store)
    with Store.open(home) as other:
        claims = [store.jobs.claim(job, "one"), other.jobs.claim(job, "two")]
    assert [claimed is not None for claimed in claims] == [True, False]


def test_a_job_that_does_not_exist_cannot_be_claimed(store: Store) -> None:
    assert store.jobs.claim(4711, "worker") is None


def test_an_old_token_moves_nothing(store: Store) -> None:
    job = add(store)
    old = claim(store, job)
    store.jobs.release_dead(Queue.IMPORT)
    new = claim(store, job)
    store.jobs.report([ProgressReport(job, old, 0.5, "late", None)])
    assert not store.jobs.finish(job, old, "{}")
    assert not store.jobs.fail(job, old, FAILURE)
    assert not store.jobs.pause_running(job, old, FAILURE)
    assert store.jobs.retry_later(job, old, FAILURE) is None
    assert not store.jobs.give_back(job, old)
    assert not store.jobs.confirm_cancel(job, old)
    row = store.jobs.get(job)
    assert (row.state, row.token, row.progress) == (JobState.RUNNING, new, 0.0)


def test_priority_goes_before_position_and_a_survivor_of_a_death_runs_alone(store: Store) -> None:
    first, second, urgent = add(store, "a"), add(store, "b"), add(store, "c", priority=5)
    claim(store, second)
    store.jobs.release_dead(Queue.IMPORT)
    due = store.jobs.due(Queue.IMPORT, 10)
    assert due == [DueJob(urgent, False), DueJob(first, False), DueJob(second, True)]


def test_the_due_jobs_of_a_long_queue_are_found_by_the_index(store: Store) -> None:
    plan = store.connection.execute(
        "EXPLAIN QUERY PLAN SELECT id, worker_deaths FROM jobs WHERE queue = 'import'"
        " AND state = 'queued' ORDER BY priority DESC, position LIMIT 4"
    ).fetchall()
    text = " ".join(str(row[3]) for row in plan)
    assert "jobs_due" in text
    assert "B-TREE" not in text


def test_a_paused_queue_has_nothing_due(store: Store) -> None:
    add(store)
    store.jobs.pause_queue(Queue.IMPORT, True)
    assert store.jobs.due(Queue.IMPORT, 10) == []
    assert store.jobs.demand()[Queue.IMPORT].due == 0


@pytest.mark.parametrize("moved_s", [-DAY_S, -3600.0, 0.0, 3600.0, DAY_S])
def test_a_retry_is_due_within_its_back_off_whatever_the_clock_does(
    store: Store, monkeypatch: pytest.MonkeyPatch, moved_s: float
) -> None:
    job = add(store)
    now_s = time.time()
    monkeypatch.setattr(time, "time", lambda: now_s)
    store.jobs.retry_later(job, claim(store, job), FAILURE)
    for passed_s in (0.0, LONGEST_BACKOFF_S):
        moved = now_s + moved_s + passed_s
        monkeypatch.setattr(time, "time", lambda moved=moved: moved)
        store.jobs.wake_retries(Queue.IMPORT)
    assert store.jobs.get(job).state is JobState.QUEUED


def test_a_time_zone_does_not_move_a_retry(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    job = add(store)
    store.jobs.retry_later(job, claim(store, job), FAILURE)
    due_at = store.jobs.get(job).due_at
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    store.jobs.wake_retries(Queue.IMPORT)
    assert store.jobs.get(job).due_at == due_at
    monkeypatch.undo()
    time.tzset()


def test_back_off_grows_and_is_bounded() -> None:
    assert [backoff_s(n, 1.0) for n in (1, 2, 3, 4, 9)] == [2.0, 8.0, 32.0, 60.0, 60.0]
    assert backoff_s(1, 0.0) == 1.0


def test_the_third_transient_error_is_final(store: Store) -> None:
    job = add(store)
    states = []
    for _ in range(3):
        states.append(store.jobs.retry_later(job, claim(store, job), FAILURE))
        with store.transaction() as database:
            database.execute("UPDATE jobs SET due_at = 0")
        store.jobs.wake_retries(Queue.IMPORT)
    assert states == [JobState.RETRY_WAIT, JobState.RETRY_WAIT, JobState.FAILED]


def test_the_third_death_sets_aside_and_a_retry_starts_afresh(store: Store) -> None:
    job = add(store)
    for _ in range(3):
        claim(store, job)
        store.jobs.release_dead(Queue.IMPORT)
    assert store.jobs.get(job).state is JobState.QUARANTINED
    assert store.jobs.retry(job) is JobState.QUEUED
    assert store.jobs.get(job).worker_deaths == 0


def test_a_job_being_cancelled_when_its_worker_died_is_cancelled(store: Store) -> None:
    job = add(store)
    claim(store, job)
    assert store.jobs.cancel(job) is JobState.CANCELLING
    store.jobs.release_dead(Queue.IMPORT)
    assert store.jobs.get(job).state is JobState.CANCELLED


@pytest.mark.parametrize("state", sorted(FINISHED_STATES))
def test_finished_jobs_only_move_by_a_retry(store: Store, state: JobState) -> None:
    assert LEGAL_MOVES[state] == {JobState.QUEUED}
    job = add(store)
    with store.transaction() as database:
        database.execute("UPDATE jobs SET state = ?", (state,))
    assert store.jobs.cancel(job) is state
    assert store.jobs.pause(job, FAILURE) is state
    assert store.jobs.retry(job) is JobState.QUEUED


def test_moving_a_job_changes_only_waiting_ones(store: Store) -> None:
    jobs = [add(store, name) for name in "abcd"]
    store.jobs.finish(jobs[1], claim(store, jobs[1]), "{}")
    before = store.jobs.get(jobs[1]).changed
    store.jobs.move_before(jobs[3], jobs[0])
    waiting = [job.id for job in store.jobs.all() if job.state is JobState.QUEUED]
    assert waiting == [jobs[3], jobs[0], jobs[2]]
    assert store.jobs.get(jobs[1]).changed == before


def test_a_failing_transaction_leaves_nothing(store: Store) -> None:
    def add_and_fail() -> None:
        with store.transaction():
            add(store)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    assert store.jobs.all() == []


def test_jobs_that_nobody_can_start_fail_with_a_reason(store: Store) -> None:
    job = add(store)
    assert store.jobs.fail_queued(Queue.IMPORT, FAILURE) == 1
    row = store.jobs.get(job)
    assert (row.state, row.failure, row.token) == (JobState.FAILED, FAILURE, None)
