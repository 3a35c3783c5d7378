"""Each server is greeted once, by one process, and few of many that join at once."""

import asyncio
from datetime import timedelta

import pytest

from bot.features.greetings import MOST_IN_A_STORM, STORM_SPAN, Greetings
from bot.features.privacy import LEFT_SERVER_KEPT_FOR, PrivacyRows
from bot.features.servers.servers import ServerRows
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock

CLUB = 1


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def greetings(store: SqlJobStore, clock: FakeClock) -> Greetings:
    return Greetings(database=store.database, clock=clock)


async def test_a_server_is_greeted_once(database_url: str, clock: FakeClock) -> None:
    async with open_store(database_url) as store:
        one = greetings(store, clock)
        assert await one.claim(CLUB)
        assert not await one.claim(CLUB)
        clock.move_to(clock.now() + timedelta(days=400))
        assert not await one.claim(CLUB)


async def test_of_two_processes_that_hear_of_it_at_once_one_greets(
    database_url: str, clock: FakeClock
) -> None:
    async with open_store(database_url) as first, open_store(database_url) as second:
        claims = [greetings(store, clock).claim(CLUB) for store in (first, second) * 4]
        assert sorted(await asyncio.gather(*claims)) == [False] * 7 + [True]


async def test_what_the_server_decided_before_stays(database_url: str, clock: FakeClock) -> None:
    async with open_store(database_url) as store:
        rows = ServerRows(database=store.database)
        await rows.change(CLUB, {"spoiler": True}, by_user_id=7, at=clock.now())
        assert await greetings(store, clock).claim(CLUB)
        assert (await rows.of(CLUB)).spoiler


async def test_a_server_that_is_back_within_a_month_is_not_greeted_again_and_later_it_is(
    database_url: str, clock: FakeClock
) -> None:
    async with open_store(database_url) as store:
        one, rows = greetings(store, clock), PrivacyRows(database=store.database)
        assert await one.claim(CLUB)
        await rows.left(CLUB, clock.now())
        clock.move_to(clock.now() + LEFT_SERVER_KEPT_FOR - timedelta(days=1))
        await rows.forget_servers([CLUB], clock.now() - LEFT_SERVER_KEPT_FOR)
        assert not await one.claim(CLUB)
        clock.move_to(clock.now() + timedelta(days=2))
        await rows.forget_servers([CLUB], clock.now() - LEFT_SERVER_KEPT_FOR)
        assert await one.claim(CLUB)


async def test_in_a_storm_of_joins_a_few_are_greeted_and_the_rest_stay_silent(
    database_url: str, clock: FakeClock
) -> None:
    async with open_store(database_url) as store:
        one = greetings(store, clock)
        greeted = [await one.claim(guild_id) for guild_id in range(1, 101)]
        assert greeted == [True] * MOST_IN_A_STORM + [False] * (100 - MOST_IN_A_STORM)
        clock.move_to(clock.now() + STORM_SPAN)
        assert await one.claim(1_000)
