"""Full, read-only and vanished output disks: paused in plain words, and nothing left behind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from clipforge_desktop.domain.errors import PausingError
from clipforge_desktop.stages import exporting
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.recovery.disks import mounted
from tests.stage_context import RecordingContext


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 24 MB."""
    with mounted(tmp_path / "disk", "size=24m") as disk:
        yield disk


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """A picture that cannot be compressed."""
    path = tmp_path / "noise.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi("color=c=gray:s=320x180:r=25:d=20"), "-vf", "noise=alls=90:allf=t",
        *media_maker.H264, path,
    )  # fmt: skip
    return path


def test_a_disk_without_room_pauses_before_anything_is_rendered(
    small_disk: Path, noise: Path, context: RecordingContext
) -> None:
    asked = maker.request(noise, small_disk, pieces=[(0, 20)], aspects=("9:16",))
    with pytest.raises(PausingError) as caught:
        exporting.run(asked, context)
    assert caught.value.failure.code == "disk_full"
    assert "MB are needed" in caught.value.failure.message
    assert list(small_disk.iterdir()) == []
    assert not any("libx264" in line for line in context.logged)


def test_a_disk_that_fills_up_during_the_render_pauses_and_resumes_by_retry(
    small_disk: Path, noise: Path, context: RecordingContext
) -> None:
    filler = small_disk / "filler"

    def fill_up(fraction: float, note: str) -> None:
        if note.startswith("Rendering") and not filler.exists():
            free = os.statvfs(small_disk)
            filler.write_bytes(bytes(free.f_bavail * free.f_frsize - 200_000))

    context.when_progress = fill_up
    asked = maker.request(noise, small_disk, pieces=[(0, 20)])
    with pytest.raises(PausingError) as caught:
        exporting.run(asked, context)
    assert caught.value.failure.code == "disk_full"
    assert [path.name for path in small_disk.iterdir()] == ["filler"]
    context.when_progress = None
    filler.unlink()
    (file,) = exporting.run(asked, context).files
    assert Path(file.video).is_file()


def test_a_read_only_folder_pauses_and_works_after_it_is_opened(
    tmp_path: Path, noise: Path, context: RecordingContext
) -> None:
    folder = tmp_path / "locked"
    asked = maker.request(noise, folder, pieces=[(0, 1)])
    with mounted(folder, "size=24m,ro"), pytest.raises(PausingError) as caught:
        exporting.run(asked, context)
    assert caught.value.failure.code == "output_not_writable"
    assert "locked" in caught.value.failure.message
    assert len(exporting.run(asked, context).files) == 1


def test_a_folder_removed_during_the_render_pauses(
    tmp_path: Path, noise: Path, context: RecordingContext
) -> None:
    folder = tmp_path / "out"

    def remove(fraction: float, note: str) -> None:
        if note.startswith("Rendering") and fraction > 0.3 and folder.exists():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()

    context.when_progress = remove
    asked = maker.request(noise, folder, pieces=[(0, 20)], aspects=("270x480",))
    with pytest.raises(PausingError) as caught:
        exporting.run(asked, context)
    assert caught.value.failure.code == "output_missing"
    assert not folder.exists()
