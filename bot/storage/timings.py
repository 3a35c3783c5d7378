"""Render times: written with the move that ends the rendering, read by one indexed query."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.forecast import Similar
from bot.domain.job import Job
from bot.storage.database import Database
from bot.storage.tables.jobs import render_times

_MS_PER_S = 1_000


async def last_times(database: Database, of: Similar) -> Sequence[float]:
    """Seconds from sending to rendered of the latest such videos, newest first."""
    of_like_length = (
        select(render_times.c.took_ms)
        .where(render_times.c.model_id == of.model_id)
        .where(render_times.c.duration_s.between(of.shortest_s, of.longest_s))
        .order_by(render_times.c.rendered_at.desc(), render_times.c.job_id)
        .limit(of.most)
    )
    rows = await database.rows(of_like_length)
    return [row["took_ms"] / _MS_PER_S for row in rows]


def render_time_of(job: Job, rendered_at: datetime) -> dict[str, object]:
    """The row of `render_times` that tells how long `job` took."""
    # A clock that was set back must not make the time negative.
    took = max(rendered_at - (job.sent_at or job.created_at), timedelta())
    return {
        "job_id": job.id,
        "model_id": job.model_id,
        "duration_s": job.request.duration_s,
        "took_ms": took // timedelta(milliseconds=1),
        "rendered_at": rendered_at,
    }
