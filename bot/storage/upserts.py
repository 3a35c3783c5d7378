"""The statements that both databases spell alike but SQLAlchemy offers separately."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(dialect_name: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that can say what happens ON CONFLICT."""
    return sqlite.insert(table) if dialect_name == "sqlite" else postgresql.insert(table)


def insert_unless_there(dialect_name: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """INSERT … ON CONFLICT DO NOTHING: if two insert the same row at once, both go on."""
    return insert_into(dialect_name, table).on_conflict_do_nothing()
