"""A server's own key: checked for free, kept encrypted and never by half, erased when unneeded."""

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import text

from bot.domain.denied import Denied
from bot.domain.job import NOBODY, Job, State
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
from bot.domain.money.keys import KeptKey, KeyAnswer, KeyRefusal, KeyTaken, OperatorPays, ServerPays
from bot.domain.outcomes import FailureReason
from bot.domain.ports import StoreUnavailable
from bot.domain.servers import BY_THE_BOT
from bot.features.privacy import PrivacyRows
from bot.features.servers.key_ring import Keyless, KeyRing
from bot.features.servers.server_keys import (
    KeyEncryption,
    KeyGiven,
    KeyRows,
    ServerKeys,
    is_well_formed,
)
from bot.features.servers.servers import ServerRows
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.domain.samples import HERE, LATER, NOON, a_job
from tests.runner.stand_ins import ScriptedProvider

SERVER, ANOTHER, MANAGER, SECOND = HERE.guild_id or 0, 4, 77, 78
KEY = SecretStr("canary-server-key-77aa")
OLD, NEW, THIRD = (SecretStr(Fernet.generate_key().decode()) for _ in range(3))


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
async def other_store(database_url: str, store: SqlJobStore) -> AsyncGenerator[SqlJobStore]:
    """That of another process over the same database."""
    assert store
    async with open_store(database_url) as opened:
        yield opened


class Office:
    """The use cases over a real database, and a service that answers as it is told."""

    def __init__(self, store: SqlJobStore, *, is_offered: bool = True) -> None:
        self.store = store
        self.kept = KeyRows(database=store.database)
        self.said: KeyAnswer = KeyTaken(12_340_000)
        self.checked: list[str] = []
        self.learnt: list[str] = []
        secrets = [SecretStr(Fernet.generate_key().decode())] if is_offered else []
        encryption = KeyEncryption(secrets)
        self.keyring = KeyRing(
            operator=ScriptedProvider(),
            keys=self.kept,
            encryption=encryption,
            connect=lambda _: ScriptedProvider(),
            keep_secret=self.keep_secret,
            clock=FakeClock(),
        )
        self.desk = ServerKeys(
            rows=self.kept,
            encryption=encryption,
            check=self.check,
            forget=self.keyring.forget,
            keep_secret=self.keep_secret,
            clock=FakeClock(),
        )

    async def check(self, key: SecretStr) -> KeyAnswer:
        assert key.get_secret_value() in self.learnt, "the log must know it first"
        self.checked.append(key.get_secret_value())
        return self.said

    def keep_secret(self, secret: SecretStr) -> None:
        self.learnt.append(secret.get_secret_value())


@pytest.fixture
async def office(sqlite_url: str) -> AsyncGenerator[Office]:
    async with open_store(sqlite_url) as opened:
        yield Office(opened)


async def test_a_key_that_is_taken_becomes_the_servers(office: Office) -> None:
    given = await office.desk.give(SERVER, SecretStr(" canary-server-key-77aa\n"), by_user_id=1)
    assert isinstance(given, KeyGiven)
    assert (given.key.tail, given.key.set_by, given.left_microusd) == ("77aa", 1, 12_340_000)
    assert office.checked == ["canary-server-key-77aa"]
    assert await office.desk.of_server(SERVER) == given.key
    assert await office.keyring.paying_in(SERVER) == ServerPays(given.key.id)


@pytest.mark.parametrize("why", [KeyRefusal.REFUSED, KeyRefusal.SILENT])
async def test_a_key_that_is_not_taken_leaves_everything_as_it_was(
    office: Office, why: KeyRefusal
) -> None:
    before = await office.desk.give(SERVER, KEY, by_user_id=MANAGER)
    assert isinstance(before, KeyGiven)
    office.said = Denied(why)
    other = SecretStr("canary-other-key-88bb")
    assert await office.desk.give(SERVER, other, by_user_id=MANAGER) == Denied(why)
    assert await office.desk.of_server(SERVER) == before.key


@pytest.mark.parametrize(
    "typed", ["", "short", "with a space in it", "ключ-от-сервера", "tab\tin-the-key", "k" * 201]
)
async def test_what_can_be_no_key_is_sent_nowhere(office: Office, typed: str) -> None:
    answer = await office.desk.give(SERVER, SecretStr(typed), by_user_id=MANAGER)
    assert answer == Denied(KeyRefusal.MALFORMED)
    assert not is_well_formed(typed)
    assert office.checked == []


async def test_without_a_secret_to_encrypt_with_no_key_is_taken(store: SqlJobStore) -> None:
    office = Office(store, is_offered=False)
    assert not office.desk.are_offered
    answer = await office.desk.give(SERVER, KEY, by_user_id=MANAGER)
    assert answer == Denied(KeyRefusal.NOT_OFFERED)
    assert office.checked == []


async def test_a_key_that_cannot_be_written_is_not_given(office: Office) -> None:
    await office.store.close()
    with pytest.raises(StoreUnavailable):
        await office.desk.give(SERVER, KEY, by_user_id=MANAGER)


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
    kept = await office.kept.all_encrypted()
    for shown in (repr(given), repr(kept), str(office.desk), repr(KEY)):
        assert "canary" not in shown


