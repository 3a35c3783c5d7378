"""The keys that pay: found by server, opened once, noticed when they are refused."""

import logging
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.domain.generation.request import GenerationRequest
from bot.domain.money.keys import (
    KeyBroken,
    KeyReplaced,
    KeyUnusable,
    KeyUsable,
    OperatorPays,
    ServerKey,
    ServerPays,
)
from bot.domain.outcomes import (
    CancelConfirmed,
    FailureReason,
    Gone,
    NotSent,
    Sighting,
    StillRendering,
    SubmitAccepted,
    SubmitRefused,
    Unanswered,
)
from bot.domain.ports import Provider, StoreUnavailable
from bot.features.servers.key_ring import KeyRing
from bot.features.servers.server_keys import KeyEncryption, KeyRows
from bot.storage import SqlJobStore, default_database_url, open_store
from tests.clocks import FakeClock
from tests.runner.stand_ins import ScriptedProvider

SERVER, ANOTHER, MANAGER = 3, 4, 77
KITE = GenerationRequest(prompt="a red kite")
FIRST, SECOND = "canary-first-key", "canary-second-key"
OLD_SECRET, NEW_SECRET = (SecretStr(Fernet.generate_key().decode()) for _ in range(2))
SILENT_BY_KEY = Unanswered("HTTP 401 (key refused)", key_refused=True)


class Ring:
    """A key ring over a real database, and the services that its keys open."""

    def __init__(self, store: SqlJobStore, *secrets: SecretStr) -> None:
        self.store = store
        self.clock = FakeClock()
        self.keys = KeyRows(database=store.database)
        self.encryption = KeyEncryption(secrets)
        self.services: dict[str, ScriptedProvider] = {}
        self.learnt: list[str] = []
        self.told: list[ServerKey] = []
        self.operator = ScriptedProvider()
        self.ring = KeyRing(
            operator=self.operator,
            keys=self.keys,
            encryption=self.encryption,
            connect=self.connect,
            keep_secret=lambda secret: self.learnt.append(secret.get_secret_value()),
            clock=self.clock,
        )
        self.ring.report_to(self.key_broke)

    def connect(self, key: SecretStr) -> Provider:
        return self.services.setdefault(key.get_secret_value(), ScriptedProvider())

    async def key_broke(self, key: ServerKey) -> None:
        self.told.append(key)

    async def give(self, key: str, *, guild_id: int = SERVER) -> int:
        given = await self.keys.replace(
            guild_id,
            encrypted=self.encryption.encrypt(SecretStr(key), guild_id=guild_id),
            tail=key[-4:],
            by_user_id=MANAGER,
            at=self.clock.now(),
        )
        return given.id

    def sees(self, key: str, *sightings: Sighting) -> None:
        self.services[key] = ScriptedProvider(sightings=sightings)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[SqlJobStore]:
    async with open_store(default_database_url(tmp_path)) as opened:
        yield opened


@pytest.fixture
def a(store: SqlJobStore) -> Ring:
    return Ring(store, NEW_SECRET)


async def test_the_operator_pays_where_no_key_was_given(a: Ring) -> None:
    assert await a.ring.paying_in(SERVER) == OperatorPays()
    assert await a.ring.paying_in(None) == OperatorPays()
    assert await a.ring.of(None) is a.operator


async def test_a_servers_own_key_pays_there_and_nowhere_else(a: Ring) -> None:
    key_id = await a.give(FIRST)
    a.services[FIRST] = ScriptedProvider(
        submits=[SubmitAccepted("r-1")], cancels=[CancelConfirmed()]
    )
    assert await a.ring.paying_in(SERVER) == ServerPays(key_id)
    assert await a.ring.paying_in(ANOTHER) == OperatorPays()
    assert await (await a.ring.of(key_id)).submit(KITE) == SubmitAccepted("r-1")
    assert a.services[FIRST].bought == [KITE]
    assert await (await a.ring.of(key_id)).cancel("r-1") == CancelConfirmed()


async def test_a_key_is_opened_once_and_told_to_the_log_before_it_is_used(a: Ring) -> None:
    key_id = await a.give(FIRST)
    provider = await a.ring.of(key_id)
    assert await a.ring.of(key_id) is provider
    assert a.learnt == [FIRST]
    a.ring.forget(key_id)
    assert await a.ring.of(key_id) is not provider


async def test_a_key_that_is_gone_buys_nothing_and_sees_nothing(a: Ring) -> None:
    key_id = await a.give(FIRST)
    await a.keys.remove(SERVER, by_user_id=MANAGER, at=a.clock.now())
    for gone in (key_id, 999):
        provider = await a.ring.of(gone)
        assert await provider.submit(KITE) == SubmitRefused(FailureReason.KEY_REFUSED)
        assert isinstance(await provider.look("r-1"), Unanswered)
        assert isinstance(await provider.cancel("r-1"), Unanswered)


async def test_while_the_database_is_away_everything_may_be_tried_again(a: Ring) -> None:
    key_id = await a.give(FIRST)
    await a.store.close()
    provider = await a.ring.of(key_id)
    assert await provider.submit(KITE) == NotSent()
    assert isinstance(await provider.look("r-1"), Unanswered)
    assert isinstance(await provider.cancel("r-1"), Unanswered)
    with pytest.raises(StoreUnavailable):
        await a.ring.paying_in(SERVER)


