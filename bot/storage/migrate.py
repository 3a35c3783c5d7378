"""Brings a database to the schema of this version, once, however many processes start at once.

A new migration is a file in `migrations/versions`, written by hand; the tests hold the outcome
against `tables`. There is no `alembic.ini` and no `env.py`: this file is the environment.
"""

from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import for_writes
from bot.storage.errors import translated
from bot.storage.revisions import MIGRATIONS, known_revisions, present_revisions, refuse_newer

_ADVISORY_LOCK_KEY = 0x4B4C494E47  # "KLING", a number of our own among PostgreSQL's locks


async def migrate(engine: AsyncEngine) -> None:
    """Upgrade in one transaction: after a failure the database is as it was before.

    Raises:
        DatabaseTooNew: a newer version of this program has been here.
        StoreUnavailable: the database cannot be reached or written.
    """
    with translated():
        # On SQLite this transaction is the lock: it takes the write lock at its beginning.
        async with for_writes(engine).begin() as connection:
            await connection.run_sync(upgrade)


def upgrade(connection: Connection) -> None:
    """Run within the transaction of `connection` what is missing, and only that."""
    if connection.dialect.name == "postgresql":
        # A migration, or waiting for somebody else's, may take longer than any statement should.
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK_KEY})")
    present, known = present_revisions(connection), known_revisions()
    refuse_newer(present, known)
    if list(present) != [known[-1]]:
        _run_missing(connection)


def _run_missing(connection: Connection) -> None:
    # Loading it takes longer than all else that a start does to its database.
    from alembic.migration import MigrationContext  # noqa: PLC0415 - see above
    from alembic.operations import Operations  # noqa: PLC0415 - see above
    from alembic.runtime.migration import MigrationStep  # noqa: PLC0415 - see above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    scripts = ScriptDirectory(str(MIGRATIONS))

    def missing(present: tuple[str, ...], _context: MigrationContext) -> Sequence[MigrationStep]:
        newest_first = scripts.iterate_revisions("head", present or "base")
        return [
            MigrationStep.upgrade_from_script(scripts.revision_map, script)
            for script in reversed(list(newest_first))
        ]

    context = MigrationContext.configure(connection, opts={"fn": missing})
    # Given to the migrations by hand: Alembic's own `op` is one for the whole process, and two
    # databases that are opened at once would be confused.
    context.run_migrations(op=Operations(context))
