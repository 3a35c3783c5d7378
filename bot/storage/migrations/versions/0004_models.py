"""Jobs and render times know their model, jobs which video they continue, members their quality."""

from typing import Final

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ONLY_MODEL: Final = "kling/kling-3.0/pro/text-to-video"
"""Every video until now. A process of the version before, which may still run, makes no other."""


def upgrade(op: Operations) -> None:
    for table in ("jobs", "render_times"):
        model_id = sa.Column("model_id", sa.Text, nullable=False, server_default=_ONLY_MODEL)
        op.add_column(table, model_id)
    op.add_column("jobs", sa.Column("continues", sa.Text))
    op.drop_index(op.f("ix_render_times_duration_s_rendered_at"), "render_times")
    op.create_index(
        op.f("ix_render_times_model_id_duration_s_rendered_at"),
        "render_times",
        ["model_id", "duration_s", "rendered_at"],
    )
    op.add_column("preferences", sa.Column("quality", sa.Text))
