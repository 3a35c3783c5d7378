"""People's choices are known without waiting, and read anew where something depends on them."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from pydantic import ValidationError

from bot.domain.preferences import QUESTION_LIFE, Notify, PendingWish, Preferences
from bot.domain.request import GenerationRequest
from bot.features.preferences import Personal
from bot.features.preferences_store import SqlPending, SqlPreferences
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock

ALICE, BOB = 1, 2


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def personal(store: SqlJobStore, clock: FakeClock) -> Personal:
    return a_process(store, clock)


def a_process(store: SqlJobStore, clock: FakeClock) -> Personal:
    return Personal(
        choices=SqlPreferences(database=store.database),
        pending=SqlPending(database=store.database),
        clock=clock,
    )


def a_wish(clock: FakeClock) -> PendingWish:
    return PendingWish(
        interaction_id=9,
        requester_id=ALICE,
        request=GenerationRequest(prompt="a red kite"),
        private=False,
        asked_at=clock.now(),
    )


async def test_a_choice_is_known_at_once_and_to_the_next_process(
    personal: Personal, store: SqlJobStore, clock: FakeClock
) -> None:
    assert personal.known(ALICE) == Preferences()
    assert await personal.change(ALICE, {"language": "it"}) == Preferences(language="it")
    assert personal.known(ALICE) == Preferences(language="it")
    assert personal.known(BOB) == Preferences()
    next_process = a_process(store, clock)
    assert next_process.known(ALICE) == Preferences()
    await next_process.load()
    assert next_process.known(ALICE) == Preferences(language="it")


async def test_what_another_process_wrote_is_seen_where_it_counts(
    personal: Personal, store: SqlJobStore, clock: FakeClock
) -> None:
    await a_process(store, clock).change(ALICE, {"notify": Notify.NONE})
    assert personal.known(ALICE) == Preferences()
    assert (await personal.current(ALICE)).notify is Notify.NONE
    assert personal.known(ALICE).notify is Notify.NONE


async def test_without_the_database_choices_are_as_last_seen(
    personal: Personal, store: SqlJobStore
) -> None:
    await personal.change(ALICE, {"notify": Notify.DIRECT, "ask_above_microusd": 5})
    await store.close()
    assert await personal.current(ALICE) == personal.known(ALICE)
    assert (await personal.current(ALICE)).notify is Notify.DIRECT
    assert await personal.change(ALICE, {"notify": Notify.NONE}) is None
    assert personal.known(ALICE).notify is Notify.DIRECT


async def test_a_choice_that_there_is_not_is_refused_and_nothing_written(
    personal: Personal,
) -> None:
    with pytest.raises(ValidationError):
        await personal.change(ALICE, {"duration_s": "99"})
    assert await personal.current(ALICE) == Preferences()


async def test_a_word_from_a_select_is_read_as_what_it_means(personal: Personal) -> None:
    await personal.change(ALICE, {"duration_s": "7"})
    assert await personal.change(ALICE, {"sound": "False"}) == Preferences(
        duration_s=7, sound=False
    )


async def test_a_wish_is_held_for_its_asker_alone_and_for_its_time(
    personal: Personal, clock: FakeClock
) -> None:
    wish = a_wish(clock)
    assert await personal.hold(wish)
    assert await personal.held(wish.interaction_id, ALICE) == wish
    assert await personal.held(wish.interaction_id, BOB) is None
    assert await personal.held(404, ALICE) is None
    clock.move_to(clock.now() + QUESTION_LIFE - timedelta(seconds=1))
    assert await personal.held(wish.interaction_id, ALICE) == wish
    clock.move_to(clock.now() + timedelta(seconds=1))
    assert await personal.held(wish.interaction_id, ALICE) is None
    assert not await personal.take(wish)


async def test_a_wish_is_taken_once(personal: Personal, clock: FakeClock) -> None:
    wish = a_wish(clock)
    await personal.hold(wish)
    assert await personal.take(wish)
    assert not await personal.take(wish)


async def test_a_wish_that_cannot_be_written_is_not_held(
    personal: Personal, store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    await store.close()
    assert not await personal.hold(a_wish(clock))
    assert "a red kite" not in caplog.text
