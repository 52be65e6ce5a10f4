"""Opens the database the one right way, and hands out the rooms of the store.

A connection belongs to one thread. Every write runs in BEGIN IMMEDIATE with a busy timeout,
because a deferred transaction that turns into a write fails with "database is locked" under
load. SQLite 3.7.0 to 3.51.2 can corrupt a WAL database that several connections use (fixed
in 3.51.3), so those versions get a TRUNCATE journal.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.paths import Home

if TYPE_CHECKING:
    from clipforge_desktop.store.jobs import Jobs
    from clipforge_desktop.store.library import Library
    from clipforge_desktop.store.results import Results

BUSY_TIMEOUT_S = 30.0
SCHEMA_VERSION = 5
FIRST_SAFE_WAL = (3, 51, 3)


def journal_mode(sqlite_version: tuple[int, int, int]) -> str:
    """ "wal" where it is safe, "truncate" on versions with the WAL-reset bug."""
    return "wal" if sqlite_version >= FIRST_SAFE_WAL else "truncate"


class Store:
    """One thread's connection to the database of one home."""

    def __init__(self, connection: sqlite3.Connection, home: Home) -> None:
        self.connection = connection
        self.home = home

    @classmethod
    def open(cls, home: Home, *, for_one_thread: bool = True, repair: bool = True) -> "Store":
        """Open, creating or migrating when needed.

        A damaged or lost database is restored first, unless `repair` is False; what was done is
        logged as a warning. With `for_one_thread` False the caller sees to it that threads use it
        one at a time. Raises ClipForgeError: `database_newer`, `database_damaged`,
        `database_unreadable`, `database_locked`.
        """
        home.create()
        if repair and _is_suspect(home):
            _repair(home)
        try:
            connection, version = _connect_and_ask(home, for_one_thread)
        except ClipForgeError as error:
            if not repair or error.failure.code == "database_locked":
                raise
            _repair(home)
            connection, version = _connect_and_ask(home, for_one_thread)
        if version > SCHEMA_VERSION:
            connection.close()
            raise ClipForgeError(
                "database_newer",
                "This library was last used by a newer ClipForge; this version cannot read it.",
                "Update ClipForge, or start it with another --home. Nothing was changed.",
            )
        try:
            if version < SCHEMA_VERSION:
                from clipforge_desktop.store.schema import migrate  # slow import, rarely needed

                migrate(connection)
        except sqlite3.DatabaseError as error:
            connection.close()
            raise damaged(home.database, error) from error
        return cls(connection, home)

    @cached_property
    def jobs(self) -> "Jobs":
        from clipforge_desktop.store.jobs import Jobs

        return Jobs(self)

    @cached_property
    def library(self) -> "Library":
        from clipforge_desktop.store.library import Library

        return Library(self)

    @cached_property
    def results(self) -> "Results":
        from clipforge_desktop.store.results import Results

        return Results(self)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; joins a transaction that is already open on this connection."""
        if self.connection.in_transaction:
            yield self.connection
            return
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self.connection.rollback()  # does nothing when SQLite has rolled back already
            raise
        try:
            self.connection.execute("COMMIT")
        except BaseException:
            self.connection.rollback()  # does nothing when SQLite has rolled back already
            raise

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several reads of one moment; nothing may be written, and be short.

        In WAL mode no writer notices; with a TRUNCATE journal a commit waits until it ends.
        """
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.rollback()

    def next_change(self) -> int:
        """A number greater than any given before; call it inside a transaction."""
        row = self.connection.execute(
            "UPDATE counter SET value = value + 1 RETURNING value"
        ).fetchone()
        return int(row[0])

    def last_change(self) -> int:
        return int(self.connection.execute("SELECT value FROM counter").fetchone()[0])

    def data_version(self) -> int:
        """Changes when another connection committed; costs some tens of microseconds."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.DatabaseError) and is_damage(error):
            self.home.suspicion.touch()  # whoever opens it next checks every page
            raise damaged(self.home.database, error) from error


class Room:
    """One part of the store: verbs over some tables, on one connection."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = store.connection


def _connect_and_ask(home: Home, for_one_thread: bool) -> tuple[sqlite3.Connection, int]:
    """A connection and the version of what it leads to."""
    try:
        connection = connect(home.database, for_one_thread)
        return connection, int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise damaged(home.database, error) from error


def _is_suspect(home: Home) -> bool:
    """Damage was met, or the database is gone although there was one."""
    if home.suspicion.exists():
        return True
    with contextlib.suppress(OSError):
        if home.database.stat().st_size > 0:
            return False
    return home.export_journal.exists() or any(home.backups.glob("*.db"))


def _repair(home: Home) -> None:
    from clipforge_desktop.store.backup import repair  # needed once in a lifetime, if ever

    repair(home)


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Some damage is reported as an operational error: a torn header, a short file."""
    words = ("malformed", "disk I/O", "not a database")
    return any(word in str(error) for word in words)


def connect(path: Path, for_one_thread: bool = True) -> sqlite3.Connection:
    """A connection with our settings; transactions are begun by hand."""
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=for_one_thread
    )
    connection.row_factory = sqlite3.Row
    try:
        connection.execute(f"PRAGMA journal_mode = {journal_mode(sqlite3.sqlite_version_info)}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def damaged(path: Path, error: sqlite3.DatabaseError) -> ClipForgeError:
    """The coded error for what SQLite said about the file."""
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return ClipForgeError(
            "database_locked",
            "Another program keeps ClipForge's database locked.",
            "Close backup or database tools that have it open, then try again.",
        )
    if isinstance(error, sqlite3.OperationalError) and not is_damage(error):
        return ClipForgeError(
            "database_unreadable",
            f"ClipForge cannot open its database in {path.parent}: {error}.",
            "Check that the folder can be written and the disk is not full.",
        )
    return ClipForgeError(
        "database_damaged",
        "ClipForge's database is damaged.",
        "Start ClipForge again: it restores the last backup by itself.",
    )
