"""Slots among real processes over a real PostgreSQL: none is held twice, none stays free."""

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import psycopg
import pytest

from bot.domain.clock import SystemClock
from bot.shards.plan import ShardPlan, read_plan
from bot.shards.slots import PRECEDENCE_BEATS, CountsDiffer, ShardSlots
from bot.storage import DatabaseUnusable
from bot.storage.advisory import LockKind
from tests.clocks import FakeClock
from tests.meta.sources import ROOT
from tests.patience import PATIENCE_S, until
from tests.shards.holder import BEAT_S, BEATS_TO_LIVE
from tests.signals import tell

ASKING = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


class Holder:
    """A process that holds slots."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def says(self) -> str:
        """The next thing that it says: a slot that it took, or why it ended."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            return (await self._process.stdout.readline()).decode().strip()

    async def takes(self, *slots: str) -> None:
        assert [await self.says() for _ in slots] == list(slots)

    def tell(self, number: signal.Signals) -> None:
        tell(self._process, number)

    async def end(self) -> None:
        tell(self._process, signal.SIGKILL)
        await self._process.wait()


Start = Callable[..., Coroutine[Any, Any, Holder]]


@pytest.fixture
async def start(postgres_url: str) -> AsyncGenerator[Start]:
    """Start another process with a plan, to which Discord recommends this many shards."""
    async with AsyncExitStack() as life:

        async def starting(plan: str, recommended: int = 1, beat_s: float = BEAT_S) -> Holder:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.shards.holder", postgres_url, plan),
                *(str(recommended), str(beat_s)),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
            )
            holder = Holder(process)
            life.push_async_callback(holder.end)
            return holder

        yield starting


def slots_here(url: str, plan: ShardPlan, recommended: int = 1) -> ShardSlots:
    return ShardSlots(
        database_url=url,
        plan=plan,
        recommended=recommended,
        clock=SystemClock(),
        beat_s=BEAT_S,
        idle_limit_s=BEAT_S * BEATS_TO_LIVE,
    )


class Beating:
    """Slots in this process whose beats a test gives, so that no machine decides who is first."""

    def __init__(self, url: str, shards: int) -> None:
        self._clock = FakeClock()
        self.slots = ShardSlots(
            database_url=url, plan=read_plan("auto"), recommended=shards, clock=self._clock
        )
        self._keeping = asyncio.create_task(self.slots.keep())

    async def rest(self) -> None:
        """Wait until it waits for its next beat."""
        await until(lambda: self._clock.sleeping)

    async def beat(self) -> None:
        await self.rest()
        due = self._clock.next_due()
        assert due is not None
        self._clock.move_to(due)
        await self.rest()

    async def end(self) -> None:
        self._keeping.cancel()
        await asyncio.wait({self._keeping})


Begin = Callable[[], Beating]


@pytest.fixture
async def begin(postgres_url: str) -> AsyncGenerator[Begin]:
    """Begin to hold two slots, at beats that are given one by one."""
    async with AsyncExitStack() as life:

        def beginning() -> Beating:
            beating = Beating(postgres_url, 2)
            life.push_async_callback(beating.end)
            return beating

        yield beginning


async def test_the_first_process_takes_all_that_discord_recommends(start: Start) -> None:
    await (await start("auto", 3)).takes("0/3", "1/3", "2/3")


async def test_a_spare_takes_over_from_a_process_that_is_killed(start: Start) -> None:
    first = await start("auto", 2)
    await first.takes("0/2", "1/2")
    spare = await start("auto", 2)

    await first.end()

    await spare.takes("0/2", "1/2")


async def test_whoever_serves_some_takes_over_the_others_as_well(start: Start) -> None:
    fixed = await start("0-1/3")
    await fixed.takes("0/3", "1/3")
    flexible = await start("auto", 3)
    await flexible.takes("2/3")

    await fixed.end()

    await flexible.takes("0/3", "1/3")


async def test_of_two_spares_only_one_takes_a_slot(start: Start) -> None:
    first = await start("auto", 4)
    await first.takes("0/4", "1/4", "2/4", "3/4")
    spares = [await start("auto", 4) for _ in range(2)]
    saying = [asyncio.create_task(spare.says()) for spare in spares]

    await first.end()
    done, waiting = await asyncio.wait(saying, return_when=asyncio.FIRST_COMPLETED)
    (winner,) = done
    rest = spares[saying.index(winner)]
    taken = [winner.result(), *[await rest.says() for _ in range(3)]]

    assert taken == ["0/4", "1/4", "2/4", "3/4"]
    assert all(not task.done() for task in waiting)
    for task in waiting:
        task.cancel()


