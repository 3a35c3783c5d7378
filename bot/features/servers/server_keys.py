"""Servers' own RunComfy keys: checked for free, kept encrypted, removable."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from sqlalchemy import ColumnElement, RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.denied import Denied
from bot.domain.money.keys import (
    KEY_MAX_CHARS,
    KEY_MIN_CHARS,
    TAIL_CHARS,
    CheckKey,
    KeptKey,
    KeyRefusal,
    ServerKey,
)
from bot.domain.outcomes import FailureReason
from bot.domain.ports import Clock
from bot.domain.servers import BY_THE_BOT, AuditEntry
from bot.storage.audit_log import write_entry
from bot.storage.database import Database
from bot.storage.moves import erase_unneeded
from bot.storage.tables.jobs import read_instant
from bot.storage.tables.keys import server_keys
from bot.storage.unreadable import reading

if TYPE_CHECKING:
    from cryptography.fernet import Fernet, MultiFernet

KeepSecret = Callable[[SecretStr], None]
"""Called with every key before it is used, so that no log ever shows it."""
KEY_GIVEN = "key_given"
KEY_REPLACED = "key_replaced"
KEY_REMOVED = "key_removed"
KEY_BROKEN = "key_broken"
"""A key's events in the audit log, which only shows the last characters of a key."""


@dataclass(frozen=True, slots=True)
class KeyGiven:
    """It is the server's key from now on."""

    key: ServerKey
    left_microusd: int | None
    """The balance of its account, if RunComfy told it."""


class KeyEncryption:
    """Fernet: encrypted and signed, each key for its own server alone.

    The first secret encrypts, and all of them decrypt, which allows rotation.
    """

    def __init__(self, secrets: Sequence[SecretStr]) -> None:
        fernets = _fernets(secrets) if secrets else None
        self._first, self._all = fernets or (None, None)

    @property
    def is_possible(self) -> bool:
        """Whether there is a secret to encrypt with."""
        return self._all is not None

    def encrypt(self, key: SecretStr, *, guild_id: int) -> str:
        """The encrypted key.

        Raises:
            ValueError: there is nothing to encrypt with.
        """
        if self._all is None:
            raise ValueError("there is no SECRET_KEY to encrypt with")
        # With the server's id inside, so that a row copied to another server is not a key there.
        return self._all.encrypt(f"{guild_id} {key.get_secret_value()}".encode()).decode()

    def decrypt(self, encrypted: str, *, guild_id: int) -> SecretStr | None:
        """The key; None if no secret fits, or if the text was changed."""
        if self._all is None or (plain := _decrypted(self._all, encrypted)) is None:
            return None
        whose, _, key = plain.partition(" ")
        return SecretStr(key) if whose == str(guild_id) else None

    def renewed(self, encrypted: str) -> str | None:
        """Re-encrypted with the first secret; None if it is already, or cannot be decrypted."""
        if self._first is None or self._all is None:
            return None
        if _decrypted(self._first, encrypted) is not None:
            return None
        if _decrypted(self._all, encrypted) is None:
            return None
        return self._all.rotate(encrypted).decode()


def _fernets(secrets: Sequence[SecretStr]) -> "tuple[Fernet, MultiFernet]":
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 - loaded when wanted: it costs 10 ms and 7 MiB

    fernets = [Fernet(secret.get_secret_value()) for secret in secrets]
    # OpenSSL readies its ciphers at the first use. At the start no member waits for an answer.
    fernets[0].encrypt(b"")
    return fernets[0], MultiFernet(fernets)


def _decrypted(fernet: "Fernet | MultiFernet", encrypted: str) -> str | None:
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - see above

    try:
        return fernet.decrypt(encrypted).decode()
    except InvalidToken:
        return None


