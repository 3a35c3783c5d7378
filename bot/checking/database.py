"""Whether the database opens, takes writes, and has tables that this version understands."""

from typing import assert_never

from bot.checking.outcome import Failed, Outcome, Passed
from bot.generation.ports import StoreUnavailable
from bot.storage import DatabaseUnusable
from bot.storage.inspection import CurrentSchema, NotMadeYet, OlderSchema, look_at_schema


async def check_database(database_url: str) -> Outcome:
    """Look at the tables; none are made or changed."""
    try:
        state = await look_at_schema(database_url, tries_a_write=True)
    except (StoreUnavailable, DatabaseUnusable) as error:
        return Failed(f"The database cannot be used: {error}.")
    match state:
        case NotMadeYet():
            return Passed("no tables yet: the first start makes them")
        case OlderSchema(revision):
            return Passed(f"opens; the next start brings its tables ({revision}) up to date")
        case CurrentSchema(revision):
            return Passed(f"opens, and its tables are up to date ({revision})")
        case _:
            assert_never(state)
