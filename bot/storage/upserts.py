"""The one statement that both databases spell alike but SQLAlchemy offers separately."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_unless_there(dialect_name: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """INSERT … ON CONFLICT DO NOTHING: if two insert the same row at once, both go on."""
    if dialect_name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()
