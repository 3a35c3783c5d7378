"""Jobs with their history and times, drafts of storyboards, and what people and servers chose."""

from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

# SQLite counts up by itself in a column of its own type alone.
_COUNTED = sa.BigInteger().with_variant(sa.Integer, "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade(op: Operations) -> None:
    _create_jobs(op)
    _create_drafts(op)
    _create_times(op)
    _create_choices(op)
    _create_ledger(op)
    _create_servers(op)
    _create_keys(op)
    _create_reports(op)


def _create_jobs(op: Operations) -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("interaction_id", sa.BigInteger, nullable=False),
        sa.Column("requester_id", sa.BigInteger, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("server_id", sa.BigInteger),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("reach", sa.Text, nullable=False),
        sa.Column("ephemeral", sa.Boolean, nullable=False),
        sa.Column("interaction_token", sa.Text),
        sa.Column("interaction_token_until", sa.DateTime(timezone=True)),
        sa.Column("upload_limit_bytes", sa.BigInteger, nullable=False),
        sa.Column("estimate_microusd", sa.BigInteger, nullable=False),
        sa.Column("key_id", sa.BigInteger),
        sa.Column("spoiler", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.Column("request_id", sa.Text),
        sa.Column("queue_position", sa.BigInteger),
        sa.Column("media", sa.Text, nullable=False),
        sa.Column("cost_microusd", sa.BigInteger),
        sa.Column("failure", sa.Text),
        sa.Column("review_channel_id", sa.BigInteger),
        sa.Column("review_message_id", sa.BigInteger),
        sa.Column("reviewed_by", sa.BigInteger),
        sa.Column("declined_because", sa.Text),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.Column("erased", sa.Boolean, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("interaction_id", name="uq_jobs_interaction_id"),
    )
    op.create_index("ix_jobs_state_told", "jobs", ["state", "told"])
    op.create_index("ix_jobs_requester_id_created_at", "jobs", ["requester_id", "created_at"])
    op.create_index("ix_jobs_server_id_created_at", "jobs", ["server_id", "created_at"])
    op.create_index("ix_jobs_erased_created_at", "jobs", ["erased", "created_at"])
    op.create_table(
        "job_moves",
        sa.Column("job_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "version", name="pk_job_moves"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_job_moves_job_id_jobs"),
    )


def _create_drafts(op: Operations) -> None:
    op.create_table(
        "storyboard_drafts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("owner_id", sa.BigInteger, nullable=False),
        sa.Column("board", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.BigInteger),
        sa.Column("asked_by", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_storyboard_drafts"),
    )
    op.create_index(
        "ix_storyboard_drafts_owner_id_touched_at", "storyboard_drafts", ["owner_id", "touched_at"]
    )
    op.create_index("ix_storyboard_drafts_touched_at", "storyboard_drafts", ["touched_at"])


def _create_times(op: Operations) -> None:
    op.create_table(
        "render_times",
        sa.Column("job_id", sa.Text, nullable=False),
        sa.Column("duration_s", sa.Integer, nullable=False),
        sa.Column("took_ms", sa.BigInteger, nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name="pk_render_times"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_render_times_job_id_jobs"),
    )
    op.create_index(
        "ix_render_times_duration_s_rendered_at", "render_times", ["duration_s", "rendered_at"]
    )


def _create_choices(op: Operations) -> None:
    op.create_table(
        "preferences",
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("notify", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("aspect", sa.Text),
        sa.Column("duration_s", sa.Integer),
        sa.Column("sound", sa.Boolean),
        sa.Column("ask_above_microusd", sa.BigInteger),
        sa.PrimaryKeyConstraint("user_id", name="pk_preferences"),
    )
    op.create_table(
        "pending_wishes",
        sa.Column("interaction_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("requester_id", sa.BigInteger, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("spoiler", sa.Boolean, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("interaction_id", name="pk_pending_wishes"),
    )
    op.create_index("ix_pending_wishes_expires_at", "pending_wishes", ["expires_at"])
    op.create_table(
        "styles",
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("slot", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("negative_prompt", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "name_key", name="pk_styles"),
        sa.UniqueConstraint("guild_id", "slot", name="uq_styles_guild_id_slot"),
    )


def _create_ledger(op: Operations) -> None:
    op.create_table(
        "ledger",
        sa.Column("seq", _COUNTED, nullable=False),
        sa.Column("job_id", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("key_id", sa.BigInteger),
        sa.Column("held_change_microusd", sa.BigInteger, nullable=False),
        sa.Column("spent_change_microusd", sa.BigInteger, nullable=False),
        sa.Column("videos_change", sa.Integer, nullable=False),
        sa.Column("is_estimate", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_ledger"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_ledger_job_id_jobs"),
    )
    op.create_index("ix_ledger_job_id", "ledger", ["job_id"])
    op.create_index("ix_ledger_guild_id_at", "ledger", ["guild_id", "at"])
    op.create_index("ix_ledger_at", "ledger", ["at"])
    names = ["scope", "owner_id", "subject_id", "period"]
    op.create_table(
        "ledger_accounts",
        sa.Column("job_id", sa.Text, nullable=False),
        *_account(),
        sa.PrimaryKeyConstraint("job_id", *names, name="pk_ledger_accounts"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_ledger_accounts_job_id_jobs"),
    )
    op.create_index("ix_ledger_accounts_scope_owner_id_subject_id_period", "ledger_accounts", names)
    op.create_table(
        "ledger_adjustments",
        sa.Column("seq", _COUNTED, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.BigInteger, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        *_account(),
        sa.Column("spent_change_microusd", sa.BigInteger, nullable=False),
        sa.Column("videos_change", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_ledger_adjustments"),
    )
    op.create_index("ix_ledger_adjustments_at", "ledger_adjustments", ["at"])
    op.create_table(
        "account_balances",
        *_account(),
        sa.Column("held_microusd", sa.BigInteger, nullable=False),
        sa.Column("spent_microusd", sa.BigInteger, nullable=False),
        sa.Column("videos", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint(*names, name="pk_account_balances"),
    )
    op.create_table(
        "cooldowns",
        sa.Column("user_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_cooldowns"),
    )


def _account() -> list[sa.Column[Any]]:
    return [
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("owner_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
    ]


def _create_servers(op: Operations) -> None:
    op.create_table(
        "server_settings",
        sa.Column("guild_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("guild_id", name="pk_server_settings"),
    )
    op.create_table(
        "audit_entries",
        sa.Column("seq", _COUNTED, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.BigInteger, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_guild_id_seq", "audit_entries", ["guild_id", "seq"])


def _create_keys(op: Operations) -> None:
    op.create_table(
        "server_keys",
        sa.Column("id", _COUNTED, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("token", sa.Text),
        sa.Column("tail", sa.Text, nullable=False),
        sa.Column("set_by", sa.BigInteger, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.Column("broken_at", sa.DateTime(timezone=True)),
        sa.Column("broken_why", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_server_keys"),
    )
    op.create_index(
        "uq_server_keys_guild_id_current",
        "server_keys",
        ["guild_id"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _create_reports(op: Operations) -> None:
    op.create_table(
        "reports",
        sa.Column("job_id", sa.Text, nullable=False),
        sa.Column("by_user_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_reports_job_id_jobs"),
        sa.PrimaryKeyConstraint("job_id", "by_user_id", name="pk_reports"),
    )
    op.create_index("ix_reports_by_user_id_at", "reports", ["by_user_id", "at"])
