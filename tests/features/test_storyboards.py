"""The use cases of storyboards over a real database: nothing is lost, nothing is taken twice."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from functools import partial
from random import Random

import pytest
from sqlalchemy import text

from bot.domain.denied import Denied
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import Shot
from bot.domain.generation.storyboard import DRAFT_LIFE, Draft, Storyboard, added
from bot.domain.ports import StoreUnavailable
from bot.features.storyboards import TAKING_LIFE, DraftRefusal, DraftRows, Storyboards
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.domain.samples import a_job
from tests.storage.behind import done

ALICE, BOB = 77, 78
ONE, TWO, THREE = (Shot(prompt=word, duration_s=3) for word in ("one", "two", "three"))
KITE = Picture(digest="0f" * 32, media_type="image/png", width_px=480, height_px=320)
REFUSE = "SELECT RAISE(ABORT, 'the disk is full')"
EMPTY = Storyboard(sound=False)
READY = Storyboard(prompt="kite", shots=(ONE, TWO), selected=0)


@pytest.fixture
async def store(sqlite_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(sqlite_url) as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def boards(store: SqlJobStore, clock: FakeClock) -> Storyboards:
    return Storyboards(
        rows=DraftRows(database=store.database),
        clock=clock,
        random=Random(7),  # noqa: S311 - a test repeats itself
    )


async def begun(boards: Storyboards, board: Storyboard = READY) -> Draft:
    return await boards.begin(ALICE, board)


async def test_the_first_opening_begins_an_empty_draft_and_the_next_finds_it(
    boards: Storyboards,
) -> None:
    first = await boards.open(ALICE, EMPTY)
    assert first.board == EMPTY
    assert await boards.open(ALICE, EMPTY) == first
    others = await boards.open(BOB, EMPTY)
    assert others.id != first.id


async def test_changing_an_older_storyboard_does_not_throw_away_a_newer_one(
    boards: Storyboards, clock: FakeClock
) -> None:
    mine = await begun(boards)
    clock.move_to(clock.now() + timedelta(seconds=1))
    second = await begun(boards, Storyboard(prompt="another"))
    assert await boards.open(ALICE, EMPTY) == second
    assert await boards.show(mine.id, ALICE) == mine


async def test_of_many_edits_at_once_none_is_lost(boards: Storyboards) -> None:
    draft = await begun(boards, Storyboard(prompt="kite"))
    edits = [partial(added, shot=shot) for shot in (ONE, TWO, THREE)]
    await asyncio.gather(*(boards.edit(draft.id, ALICE, edit) for edit in edits))
    shown = await boards.show(draft.id, ALICE)
    assert isinstance(shown, Draft)
    assert {shot.prompt for shot in shown.board.shots} == {"one", "two", "three"}


class AlwaysOvertaken(DraftRows):
    """A database in which somebody else was always there first."""

    async def save(self, draft: Draft, board: Storyboard, at: datetime) -> Draft | None:
        await super().save(draft, Storyboard(prompt="somebody else's"), at)
        return await super().save(draft, board, at)


async def test_an_edit_that_is_always_overtaken_is_given_up(
    store: SqlJobStore, clock: FakeClock
) -> None:
    overtaken = AlwaysOvertaken(database=store.database)
    boards = Storyboards(rows=overtaken, clock=clock, random=Random(7))  # noqa: S311 - as above
    draft = await begun(boards)
    answer = await boards.edit(draft.id, ALICE, lambda board: board)
    assert answer == Denied(DraftRefusal.NOT_POSSIBLE)


async def test_a_picture_is_given_to_the_draft_that_was_worked_on_last_or_to_a_new_one(
    boards: Storyboards,
) -> None:
    new = await boards.open(ALICE, EMPTY, picture=KITE)
    assert new.board == EMPTY.model_copy(update={"start_frame": KITE})
    other = KITE.model_copy(update={"digest": "1f" * 32})
    exchanged = await boards.open(ALICE, READY, picture=other)
    assert exchanged.id == new.id
    assert exchanged.board == EMPTY.model_copy(update={"start_frame": other})
    assert await boards.open(ALICE, READY) == exchanged


async def test_a_picture_whose_draft_is_always_overtaken_begins_another(
    store: SqlJobStore, clock: FakeClock
) -> None:
    overtaken = AlwaysOvertaken(database=store.database)
    boards = Storyboards(rows=overtaken, clock=clock, random=Random(7))  # noqa: S311 - as above
    draft = await begun(boards)
    another = await boards.open(ALICE, READY, picture=KITE)
    assert another.id != draft.id
    assert another.board == READY.model_copy(update={"start_frame": KITE})


async def test_of_many_takings_at_once_one_passes(boards: Storyboards) -> None:
    draft = await begun(boards)
    answers = await asyncio.gather(*(boards.take(draft.id, ALICE, 40 + n) for n in range(8)))
    assert len([answer for answer in answers if isinstance(answer, Draft)]) == 1
    assert answers.count(Denied(DraftRefusal.BEING_SENT)) == 7


async def test_what_still_wants_something_is_not_taken(boards: Storyboards) -> None:
    draft = await begun(boards, Storyboard(prompt="kite", shots=(ONE,), selected=0))
    assert await boards.take(draft.id, ALICE, 42) == Denied(DraftRefusal.NOT_POSSIBLE)


async def test_a_taken_draft_is_gone_once_its_job_stands(
    boards: Storyboards, store: SqlJobStore
) -> None:
    job = a_job()
    taken = await boards.take((await begun(boards)).id, ALICE, job.interaction_id)
    assert isinstance(taken, Draft)
    await store.add(job)
    assert await boards.settle(taken)
    assert await boards.show(taken.id, ALICE) == Denied(DraftRefusal.GONE)


async def test_a_crash_after_the_purchase_leaves_nothing_to_buy_twice(
    boards: Storyboards, store: SqlJobStore, clock: FakeClock
) -> None:
    job = a_job()
    draft = await begun(boards)
    await boards.take(draft.id, ALICE, job.interaction_id)
    await store.add(job)
    clock.move_to(clock.now() + TAKING_LIFE)
    assert await boards.take(draft.id, ALICE, 43) == Denied(DraftRefusal.GONE)


async def test_a_crash_before_the_purchase_gives_the_draft_back_when_it_is_opened(
    boards: Storyboards, clock: FakeClock
) -> None:
    draft = await begun(boards)
    await boards.take(draft.id, ALICE, 42)
    meanwhile = await boards.open(ALICE, EMPTY)
    assert meanwhile.id != draft.id
    await boards.discard(meanwhile.id, ALICE)
    clock.move_to(clock.now() + TAKING_LIFE)
    again = await boards.open(ALICE, EMPTY)
    assert (again.id, again.board) == (draft.id, READY)


async def test_only_the_owner_may_do_anything(boards: Storyboards) -> None:
    draft = await begun(boards)
    not_yours = Denied(DraftRefusal.NOT_YOURS)
    assert await boards.show(draft.id, BOB) == not_yours
    assert await boards.edit(draft.id, BOB, lambda board: board) == not_yours
    assert await boards.take(draft.id, BOB, 42) == not_yours
    assert await boards.discard(draft.id, BOB) == not_yours
    assert await boards.show(draft.id, ALICE) == draft


async def test_a_clock_that_jumped_ahead_costs_nobody_a_draft(
    boards: Storyboards, clock: FakeClock
) -> None:
    draft = await begun(boards)
    clock.move_to(clock.now() + 100 * DRAFT_LIFE)
    assert await boards.open(BOB, EMPTY) != draft
    assert await boards.show(draft.id, ALICE) == draft
    assert isinstance(await boards.edit(draft.id, ALICE, lambda board: board), Draft)


async def test_a_discarded_draft_is_gone(boards: Storyboards) -> None:
    draft = await begun(boards)
    assert await boards.discard(draft.id, ALICE) == draft
    assert await boards.discard(draft.id, ALICE) == Denied(DraftRefusal.GONE)


async def test_without_the_database_a_taking_stays_and_all_else_is_raised(
    boards: Storyboards, store: SqlJobStore
) -> None:
    taken = await boards.take((await begun(boards)).id, ALICE, 42)
    assert isinstance(taken, Draft)
    await store.close()
    for asked in (
        boards.open(ALICE, EMPTY),
        boards.begin(ALICE, READY),
        boards.show(taken.id, ALICE),
        boards.edit(taken.id, ALICE, lambda board: board),
        boards.take(taken.id, ALICE, 43),
        boards.discard(taken.id, ALICE),
    ):
        with pytest.raises(StoreUnavailable):
            await asked
    assert not await boards.settle(taken)


@pytest.mark.parametrize("kind", ["UPDATE", "DELETE"])
async def test_what_cannot_be_written_is_raised_and_the_draft_stands(
    boards: Storyboards, sqlite_url: str, kind: str
) -> None:
    draft = await begun(boards)
    refusing = f"CREATE TRIGGER full BEFORE {kind} ON storyboard_drafts BEGIN {REFUSE}; END"
    await done(sqlite_url, text(refusing))
    if kind == "UPDATE":
        with pytest.raises(StoreUnavailable):
            await boards.edit(draft.id, ALICE, lambda board: board)
        with pytest.raises(StoreUnavailable):
            await boards.take(draft.id, ALICE, 42)
    else:
        with pytest.raises(StoreUnavailable):
            await boards.discard(draft.id, ALICE)
    assert await boards.show(draft.id, ALICE) == draft
