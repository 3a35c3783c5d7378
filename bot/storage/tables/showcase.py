"""The tables of servers' showcases."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from bot.storage.tables.jobs import Instant, metadata

stars = Table(
    "stars",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Index(None, "user_id"),
)
"""Who starred which video: a person counts once for each."""

showcase_posts = Table(
    "showcase_posts",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("author_id", BigInteger),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    # Of a forum the post is a thread of its own, with the id of its first message.
    Column("thread_id", BigInteger),
    Column("message_id", BigInteger),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("touched_at", Instant, nullable=False),
    Index(None, "author_id"),
    Index(None, "state", "touched_at"),
)
"""The videos in servers' showcases: one post for each, and where it stands."""
