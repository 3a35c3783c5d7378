"""Drafts lie in the database as they were, and every write to them is the first or none."""

from datetime import timedelta

import pytest
from hypothesis import given
from sqlalchemy import text

from bot.domain.generation.request import Aspect, GenerationRequest, Shot
from bot.domain.generation.storyboard import Draft, Storyboard
from bot.domain.ports import StoreUnavailable
from bot.features.storyboards import DraftRows
from bot.features.waiting_orders import WaitingOrder, WaitingOrders
from bot.storage import SqlJobStore
from tests.clocks import FakeClock
from tests.domain.samples import LATER, NOON, a_job, fitting_shots
from tests.storage.behind import done

RISES = Shot(prompt="the kite rises", duration_s=4)
BOARD = Storyboard(
    prompt="a red kite",
    shots=(RISES, Shot(prompt="it falls 🪁\0", duration_s=5)),
    selected=1,
    aspect=Aspect.SQUARE,
    sound=False,
    private=True,
    unread_text="5s the kite",
)
OTHER = Storyboard(prompt="another kite")


def a_draft(number: int = 1, board: Storyboard = BOARD) -> Draft:
    return Draft(
        id=f"draft{number}",
        owner_id=1_100_000_000_000_000_077,
        board=board,
        touched_at=NOON + timedelta(seconds=number),
    )


@pytest.fixture
def drafts(store: SqlJobStore) -> DraftRows:
    return DraftRows(database=store.database)


@pytest.fixture
def other_drafts(other_store: SqlJobStore) -> DraftRows:
    """The drafts as another process sees them."""
    return DraftRows(database=other_store.database)


async def test_a_draft_comes_back_as_it_was_in_every_process(
    drafts: DraftRows, other_drafts: DraftRows
) -> None:
    await drafts.add(a_draft())
    assert await other_drafts.get("draft1") == a_draft()
    assert await other_drafts.get("draft2") is None


@given(fitting_shots())
def test_any_shots_survive_the_journey_through_the_row(shots: tuple[Shot, ...]) -> None:
    board = Storyboard(shots=shots)
    assert Storyboard.model_validate_json(board.model_dump_json()) == board


async def test_what_was_worked_on_last_is_the_newest(drafts: DraftRows) -> None:
    for number in (1, 2):
        await drafts.add(a_draft(number))
    owner_id = a_draft().owner_id
    newest = await drafts.newest_of(owner_id)
    assert newest is not None
    assert newest.id == "draft2"
    await drafts.save(a_draft(1), OTHER, LATER)
    newest = await drafts.newest_of(owner_id)
    assert newest is not None
    assert newest.id == "draft1"
    assert await drafts.newest_of(1) is None


async def test_of_two_who_read_the_same_one_writes(
    drafts: DraftRows, other_drafts: DraftRows
) -> None:
    await drafts.add(a_draft())
    saved = await drafts.save(a_draft(), OTHER, LATER)
    assert saved is not None
    assert (saved.board, saved.version, saved.touched_at) == (OTHER, 1, LATER)
    assert await other_drafts.save(a_draft(), BOARD, LATER) is None
    assert await other_drafts.get("draft1") == saved


async def test_one_interaction_takes_it_and_nobody_writes_meanwhile(
    drafts: DraftRows, other_drafts: DraftRows
) -> None:
    await drafts.add(a_draft())
    taken = await drafts.take(a_draft(), 42, LATER)
    assert taken is not None
    assert await other_drafts.take(a_draft(), 43, LATER) is None
    assert await other_drafts.take(taken, 43, LATER) is None
    assert await other_drafts.save(taken, OTHER, LATER) is None
    assert not await other_drafts.remove(taken)
    assert await drafts.get("draft1") == taken
    assert taken.taken_by == 42


async def test_it_is_free_again_when_no_job_came_of_it(drafts: DraftRows) -> None:
    await drafts.add(a_draft())
    taken = await drafts.take(a_draft(), 42, LATER)
    assert taken is not None
    assert not await drafts.settle(taken)
    free = await drafts.get("draft1")
    assert free is not None
    assert (free.taken_by, free.board) == (None, BOARD)
    assert free.version > taken.version


async def test_it_goes_when_a_job_came_of_it(store: SqlJobStore, drafts: DraftRows) -> None:
    job = a_job()
    await drafts.add(a_draft())
    taken = await drafts.take(a_draft(), job.interaction_id, LATER)
    assert taken is not None
    await store.add(job)
    assert await drafts.settle(taken)
    assert await drafts.get("draft1") is None
    assert not await drafts.settle(taken)


