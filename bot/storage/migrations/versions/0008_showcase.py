"""Stars, showcase posts, and which video inspired another."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade(op: Operations) -> None:
    for table in ("jobs", "pending_wishes", "storyboard_drafts"):
        op.add_column(table, sa.Column("inspired_by", sa.Text))
    op.create_table(
        "stars",
        sa.Column("job_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "user_id", name="pk_stars"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_stars_job_id_jobs"),
    )
    op.create_index("ix_stars_user_id", "stars", ["user_id"])
    op.create_table(
        "showcase_posts",
        sa.Column("job_id", sa.Text, nullable=False),
        sa.Column("author_id", sa.BigInteger),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name="pk_showcase_posts"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_showcase_posts_job_id_jobs"),
    )
    op.create_index("ix_showcase_posts_author_id", "showcase_posts", ["author_id"])
    op.create_index("ix_showcase_posts_state_touched_at", "showcase_posts", ["state", "touched_at"])
