"""Several workers over one PostgreSQL database, RunComfy's stand-in, and what came of it all."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import func, make_url, select, text

from bot.domain.job import Job, State
from bot.domain.outcomes import FailureReason
from bot.storage import SqlJobStore, open_store
from bot.storage.rows import job_of
from bot.storage.tables.jobs import jobs
from tests.chaos.processes import Town, Worker, open_town
from tests.chaos.records import LETTERS, LOG, POSTS, Letter, Post, Wish, read
from tests.chaos.service import times_of
from tests.patience import PATIENCE_S, until

CROWDS_PATIENCE_S = 3 * PATIENCE_S
"""Several processes, their database and their service may have to share one core."""
LOOK_EVERY_S = 0.1


class Crowd:
    """A town whose workers share a database instead of following each other."""

    def __init__(
        self, *, town: Town, store: SqlJobStore, database_url: str, changes: Mapping[str, object]
    ) -> None:
        self._town = town
        self._changes = changes
        self._store = store
        self._database_url = database_url
        self._workers = 0

    async def join(self, wishes: Sequence[Wish] = ()) -> Worker:
        """A worker of its own data folder, which asks for these wishes."""
        self._workers += 1
        worker = await self._town.worker()
        await worker.begin(
            self._town.orders.model_copy(
                update={
                    "database_url": self._database_url,
                    "data": f"data-{self._workers}",
                    "seed": self._workers,
                    "life": self._workers,
                    "wishes": tuple(wishes),
                    **self._changes,
                }
            )
        )
        return worker

    async def jobs(self) -> list[Job]:
        """All rows as they stand."""
        return [job_of(row) for row in await self._store.database.rows(jobs.select())]

    async def until(self, condition: Callable[[Counter[State]], bool]) -> Counter[State]:
        """Wait until the states of the jobs, counted, are like this; how they are then."""
        found = Counter[State]()

        async def is_so() -> bool:
            nonlocal found
            # Each look is a query: those who are looked at need the machine more.
            await asyncio.sleep(LOOK_EVERY_S)
            found = await self.states()
            return condition(found)

        await until(
            is_so, within_s=CROWDS_PATIENCE_S, otherwise=lambda: f"{found}\n{self.log[-4000:]}"
        )
        return found

    async def until_delivered(self, count: int) -> None:
        """Wait until so many jobs are delivered."""
        await self.until(lambda states: states[State.DELIVERED] >= count)

    async def until_asked(self, count: int) -> None:
        """Wait until so many rows stand."""
        await self.until(lambda states: states.total() - states[State.ASKED] >= count)

    async def until_none_is(self, *gone: State) -> None:
        """Wait until no job is in any of these states."""
        await self.until(lambda states: states.keys().isdisjoint(gone))

    async def until_at_work(self, workers: int) -> None:
        """Wait until so many workers share the queue."""

        async def are_there() -> bool:
            await asyncio.sleep(LOOK_EVERY_S)
            found = await self._store.database.rows(text("SELECT id FROM procrastinate_workers"))
            return len(found) >= workers

        await until(are_there, within_s=CROWDS_PATIENCE_S, otherwise=lambda: self.log[-4000:])

    async def states(self) -> Counter[State]:
        """How many jobs are in each state, but for those that are asked for again."""
        query = (
            select(jobs.c.state, func.count().label("number"))
            .where(jobs.c.failure.is_distinct_from(FailureReason.NOT_CONFIRMED.value))
            .group_by(jobs.c.state)
        )
        rows = await self._store.database.rows(query)
        return Counter({State(row["state"]): row["number"] for row in rows})

    @property
    def posts(self) -> list[Post]:
        """Each POST that reached the service, as it was answered."""
        posts = read(self._town.orders.folder / POSTS, Post)
        return list({post.number: post for post in posts}.values())

    @property
    def letters(self) -> list[Letter]:
        """What reached Discord."""
        return read(self._town.orders.folder / LETTERS, Letter)

    @property
    def log(self) -> str:
        """What all workers said."""
        return (self._town.orders.folder / LOG).read_text(encoding="utf-8")

    def delays(self, rows: Sequence[Job]) -> list[float]:
        """Seconds from the service's completion of each job to its video in Discord."""
        completed = {post.prompt: completed_at(post) for post in self.posts}
        prompts = {job.id: job.request.prompt for job in rows}
        arrived: dict[str, datetime] = {}
        for letter in self.letters:
            if letter.what == "deliver":
                arrived.setdefault(prompts[letter.job], letter.at)
        return sorted((at - completed[prompt]).total_seconds() for prompt, at in arrived.items())


def completed_at(post: Post) -> datetime:
    """When the stand-in was done with it: it draws the times from the prompt."""
    queue_s, rendering_s = times_of(post.prompt)
    return post.at + timedelta(seconds=queue_s + rendering_s)


def wishes(
    count: int,
    *,
    kind: str = "smooth",
    first: int = 1000,
    over_s: float = 2.0,
    with_picture: bool = False,
) -> list[Wish]:
    """So many wishes, spread over a while."""
    return [
        Wish(
            interaction_id=first + number,
            prompt=f"{kind} kite {first + number}",
            after_s=over_s * number / count,
            with_picture=with_picture,
        )
        for number in range(count)
    ]


@asynccontextmanager
async def a_crowd(folder: Path, database_url: str, **changes: object) -> AsyncGenerator[Crowd]:
    """The service runs; workers join, with these changes to their orders; then all are stopped."""
    async with open_store(database_url) as store, open_town(folder) as town:
        yield Crowd(town=town, store=store, database_url=database_url, changes=changes)


@asynccontextmanager
async def outage(database_url: str, admin_url: str) -> AsyncGenerator[None]:
    """The database ends every connection and takes no new one for as long as this lasts."""
    name = make_url(database_url).database
    async with await psycopg.AsyncConnection.connect(admin_url, autocommit=True) as admin:
        await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        try:
            yield
        finally:
            await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
