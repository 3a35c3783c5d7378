"""Many ask in the same moment for the last places under a cap, and for the last free places.

`python -m tests.chaos.rush` does it again and again, from several processes where the database
serves several, and prints what came of it.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from secrets import randbits
from typing import Annotated

import typer
from pydantic import BaseModel

from bot.domain.job import Job, JobId
from bot.domain.lifecycle import Accepted, Cancelled
from bot.domain.line import AtOnce, InLine, Standing, Turn, turns
from bot.domain.money.ledger import Caps, OverCap
from bot.domain.money.policy import OperatorLimits
from bot.domain.ports import Added, AlreadyThere, StoreUnavailable
from bot.storage import SqlJobStore, default_database_url, open_store
from tests.databases import PostgresServer, postgres_server
from tests.domain.samples import NOON
from tests.storage.money import asked, balances, carried_on, job_of, sums_of_entries

ROOT = Path(__file__).parents[2]
GUILDS, ROLES = 7, 9


class Part(BaseModel):
    """What one process of a rush is told to ask for."""

    url: str
    seed: int
    first: int
    number: int
    cap: int


class Answers(BaseModel):
    """What it was answered."""

    accepted: int
    refused: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a rush."""

    what: str
    asked: int
    cap: int
    accepted: int
    refused: int
    books_agree: bool
    """Whether every balance is the sum of its entries, and the cap's own stands at the cap."""
    took_s: float

    @property
    def is_right(self) -> bool:
        """Whether exactly as many were accepted as the cap allows, and everybody was answered."""
        return self.books_agree and (self.accepted, self.refused) == (
            self.cap,
            self.asked - self.cap,
        )

    def __str__(self) -> str:
        return (
            f"{self.what}: {self.asked} asks at once against a cap of {self.cap}: "
            f"{self.accepted} accepted, {self.refused} refused, books "
            f"{'agree' if self.books_agree else 'DISAGREE'} ({self.took_s:.2f} s)"
        )


async def rush(url: str, *, asks: int, cap: int, seed: int, stores: int) -> Figures:
    """All ask within this process, by the connections of several stores."""
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(open_store(url)) for _ in range(stores)]
        parts = [
            Part(url=url, seed=seed, first=first, number=len(range(first, asks, stores)), cap=cap)
            for first in range(stores)
        ]
        begun = time.monotonic()
        answers = await asyncio.gather(
            *(_ask(store, part, step=stores) for store, part in zip(opened, parts, strict=True))
        )
        what = f"{_kind(url)}, {stores} engines"
        return await _figures(what, url, cap=cap, answers=answers, begun=begun)


async def rush_of_processes(url: str, *, asks: int, cap: int, seed: int, processes: int) -> Figures:
    """The same from several processes, which begin at one word."""
    async with open_store(url):
        pass  # the tables are made before anybody comes
    each = asks // processes
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.rusher"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        for _ in range(processes)
    ]
    pipes = [(one.stdin, one.stdout) for one in started]
    for n, (stdin, stdout) in enumerate(pipes):
        assert stdin is not None
        assert stdout is not None
        part = Part(url=url, seed=seed, first=n * each, number=each, cap=cap)
        stdin.write(f"{part.model_dump_json()}\n".encode())
        assert await stdout.readline() == b"ready\n"
    begun = time.monotonic()
    for stdin, _ in pipes:
        assert stdin is not None
        stdin.write(b"go\n")
    ended = await asyncio.gather(*(one.communicate() for one in started))
    answers = [Answers.model_validate_json(told) for told, _ in ended]
    what = f"{_kind(url)}, {processes} processes"
    return await _figures(what, url, cap=cap, answers=answers, begun=begun)


async def ask_part(store: SqlJobStore, part: Part) -> Answers:
    """All of one part at once."""
    return await _ask(store, part, step=1)


async def _ask(store: SqlJobStore, part: Part, *, step: int) -> Answers:
    limits = OperatorLimits(total=Caps(day_videos=part.cap))
    random = Random(part.seed + part.first)  # noqa: S311 - a rush guards no secret

    async def one(number: int) -> object:
        job = job_of(number, user_id=1_000 + number % 50, guild_id=500 + number % GUILDS)
        # Roles overlap in every order, so that transactions meet on several balances.
        roles = frozenset(random.sample(range(100, 100 + ROLES), k=3))
        while True:
            # On a busy machine there may be no connection in time, and a person asks again.
            with suppress(StoreUnavailable):
                return await asked(store, job, limits=limits, role_ids=roles)

    numbers = range(part.first, part.first + part.number * step, step)
    answers = await asyncio.gather(*(one(1 + number) for number in numbers))
    return Answers(
        accepted=sum(isinstance(answer, Added | AlreadyThere) for answer in answers),
        refused=sum(isinstance(answer, OverCap) for answer in answers),
    )


