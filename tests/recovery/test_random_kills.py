"""Two hundred kills at random moments over a hundred small jobs: none lost, none done twice."""

import random

from clipforge_desktop.domain.job import JobState, Queue
from tests.recovery.bench import Bench, until

KILLS = 200
SOURCES = 34  # three jobs each


def test_two_hundred_random_kills_lose_no_job_and_do_none_twice(bench: Bench) -> None:
    dice = random.Random(7)
    queues = [Queue.IMPORT, Queue.TRANSCRIPTION, Queue.CLIP_DETECTION]
    orders = {f"s{n}.mp4": bench.add(f"s{n}.mp4", exports=False) for n in range(SOURCES)}
    workers = {queue: bench.fork(queue) for queue in queues}
    for _ in range(KILLS):
        queue = dice.choice(queues)
        bench.let_pass(dice.uniform(0.0, 0.4))
        workers[queue].kill()
        workers[queue] = bench.fork(queue)
    # the user retries what was set aside, until nothing is left
    until(lambda: _is_over(bench, list(orders.values())), "all jobs are done")
    for name, order in orders.items():
        assert [job.state for job in bench.jobs(order)] == [JobState.DONE] * 3
        assert bench.ended(name, "import") >= 1
        units = [line for line in bench.trace(name) if line.startswith("unit")]
        repeated = len(units) - len(set(units))
        assert set(units) == {f"unit {n}" for n in range(10)}
        assert repeated <= bench.deaths(name)
    keys = bench.store.connection.execute("SELECT work_key, count(*) FROM jobs GROUP BY 1")
    assert {count for _, count in keys} == {1}


def _is_over(bench: Bench, orders: list[int]) -> bool:
    for job in bench.store.jobs.in_state(JobState.QUARANTINED):
        bench.store.jobs.retry(job.id)
    return all(bench.is_all_done(order, exports=0) for order in orders)