async def test_a_frozen_process_is_replaced_and_lets_go_when_it_wakes(start: Start) -> None:
    frozen = await start("auto")
    await frozen.takes("0/1")
    spare = await start("auto")

    frozen.tell(signal.SIGSTOP)
    await spare.takes("0/1")
    frozen.tell(signal.SIGCONT)

    assert await frozen.says() == "SlotsLost"


async def test_after_the_database_was_away_everybody_has_what_they_had(
    begin: Begin, postgres_url: str
) -> None:
    first = begin()
    await first.rest()
    spare = begin()
    await spare.rest()

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        end_all_others(connection)
    await spare.beat()  # it notices

    await see_the_spare_leave_precedence(spare, first)


async def test_whoever_begins_in_an_outage_leaves_precedence_to_those_who_had_slots(
    begin: Begin, postgres_url: str
) -> None:
    first = begin()
    await first.rest()

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, 0)", [int(LockKind.AGREEING)])
        spare = begin()
        await until(lambda: connection.execute(ASKING).fetchall())
        end_all_others(connection)

    await see_the_spare_leave_precedence(spare, first)


async def see_the_spare_leave_precedence(spare: Beating, first: Beating) -> None:
    """It is back first, and yet takes nothing until the other one has ended."""
    for _ in range(PRECEDENCE_BEATS):
        await spare.beat()
        assert spare.slots.held == frozenset()
    await first.beat()
    await first.beat()
    await spare.beat()
    assert spare.slots.held == frozenset()
    assert first.slots.held == {0, 1}

    await first.end()
    # The server lets go of a session's locks when it hears that the session has ended.
    async with asyncio.timeout(PATIENCE_S):
        while spare.slots.held != frozenset({0, 1}):
            await spare.beat()


def end_all_others(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )


def sessions(connection: psycopg.Connection[Any], kind: LockKind | None = None) -> set[int]:
    """The sessions that have a lock of this kind, or of any."""
    kinds = [int(one) for one in LockKind if kind in {None, one}]
    query = (
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = ANY(%s)"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return {pid for (pid,) in connection.execute(query, [kinds]).fetchall()}


async def test_a_later_recommendation_waits_until_all_were_stopped(
    start: Start, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    first = await start("auto", 2)
    await first.takes("0/2", "1/2")
    later = slots_here(postgres_url, read_plan("auto"), 3)
    keeping = asyncio.create_task(later.keep())
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        await until(lambda: len(sessions(connection, LockKind.SHARD_COUNT)) == 2)
    assert "Discord recommends 3 shards, but other processes serve 2" in caplog.text

    await first.end()

    await until(lambda: sorted(later.held) == [0, 1])
    keeping.cancel()
    await asyncio.wait({keeping})
    await (await start("auto", 3)).takes("0/3", "1/3", "2/3")


async def test_a_different_number_said_by_hand_is_refused_in_a_sentence(
    start: Start, postgres_url: str
) -> None:
    await (await start("0-1/4")).takes("0/4", "1/4")

    with pytest.raises(CountsDiffer, match=r"serve 4 shards, and this one would serve 8: give"):
        await slots_here(postgres_url, read_plan("4-7/8")).keep()


async def test_a_process_knows_what_it_holds(postgres_url: str) -> None:
    slots = slots_here(postgres_url, read_plan("1,3/4"))
    keeping = asyncio.create_task(slots.keep())
    try:
        assert await slots.taken() == [1, 3]
        assert slots.held == {1, 3}
        assert slots.count == 4
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})


async def test_it_goes_on_asking_for_a_database_that_is_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    slots = slots_here("postgresql://bot@127.0.0.1:9/kling", read_plan("auto"))
    keeping = asyncio.create_task(slots.keep())
    await until(lambda: caplog.text.count("opening another") >= 2)
    keeping.cancel()

    assert slots.held == frozenset()


async def test_with_sqlite_there_is_nothing_to_share(sqlite_url: str) -> None:
    with pytest.raises(DatabaseUnusable, match="needs PostgreSQL"):
        await slots_here(sqlite_url, read_plan("auto")).keep()
