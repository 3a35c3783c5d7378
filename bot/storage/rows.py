"""Converts a job to its row and back, without losing any field."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping

from bot.domain.job import Job
from bot.storage.unreadable import reading

ADDED = "Added"
"""The history's name for the insertion; the moves after it are named after their events."""


def row_of(job: Job) -> dict[str, object]:
    """The job as values of the columns of `jobs`."""
    values: dict[str, Any] = job.model_dump(exclude={"place", "request", "media"})
    values |= job.place.model_dump()
    values["request"] = job.request.as_text()
    values["media"] = json.dumps([media.model_dump(mode="json") for media in job.media])
    # psycopg would write a member's name instead of its value.
    return {name: _plain(value) for name, value in values.items()}


def job_of(row: RowMapping) -> Job:
    """The job in a row of `jobs`, validated by the domain's own models.

    Raises:
        RowUnreadable: the row was not written by this program, or by another version of it.
    """
    with reading(f"job {row['id']}"):
        job = Job.model_validate(
            {
                **row,
                "place": row,
                "request": json.loads(row["request"]),
                "media": json.loads(row["media"]),
            }
        )
    # In a row every field is set. Recording which are takes a quarter of a job's memory.
    for model in (job, job.place, job.request):
        model.model_fields_set.clear()
    return job


def move_of(job: Job, *, event_name: str, at: datetime) -> dict[str, object]:
    """The row of `job_moves` that tells how `job` came into its state."""
    return {
        "job_id": job.id,
        "version": job.version,
        "event": event_name,
        "state": job.state.value,
        "at": at,
    }


def _plain(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value
