"""People's choices, and the wishes that wait for their word, in the database of the jobs."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import ValidationError
from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.preferences import PendingWish, Preferences
from bot.storage.database import Database
from bot.storage.errors import RowRefused
from bot.storage.tables import pending_wishes, preferences
from bot.storage.unreadable import reading


class SqlPreferences:
    """The PreferenceStore port."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def of(self, user_id: int) -> Preferences:
        """One person's choices."""
        theirs = select(preferences).where(preferences.c.user_id == user_id)
        rows = await self._database.rows(theirs)
        return preferences_of(rows[0]) if rows else Preferences()

    async def everybody(self) -> Mapping[int, Preferences]:
        """The choices of all who ever made any, by their ids."""
        rows = await self._database.rows(select(preferences))
        return {row["user_id"]: preferences_of(row) for row in rows}

    async def change(self, user_id: int, changes: Mapping[str, object]) -> Preferences:
        """Write only the columns that `changes` names, so that two changes at once both stand."""
        values = {name: _plain(value) for name, value in changes.items()}
        changed = update(preferences).where(preferences.c.user_id == user_id).values(values)
        if not await self._database.write(changed):
            try:
                first = insert(preferences).values(user_id=user_id, **values)
                await self._database.write(first)
            except RowRefused:
                # Their other change, made at the same moment, was the first.
                await self._database.write(changed)
        return await self.of(user_id)


class SqlPending:
    """The PendingStore port."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def hold(self, pending: PendingWish) -> None:
        """Keep one in place of its former self."""
        former = pending_wishes.c.interaction_id == pending.interaction_id
        row = pending.model_dump(exclude={"request"})
        row |= {"request": pending.request.model_dump_json(), "expires_at": pending.expires_at}

        async def write(connection: AsyncConnection) -> None:
            await connection.execute(delete(pending_wishes).where(former))
            await connection.execute(insert(pending_wishes).values(row))

        await self._database.transact(write)

    async def held(self, interaction_id: int) -> PendingWish | None:
        """One that waits, expired or not."""
        that_one = select(pending_wishes).where(pending_wishes.c.interaction_id == interaction_id)
        rows = await self._database.rows(that_one)
        return pending_of(rows[0]) if rows else None

    async def take(self, pending: PendingWish, *, now: datetime) -> bool:
        """Delete one that has not expired; of all who try, one is told True."""
        in_time = pending_wishes.c.expires_at > now
        same = pending_wishes.c.interaction_id == pending.interaction_id
        return await self._database.write(delete(pending_wishes).where(same & in_time)) == 1


def preferences_of(row: RowMapping) -> Preferences:
    """The choices that a row tells of; one that this version cannot read counts as not made.

    But who wanted to be asked before something is bought, above a sum that cannot be read, is
    asked whatever the sum is.
    """
    made = {name: row[name] for name in Preferences.model_fields if row[name] is not None}
    try:
        return Preferences.model_validate(made)
    except ValidationError as refusal:
        unread = {error["loc"][0] for error in refusal.errors()}
        careful = {"ask_above_microusd": 0} if "ask_above_microusd" in unread else {}
        return Preferences.model_validate(
            {name: value for name, value in made.items() if name not in unread} | careful
        )


def pending_of(row: RowMapping) -> PendingWish:
    """The wish that a row tells of.

    Raises:
        RowUnreadable: the row was not written by this program, or by another version of it.
    """
    with reading(f"the question about the price of interaction {row['interaction_id']}"):
        fields = {name: row[name] for name in PendingWish.model_fields}
        return PendingWish.model_validate({**fields, "request": json.loads(row["request"])})


def _plain(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value
