"""The database is damaged in every way that happens; the library comes back."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clipforge_desktop.domain.clip import FoundClip, Piece
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.domain.order import ExportedFile, ExportOptions, Order
from clipforge_desktop.domain.pipeline import ExportTask, export_job, first_job
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.backup import KEPT_BACKUPS, back_up, backups, prepare
from clipforge_desktop.store.journal import JournalEntry, append, entries
from clipforge_desktop.store.reserve import RESERVE_BYTES, keep_reserve, release_reserve

FOUND = FoundClip((Piece(1.0, 21.0),), 80, "story", (), "Good.", "A story", True)


def fill(home: Home, folder: Path) -> JournalEntry:
    """A library of fifty sources with queued jobs, and one export made."""
    video = folder / "clip.mp4"
    video.write_bytes(b"video")
    options = ExportOptions(str(folder))
    order = Order(export=options)
    with Store.open(home) as store:
        for n in range(50):
            source = store.library.add_source(f"/videos/{n}.mp4", f"{n}.mp4", n, n)
            order_id = store.library.add_order(source, order)
            store.jobs.add(first_job(source, order_id))
    file = ExportedFile("9:16", str(video), None, str(folder / "clip.json"), 5, 20.0, -14.0)
    task = ExportTask("0-01-A story", options)
    entry = JournalEntry("/videos/0.mp4", "0.mp4", 0, 0, "key", order, FOUND, 1, task, (file,))
    append(home, entry)
    return entry


def overwrite(file: Path, position: int, data: bytes) -> None:
    with file.open("rb+") as database:
        database.seek(position)
        database.write(data)


def overwrite_header(home: Home) -> None:
    overwrite(home.database, 0, b"\xff" * 100)


def overwrite_pages(home: Home) -> None:
    for page in range(2, home.database.stat().st_size // 4096):
        overwrite(home.database, page * 4096, os.urandom(4096))


def truncate(home: Home) -> None:
    os.truncate(home.database, home.database.stat().st_size // 2)


def empty(home: Home) -> None:
    os.truncate(home.database, 0)


def delete(home: Home) -> None:
    home.database.unlink()


DAMAGES = [overwrite_header, overwrite_pages, truncate, empty, delete]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_kept_aside_and_the_last_backup_restored(
    home: Home, tmp_path: Path, damage: Callable[[Home], None]
) -> None:
    fill(home, tmp_path)
    with Store.open(home) as store:
        back_up(store)
    damage(home)
    notices = prepare(home)
    assert "was restored" in notices[0]
    assert "1 exported clips are known again" in notices[0]
    with Store.open(home) as store:
        assert len(store.library.sources()) == 50
        assert len(store.jobs.in_state(JobState.QUEUED)) == 50
        done = store.jobs.in_state(JobState.DONE)
        assert [job.queue for job in done] == [Queue.EXPORT]
        assert len(store.library.exports_of_job(done[0].id)) == 1
        assert store.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    if damage not in (delete, empty):
        assert list(home.root.glob("clipforge.damaged-*.db"))
    assert prepare(home) == ()


def test_without_any_backup_the_exports_are_known_from_the_journal(
    home: Home, tmp_path: Path
) -> None:
    entry = fill(home, tmp_path)
    overwrite_header(home)
    notices = prepare(home)
    assert "no backup" in notices[0]
    with Store.open(home) as store:
        assert [source.path for source in store.library.sources()] == [entry.path]
        job = store.jobs.in_state(JobState.DONE)[0]
        clip = store.library.clip(job.clip_id or 0)
        assert clip.found == FOUND
        again = export_job(1, "0", job.order_id, clip.id, 1, FOUND.title, entry.task.options)
        assert store.jobs.add(again) == job.id  # asking for the same export finds it done


def test_a_damaged_backup_is_passed_over_for_an_older_good_one(home: Home, tmp_path: Path) -> None:
    fill(home, tmp_path)
    with Store.open(home) as store:
        good = back_up(store)
    assert good is not None
    (home.backups / "clipforge-29991231-000000.db").write_bytes(good.read_bytes()[:5000])
    overwrite_header(home)
    assert "was restored" in prepare(home)[0]


def test_a_removed_wal_leaves_a_whole_database(home: Home, tmp_path: Path) -> None:
    fill(home, tmp_path)
    with contextlib.closing(sqlite3.connect(home.database)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("UPDATE sources SET name = 'in the log only'")
        raw.commit()
        wal = home.database.with_name("clipforge.db-wal").read_bytes()
        image = home.database.read_bytes()
    assert wal
    home.database.write_bytes(image)  # as after a crash, with the log gone
    prepare(home)
    with Store.open(home) as store:
        assert len(store.library.sources()) == 50


def test_a_whole_database_is_left_alone_and_backed_up_once(home: Home, tmp_path: Path) -> None:
    fill(home, tmp_path)
    assert prepare(home) == ()
    first = backups(home)
    assert prepare(home) == ()
    assert backups(home) == first
    assert len(first) == 1


def test_only_the_newest_backups_are_kept_and_none_is_half_written(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(home) as store:
        for second in range(KEPT_BACKUPS + 3):
            stamp = f"20260101-00000{second}"
            monkeypatch.setattr(time, "strftime", lambda *_, stamp=stamp: stamp)
            back_up(store)
    names = [file.name for file in backups(home)]
    assert len(names) == KEPT_BACKUPS
    assert names[0] == f"clipforge-20260101-00000{KEPT_BACKUPS + 2}.db"
    assert list(home.backups.glob("*.part*")) == []


def test_torn_and_foreign_lines_of_the_journal_are_passed_over(home: Home, tmp_path: Path) -> None:
    entry = fill(home, tmp_path)
    with home.export_journal.open("ab") as journal:
        journal.write(b'\n{"path": "/torn\n\xff\xfe\n[]')
    append(home, entry)
    assert list(entries(home)) == [entry, entry]


def test_an_export_whose_file_is_gone_is_not_taken_up(home: Home, tmp_path: Path) -> None:
    fill(home, tmp_path)
    (tmp_path / "clip.mp4").unlink()
    overwrite_header(home)
    prepare(home)
    with Store.open(home) as store:
        assert store.jobs.in_state(JobState.DONE) == []


def test_the_reserve_is_real_space_given_back_once(home: Home) -> None:
    keep_reserve(home)
    assert home.reserve.stat().st_blocks * 512 >= RESERVE_BYTES
    assert release_reserve(home)
    assert not release_reserve(home)
