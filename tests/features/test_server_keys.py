"""A server's own key: checked for free before it is kept, and never kept by half."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.domain.keys import KeyGiven, KeyNotTaken, KeyTaken, OperatorPays, ServerPays
from bot.features.encryption import Sealer
from bot.features.key_ring import Keyless, KeyRing
from bot.features.server_keys import KeyDesk, is_well_formed
from bot.features.server_keys_store import SqlKeys
from bot.storage import SqlJobStore, default_database_url, open_store
from tests.clocks import FakeClock
from tests.runner.stand_ins import ScriptedProvider

SERVER, MANAGER = 3, 77
KEY = SecretStr("canary-server-key-77aa")


class Office:
    """The use cases over a real database, and a service that answers as it is told."""

    def __init__(self, store: SqlJobStore, *, is_offered: bool = True) -> None:
        self.store = store
        self.kept = SqlKeys(database=store.database)
        self.said: KeyTaken | KeyNotTaken = KeyTaken(12_340_000)
        self.checked: list[str] = []
        self.learnt: list[str] = []
        secrets = [SecretStr(Fernet.generate_key().decode())] if is_offered else []
        sealing = Sealer(secrets)
        self.keyring = KeyRing(
            operator=ScriptedProvider(),
            keys=self.kept,
            sealing=sealing,
            connect=lambda _: ScriptedProvider(),
            keep_secret=self.keep_secret,
            clock=FakeClock(),
        )
        self.desk = KeyDesk(
            store=self.kept,
            sealing=sealing,
            check=self.check,
            keyring=self.keyring,
            keep_secret=self.keep_secret,
            clock=FakeClock(),
        )

    async def check(self, key: SecretStr) -> KeyTaken | KeyNotTaken:
        assert key.get_secret_value() in self.learnt, "the log must know it first"
        self.checked.append(key.get_secret_value())
        return self.said

    def keep_secret(self, secret: SecretStr) -> None:
        self.learnt.append(secret.get_secret_value())


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[SqlJobStore]:
    async with open_store(default_database_url(tmp_path)) as opened:
        yield opened


@pytest.fixture
def office(store: SqlJobStore) -> Office:
    return Office(store)


async def test_a_key_that_is_taken_becomes_the_servers(office: Office) -> None:
    given = await office.desk.give(SERVER, SecretStr(" canary-server-key-77aa\n"), by_user_id=1)
    assert isinstance(given, KeyGiven)
    assert (given.key.tail, given.key.set_by, given.left_microusd) == ("77aa", 1, 12_340_000)
    assert office.checked == ["canary-server-key-77aa"]
    assert await office.desk.of_server(SERVER) == given.key
    assert await office.keyring.paying_in(SERVER) == ServerPays(given.key.id)


@pytest.mark.parametrize("said", [KeyNotTaken.REFUSED, KeyNotTaken.SILENT])
async def test_a_key_that_is_not_taken_leaves_everything_as_it_was(
    office: Office, said: KeyNotTaken
) -> None:
    before = await office.desk.give(SERVER, KEY, by_user_id=MANAGER)
    assert isinstance(before, KeyGiven)
    office.said = said
    other = SecretStr("canary-other-key-88bb")
    assert await office.desk.give(SERVER, other, by_user_id=MANAGER) is said
    assert await office.desk.of_server(SERVER) == before.key


@pytest.mark.parametrize(
    "typed", ["", "short", "with a space in it", "ключ-от-сервера", "tab\tin-the-key", "k" * 201]
)
async def test_what_can_be_no_key_is_sent_nowhere(office: Office, typed: str) -> None:
    answer = await office.desk.give(SERVER, SecretStr(typed), by_user_id=MANAGER)
    assert answer is KeyNotTaken.MALFORMED
    assert not is_well_formed(typed)
    assert office.checked == []


async def test_without_a_secret_to_encrypt_with_no_key_is_taken(store: SqlJobStore) -> None:
    office = Office(store, is_offered=False)
    assert not office.desk.are_offered
    answer = await office.desk.give(SERVER, KEY, by_user_id=MANAGER)
    assert answer is KeyNotTaken.NOT_OFFERED
    assert office.checked == []


async def test_a_key_that_cannot_be_written_is_not_given(office: Office) -> None:
    await office.store.close()
    answer = await office.desk.give(SERVER, KEY, by_user_id=MANAGER)
    assert answer is KeyNotTaken.STORE_DOWN


async def test_a_removed_key_pays_and_opens_no_more(office: Office) -> None:
    given = await office.desk.give(SERVER, KEY, by_user_id=MANAGER)
    assert isinstance(given, KeyGiven)
    assert not isinstance(await office.keyring.of(given.key.id), Keyless)
    removed = await office.desk.remove(SERVER, by_user_id=MANAGER)
    assert removed is not None
    assert isinstance(await office.keyring.of(given.key.id), Keyless)
    assert await office.keyring.paying_in(SERVER) == OperatorPays()
    assert await office.desk.remove(SERVER, by_user_id=MANAGER) is None


async def test_a_replaced_key_opens_no_more(office: Office) -> None:
    first = await office.desk.give(SERVER, KEY, by_user_id=MANAGER)
    assert isinstance(first, KeyGiven)
    await office.keyring.of(first.key.id)
    second = await office.desk.give(SERVER, SecretStr("canary-next-key-99cc"), by_user_id=MANAGER)
    assert isinstance(second, KeyGiven)
    assert isinstance(await office.keyring.of(first.key.id), Keyless)
    assert await office.keyring.paying_in(SERVER) == ServerPays(second.key.id)


async def test_nothing_that_is_kept_or_shown_holds_the_key(office: Office) -> None:
    given = await office.desk.give(SERVER, KEY, by_user_id=MANAGER)
    kept = await office.kept.all_sealed()
    for shown in (repr(given), repr(kept), str(office.desk), repr(KEY)):
        assert "canary" not in shown
