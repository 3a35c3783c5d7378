"""The statements that both databases spell alike but SQLAlchemy offers separately."""

from typing import TYPE_CHECKING

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def insert_into(dialect_name: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that can say what happens ON CONFLICT."""
    if dialect_name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - loaded when wanted: it costs 35 ms and 2 MiB

    return postgresql.insert(table)


def insert_unless_there(dialect_name: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """INSERT … ON CONFLICT DO NOTHING: if two insert the same row at once, both go on."""
    return insert_into(dialect_name, table).on_conflict_do_nothing()
