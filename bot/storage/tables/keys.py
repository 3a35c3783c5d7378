"""The table of servers' own keys, in the same metadata as all tables."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, text

from bot.storage.tables.jobs import Instant, metadata

server_keys = Table(
    "server_keys",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    # Null once nothing needs the secret any more.
    Column("token", Text),
    Column("tail", Text, nullable=False),
    Column("set_by", BigInteger, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Column("broken_at", Instant),
    Column("broken_why", Text),
    # A server has one key at a time: if two managers give one at once, the second replaces it.
    Index(
        "uq_server_keys_guild_id_current",
        "guild_id",
        unique=True,
        sqlite_where=text("removed_at IS NULL"),
    ),
)
"""Servers' own keys. Rows stay for the books, without secret, last characters and giver."""


def complete_for_postgresql() -> None:
    """Say the index's condition for PostgreSQL as well.

    Not above: it loads PostgreSQL's dialect, 35 ms and 2 MiB, which a bot on SQLite does without.
    """
    (of_present_keys,) = server_keys.indexes
    options = of_present_keys.dialect_options
    options["postgresql"]["where"] = options["sqlite"]["where"]
