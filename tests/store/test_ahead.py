"""Clips of `--fix` wait for the stages before them, and the run waits for these clips."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from clipforge_desktop.app import ahead as looking_ahead
from clipforge_desktop.app.ahead import Ahead
from clipforge_desktop.app.process import Watch
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.order import ExportOptions
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from tests.gui import furnishing as f


@pytest.fixture
def store(home: Home) -> Store:
    return Store.open(home)


@pytest.fixture
def order(store: Store, tmp_path: Path) -> int:
    """Two clips are found, and nobody has looked at them."""
    video = tmp_path / "talk.mp4"
    video.write_bytes(b"a video")
    source_id, order_id = f.add_source(store, video, "talk.mp4", f.plain_media("talk", 30.0))
    f.add_clips(store, source_id, order_id, [f.found(n, [(n, n + 5.0)]) for n in range(2)])
    return order_id


@pytest.fixture
def ahead(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ahead:
    monkeypatch.setattr(looking_ahead, "preflight", lambda *_: [])  # it paints captions
    return Ahead(store, Mock(), ExportOptions(str(tmp_path)), mends=True)


def finish(store: Store, job_id: int) -> None:
    job = store.jobs.claim(job_id, "worker")
    assert job is not None
    assert store.jobs.finish(job.id, job.token or "", '{"parameters":"p"}')


def of_queue(store: Store, order_id: int, queue: Queue) -> list[Job]:
    return [job for job in store.jobs.of_order(order_id) if job.queue is queue]


def test_clips_found_with_words_that_are_read_again_are_not_exported(
    store: Store, order: int, ahead: Ahead
) -> None:
    [words] = of_queue(store, order, Queue.TRANSCRIPTION)
    store.jobs.retry(words.id)
    assert not ahead.look(order, "talk.mp4", store.jobs.of_order(order))
    assert of_queue(store, order, Queue.FRAMING) == []
    finish(store, words.id)
    assert ahead.look(order, "talk.mp4", store.jobs.of_order(order))
    assert len(of_queue(store, order, Queue.FRAMING)) == 2


def test_a_run_is_not_over_between_the_look_at_clips_and_their_export(
    store: Store, order: int, ahead: Ahead, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(store, Mock(), {order: "talk.mp4"}, ahead)
    look = ahead.look

    def look_while_workers_are_quick(order_id: int, source: str, jobs: list[Job]) -> bool:
        changed = look(order_id, source, jobs)
        for job in of_queue(store, order, Queue.FRAMING):
            if job.state is JobState.QUEUED:
                finish(store, job.id)
        return changed

    monkeypatch.setattr(ahead, "look", look_while_workers_are_quick)
    watch.look()
    assert all(job.state is JobState.DONE for job in store.jobs.of_order(order))
    assert not watch.is_over()
    watch.look()
    exports = of_queue(store, order, Queue.EXPORT)
    assert [job.state for job in exports] == [JobState.QUEUED] * 2
    assert not watch.is_over()
    for job in exports:
        finish(store, job.id)
    watch.look()
    assert watch.is_over()
