"""Questions about a price know which video theirs continues."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade(op: Operations) -> None:
    op.add_column("pending_wishes", sa.Column("continues", sa.Text))
