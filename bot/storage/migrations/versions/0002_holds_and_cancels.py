"""Jobs know why they are held back, who cancelled them, and what a failure counts."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade(op: Operations) -> None:
    # A process of the version before, which may still run beside this one, leaves them empty.
    op.add_column("jobs", sa.Column("held_since", sa.DateTime(timezone=True)))
    op.add_column("jobs", sa.Column("held_because", sa.Text))
    op.add_column("jobs", sa.Column("cancelled_by", sa.Text))
    op.add_column("jobs", sa.Column("cancel_refused_at", sa.DateTime(timezone=True)))
    op.add_column("jobs", sa.Column("counted_microusd", sa.BigInteger))
