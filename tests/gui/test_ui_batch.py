"""What a batch says of the time that is left, from jobs alone: no window needed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import cast

import pytest
from PySide6.QtCore import QObject, Signal

from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.ui.desk import Desk
from clipforge_desktop.ui.exporting.batch import Batch, Progress

pytestmark = pytest.mark.usefixtures("qapp")


class Jobs(QObject):
    """The part of a desk that a batch watches."""

    jobs_changed = Signal(list)
    jobs: Mapping[int, Job] = MappingProxyType({})


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def export(number: int, state: JobState, progress: float, left_s: float | None = None) -> Job:
    plain = Job(
        number, Queue.EXPORT, state, 1, 1, None, "{}", 0, 0, 0, 0.0, None, None, 0.0, "", None,
        None, 0.0, None, None, 1,
    )  # fmt: skip
    return replace(plain, progress=progress, seconds_left=left_s)


def left_s(told: list[Progress]) -> float | None:
    """What was told last."""
    return told[-1].left_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told(clock: Clock) -> Iterator[tuple[Jobs, list[Progress]]]:
    jobs, found = Jobs(), list[Progress]()
    batch = Batch(cast(Desk, jobs), jobs, clock)
    batch.changed.connect(found.append)
    yield jobs, found
    jobs.jobs_changed.disconnect(batch.take)


def test_the_quick_first_steps_of_the_last_export_do_not_tell_when_it_ends(
    clock: Clock, told: tuple[Jobs, list[Progress]]
) -> None:
    jobs, found = told
    for passed_s, progress in ((0.0, 0.0), (1.0, 0.15), (20.0, 0.2)):
        clock.now_s = 100.0 + passed_s
        jobs.jobs_changed.emit([export(1, JobState.RUNNING, progress)])
        assert left_s(found) is None
    jobs.jobs_changed.emit([export(1, JobState.RUNNING, 0.3, left_s=95.0)])
    assert left_s(found) == 95.0
    jobs.jobs_changed.emit([export(2, JobState.RUNNING, 0.1)])
    assert left_s(found) is None  # who says nothing may take longest
    jobs.jobs_changed.emit([export(2, JobState.RUNNING, 0.2, left_s=140.0)])
    assert left_s(found) == 140.0


def test_while_others_wait_the_time_is_told_by_what_went_before_but_not_at_once(
    clock: Clock, told: tuple[Jobs, list[Progress]]
) -> None:
    jobs, found = told
    waiting = export(2, JobState.QUEUED, 0.0)
    jobs.jobs_changed.emit([export(1, JobState.RUNNING, 0.0), waiting])
    clock.now_s += 1
    jobs.jobs_changed.emit([export(1, JobState.RUNNING, 0.15, left_s=3.0)])
    assert left_s(found) is None
    clock.now_s += 39
    jobs.jobs_changed.emit([export(1, JobState.RUNNING, 0.4, left_s=60.0)])
    assert left_s(found) == pytest.approx(160.0)  # a fifth of both took 40 s
