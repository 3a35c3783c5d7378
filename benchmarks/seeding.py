"""Live jobs, written straight into a database: as if the bot had been stopped while they ran."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import insert

from bot.domain.generation.request import GenerationRequest
from bot.domain.job import Job, Place, Reach, State
from bot.storage.engine import create_engine, for_writes
from bot.storage.rows import row_of
from bot.storage.tables.jobs import jobs as jobs_table

MIB: Final = 1024 * 1024
OLDEST_S: Final = 600
FIRST_CHANNEL: Final = 1_100_000_000_000_000_000
CHANNELS: Final = 500
PROMPT: Final = "a red kite over the sea at sunset, seen from a boat, in the style of an old film"


def a_place(number: int) -> Place:
    """A card in a channel of a server."""
    return Place(
        channel_id=FIRST_CHANNEL + number % CHANNELS,
        message_id=1_200_000_000_000_000_000 + number,
        guild_id=1_000_000_000_000_000_000 + number % 500,
        reach=Reach.BOT,
        upload_limit_bytes=10 * MIB,
    )


def channel_number(channel_id: int) -> int:
    """The number of the place there, if fewer than `CHANNELS` are used."""
    return channel_id - FIRST_CHANNEL


def number_of(request_id: str) -> int:
    """Of "SIZE-NUMBER", as the benchmarks that deliver name their requests."""
    return int(request_id.partition("-")[2])


def live_jobs(many: int) -> list[Job]:
    """Jobs at the service, half of them queued and half rendering, sent in the last ten minutes."""
    now = datetime.now(UTC)
    return [_live_job(number, now, many) for number in range(many)]


def _live_job(number: int, now: datetime, many: int) -> Job:
    sent_at = now - timedelta(seconds=OLDEST_S * number / many)
    state = State.RENDERING if number % 2 else State.QUEUED
    place = a_place(number)
    return Job(
        id=f"{number:016x}",
        interaction_id=1_300_000_000_000_000_000 + number,
        requester_id=1_400_000_000_000_000_000 + number % 2_000,
        request=GenerationRequest(prompt=f"{PROMPT}, no. {number}"),
        private=False,
        server_id=place.guild_id,
        place=place,
        estimate_microusd=840_000,
        created_at=sent_at,
        state_since=sent_at,
        sent_at=sent_at,
        state=state,
        version=3,
        request_id=f"{state.value}-{number:08d}",
    )


def a_rendering_job(number: int, request_id: str) -> Job:
    """A job sent just now, in a place that takes a file of any size."""
    job = _live_job(number, datetime.now(UTC), many=1_000_000)
    place = job.place.model_copy(update={"upload_limit_bytes": 500 * MIB})
    changes = {"state": State.RENDERING, "request_id": request_id, "place": place}
    return job.model_copy(update=changes)


def a_waiting_job(number: int) -> Job:
    """A job that was asked for just now."""
    job = _live_job(number, datetime.now(UTC), many=1_000_000_000)
    changes = {"state": State.WAITING, "request_id": None, "sent_at": None, "version": 0}
    return job.model_copy(update=changes)


def at_rest(job: Job, *, queue_position: int) -> Job:
    """The same job, queued there, whose card is out of reach: nothing is written of it."""
    place = job.place.model_copy(update={"reach": Reach.INTERACTION})
    changes = {"state": State.QUEUED, "queue_position": queue_position, "place": place}
    return job.model_copy(update=changes)


async def seed(database_url: str, jobs: Sequence[Job]) -> None:
    """Write the rows into a migrated database that nobody has open, in one transaction."""
    engine = create_engine(database_url)
    try:
        async with for_writes(engine).begin() as connection:
            await connection.execute(insert(jobs_table), [row_of(job) for job in jobs])
    finally:
        await engine.dispose()
