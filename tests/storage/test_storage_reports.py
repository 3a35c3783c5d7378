"""Reports are kept over processes: one per person and job, and the last one is known."""

from datetime import timedelta

from bot.domain.job import Job
from bot.features.reports_ports import Report
from bot.features.reports_store import SqlReports
from bot.storage import SqlJobStore
from tests.domain.samples import NOON, a_job


def report(job: Job, *, by: int = 7, minutes: int = 0) -> Report:
    return Report(job=job, by_user_id=by, because="nasty", at=NOON + timedelta(minutes=minutes))


async def test_who_reported_what_is_known_to_another_process(
    store: SqlJobStore, other_store: SqlJobStore
) -> None:
    job, other = a_job(1), a_job(2)
    for one in (job, other):
        await store.add(one)
    reports, elsewhere = (SqlReports(database=one.database) for one in (store, other_store))
    assert await elsewhere.last_at(7) is None
    await reports.add(report(job))
    assert await elsewhere.is_reported(job.id, 7)
    assert not await elsewhere.is_reported(job.id, 8)
    assert not await elsewhere.is_reported(other.id, 7)


async def test_a_second_report_of_the_same_changes_nothing(store: SqlJobStore) -> None:
    job = a_job(1)
    await store.add(job)
    reports = SqlReports(database=store.database)
    await reports.add(report(job))
    await reports.add(report(job, minutes=5))
    assert await reports.last_at(7) == NOON


async def test_the_last_report_of_a_person_counts(store: SqlJobStore) -> None:
    reports = SqlReports(database=store.database)
    for number in (1, 2, 3):
        job = a_job(number)
        await store.add(job)
        await reports.add(report(job, minutes=(number * 7) % 10))
    assert await reports.last_at(7) == NOON + timedelta(minutes=7)
    assert await reports.last_at(8) is None
