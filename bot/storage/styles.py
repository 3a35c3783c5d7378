"""The servers' own styles in the database of the jobs: every change is one statement."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Insert, delete, func, insert, literal, select, union_all, update

from bot.generation.styles import (
    STYLES_PER_SERVER,
    ServerStyle,
    Style,
    StyleOutcome,
    folded,
)
from bot.storage.database import Database
from bot.storage.errors import RowRefused
from bot.storage.tables import styles

_ATTEMPTS: Final = 5
"""Each failed one means that somebody else added a style at that very moment."""


class SqlStyles:
    """The StyleStore port."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def of_server(self, guild_id: int) -> Sequence[ServerStyle]:
        """A server's own styles, by name."""
        theirs = select(styles).where(styles.c.guild_id == guild_id).order_by(styles.c.name_key)
        return [
            ServerStyle(
                Style(
                    name=row["name"], prompt=row["prompt"], negative_prompt=row["negative_prompt"]
                ),
                version=row["version"],
            )
            for row in await self._database.rows(theirs)
        ]

    async def add(self, guild_id: int, style: Style) -> StyleOutcome:
        """Add one in the first free slot; the table's own rules decide between two at once."""
        for _ in range(_ATTEMPTS):
            try:
                added = await self._database.write(_into_a_free_slot(guild_id, style))
            except RowRefused:
                if await self._has(guild_id, style.name):
                    return StyleOutcome.NAME_TAKEN
            else:
                return StyleOutcome.SAVED if added else StyleOutcome.FULL
        return StyleOutcome.STORE_DOWN

    async def edit(self, guild_id: int, style: Style, *, version: int) -> StyleOutcome:
        """Replace the texts of one, unless somebody did so since `version` was read."""
        that_one = (styles.c.guild_id == guild_id) & (styles.c.name_key == folded(style.name))
        edited = (
            update(styles)
            .where(that_one & (styles.c.version == version))
            .values(prompt=style.prompt, negative_prompt=style.negative_prompt, version=version + 1)
        )
        if await self._database.write(edited):
            return StyleOutcome.SAVED
        known = await self._has(guild_id, style.name)
        return StyleOutcome.CHANGED_MEANWHILE if known else StyleOutcome.UNKNOWN

    async def remove(self, guild_id: int, name: str) -> StyleOutcome:
        """Remove one by its name, in any spelling that folds to the same."""
        that_one = (styles.c.guild_id == guild_id) & (styles.c.name_key == folded(name))
        removed = await self._database.write(delete(styles).where(that_one))
        return StyleOutcome.REMOVED if removed else StyleOutcome.UNKNOWN

    async def _has(self, guild_id: int, name: str) -> bool:
        that_one = (styles.c.guild_id == guild_id) & (styles.c.name_key == folded(name))
        return bool(await self._database.rows(select(styles.c.version).where(that_one)))


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