class KeyRows:
    """Servers' keys, kept encrypted. Every change is written with its entry in the audit log.

    Raises, in every method:
        StoreUnavailable: the database cannot be reached or written now.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def current(self, guild_id: int) -> ServerKey | None:
        """The server's current key."""
        rows = await self._database.rows(select(server_keys).where(_current(guild_id)))
        return key_of(rows[0]) if rows else None

    async def get(self, key_id: int) -> KeptKey | None:
        """A key, even if it was replaced or removed."""
        rows = await self._database.rows(select(server_keys).where(server_keys.c.id == key_id))
        return _kept(rows[0]) if rows else None

    async def servers_with_keys(self) -> frozenset[int]:
        """The servers that have a key of their own now."""
        present = select(server_keys.c.guild_id).where(server_keys.c.removed_at.is_(None))
        return frozenset(row["guild_id"] for row in await self._database.rows(present))

    async def replace(
        self, guild_id: int, *, encrypted: str, tail: str, by_user_id: int, at: datetime
    ) -> ServerKey:
        """Make this the server's key, in place of any other."""

        async def write(connection: AsyncConnection) -> ServerKey:
            await _lock(connection, guild_id)
            former = await _take_away(connection, guild_id, at)
            values = {
                "guild_id": guild_id,
                "token": encrypted,
                "tail": tail,
                "set_by": by_user_id,
                "set_at": at,
            }
            new = insert(server_keys).values(values).returning(server_keys)
            row = (await connection.execute(new)).mappings().one()
            await _note(
                connection,
                guild_id,
                KEY_GIVEN if former is None else KEY_REPLACED,
                by_user_id=by_user_id,
                at=at,
                before="" if former is None else _shown(former.tail),
                after=_shown(tail),
            )
            return key_of(row)

        return await self._database.transact(write)

    async def remove(self, guild_id: int, *, by_user_id: int, at: datetime) -> ServerKey | None:
        """Remove the server's key; None if it has none.

        Its secret is erased at once, or with the end of the last job that needs it.
        """

        async def write(connection: AsyncConnection) -> ServerKey | None:
            await _lock(connection, guild_id)
            former = await _take_away(connection, guild_id, at)
            if former is not None:
                await _note(
                    connection,
                    guild_id,
                    KEY_REMOVED,
                    by_user_id=by_user_id,
                    at=at,
                    before=_shown(former.tail),
                )
            return former

        return await self._database.transact(write)

    async def break_key(self, key_id: int, *, why: FailureReason, at: datetime) -> ServerKey | None:
        """Record that a server's current key is refused; None if that is recorded already."""
        sound = (
            (server_keys.c.id == key_id)
            & server_keys.c.removed_at.is_(None)
            & server_keys.c.broken_at.is_(None)
        )
        broken = update(server_keys).where(sound).values(broken_at=at, broken_why=why.value)

        async def write(connection: AsyncConnection) -> ServerKey | None:
            # If several processes find it out at once, only one gets the row back.
            rows = (await connection.execute(broken.returning(server_keys))).mappings().all()
            if not rows:
                return None
            key = key_of(rows[0])
            await _note(
                connection,
                key.guild_id,
                KEY_BROKEN,
                by_user_id=BY_THE_BOT,
                at=at,
                before=_shown(key.tail),
                after=_shown(why.value),
            )
            return key

        return await self._database.transact(write)

    async def all_encrypted(self) -> Sequence[KeptKey]:
        """All keys whose secrets are kept."""
        there = select(server_keys).where(server_keys.c.token.is_not(None))
        return await self._database.readable(there, _kept)

    async def re_encrypt(self, key_id: int, *, before: str, after: str) -> bool:
        """Replace an encrypted secret, unless it changed since it was read."""
        as_read = (server_keys.c.id == key_id) & (server_keys.c.token == before)
        return (
            await self._database.write(update(server_keys).where(as_read).values(token=after)) > 0
        )


