"""The store tells of what it committed, once, and of nothing else."""

from collections.abc import AsyncGenerator

import pytest

from bot.domain.job import Job, State
from bot.domain.lifecycle import Delivered, SendingBegan
from bot.domain.line import Go, InLine, Turn, WaitReason
from bot.domain.observer import Observer
from bot.storage import SqlJobStore, open_store
from tests.domain.samples import LATER, a_job


class Hearing(Observer):
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.moved: list[tuple[State, State]] = []

    def job_seen(self, job: Job) -> None:
        self.seen.append(job.id)

    def job_moved(self, before: Job, after: Job) -> None:
        self.moved.append((before.state, after.state))


@pytest.fixture
def told() -> Hearing:
    return Hearing()


@pytest.fixture
async def telling(database_url: str, told: Hearing) -> AsyncGenerator[SqlJobStore]:
    async with open_store(database_url, observer=told) as opened:
        yield opened


async def test_a_row_is_seen_when_it_is_added_or_read_by_its_id(
    telling: SqlJobStore, told: Hearing
) -> None:
    await telling.add(a_job())
    await telling.add(a_job())
    await telling.get("job-1")
    await telling.get("nobody's")
    await telling.unfinished()

    assert told.seen == ["job-1", "job-1"], "added once, read once"


async def test_only_a_move_that_was_written_is_told(telling: SqlJobStore, told: Hearing) -> None:
    await telling.add(a_job())
    await telling.move(a_job(), SendingBegan(), LATER)
    await telling.move(a_job(), SendingBegan(), LATER)
    await telling.move(a_job(state=State.FAILED), Delivered(), LATER)

    assert told.moved == [(State.WAITING, State.SUBMITTING)]


@pytest.mark.parametrize(
    ("turn", "moved"),
    [
        (Go(), [(State.WAITING, State.SUBMITTING)]),
        (InLine(position=1, reason=WaitReason.OTHERS), []),
    ],
)
async def test_a_job_that_leaves_the_line_is_told_as_a_move(
    telling: SqlJobStore, told: Hearing, turn: Turn, moved: list[tuple[State, State]]
) -> None:
    await telling.add(a_job())
    await telling.begin_sending(
        a_job(), LATER, lambda standings: {standing.job_id: turn for standing in standings}
    )

    assert told.moved == moved