async def test_how_a_key_stands_follows_its_server(a: Ring) -> None:
    first = await a.give(FIRST)
    assert await a.ring.standing(first) == KeyUsable()
    second = await a.give(SECOND)
    assert await a.ring.standing(first) == KeyReplaced(second)
    assert await a.ring.standing(second) == KeyUsable()
    await a.keys.break_key(second, why=FailureReason.KEY_REFUSED, at=a.clock.now())
    assert await a.ring.standing(second) == KeyUnusable(FailureReason.KEY_REFUSED)
    await a.keys.remove(SERVER, by_user_id=MANAGER, at=a.clock.now())
    assert await a.ring.standing(second) == KeyUnusable(FailureReason.KEY_REMOVED)
    assert await a.ring.standing(999) == KeyUnusable(FailureReason.KEY_REMOVED)


async def test_a_key_that_turned_invalid_pauses_its_server_and_is_told_once(a: Ring) -> None:
    key_id = await a.give(FIRST)
    other = await a.give(SECOND, guild_id=ANOTHER)
    await a.ring.of(key_id)
    for _ in range(3):
        await a.ring.turned_invalid(key_id)
    assert [key.id for key in a.told] == [key_id]
    assert await a.ring.paying_in(SERVER) == KeyBroken()
    assert await a.ring.paying_in(ANOTHER) == ServerPays(other)
    assert await a.ring.paying_in(5) == OperatorPays()


async def test_where_nobody_can_be_told_a_key_that_turned_invalid_pauses_its_server_too(
    store: SqlJobStore,
) -> None:
    a = Ring(store, NEW_SECRET)
    key_id = await a.give(FIRST)
    at_a_terminal = KeyRing(
        operator=a.operator,
        keys=a.keys,
        encryption=a.encryption,
        connect=a.connect,
        keep_secret=lambda secret: a.learnt.append(secret.get_secret_value()),
        clock=a.clock,
    )
    await at_a_terminal.of(key_id)
    await at_a_terminal.turned_invalid(key_id)
    assert await a.ring.paying_in(SERVER) == KeyBroken()


async def test_a_new_key_ends_the_pause_at_once(a: Ring) -> None:
    broken = await a.give(FIRST)
    await a.ring.of(broken)
    await a.ring.turned_invalid(broken)
    key_id = await a.give(SECOND)
    assert await a.ring.paying_in(SERVER) == ServerPays(key_id)


async def test_what_could_not_be_written_is_found_out_again(
    a: Ring, caplog: pytest.LogCaptureFixture
) -> None:
    key_id = await a.give(FIRST)
    await a.ring.of(key_id)
    await a.store.close()
    with caplog.at_level(logging.ERROR):
        await a.ring.turned_invalid(key_id)
    assert a.told == []
    assert "couldn't note that" in caplog.text


async def test_a_look_that_is_refused_for_the_keys_sake_breaks_the_key(a: Ring) -> None:
    key_id = await a.give(FIRST)
    a.sees(FIRST, StillRendering(), Unanswered("HTTP 503"), SILENT_BY_KEY)
    provider = await a.ring.of(key_id)
    assert await provider.look("r-1") == StillRendering()
    assert await provider.look("r-1") == Unanswered("HTTP 503")
    assert a.told == []
    assert await provider.look("r-1") == SILENT_BY_KEY
    assert [key.id for key in a.told] == [key_id]


async def test_a_paid_request_whose_key_was_revoked_is_looked_for_with_the_new_one(
    a: Ring,
) -> None:
    former = await a.give(FIRST)
    a.sees(FIRST, SILENT_BY_KEY, SILENT_BY_KEY)
    provider = await a.ring.of(former)
    present = await a.give(SECOND)
    a.sees(SECOND, StillRendering(), Gone())
    assert await provider.look("r-1") == StillRendering()
    # To the key of another account it is unknown: that is no verdict.
    assert await provider.look("r-1") == SILENT_BY_KEY
    assert a.told == []
    assert await a.ring.paying_in(SERVER) == ServerPays(present)


async def test_without_a_new_key_or_a_database_the_old_ones_word_stands(a: Ring) -> None:
    former = await a.give(FIRST)
    a.sees(FIRST, SILENT_BY_KEY, SILENT_BY_KEY)
    provider = await a.ring.of(former)
    await a.keys.remove(SERVER, by_user_id=MANAGER, at=a.clock.now())
    assert await provider.look("r-1") == SILENT_BY_KEY
    await a.store.close()
    assert await provider.look("r-1") == SILENT_BY_KEY


async def test_rotation_encrypts_everything_again_at_the_start(store: SqlJobStore) -> None:
    before = Ring(store, OLD_SECRET)
    key_id = await before.give(FIRST)
    rotating = Ring(store, NEW_SECRET, OLD_SECRET)
    await rotating.ring.load()
    after = Ring(store, NEW_SECRET)
    assert await after.ring.paying_in(SERVER) == ServerPays(key_id)
    assert after.learnt == [FIRST]
    assert await before.ring.paying_in(SERVER) == KeyBroken()


@pytest.mark.parametrize("secrets", [(), (NEW_SECRET,)])
async def test_a_key_that_no_secret_opens_pays_nothing_until_the_secret_is_back(
    store: SqlJobStore, secrets: tuple[SecretStr, ...], caplog: pytest.LogCaptureFixture
) -> None:
    before = Ring(store, OLD_SECRET)
    key_id = await before.give(FIRST)
    lost = Ring(store, *secrets)
    with caplog.at_level(logging.ERROR):
        await lost.ring.load()
    assert "can't decrypt 1 of 1 servers' keys" in caplog.text
    assert await lost.ring.paying_in(SERVER) == KeyBroken()
    provider = await lost.ring.of(key_id)
    assert await provider.submit(KITE) == SubmitRefused(FailureReason.KEY_REFUSED)
    # The key itself is not to blame, and nobody has to give it again.
    await lost.ring.turned_invalid(key_id)
    assert lost.told == []
    back = Ring(store, NEW_SECRET, OLD_SECRET)
    await back.ring.load()
    assert await back.ring.paying_in(SERVER) == ServerPays(key_id)
