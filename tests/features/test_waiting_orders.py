"""An order waits for the answer about its price: a quarter of an hour, and is taken once."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.domain.generation.request import GenerationRequest
from bot.domain.generation.styles import BUILT_IN
from bot.domain.ports import StoreUnavailable
from bot.features.waiting_orders import QUESTION_LIFE, WaitingOrder, WaitingOrders
from bot.storage import SqlJobStore, open_store
from bot.storage.tables.jobs import pending_wishes
from tests.clocks import FakeClock
from tests.domain.samples import NOON
from tests.patience import until

ALICE, BOB = 1_200_000_000_000_000_001, 1_200_000_000_000_000_002
ORDER = WaitingOrder(
    interaction_id=1_300_000_000_000_000_001,
    requester_id=ALICE,
    request=GenerationRequest(prompt="a red kite", style=BUILT_IN[0], duration_s=7),
    private=True,
    spoiler=True,
    asked_at=NOON,
)


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def orders(store: SqlJobStore, clock: FakeClock) -> WaitingOrders:
    return WaitingOrders(database=store.database, clock=clock)


async def test_an_order_waits_as_it_was_asked_for_its_asker_alone_and_for_its_time(
    orders: WaitingOrders, clock: FakeClock
) -> None:
    assert ORDER.expires_at == NOON + QUESTION_LIFE == NOON + timedelta(minutes=15)
    assert await orders.find(ORDER.interaction_id, ALICE) is None
    await orders.keep(ORDER)
    assert await orders.find(ORDER.interaction_id, ALICE) == ORDER
    assert await orders.find(ORDER.interaction_id, BOB) is None
    assert await orders.find(404, ALICE) is None
    clock.move_to(ORDER.expires_at - timedelta(seconds=1))
    assert await orders.find(ORDER.interaction_id, ALICE) == ORDER
    clock.move_to(ORDER.expires_at)
    assert await orders.find(ORDER.interaction_id, ALICE) is None
    assert not await orders.take(ORDER)


async def test_an_order_can_be_taken_until_its_time_is_over(
    orders: WaitingOrders, clock: FakeClock
) -> None:
    await orders.keep(ORDER)
    clock.move_to(ORDER.expires_at - timedelta(seconds=1))
    assert await orders.take(ORDER)
    assert not await orders.take(ORDER)


async def test_of_two_who_take_an_order_at_once_one_gets_it(
    orders: WaitingOrders, database_url: str, clock: FakeClock
) -> None:
    await orders.keep(ORDER)
    async with open_store(database_url) as other:
        elsewhere = WaitingOrders(database=other.database, clock=clock)
        taken = await asyncio.gather(orders.take(ORDER), elsewhere.take(ORDER))
    assert sorted(taken) == [False, True]
    assert await orders.find(ORDER.interaction_id, ALICE) is None


async def test_a_question_that_is_asked_again_takes_the_place_of_the_first(
    orders: WaitingOrders,
) -> None:
    await orders.keep(ORDER)
    again = ORDER.model_copy(update={"asked_at": NOON + timedelta(minutes=1)})
    await orders.keep(again)
    assert await orders.find(ORDER.interaction_id, ALICE) == again
    assert await orders.take(again)
    assert await orders.find(ORDER.interaction_id, ALICE) is None


@pytest.mark.parametrize("damaged", ["{", '{"prompt": ""}'])
async def test_a_damaged_order_is_said_to_be_unreadable_without_quoting_it(
    orders: WaitingOrders, store: SqlJobStore, damaged: str
) -> None:
    row = ORDER.model_dump(exclude={"request"}) | {
        "request": damaged,
        "expires_at": ORDER.expires_at,
    }
    await store.database.write(insert(pending_wishes).values(row))
    with pytest.raises(StoreUnavailable, match="can't be read") as refusal:
        await orders.find(ORDER.interaction_id, ALICE)
    assert refusal.value.__cause__ is None


async def test_an_order_that_cannot_be_written_is_not_quoted_in_the_log(
    orders: WaitingOrders, store: SqlJobStore, caplog: pytest.LogCaptureFixture
) -> None:
    await store.close()
    with pytest.raises(StoreUnavailable) as refusal:
        await orders.keep(ORDER)
    assert "a red kite" not in caplog.text + str(refusal.value)


async def test_one_that_is_about_to_be_kept_is_waited_for_and_not_for_ever(
    orders: WaitingOrders, clock: FakeClock
) -> None:
    looking = asyncio.ensure_future(orders.find_soon(ORDER.interaction_id, ALICE))
    await until(clock.next_due)
    await orders.keep(ORDER)
    assert await over_time(looking, clock) == ORDER
    looking = asyncio.ensure_future(orders.find_soon(ORDER.interaction_id, BOB))
    assert await over_time(looking, clock) is None
    assert clock.now() - NOON >= timedelta(seconds=9)


async def over_time(
    looking: asyncio.Future[WaitingOrder | None], clock: FakeClock
) -> WaitingOrder | None:
    while not looking.done():
        if (due := clock.next_due()) is not None:
            clock.move_to(due)
        await asyncio.sleep(0)
    return looking.result()
