"""The schema as the code sees it; the migrations must lead to exactly this."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from bot.domain.generation.models import USUAL

UNREADABLE: Final = "unreadable"
"""Stands for a timestamp that SQLite stores in another format, and no datetime can be made of."""


class Instant(TypeDecorator[datetime]):
    """A timezone-aware datetime, stored to the microsecond and read back in UTC.

    Raises:
        ValueError: a naive datetime was to be written, whose time zone is unknown.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert it to UTC: SQLite stores the digits and drops the zone."""
        del dialect
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a naive datetime is no instant")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Set UTC again: PostgreSQL answers in the zone of its session."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ANN401 - a protocol of SQLAlchemy's own
        """Return UNREADABLE for an invalid value: an error here would cost all rows of a query."""
        read: Any = super().result_processor(dialect, coltype)

        def read_or_not(value: Any) -> Any:  # noqa: ANN401 - whatever the driver gives
            try:
                return read(value)
            except (ValueError, TypeError):
                return UNREADABLE

        return read_or_not


def read_instant(value: datetime | str) -> datetime:
    """The timestamp in a row that no model validates.

    Raises:
        ValueError: it cannot be read.
    """
    if isinstance(value, str):
        raise ValueError("no instant")  # noqa: TRY004 - a value of a row, and no mistake in the program
    return value


def instant_or_none(value: datetime | str | None) -> datetime | None:
    """The timestamp in a row; None if it is unreadable and nothing depends on it."""
    return None if isinstance(value, str) else value


# SQLite auto-increments only a column of its own integer type.
_Counted = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    # Unique across all processes and all time: a repeated interaction cannot buy twice.
    Column("interaction_id", BigInteger, nullable=False, unique=True),
    Column("requester_id", BigInteger, nullable=False),
    Column("request", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("locale", Text, nullable=False),
    Column("server_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("reach", Text, nullable=False),
    Column("ephemeral", Boolean, nullable=False),
    Column("interaction_token", Text),
    Column("interaction_token_until", Instant),
    Column("upload_limit_bytes", BigInteger, nullable=False),
    Column("estimate_microusd", BigInteger, nullable=False),
    Column("key_id", BigInteger),
    Column("spoiler", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state_since", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("held_until", Instant),
    Column("request_id", Text),
    Column("queue_position", BigInteger),
    Column("media", Text, nullable=False),
    Column("cost_microusd", BigInteger),
    Column("failure", Text),
    Column("review_channel_id", BigInteger),
    Column("review_message_id", BigInteger),
    Column("reviewed_by", BigInteger),
    Column("declined_because", Text),
    Column("told", Boolean, nullable=False),
    Column("erased", Boolean, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("held_since", Instant),
    Column("held_because", Text),
    Column("cancelled_by", Text),
    Column("cancel_refused_at", Instant),
    Column("counted_microusd", BigInteger),
    # The default is for a process of the version before, which may still run beside this one.
    Column("model_id", Text, nullable=False, server_default=USUAL.id),
    Column("continues", Text),
    Column("inspired_by", Text),
    Index(None, "state", "told"),
    Index(None, "requester_id", "created_at"),
    Index(None, "server_id", "created_at"),
    Index(None, "erased", "created_at"),
)
"""One row per job, in its current state."""

job_moves = Table(
    "job_moves",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("event", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
"""The history of every job, in order. Rows are only ever added, with the move they record."""

storyboard_drafts = Table(
    "storyboard_drafts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner_id", BigInteger, nullable=False),
    Column("board", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("touched_at", Instant, nullable=False),
    Column("taken_by", BigInteger),
    Column("asked_by", BigInteger),
    Column("inspired_by", Text),
    Index(None, "owner_id", "touched_at"),
    Index(None, "touched_at"),
)
"""Unsent storyboards. A row is deleted when it is sent, discarded, or untouched for a day."""

render_times = Table(
    "render_times",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("duration_s", Integer, nullable=False),
    Column("took_ms", BigInteger, nullable=False),
    Column("rendered_at", Instant, nullable=False),
    Column("model_id", Text, nullable=False, server_default=USUAL.id),
    Index(None, "model_id", "duration_s", "rendered_at"),
)
"""How long each rendered job took from sending, in a form that an index serves."""

preferences = Table(
    "preferences",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("notify", Text),
    Column("language", Text),
    Column("aspect", Text),
    Column("duration_s", Integer),
    Column("sound", Boolean),
    Column("ask_above_microusd", BigInteger),
    Column("quality", Text),
)
"""Members' choices. Null means not chosen."""

