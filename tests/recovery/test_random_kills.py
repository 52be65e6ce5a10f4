"""Two hundred kills at random moments over a hundred small jobs: none lost, none done twice."""

import random
import threading

from clipforge_desktop.domain.job import JobState, Queue
from tests.recovery.bench import Bench, until

KILLS = 200
SOURCES = 34  # three jobs each
LONGEST_LIFE_S = 0.3


def test_two_hundred_random_kills_lose_no_job_and_do_none_twice(bench: Bench) -> None:
    dice = random.Random(7)
    queues = [Queue.IMPORT, Queue.TRANSCRIPTION, Queue.CLIP_DETECTION]
    orders = {f"s{n}.mp4": bench.add(f"s{n}.mp4", exports=False) for n in range(SOURCES)}
    workers = {queue: bench.fork(queue) for queue in queues}
    moment = threading.Event()
    for _ in range(KILLS):
        moment.wait(dice.uniform(0.0, LONGEST_LIFE_S))
        queue = dice.choice(queues)
        workers[queue].kill()
        workers[queue] = bench.fork(queue)
    until(lambda: _is_over(bench, list(orders.values())), "all jobs are done")
    units = [line for name in orders for line in bench.trace(name) if line.startswith("unit")]
    assert len(units) - 10 * SOURCES <= KILLS  # each kill repeats one unit at most
    rows = bench.store.jobs.all()
    assert len(rows) == 3 * SOURCES
    assert len({(job.order_id, job.queue) for job in rows}) == len(rows)


def _is_over(bench: Bench, orders: list[int]) -> bool:
    """The user retries what was set aside after three deaths, until nothing is left."""
    for job in bench.store.jobs.in_state(JobState.QUARANTINED):
        bench.store.jobs.retry(job.id)
    return all(bench.is_all_done(order, exports=0) for order in orders)
