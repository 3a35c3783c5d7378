"""Checks that the database opens, takes writes, and has tables that this version understands."""

from collections.abc import Sequence
from typing import Final, assert_never

from bot.cli.checks.outcome import Broken, Outcome, Passed
from bot.domain.ports import StoreUnavailable
from bot.domain.servers import EVERYWHERE
from bot.features.preferences import People
from bot.features.servers.server_keys import KeyRows
from bot.features.servers.servers import ServerRows
from bot.storage import DatabaseUnusable
from bot.storage.maintenance.inspection import (
    CurrentSchema,
    NotMadeYet,
    OlderSchema,
    existing_store,
    look_at_schema,
)

_NAMED: Final = 10


async def check_database(database_url: str) -> Outcome:
    """Check the tables; this creates and changes none."""
    unread: Sequence[str] = ()
    try:
        state = await look_at_schema(database_url, tries_a_write=True)
        if isinstance(state, CurrentSchema):
            unread = await _what_cannot_be_read(database_url)
    except (StoreUnavailable, DatabaseUnusable) as error:
        return Broken(f"The bot can't use the database: {error}.")
    if unread:
        return Broken(
            f"The bot can't read {len(unread)} of the rows that a start needs, and leaves them: "
            f"{', '.join(unread[:_NAMED])}. See docs/when-it-breaks.md, “What cannot be read”."
        )
    match state:
        case NotMadeYet():
            return Passed("no tables yet: the first start makes them")
        case OlderSchema(revision):
            return Passed(f"opens; the next start brings its tables ({revision}) up to date")
        case CurrentSchema(revision):
            return Passed(f"opens, and its tables are up to date ({revision})")
        case _:
            assert_never(state)


async def is_limited_on_discord(database_url: str) -> bool:
    """Whether an operator set a limit for everything on Discord; False if that cannot be read."""
    try:
        if not isinstance(await look_at_schema(database_url), CurrentSchema):
            return False
        async with existing_store(database_url) as store:
            return (await ServerRows(database=store.database).of(EVERYWHERE)).total_caps.is_set
    except (StoreUnavailable, DatabaseUnusable):
        return False


async def _what_cannot_be_read(database_url: str) -> Sequence[str]:
    """Unreadable rows of those read at a start: live jobs, settings, keys, people's choices."""
    async with existing_store(database_url) as store:
        await store.unfinished()
        await ServerRows(database=store.database).everywhere()
        await KeyRows(database=store.database).all_encrypted()
        await People(database=store.database).load()
        return store.database.unreadable.said