async def _figures(
    what: str, url: str, *, cap: int, answers: Sequence[Answers], begun: float
) -> Figures:
    took_s = time.monotonic() - begun
    stand = await balances(url)
    total = next(balance for account, balance in stand.items() if account.scope == "operator")
    accepted, refused = (sum(a.accepted for a in answers), sum(a.refused for a in answers))
    return Figures(
        what=what,
        asked=accepted + refused,
        cap=cap,
        accepted=accepted,
        refused=refused,
        books_agree=total.videos == cap and stand == await sums_of_entries(url),
        took_s=took_s,
    )


# --- the line -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Crowd:
    """How full it was at the fullest, while all tried to be sent at once."""

    what: str
    jobs: int
    at_once: int
    per_user: int
    most_under_way: int
    most_of_one_user: int
    sent: int

    @property
    def is_right(self) -> bool:
        """Whether all were sent, never too many at once, and the places were used."""
        return (self.sent, self.most_under_way) == (self.jobs, self.at_once) and (
            self.most_of_one_user <= self.per_user
        )

    def __str__(self) -> str:
        return (
            f"{self.what}: {self.jobs} jobs in the line: {self.sent} sent, at most "
            f"{self.most_under_way} of {self.at_once} at once, "
            f"{self.most_of_one_user} of {self.per_user} by one person"
        )


async def crowd(url: str, *, jobs: int, at_once: int, per_user: int, stores: int) -> Crowd:
    """Everybody tries to be sent, again and again, by several stores; each stays a moment."""
    fullest, most_of_one = 0, 0

    def decide(standings: Iterable[Standing]) -> Mapping[JobId, Turn]:
        nonlocal fullest, most_of_one
        everybody = list(standings)
        limits = AtOnce(per_user=per_user)
        decided = turns(everybody, now=NOON, at_once=at_once, limits_of=lambda _: limits)
        of_user = Counter(one.user_id for one in everybody if one.is_under_way)
        fullest = max(fullest, of_user.total())
        most_of_one = max(most_of_one, *of_user.values(), 0)
        return decided

    async def through(store: SqlJobStore, job: Job) -> None:
        while True:
            begun = await store.begin_sending(job, job.created_at, decide)
            assert begun is not None
            if not isinstance(begun, InLine):
                break
            await asyncio.sleep(0)
        # Whoever looks while it is there counts it.
        decide(await store.standings())
        await carried_on(store, begun, Accepted(f"request-{job.id}"), Cancelled())

    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(open_store(url)) for _ in range(stores)]
        waiting = [job_of(1 + n, user_id=n % 8, guild_id=500 + n % 3) for n in range(jobs)]
        for job in waiting:
            await opened[0].add(job)
        going = (through(opened[n % stores], job) for n, job in enumerate(waiting))
        await asyncio.gather(*going)
        left = await opened[0].standings()
    return Crowd(
        what=f"{_kind(url)}, {stores} engines",
        jobs=jobs,
        at_once=at_once,
        per_user=per_user,
        most_under_way=fullest,
        most_of_one_user=most_of_one,
        sent=jobs - len(left),
    )


def _kind(url: str) -> str:
    return "SQLite" if url.startswith("sqlite") else "PostgreSQL"


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 20,
    seed: Annotated[int | None, typer.Option(help="Of an earlier run.")] = None,
) -> None:
    """Rush both databases many times; fails when a cap or the line is passed."""
    seed = randbits(32) if seed is None else seed
    sys.stdout.write(f"{rounds} rounds with seed {seed}\n")
    found: list[Figures | Crowd] = []
    with postgres_server() as server:
        for number in range(rounds):
            of_round = _round(server, seed + number)
            sys.stdout.write("".join(f"{figures}\n" for figures in of_round))
            sys.stdout.flush()
            found += of_round
    wrong = [figures for figures in found if not figures.is_right]
    sys.stdout.write(f"{len(found)} rushes, {len(wrong)} of them wrong\n")
    sys.exit(bool(wrong))


def _round(server: PostgresServer, seed: int) -> list[Figures | Crowd]:
    """Each on an empty database of its own."""
    cap = Random(seed).randint(1, 20)  # noqa: S311 - a rush guards no secret
    with ExitStack() as stack:
        folders = [
            Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rush-"))) for _ in range(2)
        ]
        files = [default_database_url(folder) for folder in folders]
        servers = [stack.enter_context(server.fresh_database()) for _ in range(3)]
        return [
            asyncio.run(rush(files[0], asks=200, cap=cap, seed=seed, stores=2)),
            asyncio.run(crowd(files[1], jobs=60, at_once=5, per_user=2, stores=2)),
            asyncio.run(rush(servers[0], asks=200, cap=cap, seed=seed, stores=4)),
            asyncio.run(rush_of_processes(servers[1], asks=400, cap=cap, seed=seed, processes=4)),
            asyncio.run(crowd(servers[2], jobs=60, at_once=5, per_user=2, stores=3)),
        ]


if __name__ == "__main__":
    typer.run(main)
