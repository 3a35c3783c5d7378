"""What the bot's owner is told of in direct messages."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade(op: Operations) -> None:
    op.create_table(
        "owner_troubles",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("trouble", sa.Text, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("end_told_at", sa.DateTime(timezone=True)),
        sa.Column("message", sa.Text),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_owner_troubles"),
    )
    op.create_index("ix_owner_troubles_ended_at", "owner_troubles", ["ended_at"])
