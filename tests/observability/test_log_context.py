"""Every line of a job's work says which job, request and server it is about."""

import asyncio
import io
import json
import logging
from collections.abc import Callable, Generator

import pytest

from bot.domain.job import Job, JobId
from bot.domain.lifecycle import Accepted, SendingBegan
from bot.domain.ports import StoreUnavailable
from bot.observability import log_context
from bot.observability.log_context import ABOUT, LogContext
from bot.observability.logs import configure_logging
from bot.storage import SqlJobStore, open_store
from tests.domain.samples import HERE, LATER, a_job

logger = logging.getLogger("bot.runner.watch")

SERVER = str(HERE.guild_id)
Ids = dict[str, str]
Said = Callable[[], dict[str, Ids]]


@pytest.fixture
def said() -> Generator[Said]:
    """What each line of the log was about, by its message."""
    root, own, stream = logging.getLogger(), logging.getLogger("bot"), io.StringIO()
    before = (list(root.handlers), root.level, own.level)
    configure_logging(level="INFO", secrets=(), stream=stream, log_format="json")
    token = ABOUT.set(log_context.Ids())

    def by_message() -> dict[str, Ids]:
        records = [json.loads(line) for line in stream.getvalue().splitlines()]
        ids = ("job", "request", "server")
        return {
            record["message"]: {name: record[name] for name in ids if name in record}
            for record in records
        }

    yield by_message
    ABOUT.reset(token)
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    own.setLevel(before[2])


async def watched(job_id: JobId, store: SqlJobStore, row: Job | None = None) -> None:
    """A watch of a waiting job; the answer to the POST is written by a task of its own."""
    LogContext().watch_began(job_id)
    if row is not None:
        LogContext().job_seen(row)
    logger.info("begun")
    job = await store.get(job_id)
    assert job is not None
    sending = await store.move(job, SendingBegan(), LATER)
    assert sending is not None
    logger.info("sending")

    async def written() -> None:
        await store.move(sending, Accepted("r-1"), LATER)

    await asyncio.create_task(written())
    logger.info("accepted")
    logger.info("at the gate")


async def test_a_watch_says_what_is_known_from_its_first_line_to_its_gate(
    said: Said, sqlite_url: str
) -> None:
    async with open_store(sqlite_url, observer=LogContext()) as store:
        await asyncio.create_task(added(a_job(), store))
        await asyncio.create_task(watched("job-1", store))
        logger.info("elsewhere")

    whole = {"job": "job-1", "request": "r-1", "server": SERVER}
    assert said() == {
        "asked": {"job": "job-1", "server": SERVER},
        "begun": {"job": "job-1"},
        "sending": {"job": "job-1", "server": SERVER},
        "accepted": whole,
        "at the gate": whole,
        "elsewhere": {},
    }


async def test_a_watch_whose_row_was_read_with_many_others_says_all_at_once(
    said: Said, sqlite_url: str
) -> None:
    async with open_store(sqlite_url) as store:
        await store.add(a_job())
        await asyncio.create_task(watched("job-1", store, a_job()))

    assert said()["begun"] == {"job": "job-1", "server": SERVER}


async def test_a_row_that_cannot_be_reached_is_named_all_the_same(
    said: Said, sqlite_url: str
) -> None:
    async def asked() -> None:
        with pytest.raises(StoreUnavailable):
            await store.add(a_job(1))
        logger.info("not written")

    async def cancelled() -> None:
        with pytest.raises(StoreUnavailable):
            await store.get("job-2")
        logger.info("not read")

    async with open_store(sqlite_url, observer=LogContext()) as store:
        pass
    await asyncio.create_task(asked())
    await asyncio.create_task(cancelled())
    assert said() == {
        "not written": {"job": "job-1", "server": SERVER},
        "not read": {"job": "job-2"},
    }


def test_a_line_about_a_job_that_is_not_the_tasks_own_names_that_one(said: Said) -> None:
    LogContext().job_seen(a_job(1))
    logger.info("another", extra={"about": {"job": "job-2"}})
    logger.info("its own", extra={"about": {"job": "job-1"}})

    assert said() == {"another": {"job": "job-2"}, "its own": {"job": "job-1", "server": SERVER}}


async def added(job: Job, store: SqlJobStore) -> None:
    await store.add(job)
    logger.info("asked")


async def test_tasks_side_by_side_say_nothing_of_each_other(said: Said) -> None:
    async def work(number: int) -> None:
        LogContext().job_seen(a_job(number))
        await asyncio.sleep(0)
        logger.info("work %d", number)

    await asyncio.gather(asyncio.create_task(work(1)), asyncio.create_task(work(2)))

    assert [ids["job"] for ids in said().values()] == ["job-1", "job-2"]


async def test_a_task_that_goes_on_to_another_job_leaves_what_it_started_with_the_former(
    said: Said,
) -> None:
    goes_on = asyncio.Event()

    async def started() -> None:
        await goes_on.wait()
        logger.info("started for the first")

    LogContext().job_seen(a_job(1))
    task = asyncio.create_task(started())
    LogContext().job_seen(a_job(2))
    goes_on.set()
    await task
    logger.info("at the second")

    ids = said()
    assert ids["started for the first"]["job"] == "job-1"
    assert ids["at the second"]["job"] == "job-2"
