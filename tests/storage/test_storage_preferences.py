"""People's choices and waiting wishes in both databases: kept, and each wish taken once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from bot.domain.ports import StoreUnavailable
from bot.domain.preferences import QUESTION_LIFE, Notify, PendingWish, Preferences
from bot.domain.request import Aspect, GenerationRequest
from bot.domain.styles import BUILT_IN
from bot.features.preferences_store import SqlPending, SqlPreferences
from bot.storage import SqlJobStore
from bot.storage.tables import pending_wishes, preferences
from tests.domain.samples import NOON

ALICE, BOB = 1_200_000_000_000_000_001, 1_200_000_000_000_000_002
ALL_CHOSEN = Preferences(
    notify=Notify.DIRECT,
    language="it",
    aspect=Aspect.SQUARE,
    duration_s=7,
    sound=False,
    ask_above_microusd=1_000_000,
)


def a_wish(number: int = 1) -> PendingWish:
    return PendingWish(
        interaction_id=1_300_000_000_000_000_000 + number,
        requester_id=ALICE,
        request=GenerationRequest(prompt="a red kite", style=BUILT_IN[0], duration_s=7),
        private=True,
        spoiler=True,
        asked_at=NOON,
    )


@pytest.fixture
def choices(store: SqlJobStore) -> SqlPreferences:
    return SqlPreferences(database=store.database)


@pytest.fixture
def pending(store: SqlJobStore) -> SqlPending:
    return SqlPending(database=store.database)


async def test_whoever_chose_nothing_has_the_usual(choices: SqlPreferences) -> None:
    assert await choices.of(ALICE) == Preferences()
    assert await choices.everybody() == {}


async def test_every_choice_comes_back_and_is_one_persons(choices: SqlPreferences) -> None:
    assert await choices.change(ALICE, ALL_CHOSEN.model_dump()) == ALL_CHOSEN
    assert await choices.of(ALICE) == ALL_CHOSEN
    assert await choices.of(BOB) == Preferences()
    assert await choices.everybody() == {ALICE: ALL_CHOSEN}


async def test_a_choice_can_be_unmade(choices: SqlPreferences) -> None:
    await choices.change(ALICE, ALL_CHOSEN.model_dump())
    changed = await choices.change(ALICE, {"language": None, "sound": None})
    assert changed == ALL_CHOSEN.model_copy(update={"language": None, "sound": None})


async def test_two_choices_made_at_once_both_stand(
    choices: SqlPreferences, other_store: SqlJobStore
) -> None:
    elsewhere = SqlPreferences(database=other_store.database)
    await asyncio.gather(
        choices.change(ALICE, {"duration_s": 9}), elsewhere.change(ALICE, {"language": "it"})
    )
    assert await choices.of(ALICE) == Preferences(duration_s=9, language="it")


async def test_a_choice_of_another_version_counts_as_not_made(
    choices: SqlPreferences, store: SqlJobStore
) -> None:
    await choices.change(ALICE, ALL_CHOSEN.model_dump())
    await store.database.write(update(preferences).values(aspect="4:3", notify="by pigeon"))
    assert await choices.of(ALICE) == ALL_CHOSEN.model_copy(update={"aspect": None, "notify": None})


async def test_a_wish_waits_as_it_was_asked(pending: SqlPending) -> None:
    assert await pending.held(a_wish().interaction_id) is None
    await pending.hold(a_wish())
    assert await pending.held(a_wish().interaction_id) == a_wish()


async def test_of_two_who_take_a_wish_at_once_one_gets_it(
    pending: SqlPending, other_store: SqlJobStore
) -> None:
    await pending.hold(a_wish())
    elsewhere = SqlPending(database=other_store.database)
    taken = await asyncio.gather(
        pending.take(a_wish(), now=NOON), elsewhere.take(a_wish(), now=NOON)
    )
    assert sorted(taken) == [False, True]
    assert await pending.held(a_wish().interaction_id) is None


async def test_a_wish_cannot_be_taken_after_its_time(pending: SqlPending) -> None:
    await pending.hold(a_wish())
    assert not await pending.take(a_wish(), now=NOON + QUESTION_LIFE)
    assert await pending.take(a_wish(), now=NOON + QUESTION_LIFE - timedelta(seconds=1))


async def test_a_question_that_is_asked_again_takes_the_place_of_the_first(
    pending: SqlPending,
) -> None:
    first = a_wish()
    await pending.hold(first)
    again = first.model_copy(update={"asked_at": first.asked_at + timedelta(minutes=1)})
    await pending.hold(again)
    assert await pending.held(first.interaction_id) == again
    assert await pending.take(again, now=again.asked_at)
    assert await pending.held(first.interaction_id) is None


@pytest.mark.parametrize("damaged", ["{", '{"prompt": ""}'])
async def test_a_damaged_wish_is_said_to_be_unreadable_without_quoting_it(
    pending: SqlPending, store: SqlJobStore, damaged: str
) -> None:
    row = a_wish().model_dump(exclude={"request"}) | {
        "request": damaged,
        "expires_at": a_wish().expires_at,
    }
    await store.database.write(insert(pending_wishes).values(row))
    with pytest.raises(StoreUnavailable, match="cannot be read") as refusal:
        await pending.held(a_wish().interaction_id)
    assert refusal.value.__cause__ is None
