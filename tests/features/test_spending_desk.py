"""Money spent, by the calendars that hold: a server's own for its sums, the bot's for all."""

from collections.abc import AsyncGenerator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.features.server_settings_store import SqlServers
from bot.features.servers import ServerDesk
from bot.features.spending import SpendingDesk
from bot.features.spending_ports import FreshStart, Spend, SpentThere
from bot.features.spending_store import SqlSpending
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.storage.money import GUILD, PRICE, asked, job_of

BOSS = 99
NEW_YORK = "America/New_York"


@pytest.fixture
async def store(sqlite_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(sqlite_url) as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def a_desk(store: SqlJobStore, clock: FakeClock) -> SpendingDesk:
    """In a server that lives by New York's calendar, of a bot that lives by Rome's."""
    servers = ServerDesk(store=SqlServers(database=store.database), clock=clock)
    await servers.change(GUILD, {"time_zone": NEW_YORK}, by_user_id=BOSS)
    return SpendingDesk(
        store=SqlSpending(database=store.database),
        servers=servers,
        zone=ZoneInfo("Europe/Rome"),
        clock=clock,
    )


async def test_a_servers_month_follows_its_own_calendar(
    store: SqlJobStore, clock: FakeClock
) -> None:
    desk = await a_desk(store, clock)
    clock.move_to(datetime(2031, 6, 1, 1, 0, tzinfo=ZoneInfo(NEW_YORK)))
    last_of_may = clock.now() - timedelta(hours=2)
    await asked(store, job_of(1, at=last_of_may))
    await asked(store, job_of(2, at=clock.now()))

    month = await desk.month_of(GUILD)

    assert (month.zone.key, len(month.days), month.total.videos) == (NEW_YORK, 30, 1)
    assert month.by_day[date(2031, 6, 1)].videos == 1


async def test_the_operators_list_follows_the_bots_calendar_largest_first(
    store: SqlJobStore, clock: FakeClock
) -> None:
    desk = await a_desk(store, clock)
    clock.move_to(datetime(2031, 6, 1, 1, 0, tzinfo=ZoneInfo("Europe/Rome")))
    await asked(store, job_of(1, at=clock.now() - timedelta(hours=2), guild_id=7))
    await asked(store, job_of(2, at=clock.now(), guild_id=None))
    for number in (3, 4):
        await asked(store, job_of(number, at=clock.now()))
    assert await desk.everywhere() == [
        SpentThere(GUILD, by_operator=True, spend=Spend(2 * PRICE, 0, 0, 2)),
        SpentThere(None, by_operator=True, spend=Spend(PRICE, 0, 0, 1)),
    ]


async def test_a_fresh_start_is_one_of_the_servers_own_day(
    store: SqlJobStore, clock: FakeClock
) -> None:
    desk = await a_desk(store, clock)
    assert await desk.start_afresh(GUILD, 11, by_user_id=BOSS) == FreshStart(0, 0, 0, 0)
