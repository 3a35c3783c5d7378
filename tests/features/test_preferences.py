"""People's choices are known without waiting, and read again where something depends on them."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from pydantic import ValidationError
from sqlalchemy import update

from bot.domain.generation.request import Aspect
from bot.domain.ports import StoreUnavailable
from bot.domain.preferences import Notify, Preferences
from bot.features.preferences import People, notify_of
from bot.features.servers.servers import ServerRows, Servers
from bot.storage import SqlJobStore, open_store
from bot.storage.tables.jobs import preferences
from tests.clocks import FakeClock

ALICE, BOB = 1_200_000_000_000_000_001, 1_200_000_000_000_000_002
KITE_CLUB, MANAGER = 2, 3
ALL_CHOSEN = Preferences(
    notify=Notify.DIRECT,
    language="it",
    aspect=Aspect.SQUARE,
    duration_s=7,
    sound=False,
    ask_above_microusd=1_000_000,
)


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def people(store: SqlJobStore) -> People:
    return People(database=store.database)


@pytest.fixture
async def elsewhere(database_url: str) -> AsyncGenerator[People]:
    """Those of another process."""
    async with open_store(database_url) as opened:
        yield People(database=opened.database)


async def test_a_choice_is_known_at_once_and_to_the_next_process(
    people: People, elsewhere: People
) -> None:
    assert people.known(ALICE) == Preferences()
    assert await people.change(ALICE, ALL_CHOSEN.model_dump()) == ALL_CHOSEN
    assert people.known(ALICE) == ALL_CHOSEN
    assert people.known(BOB) == Preferences()
    assert elsewhere.known(ALICE) == Preferences()
    await elsewhere.load()
    assert elsewhere.known(ALICE) == ALL_CHOSEN
    assert elsewhere.known(BOB) == Preferences()


async def test_what_another_process_wrote_is_read_where_it_counts(
    people: People, elsewhere: People
) -> None:
    await elsewhere.change(ALICE, {"notify": Notify.NONE})
    assert people.known(ALICE) == Preferences()
    assert (await people.current(ALICE)).notify is Notify.NONE
    assert people.known(ALICE).notify is Notify.NONE


async def test_two_choices_made_at_once_both_stand(people: People, elsewhere: People) -> None:
    await asyncio.gather(
        people.change(ALICE, {"duration_s": 9}), elsewhere.change(ALICE, {"language": "it"})
    )
    await people.load()
    assert people.known(ALICE) == Preferences(duration_s=9, language="it")


async def test_a_choice_can_be_unmade(people: People) -> None:
    await people.change(ALICE, ALL_CHOSEN.model_dump())
    changed = await people.change(ALICE, {"language": None, "sound": None})
    assert changed == ALL_CHOSEN.model_copy(update={"language": None, "sound": None})


async def test_a_choice_of_another_version_counts_as_not_made(
    people: People, store: SqlJobStore
) -> None:
    await people.change(ALICE, ALL_CHOSEN.model_dump())
    await store.database.write(update(preferences).values(aspect="4:3", notify="by pigeon"))
    await people.load()
    assert people.known(ALICE) == ALL_CHOSEN.model_copy(update={"aspect": None, "notify": None})


async def test_without_the_database_choices_are_as_last_seen(
    people: People, store: SqlJobStore
) -> None:
    await people.change(ALICE, {"notify": Notify.DIRECT, "ask_above_microusd": 5})
    await store.close()
    assert await people.current(ALICE) == people.known(ALICE)
    assert (await people.current(ALICE)).notify is Notify.DIRECT
    with pytest.raises(StoreUnavailable):
        await people.change(ALICE, {"notify": Notify.NONE})
    assert people.known(ALICE).notify is Notify.DIRECT


async def test_a_choice_that_there_is_not_is_refused_and_nothing_written(people: People) -> None:
    with pytest.raises(ValidationError):
        await people.change(ALICE, {"duration_s": "99"})
    assert await people.current(ALICE) == Preferences()


async def test_a_word_from_a_select_is_read_as_what_it_means(people: People) -> None:
    await people.change(ALICE, {"duration_s": "7"})
    assert await people.change(ALICE, {"sound": "False"}) == Preferences(duration_s=7, sound=False)


@pytest.fixture
def servers(store: SqlJobStore) -> Servers:
    return Servers(rows=ServerRows(database=store.database), clock=FakeClock())


async def test_who_chose_nothing_hears_of_a_video_as_the_server_does_it(
    people: People, servers: Servers
) -> None:
    assert await notify_of(people, servers, ALICE, KITE_CLUB) is Notify.MENTION
    for way in Notify:
        await servers.change(KITE_CLUB, {"notify": way}, by_user_id=MANAGER)
        assert await notify_of(people, servers, ALICE, KITE_CLUB) is way
    assert await notify_of(people, servers, ALICE, None) is Notify.MENTION


async def test_an_own_choice_wins_over_the_server_and_may_be_the_usual_one(
    people: People, servers: Servers
) -> None:
    await servers.change(KITE_CLUB, {"notify": "none"}, by_user_id=MANAGER)
    await people.change(ALICE, {"notify": "mention"})
    assert await notify_of(people, servers, ALICE, KITE_CLUB) is Notify.MENTION
    await people.change(ALICE, {"notify": None})
    assert await notify_of(people, servers, ALICE, KITE_CLUB) is Notify.NONE
