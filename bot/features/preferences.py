"""Members' own choices."""

import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from pydantic import ValidationError
from sqlalchemy import RowMapping, insert, select, update

from bot.domain.outages import promptly, unless_away
from bot.domain.preferences import Notify, Preferences
from bot.features.servers.servers import Servers
from bot.storage.database import Database
from bot.storage.errors import RowRefused
from bot.storage.tables.jobs import preferences as table

logger = logging.getLogger(__name__)

USUAL: Final = Preferences()


class People:
    """Keeps all members' choices in memory, since the language of an answer cannot wait.

    Choices about money or messages are read again, so that two processes agree.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database
        self._known: dict[int, Preferences] = {}

    async def load(self) -> None:
        """Read all members' choices.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        read = await self._database.many_readable(
            select(table), lambda row: (row["user_id"], preferences_of(row))
        )
        self._known = dict[int, Preferences](read)

    def known(self, user_id: int) -> Preferences:
        """A person's choices as last read or written by this process; never waits."""
        return self._known.get(user_id, USUAL)

    async def current(self, user_id: int) -> Preferences:
        """A person's choices, read again if the database answers soon, else from memory."""
        said = "couldn't read a person's settings; using them as last seen"
        read = await unless_away(promptly(self._read(user_id)), None, said)
        return self.known(user_id) if read is None else self._remember(user_id, read)

    async def change(self, user_id: int, changes: Mapping[str, object]) -> Preferences:
        """Write only the choices that `changes` names, so that two changes at once both stand.

        Raises:
            pydantic.ValidationError: there is no such choice.
            StoreUnavailable: the database cannot be reached or written now.
        """
        checked = Preferences.model_validate(dict(changes)).model_dump(include=set(changes))
        values = {name: _plain(value) for name, value in checked.items()}
        changed = update(table).where(table.c.user_id == user_id).values(values)
        if not await self._database.write(changed):
            try:
                await self._database.write(insert(table).values(user_id=user_id, **values))
            except RowRefused:
                # Another change of theirs at the same moment inserted the row first.
                await self._database.write(changed)
        return self._remember(user_id, await self._read(user_id))

    def forget(self, user_id: int) -> None:
        """Drop a person's choices from memory after their erasure."""
        self._known.pop(user_id, None)

    async def _read(self, user_id: int) -> Preferences:
        rows = await self._database.rows(select(table).where(table.c.user_id == user_id))
        return preferences_of(rows[0]) if rows else USUAL

    def _remember(self, user_id: int, choices: Preferences) -> Preferences:
        if choices == USUAL:
            self._known.pop(user_id, None)
        else:
            self._known[user_id] = choices
        return choices


async def notify_of(people: People, servers: Servers, user_id: int, guild_id: int | None) -> Notify:
    """How a person is notified of a result: their own choice, else the managers'."""
    chosen = (await people.current(user_id)).notify
    return (await servers.current(guild_id)).notify if chosen is None else chosen


def preferences_of(row: RowMapping) -> Preferences:
    """The choices in a row; one that this version cannot read counts as not made.

    Except for the sum above which a member confirms a purchase: if it cannot be read, they
    confirm every one.
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


def _plain(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value
