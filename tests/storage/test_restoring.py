"""Going back to a backup buys nothing a second time, and loses nothing that was there."""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.job import State
from bot.domain.ports import Added
from bot.storage import default_database_url, open_store
from bot.storage.maintenance.backup import BackedUp, back_up
from bot.storage.maintenance.restore import NotRestored, Restored, disarm, restore
from tests.domain.samples import LATER, a_job
from tests.storage.behind import history

SENT_NEXT = {State.ASKED, State.IN_REVIEW, State.WAITING}
SOMEBODY = os.geteuid() or 64_123
"""Root may give files away; for everybody else they can only be their own."""
ASIDE = "bot.sqlite3.before-20310504T120300"


async def backed_up(database_url: str, into: Path) -> Path:
    """A backup of a database with a job in each state."""
    async with open_store(database_url) as store:
        for number, state in enumerate(State):
            assert await store.add(a_job(number, state=state)) == Added()
    assert isinstance(await back_up(database_url, into), BackedUp)
    return into


async def states(database_url: str) -> list[State]:
    async with open_store(database_url) as store:
        jobs = [await store.get(f"job-{number}") for number in range(len(State))]
    return [job.state for job in jobs if job is not None]


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


AFTERWARDS = [State.UNSURE if state in SENT_NEXT else state for state in State]


async def test_what_a_bot_would_send_next_is_unsure_and_all_else_is_as_it_was(
    sqlite_url: str, tmp_path: Path
) -> None:
    copy = await backed_up(sqlite_url, tmp_path / "copy")
    assert await restore(sqlite_url, copy, LATER) == Restored(3, tmp_path / ASIDE)

    assert await states(sqlite_url) == AFTERWARDS
    waiting = list(State).index(State.WAITING)
    assert await history(sqlite_url, f"job-{waiting}") == [
        (0, "Added", "waiting"),
        (1, "BackupRestored", "unsure"),
    ]


async def test_a_database_restored_by_other_means_is_made_safe_where_it_is(
    database_url: str,
) -> None:
    async with open_store(database_url) as store:
        for number, state in enumerate(State):
            await store.add(a_job(number, state=state))

    assert await disarm(database_url, LATER) == Restored(3)
    assert await states(database_url) == AFTERWARDS
    assert await disarm(database_url, LATER) == Restored(0)


async def test_what_was_there_is_kept_whole_beside_it(sqlite_url: str, tmp_path: Path) -> None:
    copy = await backed_up(sqlite_url, tmp_path / "copy")
    async with open_store(sqlite_url) as store:
        await store.add(a_job(99))
        # As a killed bot leaves it: the newest job is in the side file alone.
        assert (tmp_path / "bot.sqlite3-wal").stat().st_size
        before = {name: (tmp_path / name).read_bytes() for name in names_in(tmp_path)}
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)

    await restore(sqlite_url, copy, LATER)

    async with open_store(f"sqlite:///{tmp_path / ASIDE}") as former:
        assert await former.get("job-99") == a_job(99)
    async with open_store(sqlite_url) as present:
        assert await present.get("job-99") is None


async def test_somebody_who_looks_into_the_former_database_is_not_in_the_way(
    sqlite_url: str, tmp_path: Path
) -> None:
    copy = await backed_up(sqlite_url, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "bot.sqlite3")) as onlooker:
        onlooker.execute("BEGIN")
        onlooker.execute("SELECT count(*) FROM jobs").fetchone()
        async with open_store(sqlite_url) as store:
            await store.add(a_job(99))
        await restore(sqlite_url, copy, LATER)

    assert await states(sqlite_url) == AFTERWARDS
    async with open_store(sqlite_url) as present:
        assert await present.get("job-99") is None
    async with open_store(f"sqlite:///{tmp_path / ASIDE}") as former:
        assert await former.get("job-99") == a_job(99)


async def test_a_damaged_database_is_replaced_and_kept_with_its_side_files(
    sqlite_url: str, tmp_path: Path
) -> None:
    copy = await backed_up(sqlite_url, tmp_path / "copy")
    (tmp_path / "bot.sqlite3").write_bytes(b"torn by a failing disk")
    (tmp_path / "bot.sqlite3-wal").write_bytes(b"so is this")

    await restore(sqlite_url, copy, LATER)

    assert names_in(tmp_path) == {"copy", "bot.sqlite3", ASIDE, f"{ASIDE}-wal"}
    assert (tmp_path / ASIDE).read_bytes() == b"torn by a failing disk"
    assert (tmp_path / f"{ASIDE}-wal").read_bytes() == b"so is this"
    assert await states(sqlite_url) == AFTERWARDS


