"""What the operator asks of both databases."""

from datetime import timedelta

import pytest

from bot.domain.job import State
from bot.features.operations_store import SqlOverview
from bot.storage import SqlJobStore
from tests.domain.samples import NOON, a_job


@pytest.fixture
def overview(store: SqlJobStore) -> SqlOverview:
    return SqlOverview(store=store)


async def test_jobs_are_counted_by_state_and_the_unsure_ones_listed(
    store: SqlJobStore, overview: SqlOverview
) -> None:
    assert await overview.jobs_by_state() == {}
    for number, state in enumerate((State.QUEUED, State.QUEUED, State.UNSURE), start=1):
        await store.add(a_job(number, state=state))
    assert await overview.jobs_by_state() == {State.QUEUED: 2, State.UNSURE: 1}
    assert [job.id for job in await overview.unsure()] == ["job-3"]


async def test_a_drain_waits_for_all_that_is_paid_and_not_for_what_waits_or_is_kept(
    store: SqlJobStore, overview: SqlOverview
) -> None:
    for number, state in enumerate(State, start=1):
        await store.add(a_job(number, state=state))
    assert await overview.under_way(rendered_since=NOON) == 4
    # A result that nobody could be given is kept for its requester, however long that takes.
    assert await overview.under_way(rendered_since=NOON + timedelta(hours=1)) == 3


async def test_a_request_leads_to_its_job(store: SqlJobStore, overview: SqlOverview) -> None:
    await store.add(a_job().model_copy(update={"request_id": "r-1"}))
    assert await overview.job_with("r-1") == "job-1"
    assert await overview.job_with("r-2") is None
