"""Opening a store: which URLs it takes, what it makes on disk, and what it says when it cannot."""

import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from bot.domain.ports import Added, StoreUnavailable
from bot.storage import DatabaseUnusable, default_database_url, open_store
from tests.domain.samples import a_job


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def set_permissions(path: Path, mode: int) -> None:
    path.chmod(mode)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def refusal_of(database_url: str) -> str:
    """The one sentence with which this URL is refused."""
    with pytest.raises(DatabaseUnusable) as refusal:
        async with open_store(database_url):
            pytest.fail("it opened")
    return str(refusal.value)


async def test_the_file_and_its_folder_are_made_for_the_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    async with open_store(default_database_url(folder)) as store:
        assert await store.add(a_job()) == Added()
        files = {path.name: permissions(path) for path in folder.iterdir()}

    assert permissions(folder) == 0o700
    assert files == {"bot.sqlite3": 0o600, "bot.sqlite3-wal": 0o600, "bot.sqlite3-shm": 0o600}


async def test_a_folder_and_a_file_that_are_there_keep_their_permissions(tmp_path: Path) -> None:
    for path, mode in ((tmp_path / "bot.sqlite3", 0o640), (tmp_path, 0o750)):
        path.touch()
        set_permissions(path, mode)
    async with open_store(default_database_url(tmp_path)):
        pass
    assert (permissions(tmp_path), permissions(tmp_path / "bot.sqlite3")) == (0o750, 0o640)


async def test_nothing_but_the_database_is_left_after_closing(tmp_path: Path) -> None:
    async with open_store(default_database_url(tmp_path)) as store:
        assert await store.add(a_job()) == Added()
    assert names_in(tmp_path) == ["bot.sqlite3"]


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1
    ).filter(lambda name: name not in {".", ".."})
)
def test_the_default_url_names_the_file_in_a_folder_of_any_name(name: str) -> None:
    folder = Path("/data") / name
    url = make_url(default_database_url(folder))

    assert url.get_backend_name() == "sqlite"
    assert url.database == str(folder / "bot.sqlite3")
    assert not url.query


async def test_a_relative_file_lies_below_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_store("sqlite:///here/jobs.db") as store:
        assert await store.unfinished() == []
    assert (tmp_path / "here" / "jobs.db").is_file()


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"])
async def test_every_way_to_write_sqlite_is_taken(scheme: str, sqlite_url: str) -> None:
    async with open_store(sqlite_url.replace("sqlite", scheme, 1)) as store:
        assert await store.unfinished() == []


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg"]
)
async def test_every_way_to_write_postgresql_is_taken(scheme: str, postgres_url: str) -> None:
    async with open_store(postgres_url.replace("postgresql", scheme, 1)) as store:
        assert await store.unfinished() == []


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"],
)
async def test_a_database_that_would_forget_paid_jobs_is_refused(url: str) -> None:
    assert "needs a plain file" in await refusal_of(url)


async def test_a_database_that_is_not_served_is_refused_by_its_name() -> None:
    assert (
        await refusal_of("mysql://bot:canary-password@db/bot")
        == "can't use mysql: use sqlite:// or postgresql://"
    )


@pytest.mark.parametrize("url", ["", "canary-password", "postgresql://u:canary-password@h:port/d"])
async def test_an_unreadable_url_is_refused_and_not_repeated(url: str) -> None:
    sentence = await refusal_of(url)
    assert "can't be read" in sentence
    assert "canary-password" not in sentence


async def test_postgresql_without_its_driver_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert await refusal_of("postgresql://bot:canary-password@db/bot") == (
        "PostgreSQL needs its driver: in a checkout, `make .venv/.postgres-ready` installs "
        "it; with the wheel, its extra [postgres] does"
    )


async def test_sqlite_asks_for_no_driver_of_postgresql(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    async with open_store(sqlite_url) as store:
        assert await store.unfinished() == []


async def test_a_folder_that_cannot_be_made_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match=r"bot\.sqlite3 can't be opened: (Not a|File)"):
        async with open_store(default_database_url(tmp_path / "file")):
            pytest.fail("it opened")


async def test_a_file_that_is_no_database_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "bot.sqlite3").write_text("canary-text " * 100)
    with pytest.raises(StoreUnavailable, match="the database failed: DatabaseError") as refusal:
        async with open_store(default_database_url(tmp_path)):
            pytest.fail("it opened")
    assert "canary-text" not in str(refusal.value)


async def test_a_server_that_is_not_there_is_said_to_be_so_without_the_password(
    tmp_path: Path,
) -> None:
    url = f"postgresql://bot:canary-password@/bot?host={tmp_path}"
    with pytest.raises(StoreUnavailable, match="the database failed: OperationalError") as refusal:
        async with open_store(url):
            pytest.fail("it opened")
    assert "canary-password" not in str(refusal.value)
