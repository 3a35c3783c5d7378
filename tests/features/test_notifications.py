"""Somebody hears of their video as they chose, and as their server does it if they did not."""

from collections.abc import AsyncGenerator

import pytest

from bot.domain.preferences import Notify
from bot.domain.servers import ServerNotify
from bot.features.notifications import Notifying
from bot.features.preferences import Personal
from bot.features.preferences_store import SqlPending, SqlPreferences
from bot.features.server_settings_store import SqlServers
from bot.features.servers import ServerDesk
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock

ALICE, KITE_CLUB, MANAGER = 1, 2, 3


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def people(store: SqlJobStore) -> Personal:
    return Personal(
        choices=SqlPreferences(database=store.database),
        pending=SqlPending(database=store.database),
        clock=FakeClock(),
    )


@pytest.fixture
def servers(store: SqlJobStore) -> ServerDesk:
    return ServerDesk(store=SqlServers(database=store.database), clock=FakeClock())


async def test_who_chose_nothing_is_told_as_the_server_does_it(
    people: Personal, servers: ServerDesk
) -> None:
    notifying = Notifying(people=people, servers=servers)
    assert await notifying.notify_of(ALICE, KITE_CLUB) is Notify.MENTION
    for way in ServerNotify:
        await servers.change(KITE_CLUB, {"notify": way}, by_user_id=MANAGER)
        assert (await notifying.notify_of(ALICE, KITE_CLUB)).value == way.value
    assert await notifying.notify_of(ALICE, None) is Notify.MENTION


async def test_an_own_choice_wins_over_the_server_and_may_be_the_usual_one(
    people: Personal, servers: ServerDesk
) -> None:
    notifying = Notifying(people=people, servers=servers)
    await servers.change(KITE_CLUB, {"notify": "none"}, by_user_id=MANAGER)
    await people.change(ALICE, {"notify": "mention"})
    assert await notifying.notify_of(ALICE, KITE_CLUB) is Notify.MENTION
    await people.change(ALICE, {"notify": None})
    assert await notifying.notify_of(ALICE, KITE_CLUB) is Notify.NONE
