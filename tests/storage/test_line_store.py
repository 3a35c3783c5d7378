"""The line as both databases tell it: who waits, since when, and who was sent lately."""

from datetime import datetime, timedelta

from bot.domain.job import Job
from bot.domain.lifecycle import Accepted, Cancelled, CardMoved, SendingBegan
from bot.domain.line import Standing
from bot.storage import SqlJobStore
from tests.domain.samples import HERE, NOON
from tests.storage.money import GUILD, carried_on, job_of

ALICE, BOB = 11, 12


async def waiting_of(store: SqlJobStore) -> dict[str, Standing]:
    return {one.job_id: one for one in await store.standings() if not one.is_under_way}


async def sent_and_over(store: SqlJobStore, job: Job, *, sent_at: datetime) -> None:
    """A job that was sent then and takes no place any more."""
    await store.add(job)
    for event in (SendingBegan(), Accepted(f"request-{job.id}"), Cancelled()):
        moved = await store.move(job, event, sent_at)
        assert moved is not None
        job = moved


async def test_each_who_waits_is_told_with_the_last_turn_of_its_server_and_person(
    store: SqlJobStore,
) -> None:
    early, late = NOON + timedelta(seconds=10), NOON + timedelta(seconds=20)
    await sent_and_over(store, job_of(1, user_id=ALICE), sent_at=early)
    await sent_and_over(store, job_of(2, user_id=BOB), sent_at=late)
    await sent_and_over(store, job_of(3, user_id=ALICE, guild_id=None), sent_at=early)
    for number, user_id, guild_id in (
        (4, ALICE, GUILD),
        (5, BOB, GUILD),
        (6, ALICE, None),
        (7, BOB, None),
        (8, ALICE, GUILD + 1),
    ):
        await store.add(job_of(number, user_id=user_id, guild_id=guild_id))
    turns = {
        job_id: (one.server_sent_at, one.user_sent_at)
        for job_id, one in (await waiting_of(store)).items()
    }
    assert turns == {
        "job-4": (late, early),
        "job-5": (late, late),
        "job-6": (early, early),
        "job-7": (None, None),
        "job-8": (None, None),
    }


async def test_a_turn_stays_its_servers_wherever_the_card_moves(store: SqlJobStore) -> None:
    sent_at = NOON + timedelta(seconds=10)
    elsewhere = CardMoved(HERE.model_copy(update={"guild_id": None}))
    sent, under_way = job_of(1, user_id=ALICE), job_of(2, user_id=BOB)
    await sent_and_over(store, sent, sent_at=sent_at)
    over = await store.get(sent.id)
    assert over is not None
    assert await store.move(over, elsewhere, sent_at)
    await store.add(under_way)
    await carried_on(store, under_way, elsewhere, SendingBegan())
    for number in (3, 4):
        await store.add(job_of(number, user_id=ALICE))
    standings = await store.standings()
    assert [one.guild_id for one in standings if one.is_under_way] == [GUILD]
    waiting = [one for one in standings if not one.is_under_way]
    assert {one.user_sent_at for one in waiting} == {sent_at}


async def test_who_waits_alone_needs_no_past(store: SqlJobStore) -> None:
    await sent_and_over(store, job_of(1, user_id=ALICE), sent_at=NOON)
    await store.add(job_of(2, user_id=ALICE))
    (alone,) = (await waiting_of(store)).values()
    assert (alone.server_sent_at, alone.user_sent_at) == (None, None)


async def test_turns_of_long_ago_are_forgotten(store: SqlJobStore) -> None:
    yesterday = NOON - timedelta(days=1)
    await sent_and_over(store, job_of(1, user_id=ALICE, at=yesterday), sent_at=yesterday)
    for number in (2, 3):
        await store.add(job_of(number, user_id=ALICE))
    assert {one.user_sent_at for one in (await waiting_of(store)).values()} == {None}
