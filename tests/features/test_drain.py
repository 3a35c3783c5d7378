"""A drain: nothing new is taken or sent, and its end is told once."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from bot.domain.actor import Actor
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import State
from bot.domain.money.policy import DeclineReason, OperatorLimits, at_once_in, objection
from bot.domain.ports import StoreUnavailable
from bot.domain.servers import BY_THE_BOT, EVERYWHERE, NOTHING_DECIDED, ServerSettings
from bot.features.drain import KEPT_FOR, Drain, Farewell, drain_so_far, end_drain
from bot.features.servers.servers import ServerRows, Servers
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.domain.samples import NOON, a_job

BOSS = 11
DRAINED = ServerSettings(drained_by=BOSS)


class Bot:
    """The operator's decision about everything, what is under way, and who was told."""

    def __init__(self, store: SqlJobStore) -> None:
        self.under_way: int | None = 0
        self.told: list[int] = []
        self.servers = Servers(rows=ServerRows(database=store.database), clock=FakeClock())
        self.farewell = Farewell(servers=self.servers, so_far=self.so_far, tell=self.tell)

    async def drain(self, by_user_id: int | None) -> None:
        await self.servers.change(EVERYWHERE, {"drained_by": by_user_id}, by_user_id=BOSS)

    async def so_far(self) -> Drain:
        if self.under_way is None:
            raise StoreUnavailable
        return Drain(self.under_way)

    async def tell(self, user_id: int) -> None:
        self.told.append(user_id)


@pytest.fixture
async def bot(sqlite_url: str) -> AsyncGenerator[Bot]:
    async with open_store(sqlite_url) as store:
        yield Bot(store)


async def test_nobody_is_told_anything_while_nothing_is_drained(bot: Bot) -> None:
    await bot.farewell.watch_finished("job-1")
    assert bot.told == []


async def test_who_drains_is_told_once_when_the_last_has_ended(bot: Bot) -> None:
    await bot.drain(BOSS)
    for bot.under_way in (2, 1, 0, 0):
        await bot.farewell.watch_finished("job-1")
    assert bot.told == [BOSS]


async def test_the_next_drain_is_told_again(bot: Bot) -> None:
    for by_user_id in (BOSS, None, BOSS):
        await bot.drain(by_user_id)
        await bot.farewell.watch_finished("job-1")
    assert bot.told == [BOSS, BOSS]


async def test_what_cannot_be_known_is_not_said(bot: Bot) -> None:
    await bot.drain(BOSS)
    bot.under_way = None
    await bot.farewell.watch_finished("job-1")
    assert bot.told == []
    bot.under_way = 0
    await bot.farewell.watch_finished("job-1")
    assert bot.told == [BOSS]


async def test_the_last_that_stops_ends_the_drain(bot: Bot) -> None:
    await end_drain(bot.servers)
    assert await bot.servers.audit(EVERYWHERE) == []
    await bot.drain(BOSS)
    await end_drain(bot.servers)
    assert bot.servers.known(EVERYWHERE).drained_by is None
    latest, _ = await bot.servers.audit(EVERYWHERE)
    assert (latest.what, latest.by_user_id) == ("drained_by", BY_THE_BOT)


async def test_a_drain_waits_for_all_that_is_paid_and_not_for_what_waits_or_is_kept(
    database_url: str,
) -> None:
    async with open_store(database_url) as store:
        for number, state in enumerate(State, start=1):
            await store.add(a_job(number, state=state))
        assert await drain_so_far(store.database, NOON + KEPT_FOR) == Drain(4)
        # A result that could not be delivered is kept for its requester, however long that takes.
        assert await drain_so_far(store.database, NOON + timedelta(hours=1)) == Drain(3)


def test_a_drained_bot_takes_no_wish_and_sends_nothing() -> None:
    wish, asker = GenerationRequest(prompt="a kite"), Actor(user_id=1)
    assert (
        objection(
            wish,
            asker,
            server=NOTHING_DECIDED,
            everywhere=DRAINED,
            limits=OperatorLimits(),
        )
        is DeclineReason.DRAINING
    )
    assert at_once_in(NOTHING_DECIDED, DRAINED, OperatorLimits()).is_paused
    assert not at_once_in(NOTHING_DECIDED, NOTHING_DECIDED, OperatorLimits()).is_paused
