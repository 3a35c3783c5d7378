"""Servers' keys in both databases: one each, with a trail, erased when nothing needs them."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.job import NOBODY, Job, State
from bot.domain.keys import KeptKey
from bot.domain.lifecycle import (
    Accepted,
    Cancelled,
    Event,
    KeyChanged,
    OutcomeLost,
    RenderingFailed,
    SendingBegan,
    WrittenOff,
)
from bot.domain.outcomes import FailureReason
from bot.domain.servers import BY_THE_BOT
from bot.features.privacy import PrivacyRows
from bot.features.server_keys_store import SqlKeys
from bot.features.server_settings_store import SqlServers
from bot.storage import SqlJobStore
from tests.domain.samples import HERE, LATER, NOON, a_job

SERVER, ANOTHER, MANAGER, SECOND = HERE.guild_id or 0, 4, 77, 78


@pytest.fixture
def keys(store: SqlJobStore) -> SqlKeys:
    return SqlKeys(database=store.database)


@pytest.fixture
def other_keys(other_store: SqlJobStore) -> SqlKeys:
    return SqlKeys(database=other_store.database)


async def given(
    keys: SqlKeys, *, guild_id: int = SERVER, sealed: str = "sealed-1", tail: str = "aaaa"
) -> int:
    key = await keys.replace(guild_id, sealed=sealed, tail=tail, by_user_id=MANAGER, at=NOON)
    return key.id


async def secret_of(keys: SqlKeys, key_id: int) -> str | None:
    kept = await keys.get(key_id)
    assert kept is not None, "the row stays for the books"
    return kept.sealed


async def who_gave(keys: SqlKeys, key_id: int) -> tuple[int, str]:
    kept = await keys.get(key_id)
    assert kept is not None, "the row stays for the books"
    return kept.key.set_by, kept.key.tail


async def paid_with(store: SqlJobStore, key_id: int, *events: Event) -> Job:
    job = a_job().model_copy(update={"key_id": key_id})
    await store.add(job)
    for event in events:
        moved = await store.move(job, event, LATER)
        assert moved is not None
        job = moved
    return job


async def test_a_server_has_the_key_that_was_given_last(keys: SqlKeys) -> None:
    assert await keys.current(SERVER) is None
    first = await given(keys)
    second = await given(keys, sealed="sealed-2", tail="bbbb")
    elsewhere = await given(keys, guild_id=ANOTHER, sealed="sealed-3", tail="cccc")
    assert len({first, second, elsewhere}) == 3
    present = await keys.current(SERVER)
    assert present is not None
    assert (present.id, present.tail, present.set_by) == (second, "bbbb", MANAGER)
    assert (present.set_at, present.removed_at, present.broken_at) == (NOON, None, None)
    former = await keys.get(first)
    assert former is not None
    assert former.key.removed_at == NOON
    assert await keys.servers_with_keys() == {SERVER, ANOTHER}


async def test_a_removed_key_is_gone_and_its_secret_is_erased(keys: SqlKeys) -> None:
    key_id = await given(keys)
    assert await secret_of(keys, key_id) == "sealed-1"
    removed = await keys.remove(SERVER, by_user_id=SECOND, at=LATER)
    assert removed is not None
    assert (removed.id, removed.removed_at) == (key_id, LATER)
    assert await keys.current(SERVER) is None
    assert await secret_of(keys, key_id) is None
    assert await keys.remove(SERVER, by_user_id=SECOND, at=LATER) is None
    assert await keys.servers_with_keys() == frozenset()
    assert await keys.get(key_id + 1) is None


@pytest.mark.parametrize(
    ("needing", "ending"),
    [
        ((), Cancelled()),
        ((SendingBegan(), Accepted("r-1")), RenderingFailed(FailureReason.GENERATION_FAILED)),
        ((SendingBegan(), OutcomeLost()), WrittenOff()),
    ],
)
async def test_a_secret_is_kept_until_the_last_job_needs_it_no_more(
    store: SqlJobStore, keys: SqlKeys, needing: tuple[Event, ...], ending: Event
) -> None:
    key_id = await given(keys)
    job = await paid_with(store, key_id, *needing)
    await keys.remove(SERVER, by_user_id=MANAGER, at=NOON)
    assert await secret_of(keys, key_id) == "sealed-1"
    assert await who_gave(keys, key_id) == (MANAGER, "aaaa")
    assert await store.move(job, ending, LATER) is not None
    assert await secret_of(keys, key_id) is None
    assert await who_gave(keys, key_id) == (NOBODY, "")


async def test_a_job_that_takes_the_new_key_needs_the_old_one_no_more(
    store: SqlJobStore, keys: SqlKeys
) -> None:
    old = await given(keys)
    job = await paid_with(store, old)
    new = await given(keys, sealed="sealed-2")
    assert await secret_of(keys, old) == "sealed-1"
    moved = await store.move(job, KeyChanged(new), LATER)
    assert moved is not None
    assert (moved.key_id, moved.state) == (new, State.WAITING)
    assert await secret_of(keys, old) is None
    assert await secret_of(keys, new) == "sealed-2"


async def test_the_present_keys_secret_outlives_every_job(
    store: SqlJobStore, keys: SqlKeys
) -> None:
    key_id = await given(keys)
    job = await paid_with(store, key_id)
    await store.move(job, Cancelled(), LATER)
    assert await secret_of(keys, key_id) == "sealed-1"


async def test_a_key_breaks_once_whoever_finds_it_out(keys: SqlKeys, other_keys: SqlKeys) -> None:
    key_id = await given(keys)
    found = await asyncio.gather(
        *(
            one.break_key(key_id, why=FailureReason.KEY_REFUSED, at=LATER)
            for one in (keys, other_keys) * 3
        )
    )
    told = [key for key in found if key is not None]
    assert len(told) == 1
    assert (told[0].broken_at, told[0].broken_why) == (LATER, FailureReason.KEY_REFUSED)
    assert await keys.current(SERVER) == told[0]


async def test_a_key_that_was_replaced_breaks_no_more_and_the_new_one_is_sound(
    keys: SqlKeys,
) -> None:
    former = await given(keys)
    await keys.break_key(former, why=FailureReason.KEY_REFUSED, at=NOON)
    present = await given(keys, sealed="sealed-2")
    assert await keys.break_key(former, why=FailureReason.KEY_REFUSED, at=LATER) is None
    current = await keys.current(SERVER)
    assert current is not None
    assert (current.id, current.broken_at) == (present, None)


async def test_two_managers_at_once_leave_one_key(keys: SqlKeys, other_keys: SqlKeys) -> None:
    await asyncio.gather(
        *(
            given(one, sealed=f"sealed-{number}", tail=f"{number:04}")
            for number, one in enumerate((keys, other_keys) * 4)
        )
    )
    kept = await keys.all_sealed()
    assert len(kept) == 1
    assert kept[0].key == await keys.current(SERVER)


async def test_the_trail_tells_what_happened_with_the_tail_and_no_more(
    store: SqlJobStore, keys: SqlKeys
) -> None:
    key_id = await given(keys, tail="aaaa")
    await keys.break_key(key_id, why=FailureReason.KEY_REFUSED, at=LATER)
    await keys.replace(SERVER, sealed="sealed-2", tail="bbbb", by_user_id=SECOND, at=LATER)
    await keys.remove(SERVER, by_user_id=MANAGER, at=LATER + timedelta(hours=1))
    trail = await SqlServers(database=store.database).audit(SERVER, limit=10)
    assert [(entry.what, entry.by_user_id, entry.before, entry.after) for entry in trail] == [
        ("key_removed", MANAGER, '"bbbb"', ""),
        ("key_replaced", SECOND, '"aaaa"', '"bbbb"'),
        ("key_broken", BY_THE_BOT, '"aaaa"', json.dumps(FailureReason.KEY_REFUSED.value)),
        ("key_given", MANAGER, "", '"aaaa"'),
    ]


async def test_a_secret_is_sealed_anew_unless_it_changed_meanwhile(keys: SqlKeys) -> None:
    key_id = await given(keys)
    assert await keys.reseal(key_id, before="sealed-1", after="sealed-1b")
    assert not await keys.reseal(key_id, before="sealed-1", after="sealed-1c")
    present = await keys.current(SERVER)
    assert present is not None
    assert await keys.all_sealed() == [KeptKey(present, "sealed-1b")]


async def test_the_database_itself_refuses_a_second_present_key(
    store: SqlJobStore, keys: SqlKeys
) -> None:
    await given(keys)
    twin = text(
        "INSERT INTO server_keys (guild_id, token, tail, set_by, set_at)"
        " SELECT guild_id, token, tail, set_by, set_at FROM server_keys"
    )
    with pytest.raises(Exception, match="refused"):
        await store.database.write(twin)


async def test_a_server_that_was_left_for_good_loses_its_key_and_others_keep_theirs(
    store: SqlJobStore, keys: SqlKeys
) -> None:
    privacy = PrivacyRows(database=store.database)
    left, stayed = await given(keys), await given(keys, guild_id=ANOTHER, sealed="sealed-2")
    await privacy.left(SERVER, NOON)
    assert await privacy.forget_servers([SERVER, ANOTHER], LATER) == 1
    assert await keys.current(SERVER) is None
    assert await secret_of(keys, left) is None
    assert await who_gave(keys, left) == (NOBODY, "")
    assert await secret_of(keys, stayed) == "sealed-2"
    assert await who_gave(keys, stayed) == (MANAGER, "aaaa")
