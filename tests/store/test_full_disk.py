"""What the user asks for on a disk without a byte left: done with the reserve, or refused."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clipforge_desktop.app import commands
from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.order import Order
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.reserve import keep_reserve
from tests.recovery.disks import fill_up, mounted


@pytest.fixture
def cramped(tmp_path: Path) -> Iterator[Home]:
    """A home with its reserve, on a disk of 100 MB."""
    with mounted(tmp_path / "disk", "size=100m") as disk:
        home = Home(disk / "home").create()
        keep_reserve(home)
        yield home


def videos(folder: Path, count: int) -> list[Path]:
    """So many that their rows need new pages of the database."""
    files = [folder / f"{n}{'x' * 200}.mp4" for n in range(count)]
    for file in files:
        file.write_bytes(b"video")
    return files


def test_on_a_full_disk_a_wish_is_written_down_with_the_space_of_the_reserve(
    cramped: Home, tmp_path: Path
) -> None:
    with Store.open(cramped) as store:
        fill_up(cramped.root)
        added = commands.add_videos(store, videos(tmp_path, 50), Order())
        assert all(item.failure is None for item in added)
        assert not cramped.reserve.exists()
        job = store.jobs.all()[0]
        assert commands.cancel_job(store, job.id) is JobState.CANCELLED


Wish = Callable[[Store, list[Job]], object]


@pytest.mark.parametrize(
    "wish",
    [
        lambda store, jobs: commands.move_job_before(store, jobs[2].id, jobs[1].id),
        lambda store, _: commands.clear_finished_jobs(store),
        lambda store, _: commands.pause_queues(store, True),
        lambda store, jobs: commands.relink_source(store, jobs[0].source_id, Path("x" * 3000)),
    ],
    ids=["move", "clear", "pause", "relink"],
)
def test_small_wishes_of_the_jobs_view_have_the_reserve_too(
    cramped: Home, tmp_path: Path, wish: Wish
) -> None:
    with Store.open(cramped) as store:
        commands.add_videos(store, videos(tmp_path, 3), Order())
        jobs = store.jobs.all()
        commands.cancel_job(store, jobs[0].id)
        fill_up(cramped.root)
        before = store.last_change()
        wish(store, jobs)
        assert not cramped.reserve.exists()
        is_paused = store.jobs.is_paused(Queue.EXPORT)
        assert is_paused or store.last_change() > before


def test_on_a_full_disk_without_reserve_a_wish_is_refused_in_words_and_works_with_room(
    cramped: Home, tmp_path: Path
) -> None:
    with Store.open(cramped) as store:
        cramped.reserve.unlink()
        filler = fill_up(cramped.root)
        with pytest.raises(ClipForgeError) as caught:
            commands.add_videos(store, videos(tmp_path, 50), Order())
        failure = caught.value.failure
        assert failure.code == "disk_full"
        assert str(cramped.root) in failure.message
        assert "Free some space" in failure.next_step
        assert store.library.sources() == []
        filler.unlink()
        commands.add_videos(store, videos(tmp_path, 50), Order())
        assert len(store.library.sources()) == 50
