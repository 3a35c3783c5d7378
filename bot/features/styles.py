"""The styles that a server offers: its own and the built-in ones."""

import json
import logging
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    RowMapping,
    Update,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.generation.styles import STYLES_PER_SERVER, ServerStyle, Style, folded, with_own
from bot.domain.outages import promptly, unless_away
from bot.domain.ports import Clock
from bot.domain.servers import AuditEntry
from bot.storage.audit_log import write_entry
from bot.storage.database import Database
from bot.storage.errors import RowRefused
from bot.storage.tables.jobs import styles as table
from bot.storage.unreadable import reading

logger = logging.getLogger(__name__)

STYLE_ADDED: Final = "style_added"
STYLE_CHANGED: Final = "style_changed"
STYLE_REMOVED: Final = "style_removed"
"""A style's events in the audit log, which names the style and not its texts."""
_ATTEMPTS: Final = 5
"""Each failed one means that another manager added a style at that very moment."""


class StyleOutcome(StrEnum):
    """The outcome of a change to a server's styles."""

    SAVED = "saved"
    REMOVED = "removed"
    NAME_TAKEN = "name_taken"
    FULL = "full"
    UNKNOWN = "unknown"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOT_NOW = "not_now"
    """Other managers took each free place at that very moment."""


class Styles:
    """Every change is written with its entry in the audit log, or not at all.

    `own` and every change raise StoreUnavailable if the database does not answer, or does not
    confirm the change.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def offered(self, guild_id: int | None) -> list[Style]:
        """All styles of a place, its own first; only the built-in ones without the database."""
        own = await self.suggested(guild_id) if guild_id is not None else ()
        return with_own([one.style for one in own])

    async def suggested(self, guild_id: int) -> Sequence[ServerStyle]:
        """A server's own styles, by name; none without the database: suggestions stay empty."""
        return await unless_away(self.own(guild_id), (), "couldn't read a server's styles")

    async def own(self, guild_id: int) -> Sequence[ServerStyle]:
        """A server's own styles, by name."""
        theirs = select(table).where(table.c.guild_id == guild_id).order_by(table.c.name_key)
        return await promptly(self._database.readable(theirs, style_of))

    async def add(self, guild_id: int, style: Style, *, by_user_id: int) -> StyleOutcome:
        """Add one, unless its name is taken or the server has the maximum."""
        name = json.dumps(style.name)
        entry = self._entry(guild_id, STYLE_ADDED, by_user_id, after=name)
        return await self._add(guild_id, style, entry)

    async def edit(
        self, guild_id: int, style: Style, *, version: int, by_user_id: int
    ) -> StyleOutcome:
        """Replace the texts of one, unless another manager did so since `version` was read."""
        name = json.dumps(style.name)
        entry = self._entry(guild_id, STYLE_CHANGED, by_user_id, before=name, after=name)
        return await self._edit(guild_id, style, version, entry)

    async def remove(self, guild_id: int, name: str, *, by_user_id: int) -> StyleOutcome:
        """Remove one by its name, in any spelling that folds to the same."""
        entry = self._entry(guild_id, STYLE_REMOVED, by_user_id, before=json.dumps(name))
        return await self._remove(guild_id, name, entry)

    async def _add(self, guild_id: int, style: Style, entry: AuditEntry) -> StyleOutcome:
        """Add it in the first free slot; of two at once, the table's constraints decide."""
        for _ in range(_ATTEMPTS):
            try:
                added = await self._change(_into_a_free_slot(guild_id, style), entry)
            except RowRefused:
                if await self._has(guild_id, style.name):
                    return StyleOutcome.NAME_TAKEN
            else:
                return StyleOutcome.SAVED if added else StyleOutcome.FULL
        return StyleOutcome.NOT_NOW

    async def _edit(
        self, guild_id: int, style: Style, version: int, entry: AuditEntry
    ) -> StyleOutcome:
        edited = (
            update(table)
            .where(_called(guild_id, style.name) & (table.c.version == version))
            .values(prompt=style.prompt, negative_prompt=style.negative_prompt, version=version + 1)
        )
        if await self._change(edited, entry):
            return StyleOutcome.SAVED
        known = await self._has(guild_id, style.name)
        return StyleOutcome.CHANGED_MEANWHILE if known else StyleOutcome.UNKNOWN

    async def _remove(self, guild_id: int, name: str, entry: AuditEntry) -> StyleOutcome:
        removed = await self._change(delete(table).where(_called(guild_id, name)), entry)
        return StyleOutcome.REMOVED if removed else StyleOutcome.UNKNOWN

    def _entry(
        self, guild_id: int, what: str, by_user_id: int, *, before: str = "", after: str = ""
    ) -> AuditEntry:
        at = self._clock.now()
        return AuditEntry(
            guild_id=guild_id, at=at, by_user_id=by_user_id, what=what, before=before, after=after
        )

    async def _change(self, statement: Insert | Update | Delete, entry: AuditEntry) -> bool:
        """Execute it, and add the entry to the audit log if it changed anything."""
        # Without the option SQLAlchemy forgets how many rows an INSERT touched.
        counted = statement.execution_options(preserve_rowcount=True)

        async def write(connection: AsyncConnection) -> bool:
            if (await connection.execute(counted)).rowcount == 0:
                return False
            await write_entry(connection, entry)
            return True

        return await self._database.transact(write)

    async def _has(self, guild_id: int, name: str) -> bool:
        that_one = select(table.c.version).where(_called(guild_id, name))
        return bool(await self._database.rows(that_one))


def style_of(row: RowMapping) -> ServerStyle:
    """The style in a row.

    Raises:
        RowUnreadable: the row was not written by this program, or by another version of it.
    """
    with reading(f"style {row['name']!r} of server {row['guild_id']}"):
        texts = {name: row[name] for name in Style.model_fields}
        return ServerStyle(Style.model_validate(texts), version=row["version"])


def _called(guild_id: int, name: str) -> ColumnElement[bool]:
    return (table.c.guild_id == guild_id) & (table.c.name_key == folded(name))


def _into_a_free_slot(guild_id: int, style: Style) -> Insert:
    """An INSERT that adds no row if no slot is free."""
    slots = union_all(*(select(literal(n).label("slot")) for n in range(STYLES_PER_SERVER)))
    slot = slots.subquery("slots").c.slot
    taken = select(table.c.slot).where(table.c.guild_id == guild_id)
    first_free = select(func.min(slot).label("slot")).where(slot.not_in(taken)).subquery("free")
    row = {
        "guild_id": literal(guild_id, table.c.guild_id.type),
        "name_key": literal(folded(style.name)),
        "slot": first_free.c.slot,
        "name": literal(style.name),
        "prompt": literal(style.prompt),
        "negative_prompt": literal(style.negative_prompt),
        "version": literal(0),
    }
    return insert(table).from_select(
        list(row), select(*row.values()).where(first_free.c.slot.is_not(None))
    )