async def test_who_settles_late_leaves_the_next_taking_alone(drafts: DraftRows) -> None:
    await drafts.add(a_draft())
    first = await drafts.take(a_draft(), 42, LATER)
    assert first is not None
    await drafts.settle(first)
    free = await drafts.get("draft1")
    assert free is not None
    second = await drafts.take(free, 43, LATER)
    assert second is not None
    assert not await drafts.settle(first)
    assert await drafts.get("draft1") == second


async def test_it_can_be_thrown_away_once(drafts: DraftRows) -> None:
    await drafts.add(a_draft())
    assert await drafts.remove(a_draft())
    assert not await drafts.remove(a_draft())
    assert await drafts.get("draft1") is None


async def test_a_row_that_cannot_be_read_is_said_without_quoting_it(
    drafts: DraftRows, database_url: str
) -> None:
    await drafts.add(a_draft())
    await done(database_url, text("UPDATE storyboard_drafts SET board = '{\"canary\": 1}'"))
    with pytest.raises(StoreUnavailable, match="draft1") as failure:
        await drafts.get("draft1")
    assert "canary" not in str(failure.value)


async def test_it_is_gone_when_a_job_came_of_it_after_a_question(
    store: SqlJobStore, drafts: DraftRows
) -> None:
    job = a_job()
    await drafts.add(a_draft())
    taken = await drafts.take(a_draft(), job.interaction_id, LATER)
    assert taken is not None
    await drafts.settle(taken)
    free = await drafts.get("draft1")
    assert free is not None
    await store.add(job)
    assert await drafts.get("draft1") is None
    assert await drafts.newest_of(free.owner_id) is None
    assert await drafts.take(free, 43, LATER) is None


async def asked_twice(drafts: DraftRows) -> tuple[int | None, int | None]:
    """The ids under which two presses of Generate ask, one after the other."""
    await drafts.add(a_draft())
    first = await drafts.take(a_draft(), 42, LATER)
    assert first is not None
    await drafts.settle(first)
    free = await drafts.get("draft1")
    assert free is not None
    second = await drafts.take(free, 43, LATER)
    assert second is not None
    await drafts.settle(second)
    return first.taken_by, second.taken_by


async def test_whoever_asks_for_it_again_asks_under_the_first_id(drafts: DraftRows) -> None:
    assert await asked_twice(drafts) == (42, 42)


@pytest.mark.parametrize("ending", ["save", "remove"])
async def test_an_edit_or_a_removal_ends_the_question_about_what_it_was(
    store: SqlJobStore, drafts: DraftRows, ending: str
) -> None:
    await asked_twice(drafts)
    questions = WaitingOrders(database=store.database, clock=FakeClock(LATER))
    asked = WaitingOrder(
        interaction_id=42,
        requester_id=a_draft().owner_id,
        request=GenerationRequest(prompt="a kite"),
        private=False,
        asked_at=LATER,
    )
    others = asked.model_copy(update={"interaction_id": 43})
    await questions.keep(asked)
    await questions.keep(others)
    free = await drafts.get("draft1")
    assert free is not None
    if ending == "save":
        assert await drafts.save(free, OTHER, LATER) is not None
    else:
        assert await drafts.remove(free)
    assert await questions.find(42, asked.requester_id) is None
    assert await questions.find(43, asked.requester_id) == others


async def test_an_edit_that_comes_too_late_ends_no_question(
    store: SqlJobStore, drafts: DraftRows
) -> None:
    await asked_twice(drafts)
    questions = WaitingOrders(database=store.database, clock=FakeClock(LATER))
    asked = WaitingOrder(
        interaction_id=42,
        requester_id=a_draft().owner_id,
        request=GenerationRequest(prompt="a kite"),
        private=False,
        asked_at=LATER,
    )
    await questions.keep(asked)
    read_before = a_draft().model_copy(update={"asked_by": 42})
    assert await drafts.save(read_before, OTHER, LATER) is None
    assert await questions.find(42, asked.requester_id) == asked


async def test_it_is_gone_also_when_it_was_edited_while_a_yes_was_carried_out(
    store: SqlJobStore, drafts: DraftRows
) -> None:
    job = a_job()
    await drafts.add(a_draft())
    taken = await drafts.take(a_draft(), job.interaction_id, LATER)
    assert taken is not None
    await drafts.settle(taken)
    free = await drafts.get("draft1")
    assert free is not None
    assert await drafts.save(free, OTHER, LATER) is not None
    await store.add(job)
    # A draft buys once: otherwise a second yes would buy it again.
    assert await drafts.get("draft1") is None
