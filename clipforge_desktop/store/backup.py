"""Backups of the database, and the way back from a damaged one.

`prepare` checks every page, keeps a damaged file aside, restores the newest good backup (or
starts afresh), and makes the exports that the journal lists known again. The supervisor calls
it at its start, and `repair` for whoever meets damage when there is no supervisor.
"""

import contextlib
import logging
import shutil
import sqlite3
import time
from pathlib import Path

from filelock import FileLock, Timeout

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.job import Queue
from clipforge_desktop.paths import Home
from clipforge_desktop.store.connection import Store, connect, damaged, is_damage
from clipforge_desktop.store.pulse import lock_file, supervisor_lock_file
from clipforge_desktop.store.relearning import relearn_exports
from clipforge_desktop.store.reserve import keep_reserve

logger = logging.getLogger(__name__)

KEPT_BACKUPS = 5
BACKUP_EVERY_S = 24 * 3600.0
YOUNGEST_AT_START_S = 3600.0
WORKERS_GONE_S = 6.0
OTHER_REPAIR_S = 5.0
_COMPANIONS = ("-wal", "-shm", "-journal")


def prepare(home: Home) -> tuple[str, ...]:
    """Make sure that the database is whole; returns notices in plain words.

    Call it with the supervisor's lock held. Raises ClipForgeError when the database belongs
    to a newer version or cannot be read for a reason that is no damage.
    """
    home.create()
    keep_reserve(home)
    if not home.database.exists() or home.database.stat().st_size == 0:
        notices = _start_afresh(home)
    elif is_whole(home.database):
        notices = ()
    else:
        notices = _restore(home)
    home.suspicion.unlink(missing_ok=True)
    with Store.open(home, repair=False) as store:
        _back_up_unless_younger(store, YOUNGEST_AT_START_S)
    return notices


def repair(home: Home) -> None:
    """`prepare` for a program that met damage; says what was done as a warning.

    Raises ClipForgeError `database_damaged` while a supervisor works with the database.
    """
    lock = FileLock(supervisor_lock_file(home), thread_local=False)
    try:
        lock.acquire(timeout=OTHER_REPAIR_S, poll_interval=0.05)
    except Timeout:
        if not home.suspicion.exists() and is_whole(home.database):
            return  # the supervisor has restored it meanwhile
        raise ClipForgeError(
            "database_damaged",
            "ClipForge's database is damaged, and another ClipForge has it open.",
            "Close every ClipForge, then start one: it restores the last backup by itself.",
        ) from None
    with lock:
        for notice in prepare(home):
            logger.warning("%s", notice)


def back_up_when_due(store: Store) -> None:
    """A backup a day; called every now and then."""
    _back_up_unless_younger(store, BACKUP_EVERY_S)


def back_up(store: Store) -> Path | None:
    """Copy the database while it is in use; the newest few copies are kept. None: no room."""
    folder = store.home.backups
    target = folder / f"clipforge-{time.strftime('%Y%m%d-%H%M%S')}.db"
    part = folder / f"{target.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(part)) as copy:
            store.connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, whatever the original has
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        logger.warning("no backup was made: %s", error)
        with contextlib.suppress(OSError):
            part.unlink()
        return None
    for old in backups(store.home)[KEPT_BACKUPS:]:
        with contextlib.suppress(OSError):
            old.unlink()
    return target


def backups(home: Home) -> list[Path]:
    """Newest first."""
    return sorted(home.backups.glob("clipforge-*.db"), reverse=True)


def is_whole(database: Path) -> bool:
    """False when SQLite finds damage. Raises ClipForgeError when it cannot be asked."""
    try:
        with contextlib.closing(connect(database)) as connection:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            version = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        if is_damage(error):
            return False
        raise damaged(database, error) from error
    except sqlite3.DatabaseError:
        return False
    return bool(answer[0] == "ok" and (tables[0] > 0 or version[0] == 0))


def _back_up_unless_younger(store: Store, age_s: float) -> None:
    """Age by the wall clock; a copy "from the future" (a moved clock) counts as old."""
    newest = next(iter(backups(store.home)), None)
    if newest is not None:
        with contextlib.suppress(OSError):
            if 0 <= time.time() - newest.stat().st_mtime < age_s:
                return
    back_up(store)


def _start_afresh(home: Home) -> tuple[str, ...]:
    """No database: the first start, or somebody deleted it."""
    copies = backups(home)
    if not copies and not home.export_journal.exists():
        return ()
    return _bring_back(home, "ClipForge's database was missing.")


def _restore(home: Home) -> tuple[str, ...]:
    _wait_for_workers(home)
    aside = home.root / f"clipforge.damaged-{time.strftime('%Y%m%d-%H%M%S')}.db"
    for suffix in ("", *_COMPANIONS):
        file = home.database.with_name(home.database.name + suffix)
        with contextlib.suppress(FileNotFoundError):
            file.replace(aside.with_name(aside.name + suffix))
    return _bring_back(home, f"ClipForge's database was damaged and is kept as {aside.name}.")


def _bring_back(home: Home, what_happened: str) -> tuple[str, ...]:
    """The newest good backup, or an empty library; with the exports that the journal lists."""
    notices = [what_happened]
    copy = next((copy for copy in backups(home) if _is_good(copy)), None)
    if copy is None:
        notices.append("There was no backup, so the library starts empty.")
    else:
        part = home.database.with_name("clipforge.restoring")
        shutil.copyfile(copy, part)
        part.replace(home.database)
        day = time.strftime("%Y-%m-%d %H:%M", time.localtime(copy.stat().st_mtime))
        notices.append(f"The backup of {day} was restored.")
    with Store.open(home, repair=False) as store:
        count = relearn_exports(store)
    if count:
        notices.append(f"{count} exported clips are known again.")
    return (" ".join(notices),)


def _is_good(copy: Path) -> bool:
    try:
        return is_whole(copy)
    except (ClipForgeError, OSError):
        return False


def _wait_for_workers(home: Home) -> None:
    """Workers of a dead supervisor are leaving; nobody may hold the file that is replaced."""
    deadline_s = time.monotonic() + WORKERS_GONE_S
    for queue in Queue:
        lock = FileLock(lock_file(home, queue))
        with contextlib.suppress(Timeout):
            lock.acquire(timeout=max(deadline_s - time.monotonic(), 0.0), poll_interval=0.05)
            lock.release()
