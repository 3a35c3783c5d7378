"""The schema revisions of a database and of this version, read without Alembic.

Loading Alembic takes a tenth of a second, and only a start that has something to migrate needs it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect

from bot.storage.errors import DatabaseTooNew

MIGRATIONS: Final = Path(__file__).with_name("migrations")
VERSION_TABLE: Final = "alembic_version"
_NUMBER_CHARS: Final = 4


def known_revisions(migrations: Path = MIGRATIONS) -> Sequence[str]:
    """All revisions, oldest first: there are no branches, and the file names begin with them."""
    names = (path.name for path in (migrations / "versions").glob("[0-9]*_*.py"))
    return sorted(name[:_NUMBER_CHARS] for name in names)


def present_revisions(connection: Connection) -> Sequence[str]:
    """The database's revision: one, or none if it has no tables yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return ()
    rows = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - our own name
    return sorted(rows.scalars())


def refuse_newer(present: Sequence[str], known: Sequence[str]) -> None:
    """Stop before anything is done to tables that this version does not know.

    Raises:
        DatabaseTooNew: a newer version of this program has been here.
    """
    unknown = set(present) - set(known)
    if unknown:
        raise DatabaseTooNew(
            f"the database is newer than this program (its schema is {', '.join(sorted(unknown))},"
            f" known here is up to {known[-1]}): start the version that wrote it"
            " or a later one, or put back a copy of the database from before that update"
        )
