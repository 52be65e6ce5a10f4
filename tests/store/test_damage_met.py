"""The real program meets a damaged database: it is restored at once, and that is told once."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.order import Order
from clipforge_desktop.domain.pipeline import first_job
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.backup import back_up
from clipforge_desktop.store.pulse import supervisor_lock_file
from tests import program

JOBS = 40


@pytest.fixture
def library(home: Home) -> Home:
    """Forty waiting jobs, and a backup of them."""
    with Store.open(home) as store:
        for n in range(JOBS):
            source = store.library.add_source(f"/videos/{n}.mp4", f"{n}.mp4", n, n)
            store.jobs.add(first_job(source, store.library.add_order(source, Order())))
        back_up(store)
    return home


def tear_the_header(home: Home) -> None:
    with home.database.open("rb+") as database:
        database.write(b"\xff" * 100)


def cut_in_half(home: Home) -> None:
    os.truncate(home.database, home.database.stat().st_size // 2)


def empty(home: Home) -> None:
    os.truncate(home.database, 0)


def delete(home: Home) -> None:
    home.database.unlink()


@pytest.mark.parametrize("damage", [tear_the_header, cut_in_half, empty, delete])
def test_the_next_command_restores_the_last_backup_and_says_so_once(
    library: Home, damage: Callable[[Home], None]
) -> None:
    damage(library)
    first = program.run(library, "jobs", "--json")
    again = program.run(library, "jobs", "--json")
    for done in (first, again):
        assert done.code == 0, done.errors
        assert len(done.events[0]["jobs"]) == JOBS
    assert first.errors.count("was restored") == 1
    assert again.errors == ""


def test_the_doctor_restores_a_damaged_database_too(library: Home) -> None:
    tear_the_header(library)
    done = program.run(library, "doctor", "--json")
    assert "was restored" in done.errors
    [check] = [check for check in done.events if check["check"] == "database"]
    assert (check["state"], check["message"].split(";")[0]) == ("ok", f"{JOBS} videos")


def test_damage_deep_inside_is_told_when_it_is_met_and_restored_by_the_next_command(
    library: Home,
) -> None:
    with Store.open(library) as store:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'jobs'"
        page = store.connection.execute(query).fetchone()[0]
    with library.database.open("rb+") as database:
        database.seek((page - 1) * 4096)
        database.write(b"\xff" * 4096)
    met = program.run(library, "jobs", "--json")
    assert met.code == 2
    assert [event["code"] for event in met.events] == ["database_damaged"]
    assert "Traceback" not in met.errors
    done = program.run(library, "jobs", "--json")
    assert done.code == 0
    assert "was restored" in done.errors
    assert len(done.events[0]["jobs"]) == JOBS


def test_while_a_supervisor_works_nobody_replaces_the_database_under_it(library: Home) -> None:
    tear_the_header(library)
    with FileLock(supervisor_lock_file(library)), pytest.raises(ClipForgeError) as caught:
        Store.open(library)
    assert caught.value.failure.code == "database_damaged"
    assert "Close every ClipForge" in caught.value.failure.next_step


def test_a_library_that_never_was_opens_empty_without_a_word(home: Home) -> None:
    done = program.run(home, "jobs", "--json")
    assert (done.code, done.events[0]["jobs"], done.errors) == (0, [], "")


def test_a_suspicion_that_proves_wrong_changes_nothing(library: Home, tmp_path: Path) -> None:
    library.suspicion.touch()
    before = library.database.read_bytes()
    with Store.open(library) as store:
        assert len(store.jobs.all()) == JOBS
    assert library.database.read_bytes() == before
    assert not library.suspicion.exists()
