"""The ledger read back: what happened to money, newest first, and what it adds up to by payer."""

from datetime import timedelta

from bot.domain.generation.models import MODELS, USUAL
from bot.domain.job import State
from bot.domain.lifecycle import Cancelled, RenderingSucceeded
from bot.domain.money.entries import EntryKind
from bot.storage import SqlJobStore
from bot.storage.entries import Of, Total, models_of, newest_entries, totals
from tests.domain.samples import A_VIDEO, LATER, a_job


async def test_entries_come_newest_first_and_add_up_by_who_pays(store: SqlJobStore) -> None:
    theirs = a_job(3).model_copy(update={"key_id": 7})
    rendering = a_job(1, state=State.RENDERING)
    for job in (rendering, a_job(2), theirs):
        await store.add(job)
    await store.move(rendering, RenderingSucceeded((A_VIDEO,), 810_000), LATER)
    await store.move(a_job(2), Cancelled(), LATER + timedelta(seconds=1))
    found = await newest_entries(store.database, Of(), limit=4)

    assert [(entry.job_id, entry.kind) for entry in found] == [
        ("job-2", EntryKind.RETURNED),
        ("job-1", EntryKind.SETTLED),
        ("job-3", EntryKind.RESERVED),
        ("job-2", EntryKind.RESERVED),
    ]
    assert (found[1].held_change_microusd, found[1].spent_change_microusd) == (-840_000, 810_000)
    assert found[1].at == LATER
    assert await totals(store.database, Of()) == [
        Total(key_id=None, held_microusd=0, spent_microusd=810_000, videos=1),
        Total(key_id=7, held_microusd=840_000, spent_microusd=0, videos=1),
    ]


async def test_one_job_has_its_own_story(store: SqlJobStore) -> None:
    for number in (1, 2):
        await store.add(a_job(number))
    (entry,) = await newest_entries(store.database, Of(job_id="job-1"), limit=9)
    assert (entry.job_id, entry.why) == ("job-1", "Added")


async def test_the_models_of_what_is_listed_are_told(store: SqlJobStore) -> None:
    fine = a_job(2).model_copy(update={"model_id": MODELS[2].id})
    for job in (a_job(1), fine, a_job(3)):
        await store.add(job)
    listed = {"job-2": MODELS[2].id, "job-3": USUAL.id}
    assert await models_of(store.database, Of(), limit=2) == listed
    assert await models_of(store.database, Of(job_id="job-1"), limit=9) == {"job-1": USUAL.id}


async def test_an_empty_ledger_adds_up_to_nothing(store: SqlJobStore) -> None:
    assert await newest_entries(store.database, Of(), limit=9) == []
    assert await totals(store.database, Of()) == []
