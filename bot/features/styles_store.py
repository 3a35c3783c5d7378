"""The servers' own styles in the database of the jobs: each change with its line in the trail."""

import json
from collections.abc import Sequence
from datetime import datetime
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

from bot.domain.servers import AuditEntry
from bot.domain.styles import STYLES_PER_SERVER, ServerStyle, Style, StyleOutcome, folded
from bot.storage.database import Database
from bot.storage.errors import RowRefused
from bot.storage.tables import styles
from bot.storage.trail import write_down
from bot.storage.unreadable import reading

STYLE_ADDED: Final = "style_added"
STYLE_CHANGED: Final = "style_changed"
STYLE_REMOVED: Final = "style_removed"
"""What the trail calls what happened to a style; it names the style and not its texts."""
_ATTEMPTS: Final = 5
"""Each failed one means that somebody else added a style at that very moment."""


class SqlStyles:
    """The StyleStore port."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def of_server(self, guild_id: int) -> Sequence[ServerStyle]:
        """A server's own styles, by name."""
        theirs = select(styles).where(styles.c.guild_id == guild_id).order_by(styles.c.name_key)
        return await self._database.readable(theirs, style_of)

    async def add(
        self, guild_id: int, style: Style, *, by_user_id: int, at: datetime
    ) -> StyleOutcome:
        """Add one in the first free slot; the table's own rules decide between two at once."""
        name = json.dumps(style.name)
        entry = AuditEntry(
            guild_id=guild_id, at=at, by_user_id=by_user_id, what=STYLE_ADDED, before="", after=name
        )
        for _ in range(_ATTEMPTS):
            try:
                added = await self._change(_into_a_free_slot(guild_id, style), entry)
            except RowRefused:
                if await self._has(guild_id, style.name):
                    return StyleOutcome.NAME_TAKEN
            else:
                return StyleOutcome.SAVED if added else StyleOutcome.FULL
        return StyleOutcome.STORE_DOWN

    async def edit(
        self, guild_id: int, style: Style, *, version: int, by_user_id: int, at: datetime
    ) -> StyleOutcome:
        """Replace the texts of one, unless somebody did so since `version` was read."""
        name = json.dumps(style.name)
        entry = AuditEntry(
            guild_id=guild_id,
            at=at,
            by_user_id=by_user_id,
            what=STYLE_CHANGED,
            before=name,
            after=name,
        )
        edited = (
            update(styles)
            .where(_called(guild_id, style.name) & (styles.c.version == version))
            .values(prompt=style.prompt, negative_prompt=style.negative_prompt, version=version + 1)
        )
        if await self._change(edited, entry):
            return StyleOutcome.SAVED
        known = await self._has(guild_id, style.name)
        return StyleOutcome.CHANGED_MEANWHILE if known else StyleOutcome.UNKNOWN

    async def remove(
        self, guild_id: int, name: str, *, by_user_id: int, at: datetime
    ) -> StyleOutcome:
        """Remove one by its name, in any spelling that folds to the same."""
        entry = AuditEntry(
            guild_id=guild_id,
            at=at,
            by_user_id=by_user_id,
            what=STYLE_REMOVED,
            before=json.dumps(name),
            after="",
        )
        removed = await self._change(delete(styles).where(_called(guild_id, name)), entry)
        return StyleOutcome.REMOVED if removed else StyleOutcome.UNKNOWN

    async def _change(self, statement: Insert | Update | Delete, entry: AuditEntry) -> bool:
        """Carry it out, and write it down if it changed anything."""
        # Without the option SQLAlchemy forgets how many rows an INSERT touched.
        counted = statement.execution_options(preserve_rowcount=True)

        async def write(connection: AsyncConnection) -> bool:
            if (await connection.execute(counted)).rowcount == 0:
                return False
            await write_down(connection, entry)
            return True

        return await self._database.transact(write)

    async def _has(self, guild_id: int, name: str) -> bool:
        that_one = select(styles.c.version).where(_called(guild_id, name))
        return bool(await self._database.rows(that_one))


def style_of(row: RowMapping) -> ServerStyle:
    """The style that a row tells of.

    Raises:
        RowUnreadable: the row was not written by this program, or by another version of it.
    """
    with reading(f"style {row['name']!r} of server {row['guild_id']}"):
        texts = {name: row[name] for name in Style.model_fields}
        return ServerStyle(Style.model_validate(texts), version=row["version"])


def _called(guild_id: int, name: str) -> ColumnElement[bool]:
    return (styles.c.guild_id == guild_id) & (styles.c.name_key == folded(name))


def _into_a_free_slot(guild_id: int, style: Style) -> Insert:
    """An INSERT of nothing when no slot is free."""
    slots = union_all(*(select(literal(n).label("slot")) for n in range(STYLES_PER_SERVER)))
    slot = slots.subquery("slots").c.slot
    taken = select(styles.c.slot).where(styles.c.guild_id == guild_id)
    first_free = select(func.min(slot).label("slot")).where(slot.not_in(taken)).subquery("free")
    row = {
        "guild_id": literal(guild_id, styles.c.guild_id.type),
        "name_key": literal(folded(style.name)),
        "slot": first_free.c.slot,
        "name": literal(style.name),
        "prompt": literal(style.prompt),
        "negative_prompt": literal(style.negative_prompt),
        "version": literal(0),
    }
    return insert(styles).from_select(
        list(row), select(*row.values()).where(first_free.c.slot.is_not(None))
    )