async def test_it_leaves_one_file_that_is_its_owners_alone(
    new_sqlite_url: str, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    copy = await backed_up(default_database_url(elsewhere), tmp_path / "copy")
    copy.chmod(0o644)
    before = copy.read_bytes()

    assert await restore(new_sqlite_url, copy, LATER) == Restored(3)

    assert names_in(tmp_path) == {"elsewhere", "copy", "bot.sqlite3"}
    assert stat.S_IMODE((tmp_path / "bot.sqlite3").stat().st_mode) == 0o600
    assert copy.read_bytes() == before


async def test_it_is_readable_by_whoever_might_read_the_former_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    copy = await backed_up(sqlite_url, tmp_path / "copy")
    (tmp_path / "bot.sqlite3").chmod(0o640)

    assert await restore(sqlite_url, copy, LATER) == Restored(3, tmp_path / ASIDE)

    modes = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names_in(tmp_path)}
    assert modes == {"copy": 0o600, "bot.sqlite3": 0o640, ASIDE: 0o640}


@pytest.mark.parametrize("there_is_one", [True, False])
async def test_what_root_restores_is_its_users(tmp_path: Path, *, there_is_one: bool) -> None:
    home = tmp_path / "home"
    url = default_database_url(home)
    copy = await backed_up(url, tmp_path / "copy")
    if not there_is_one:
        (home / "bot.sqlite3").unlink()
    for path in (home, *home.iterdir()):
        os.chown(path, SOMEBODY, SOMEBODY)

    assert isinstance(await restore(url, copy, LATER), Restored)

    assert {path.name for path in home.iterdir()} == {"bot.sqlite3", *[ASIDE] * there_is_one}
    assert {path.stat().st_uid for path in home.iterdir()} == {SOMEBODY}
    assert {path.stat().st_gid for path in home.iterdir()} == {SOMEBODY}
    assert stat.S_IMODE((home / "bot.sqlite3").stat().st_mode) == 0o600


async def test_a_restore_that_was_cut_off_is_done_anew(sqlite_url: str, tmp_path: Path) -> None:
    copy = await backed_up(sqlite_url, tmp_path / "copy")
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"bot.sqlite3.restoring{ending}").write_bytes(b"half of something")

    assert await restore(sqlite_url, copy, LATER) == Restored(3, tmp_path / ASIDE)
    assert not any("restoring" in name for name in names_in(tmp_path))
    assert await states(sqlite_url) == AFTERWARDS


def nothing(copy: Path) -> None:
    copy.write_bytes(b"")


def rubbish(copy: Path) -> None:
    copy.write_bytes(b"not a database, however long it may be" * 100)


def somebody_elses(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")


def of_a_newer_version(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def torn(copy: Path) -> None:
    content = bytearray(copy.read_bytes())
    content[4096 : len(content) : 512] = b"\xff" * len(content[4096 : len(content) : 512])
    copy.write_bytes(content)


def worn(copy: Path) -> None:
    """It opens and can be copied, and only a check finds the page that is empty."""
    content = bytearray(copy.read_bytes())
    content[40_960:45_056] = bytes(4_096)
    copy.write_bytes(content)


SPOILT = [nothing, rubbish, somebody_elses, of_a_newer_version, torn, worn]


@pytest.mark.parametrize("spoil", SPOILT)
async def test_what_is_no_backup_changes_nothing(
    sqlite_url: str, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    copy = await backed_up(sqlite_url, tmp_path / "copy")
    if spoil is somebody_elses:
        copy.unlink()
    spoil(copy)
    before = {name: (tmp_path / name).read_bytes() for name in names_in(tmp_path)}

    assert isinstance(await restore(sqlite_url, copy, LATER), NotRestored)

    assert {name: (tmp_path / name).read_bytes() for name in names_in(tmp_path)} == before
    assert await states(sqlite_url) == list(State)


async def test_a_file_that_is_not_there_is_told(new_sqlite_url: str, tmp_path: Path) -> None:
    outcome = await restore(new_sqlite_url, tmp_path / "gone", LATER)
    assert outcome == NotRestored(f"There is no file {tmp_path / 'gone'}.")
    assert names_in(tmp_path) == set()


async def test_postgresql_is_left_to_its_own_tool(postgres_url: str, tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(b"a dump")
    outcome = await restore(postgres_url, tmp_path / "dump", LATER)
    assert isinstance(outcome, NotRestored)
    assert "pg_restore" in outcome.why


async def test_an_empty_database_needs_no_making_safe(new_database_url: str) -> None:
    assert isinstance(await disarm(new_database_url, LATER), NotRestored)
