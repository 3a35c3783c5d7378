"""Pictures that videos begin or end with."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade(op: Operations) -> None:
    op.create_table(
        "pictures",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_pictures"),
    )
    op.create_index("ix_pictures_used_at", "pictures", ["used_at"])
    op.create_table(
        "picture_uses",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", "user_id", name="pk_picture_uses"),
    )
    op.create_index("ix_picture_uses_user_id", "picture_uses", ["user_id"])
    op.create_index("ix_picture_uses_used_at", "picture_uses", ["used_at"])