def opened(encryption: KeyEncryption, encrypted: str, *, guild_id: int = SERVER) -> str | None:
    key = encryption.decrypt(encrypted, guild_id=guild_id)
    return None if key is None else key.get_secret_value()


def test_an_encrypted_key_opens_again_and_shows_nothing_of_itself() -> None:
    encryption = KeyEncryption([OLD])
    encrypted = encryption.encrypt(KEY, guild_id=SERVER)
    assert opened(encryption, encrypted) == "canary-server-key-77aa"
    assert "canary" not in encrypted
    assert encryption.encrypt(KEY, guild_id=SERVER) != encrypted


def test_it_opens_for_the_server_that_it_was_given_for_alone() -> None:
    encryption = KeyEncryption([OLD])
    assert opened(encryption, encryption.encrypt(KEY, guild_id=SERVER), guild_id=ANOTHER) is None


def test_with_another_secret_it_does_not_open() -> None:
    assert opened(KeyEncryption([NEW]), KeyEncryption([OLD]).encrypt(KEY, guild_id=SERVER)) is None


@pytest.mark.parametrize("place", [0, 9, 40, -2])
def test_what_was_tampered_with_does_not_open(place: int) -> None:
    encryption = KeyEncryption([OLD])
    encrypted = encryption.encrypt(KEY, guild_id=SERVER)
    other = "A" if encrypted[place] != "A" else "B"
    tampered = encrypted[:place] + other + encrypted[place:][1:]
    assert opened(encryption, tampered) is None
    assert opened(encryption, "not even a token") is None


def test_the_first_secret_encrypts_and_all_of_them_open() -> None:
    encrypted = KeyEncryption([OLD]).encrypt(KEY, guild_id=SERVER)
    rotating = KeyEncryption([NEW, OLD])
    assert opened(rotating, encrypted) == "canary-server-key-77aa"
    assert (
        opened(KeyEncryption([NEW]), rotating.encrypt(KEY, guild_id=SERVER))
        == "canary-server-key-77aa"
    )


def test_a_key_is_renewed_once_under_the_first_secret() -> None:
    encrypted = KeyEncryption([OLD]).encrypt(KEY, guild_id=SERVER)
    rotating = KeyEncryption([NEW, OLD])
    renewed = rotating.renewed(encrypted)
    assert renewed is not None
    assert opened(KeyEncryption([NEW]), renewed) == "canary-server-key-77aa"
    assert rotating.renewed(renewed) is None


def test_what_no_secret_opens_is_left_as_it_is() -> None:
    encrypted = KeyEncryption([THIRD]).encrypt(KEY, guild_id=SERVER)
    assert KeyEncryption([NEW, OLD]).renewed(encrypted) is None
    assert KeyEncryption([]).renewed(encrypted) is None


def test_without_a_secret_nothing_is_encrypted_or_opened() -> None:
    encryption = KeyEncryption([])
    assert not encryption.is_possible
    assert KeyEncryption([OLD]).is_possible
    assert opened(encryption, KeyEncryption([OLD]).encrypt(KEY, guild_id=SERVER)) is None
    with pytest.raises(ValueError, match="no SECRET_KEY") as refusal:
        encryption.encrypt(KEY, guild_id=SERVER)
    assert "canary" not in str(refusal.value)


@pytest.fixture
def keys(store: SqlJobStore) -> KeyRows:
    return KeyRows(database=store.database)


@pytest.fixture
def other_keys(other_store: SqlJobStore) -> KeyRows:
    return KeyRows(database=other_store.database)


async def given(
    keys: KeyRows, *, guild_id: int = SERVER, encrypted: str = "secret-1", tail: str = "aaaa"
) -> int:
    key = await keys.replace(guild_id, encrypted=encrypted, tail=tail, by_user_id=MANAGER, at=NOON)
    return key.id


async def secret_of(keys: KeyRows, key_id: int) -> str | None:
    kept = await keys.get(key_id)
    assert kept is not None, "the row stays for the books"
    return kept.encrypted


async def who_gave(keys: KeyRows, key_id: int) -> tuple[int, str]:
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


async def test_a_server_has_the_key_that_was_given_last(keys: KeyRows) -> None:
    assert await keys.current(SERVER) is None
    first = await given(keys)
    second = await given(keys, encrypted="secret-2", tail="bbbb")
    elsewhere = await given(keys, guild_id=ANOTHER, encrypted="secret-3", tail="cccc")
    assert len({first, second, elsewhere}) == 3
    present = await keys.current(SERVER)
    assert present is not None
    assert (present.id, present.tail, present.set_by) == (second, "bbbb", MANAGER)
    assert (present.set_at, present.removed_at, present.broken_at) == (NOON, None, None)
    former = await keys.get(first)
    assert former is not None
    assert former.key.removed_at == NOON
    assert await keys.servers_with_keys() == {SERVER, ANOTHER}


