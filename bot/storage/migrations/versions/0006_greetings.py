"""Servers know when they were greeted, so that each is greeted once."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade(op: Operations) -> None:
    op.add_column("server_settings", sa.Column("greeted_at", sa.DateTime(timezone=True)))