class ServerKeys:
    """What managers may do with their server's key: see it, give one, remove it."""

    def __init__(
        self,
        *,
        rows: KeyRows,
        encryption: KeyEncryption,
        check: CheckKey,
        forget: Callable[[int], None],
        keep_secret: KeepSecret,
        clock: Clock,
    ) -> None:
        """`forget` takes a key's id out of the key ring."""
        self._rows = rows
        self._encryption = encryption
        self._check = check
        self._forget = forget
        self._keep_secret = keep_secret
        self._clock = clock

    @property
    def are_offered(self) -> bool:
        """Whether servers may give keys at all."""
        return self._encryption.is_possible

    async def of_server(self, guild_id: int) -> ServerKey | None:
        """The server's current key.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        return await self._rows.current(guild_id)

    async def give(
        self, guild_id: int, key: SecretStr, *, by_user_id: int
    ) -> KeyGiven | Denied[KeyRefusal]:
        """Check a key without spending anything, and make it the server's.

        Raises:
            StoreUnavailable: it was not written, or that could not be confirmed.
        """
        if not self.are_offered:
            return Denied(KeyRefusal.NOT_OFFERED)
        plain = key.get_secret_value().strip()
        if not is_well_formed(plain):
            return Denied(KeyRefusal.MALFORMED)
        key = SecretStr(plain)
        # Before any step that could log it.
        self._keep_secret(key)
        checked = await self._check(key)
        if isinstance(checked, Denied):
            return checked
        former = await self._rows.current(guild_id)
        given = await self._rows.replace(
            guild_id,
            encrypted=self._encryption.encrypt(key, guild_id=guild_id),
            tail=plain[-TAIL_CHARS:],
            by_user_id=by_user_id,
            at=self._clock.now(),
        )
        if former is not None:
            self._forget(former.id)
        return KeyGiven(given, checked.left_microusd)

    async def remove(self, guild_id: int, *, by_user_id: int) -> ServerKey | None:
        """Remove the server's key; None if it has none.

        Raises:
            StoreUnavailable: nothing was changed.
        """
        removed = await self._rows.remove(guild_id, by_user_id=by_user_id, at=self._clock.now())
        if removed is not None:
            self._forget(removed.id)
        return removed


def is_well_formed(key: str) -> bool:
    """Whether the text fits into a header and could be a key."""
    return (
        KEY_MIN_CHARS <= len(key) <= KEY_MAX_CHARS
        and key.isascii()
        and key.isprintable()
        and " " not in key
    )


async def take_from_servers(
    connection: AsyncConnection, guild_ids: Sequence[int], at: datetime
) -> None:
    """Remove the keys of servers that the bot left for good: their managers cannot any more."""
    theirs = server_keys.c.guild_id.in_(guild_ids)
    present = theirs & server_keys.c.removed_at.is_(None)
    await connection.execute(update(server_keys).where(present).values(removed_at=at))
    await erase_unneeded(connection, theirs)


def key_of(row: RowMapping) -> ServerKey:
    """The key in a row, without its secret.

    Raises:
        RowUnreadable: the row was not written by this program, or by another version of it.
    """
    why: str | None = row["broken_why"]
    told: dict[str, Any] = {name: row[name] for name in row if name not in ("token", "broken_why")}
    with reading(f"key {row['id']} of server {row['guild_id']}"):
        for name in ("set_at", "removed_at", "broken_at"):
            told[name] = None if row[name] is None else read_instant(row[name])
        return ServerKey(**told, broken_why=None if why is None else _reason(why))


def _reason(why: str) -> FailureReason:
    """A reason that only a newer version knows breaks the key as well; managers can replace it."""
    return FailureReason(why) if why in set(FailureReason) else FailureReason.KEY_REFUSED


def _kept(row: RowMapping) -> KeptKey:
    return KeptKey(key_of(row), row["token"])


async def _take_away(connection: AsyncConnection, guild_id: int, at: datetime) -> ServerKey | None:
    former = update(server_keys).where(_current(guild_id)).values(removed_at=at)
    rows = (await connection.execute(former.returning(server_keys))).mappings().all()
    if not rows:
        return None
    await erase_unneeded(connection, server_keys.c.id == rows[0]["id"])
    return key_of(rows[0])


async def _lock(connection: AsyncConnection, guild_id: int) -> None:
    """Allow one change of a server's key at a time. SQLite has a single writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(guild_id)))


async def _note(
    connection: AsyncConnection,
    guild_id: int,
    what: str,
    *,
    by_user_id: int,
    at: datetime,
    before: str = "",
    after: str = "",
) -> None:
    entry = AuditEntry(
        guild_id=guild_id, at=at, by_user_id=by_user_id, what=what, before=before, after=after
    )
    await write_entry(connection, entry)


def _shown(text: str) -> str:
    """The text as JSON, like every value in the audit log."""
    return json.dumps(text)


def _current(guild_id: int) -> ColumnElement[bool]:
    return (server_keys.c.guild_id == guild_id) & server_keys.c.removed_at.is_(None)
