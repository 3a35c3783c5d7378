"""A place offers its own styles and the built-in ones, whatever becomes of the database."""

from collections.abc import AsyncGenerator

import pytest

from bot.domain.styles import BUILT_IN, ServerStyle, Style, StyleOutcome
from bot.features.styles import Styling
from bot.features.styles_store import SqlStyles
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock

SERVER, MONA = 7, 8
CITY = Style(name="city", prompt="neon city")


@pytest.fixture
async def store(sqlite_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(sqlite_url) as opened:
        yield opened


@pytest.fixture
def styling(store: SqlJobStore) -> Styling:
    return Styling(store=SqlStyles(database=store.database), clock=FakeClock())


async def test_a_server_offers_its_own_before_the_built_in_ones(styling: Styling) -> None:
    assert await styling.add(SERVER, CITY, by_user_id=MONA) is StyleOutcome.SAVED
    assert await styling.offered(SERVER) == [CITY, *BUILT_IN]
    assert await styling.offered(None) == list(BUILT_IN)


async def test_changes_go_through_to_the_store(styling: Styling) -> None:
    await styling.add(SERVER, CITY, by_user_id=MONA)
    rainy = CITY.model_copy(update={"prompt": "rainy city"})
    assert await styling.edit(SERVER, rainy, version=0, by_user_id=MONA) is StyleOutcome.SAVED
    assert await styling.own(SERVER) == [ServerStyle(rainy, version=1)]
    assert await styling.remove(SERVER, "CITY", by_user_id=MONA) is StyleOutcome.REMOVED
    assert await styling.own(SERVER) == []


async def test_without_the_database_the_built_in_ones_are_offered_and_changes_refused(
    styling: Styling, store: SqlJobStore
) -> None:
    await store.close()
    assert await styling.offered(SERVER) == list(BUILT_IN)
    assert await styling.own(SERVER) is None
    down = StyleOutcome.STORE_DOWN
    assert await styling.add(SERVER, CITY, by_user_id=MONA) is down
    assert await styling.edit(SERVER, CITY, version=0, by_user_id=MONA) is down
    assert await styling.remove(SERVER, "city", by_user_id=MONA) is down
