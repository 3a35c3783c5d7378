"""A job becomes a row and a row a job, with nothing lost between them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, create_engine, insert, select
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.pool import StaticPool

from bot.domain.job import Job, Place
from bot.storage.rows import job_of, row_of
from bot.storage.tables.jobs import Instant, jobs, metadata
from tests.domain.samples import A_VIDEO, LATER, NOON, a_job
from tests.domain.samples import jobs as any_jobs

FLATTENED = {"place"}


def test_every_field_of_a_job_has_a_column_and_every_column_a_field() -> None:
    fields = (set(Job.model_fields) - FLATTENED) | set(Place.model_fields)

    assert set(row_of(a_job())) == set(jobs.columns.keys()) == fields
    # Else flattening the place would overwrite something of the job.
    assert not set(Job.model_fields) & set(Place.model_fields)


def test_what_goes_into_a_row_is_plain() -> None:
    job = a_job().model_copy(update={"media": (A_VIDEO,), "sent_at": LATER})
    types = {type(value) for value in row_of(job).values()}
    assert types == {str, int, bool, datetime, type(None)}


@given(st.lists(any_jobs(), min_size=1, max_size=3, unique_by=lambda job: job.interaction_id))
def test_any_job_comes_back_from_its_row_as_it_was(several: list[Job]) -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    numbered = [job.model_copy(update={"id": f"{n}"}) for n, job in enumerate(several)]

    with engine.begin() as connection:
        connection.execute(insert(jobs), [row_of(job) for job in numbered])
        rows = connection.execute(select(jobs).order_by(jobs.c.id)).mappings().all()
        found = [job_of(row) for row in rows]
    engine.dispose()

    assert found == numbered


@pytest.mark.parametrize("dialect", [SQLiteDialect(), PGDialect()], ids=lambda d: d.name)
@given(
    instant=st.datetimes(
        min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis asks for naive bounds
        timezones=st.timezones(),
        allow_imaginary=False,
    ).filter(lambda instant: instant.year < 9999)
)
def test_an_instant_is_written_in_utc_to_the_microsecond(
    dialect: Dialect, instant: datetime
) -> None:
    written = Instant().process_bind_param(instant, dialect)
    assert written is not None
    assert (written.tzinfo, written - instant.astimezone(UTC)) == (UTC, timedelta(0))


def test_an_instant_is_read_in_utc_whether_the_database_says_a_zone_or_not() -> None:
    in_nepal = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    for said in (NOON.replace(tzinfo=None), NOON, in_nepal):
        read = Instant().process_result_value(said, SQLiteDialect())
        assert read is not None
        assert read == NOON
        assert read.tzinfo is UTC


def test_no_instant_is_none_both_ways() -> None:
    assert Instant().process_bind_param(None, SQLiteDialect()) is None
    assert Instant().process_result_value(None, SQLiteDialect()) is None


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="a naive datetime is no instant"):
        Instant().process_bind_param(NOON.replace(tzinfo=None), SQLiteDialect())
