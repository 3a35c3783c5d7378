"""The one statement that the two databases spell alike and SQLAlchemy keeps apart."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_unless_there(dialect_name: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """INSERT … ON CONFLICT DO NOTHING: of two who insert the same row at once, both go on."""
    if dialect_name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()
