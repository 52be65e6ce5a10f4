"""Opening the database: versions, locks, journals, migrations."""

import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.job import JobState, NewJob, Queue
from clipforge_desktop.domain.order import ExportedFile, Order, encode
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store, connection
from clipforge_desktop.store.connection import SCHEMA_VERSION, journal_mode

VERSION_1 = Path(__file__).with_name("version_1.sql")


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 7, 0), "truncate"),
        ((3, 40, 1), "truncate"),
        ((3, 51, 2), "truncate"),
        ((3, 51, 3), "wal"),
        ((3, 53, 0), "wal"),
    ],
)
def test_a_sqlite_with_the_wal_reset_bug_gets_a_truncate_journal(
    version: tuple[int, int, int], mode: str
) -> None:
    assert journal_mode(version) == mode


def test_the_journal_in_use_is_the_one_for_this_sqlite(home: Home) -> None:
    with Store.open(home) as store:
        used = store.connection.execute("PRAGMA journal_mode").fetchone()[0]
        assert used == journal_mode(sqlite3.sqlite_version_info)
        assert store.connection.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_database_that_was_in_wal_mode_is_taken_over(home: Home) -> None:
    with contextlib.closing(sqlite3.connect(home.database)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.executescript(VERSION_1.read_text())
    with Store.open(home) as store:
        used = store.connection.execute("PRAGMA journal_mode").fetchone()[0]
        assert used == journal_mode(sqlite3.sqlite_version_info)


def test_a_database_of_a_newer_version_is_refused_and_untouched(home: Home) -> None:
    with Store.open(home) as store:
        store.connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = home.database.read_bytes()
    with pytest.raises(ClipForgeError, match="newer ClipForge") as caught:
        Store.open(home)
    assert caught.value.failure.code == "database_newer"
    assert home.database.read_bytes() == before


def test_a_version_1_database_with_queued_jobs_opens_with_all_of_them(home: Home) -> None:
    with contextlib.closing(sqlite3.connect(home.database)) as raw:
        raw.executescript(VERSION_1.read_text())
    with Store.open(home) as store:
        version = store.connection.execute("PRAGMA user_version").fetchone()[0]
        assert version == SCHEMA_VERSION
        assert [job.state for job in store.jobs.all()] == [JobState.QUEUED, JobState.RETRY_WAIT]
        assert store.library.sources()[0].name == "talk.mp4"
        tables = _columns(store.connection)
    fresh = Home(home.root / "fresh").create()
    with Store.open(fresh) as store:
        assert _columns(store.connection) == tables


def test_exports_of_a_version_1_database_are_known(home: Home) -> None:
    file = ExportedFile("9:16", "/v.mp4", None, "/v.json", 1, 2.0, None)
    with contextlib.closing(sqlite3.connect(home.database)) as raw:
        raw.executescript(VERSION_1.read_text())
        raw.execute("INSERT INTO clips VALUES (1, 1, 1, 1, 'k', 0.0, '{}', 1, '', 3)")
        row = (2, 1, 1, "9:16", encode(file), 1.5, 7)
        raw.execute("INSERT INTO exports VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        raw.commit()
    with Store.open(home) as store:
        [export] = store.library.exports_of_clip(1)
    assert (export.id, export.job_id, export.file, export.changed) == (2, 1, file, 7)


def test_several_programs_may_open_a_new_database_at_once(home: Home) -> None:
    barrier = threading.Barrier(6)
    errors: list[BaseException] = []

    def open_it() -> None:
        barrier.wait()
        try:
            Store.open(home).close()
        except (ClipForgeError, sqlite3.Error) as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_locked_database_is_waited_for_and_nothing_is_lost(home: Home) -> None:
    with Store.open(home) as store:
        source = store.library.add_source("/videos/a.mp4", "a.mp4", 1, 2)
        order = store.library.add_order(source, Order())
    locker = sqlite3.connect(home.database, isolation_level=None, check_same_thread=False)
    locker.execute("BEGIN EXCLUSIVE")
    added = threading.Event()

    def add() -> None:
        with Store.open(home) as other:
            other.jobs.add(NewJob(Queue.IMPORT, source, order, "key", "{}"))
        added.set()

    thread = threading.Thread(target=add)
    thread.start()
    assert not added.wait(1.0)
    locker.execute("COMMIT")
    locker.close()
    thread.join()
    with Store.open(home) as store:
        assert [job.state for job in store.jobs.all()] == [JobState.QUEUED]


def test_a_database_that_stays_locked_says_so(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    Store.open(home).close()
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_S", 0.05)
    with contextlib.closing(sqlite3.connect(home.database, isolation_level=None)) as locker:
        locker.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ClipForgeError, match="locked") as caught:
            Store.open(home)
    assert caught.value.failure.code == "database_locked"


def _columns(database: sqlite3.Connection) -> dict[str, list[str]]:
    names = [
        str(row[0])
        for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not str(row[0]).startswith(("sqlite_", "_sqlite", "sentences_"))
    ]
    return {
        name: sorted(str(row[1]) for row in database.execute(f"PRAGMA table_info({name})"))
        for name in sorted(names)
    }
