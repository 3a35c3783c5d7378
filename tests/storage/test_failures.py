"""A database that fails says so in one way, and never repeats what was to be written."""

import logging
import resource
import signal
import traceback
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import DropTable

from bot.domain.lifecycle import CardMoved, SendingBegan
from bot.domain.ports import Added, AlreadyThere, JobStore, StoreUnavailable
from bot.storage import SqlJobStore, open_store
from bot.storage.engine import create_engine, for_writes
from bot.storage.errors import translated
from bot.storage.tables.jobs import metadata
from tests.domain.samples import HERE, LATER, a_job
from tests.patience import RUNS_OUT_S
from tests.storage.behind import done, seen

SECRET = a_job(1, prompt="canary-prompt")
OTHER_SECRET = a_job(2, prompt="canary-prompt")
TAKEN_ID = {"id": SECRET.id}

Call = Callable[[JobStore], Awaitable[object]]
WRITES: dict[str, Call] = {
    "add": lambda store: store.add(OTHER_SECRET),
    "move": lambda store: store.move(SECRET, SendingBegan(), LATER),
    "move with a place": lambda store: store.move(SECRET, CardMoved(HERE), LATER),
}
READS: dict[str, Call] = {
    "get": lambda store: store.get(SECRET.id),
    "unfinished": lambda store: store.unfinished(),
    "unfinished_ids": lambda store: store.unfinished_ids(),
    "rendered": lambda store: store.rendered_for(77),
}


async def refuses(store: JobStore, calls: dict[str, Call]) -> list[str]:
    """What each of the calls is refused with; all that could end in a log is clean of secrets."""
    texts: list[str] = []
    for call in calls.values():
        with pytest.raises(StoreUnavailable) as refusal:
            await call(store)
        everything = "".join(traceback.format_exception(refusal.value))
        assert "canary" not in everything
        texts.append(str(refusal.value))
    return texts


async def with_a_job_in_it(database_url: str) -> None:
    async with open_store(database_url) as store:
        assert await store.add(SECRET) == Added()


async def read_only_store(database_url: str) -> SqlJobStore:
    """A store whose database takes no writes any more."""
    name = make_url(database_url).database
    engine = create_engine(database_url)
    if engine.dialect.name == "postgresql":
        await done(
            database_url, text(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        )
    else:

        def forbid(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
            cursor = connection.cursor()
            cursor.execute("PRAGMA query_only = ON")
            cursor.close()

        event.listen(for_writes(engine).sync_engine, "connect", forbid)
    return SqlJobStore(engine=engine)


@contextmanager
def no_file_may_grow_beyond(size_bytes: int) -> Generator[None]:
    """A disk that is full for this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    assert signal.getsignal(signal.SIGXFSZ) is signal.SIG_IGN
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_database_that_takes_no_writes_refuses_them_and_can_still_be_read(
    database_url: str,
) -> None:
    await with_a_job_in_it(database_url)
    store = await read_only_store(database_url)

    for said in await refuses(store, WRITES):
        assert "the database failed: " in said
    assert await store.get(SECRET.id) == SECRET
    assert await store.unfinished() == [SECRET]
    await store.close()


async def test_a_full_disk_refuses_a_write_and_takes_the_next_when_there_is_room(
    sqlite_url: str,
) -> None:
    async with open_store(sqlite_url) as store:
        assert await store.add(SECRET) == Added()
        with no_file_may_grow_beyond(4096):
            for said in await refuses(store, WRITES):
                assert "OperationalError: " in said
            assert await store.get(SECRET.id) == SECRET
        assert await store.unfinished() == [SECRET]
        assert await store.add(OTHER_SECRET) == Added()
        assert await store.move(SECRET, SendingBegan(), LATER) is not None


async def test_a_database_without_its_tables_refuses_everything(database_url: str) -> None:
    async with open_store(database_url) as store:
        await done(database_url, *map(DropTable, reversed(metadata.sorted_tables)))
        assert len(await refuses(store, WRITES | READS)) == 7


async def test_a_server_that_is_gone_refuses_everything_without_its_password(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    nowhere = tmp_path_factory.mktemp("nowhere")
    url = f"postgresql://bot:canary-password@/bot?host={nowhere}"
    store = SqlJobStore(engine=create_engine(url))

    for said in await refuses(store, WRITES | READS):
        assert said.startswith("the database failed: OperationalError: connection ")
        assert "\n" not in said
    await store.close()


async def test_connections_that_the_server_dropped_are_replaced_unseen(postgres_url: str) -> None:
    async with open_store(postgres_url) as store:
        assert await store.add(SECRET) == Added()
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        terminated = await seen(
            postgres_url, text(f"SELECT pg_terminate_backend(pid) {others} pg_backend_pid()")
        )
        assert len(terminated) >= 1
        assert await store.get(SECRET.id) == SECRET


async def test_a_statement_that_takes_too_long_is_given_up(postgres_url: str) -> None:
    async def sleep_past_the_limit(engine: AsyncEngine) -> None:
        with translated():
            async with engine.connect() as connection:
                await connection.execute(text("SET statement_timeout = '20ms'"))
                await connection.execute(text("SELECT pg_sleep(5)"))

    engine = create_engine(postgres_url)
    with pytest.raises(StoreUnavailable, match="QueryCanceled"):
        await sleep_past_the_limit(engine)
    await engine.dispose()


async def test_a_pool_that_stays_empty_is_said_to_be_so(sqlite_url: str) -> None:
    async def two_connections_at_once(engine: AsyncEngine) -> None:
        with translated():
            async with engine.connect(), engine.connect():
                pytest.fail("there were two")

    engine = create_async_engine(
        make_url(sqlite_url).set(drivername="sqlite+aiosqlite"),
        pool_size=1,
        max_overflow=0,
        pool_timeout=RUNS_OUT_S,
    )
    with pytest.raises(StoreUnavailable, match="no connection was free"):
        await two_connections_at_once(engine)
    await engine.dispose()


async def test_a_row_that_postgresql_would_quote_is_not_quoted(
    postgres_url: str,
) -> None:
    async with open_store(postgres_url) as store:
        assert await store.add(SECRET) == Added()
        await done(postgres_url, text("ALTER TABLE jobs ADD CONSTRAINT never CHECK (version = 0)"))
        [said] = await refuses(
            store, {"move": lambda store: store.move(SECRET, SendingBegan(), LATER)}
        )
    assert said == "the database refused the row"


async def test_a_mistake_of_the_program_is_not_taken_for_a_failure_of_the_database(
    store: SqlJobStore,
) -> None:
    naive = SECRET.model_copy(update={"created_at": LATER.replace(tzinfo=None)})
    with pytest.raises(StatementError) as mistake:
        await store.add(naive)
    assert "canary" not in "".join(traceback.format_exception(mistake.value))


async def test_no_log_at_any_level_holds_a_prompt_or_a_token(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await with_a_job_in_it(database_url)
        async with open_store(database_url) as store:
            assert await store.move(SECRET, SendingBegan(), LATER) is not None
            assert isinstance(await store.add(SECRET), AlreadyThere)
            await refuses(
                store,
                {"taken": lambda store: store.add(OTHER_SECRET.model_copy(update=TAKEN_ID))},
            )
            await store.unfinished()
        store = await read_only_store(database_url)
        await refuses(store, WRITES)
        await store.close()
        logging.getLogger(__name__).debug("the log was listening")

    assert "the log was listening" in caplog.text
    assert "canary" not in caplog.text