pending_wishes = Table(
    "pending_wishes",
    metadata,
    Column("interaction_id", BigInteger, primary_key=True, autoincrement=False),
    Column("requester_id", BigInteger, nullable=False),
    Column("request", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("spoiler", Boolean, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("continues", Text),
    Column("inspired_by", Text),
)
"""Orders whose price is not confirmed yet. A row is deleted when it is taken or expires."""

styles = Table(
    "styles",
    metadata,
    Column("guild_id", BigInteger, primary_key=True),
    Column("name_key", Text, primary_key=True),
    # A server has a fixed number of slots: two who add at once cannot take the same one.
    Column("slot", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("negative_prompt", Text, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("guild_id", "slot"),
)
"""The servers' own styles, under their folded names."""

ledger = Table(
    "ledger",
    metadata,
    Column("seq", _Counted, primary_key=True),
    Column("job_id", Text, ForeignKey("jobs.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("user_id", BigInteger),
    Column("guild_id", BigInteger),
    Column("key_id", BigInteger),
    Column("held_change_microusd", BigInteger, nullable=False),
    Column("spent_change_microusd", BigInteger, nullable=False),
    Column("videos_change", Integer, nullable=False),
    Column("is_estimate", Boolean, nullable=False),
    Index(None, "guild_id", "at"),
    Index(None, "at"),
)
"""Every change to a job's money. Rows are only ever added, with the move they come from."""

ledger_accounts = Table(
    "ledger_accounts",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("owner_id", BigInteger, primary_key=True),
    Column("subject_id", BigInteger, primary_key=True),
    Column("period", Text, primary_key=True),
    Index(None, "scope", "owner_id", "subject_id", "period"),
)
"""The accounts that a job counts against, for as long as they are kept."""

ledger_adjustments = Table(
    "ledger_adjustments",
    metadata,
    Column("seq", _Counted, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by_user_id", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("owner_id", BigInteger, nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("period", Text, nullable=False),
    Column("spent_change_microusd", BigInteger, nullable=False),
    Column("videos_change", Integer, nullable=False),
    Index(None, "at"),
)
"""Manual corrections of single balances. Rows are only ever added."""

account_balances = Table(
    "account_balances",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("owner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("period", Text, primary_key=True),
    Column("held_microusd", BigInteger, nullable=False),
    Column("spent_microusd", BigInteger, nullable=False),
    Column("videos", Integer, nullable=False),
)
"""The sums of both per account: one row to lock, compare with a cap and change."""

cooldowns = Table(
    "cooldowns",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("again_at", Instant, nullable=False),
)
"""When a member may ask again."""

server_settings = Table(
    "server_settings",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("settings", Text, nullable=False),
    Column("left_at", Instant),
    Column("greeted_at", Instant),
)
"""Decisions of servers' managers; only what differs from the default. Under 0: the whole bot."""

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("seq", _Counted, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by_user_id", BigInteger, nullable=False),
    Column("what", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Index(None, "guild_id", "seq"),
)
"""Who decided what. Rows are only ever added."""

reports = Table(
    "reports",
    metadata,
    Column("job_id", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("by_user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Index(None, "by_user_id", "at"),
)
"""Who reported which job and when; the reason is only in the server's log channel."""

pictures = Table(
    "pictures",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("used_at", Instant, nullable=False, index=True),
)
"""The pictures that videos begin or end with: the same bytes once, and when they were last used."""

picture_uses = Table(
    "picture_uses",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("used_at", Instant, nullable=False),
    Index(None, "user_id"),
    Index(None, "used_at"),
)
"""Whose pictures they are: who used each, and when they did so last."""

owner_troubles = Table(
    "owner_troubles",
    metadata,
    Column("key", Text, primary_key=True),
    Column("trouble", Text, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant, index=True),
    Column("told_at", Instant),
    Column("end_told_at", Instant),
    Column("message", Text),
    Column("claimed_until", Instant),
    Column("version", Integer, nullable=False),
)
"""What the bot's owner is told of in direct messages: since when, and what was told."""