async def test_a_removed_key_is_gone_and_its_secret_is_erased(keys: KeyRows) -> None:
    key_id = await given(keys)
    assert await secret_of(keys, key_id) == "secret-1"
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
    store: SqlJobStore, keys: KeyRows, needing: tuple[Event, ...], ending: Event
) -> None:
    key_id = await given(keys)
    job = await paid_with(store, key_id, *needing)
    await keys.remove(SERVER, by_user_id=MANAGER, at=NOON)
    assert await secret_of(keys, key_id) == "secret-1"
    assert await who_gave(keys, key_id) == (MANAGER, "aaaa")
    assert await store.move(job, ending, LATER) is not None
    assert await secret_of(keys, key_id) is None
    assert await who_gave(keys, key_id) == (NOBODY, "")


async def test_a_job_that_takes_the_new_key_needs_the_old_one_no_more(
    store: SqlJobStore, keys: KeyRows
) -> None:
    old = await given(keys)
    job = await paid_with(store, old)
    new = await given(keys, encrypted="secret-2")
    assert await secret_of(keys, old) == "secret-1"
    moved = await store.move(job, KeyChanged(new), LATER)
    assert moved is not None
    assert (moved.key_id, moved.state) == (new, State.WAITING)
    assert await secret_of(keys, old) is None
    assert await secret_of(keys, new) == "secret-2"


async def test_the_present_keys_secret_outlives_every_job(
    store: SqlJobStore, keys: KeyRows
) -> None:
    key_id = await given(keys)
    job = await paid_with(store, key_id)
    await store.move(job, Cancelled(), LATER)
    assert await secret_of(keys, key_id) == "secret-1"


async def test_a_key_breaks_once_whoever_finds_it_out(keys: KeyRows, other_keys: KeyRows) -> None:
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
    keys: KeyRows,
) -> None:
    former = await given(keys)
    await keys.break_key(former, why=FailureReason.KEY_REFUSED, at=NOON)
    present = await given(keys, encrypted="secret-2")
    assert await keys.break_key(former, why=FailureReason.KEY_REFUSED, at=LATER) is None
    current = await keys.current(SERVER)
    assert current is not None
    assert (current.id, current.broken_at) == (present, None)


async def test_two_managers_at_once_leave_one_key(keys: KeyRows, other_keys: KeyRows) -> None:
    await asyncio.gather(
        *(
            given(one, encrypted=f"secret-{number}", tail=f"{number:04}")
            for number, one in enumerate((keys, other_keys) * 4)
        )
    )
    kept = await keys.all_encrypted()
    assert len(kept) == 1
    assert kept[0].key == await keys.current(SERVER)


async def test_the_trail_tells_what_happened_with_the_tail_and_no_more(
    store: SqlJobStore, keys: KeyRows
) -> None:
    key_id = await given(keys, tail="aaaa")
    await keys.break_key(key_id, why=FailureReason.KEY_REFUSED, at=LATER)
    await keys.replace(SERVER, encrypted="secret-2", tail="bbbb", by_user_id=SECOND, at=LATER)
    await keys.remove(SERVER, by_user_id=MANAGER, at=LATER + timedelta(hours=1))
    trail = await ServerRows(database=store.database).audit(SERVER, limit=10)
    assert [(entry.what, entry.by_user_id, entry.before, entry.after) for entry in trail] == [
        ("key_removed", MANAGER, '"bbbb"', ""),
        ("key_replaced", SECOND, '"aaaa"', '"bbbb"'),
        ("key_broken", BY_THE_BOT, '"aaaa"', json.dumps(FailureReason.KEY_REFUSED.value)),
        ("key_given", MANAGER, "", '"aaaa"'),
    ]


async def test_a_secret_is_encrypted_again_unless_it_changed_meanwhile(keys: KeyRows) -> None:
    key_id = await given(keys)
    assert await keys.re_encrypt(key_id, before="secret-1", after="secret-1b")
    assert not await keys.re_encrypt(key_id, before="secret-1", after="secret-1c")
    present = await keys.current(SERVER)
    assert present is not None
    assert await keys.all_encrypted() == [KeptKey(present, "secret-1b")]


async def test_the_database_itself_refuses_a_second_present_key(
    store: SqlJobStore, keys: KeyRows
) -> None:
    await given(keys)
    twin = text(
        "INSERT INTO server_keys (guild_id, token, tail, set_by, set_at)"
        " SELECT guild_id, token, tail, set_by, set_at FROM server_keys"
    )
    with pytest.raises(Exception, match="refused"):
        await store.database.write(twin)


async def test_a_server_that_was_left_for_good_loses_its_key_and_others_keep_theirs(
    store: SqlJobStore, keys: KeyRows
) -> None:
    privacy = PrivacyRows(database=store.database)
    left, stayed = await given(keys), await given(keys, guild_id=ANOTHER, encrypted="secret-2")
    await privacy.left(SERVER, NOON)
    assert await privacy.forget_servers([SERVER, ANOTHER], LATER) == 1
    assert await keys.current(SERVER) is None
    assert await secret_of(keys, left) is None
    assert await who_gave(keys, left) == (NOBODY, "")
    assert await secret_of(keys, stayed) == "secret-2"
    assert await who_gave(keys, stayed) == (MANAGER, "aaaa")
