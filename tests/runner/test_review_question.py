"""Reviewing: moderators are asked once, have a day, and are told once how it ended."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.domain.job import Job, State
from bot.domain.lifecycle import ReviewAsked, ReviewDeclined
from bot.domain.outcomes import FailureReason
from bot.domain.ports import REVIEW_LIFE, NotPresented, Presented, PresentOutcome, Trouble
from bot.runner.review_question import ASK_AGAIN_S, Reviewing
from tests.clocks import FakeClock
from tests.domain.samples import ELSEWHERE, a_job


class NotingRoom:
    """Answers in the order that was written down, and notes whom it was asked about."""

    def __init__(self, *answers: PresentOutcome, told: Iterable[PresentOutcome] = ()) -> None:
        self.asked: list[Job] = []
        self.told: list[Job] = []
        self._answers = list(answers)
        self._told = list(told)

    async def ask(self, job: Job) -> PresentOutcome:
        self.asked.append(job)
        return self._answers.pop(0)

    async def tell(self, job: Job) -> PresentOutcome:
        self.told.append(job)
        return self._told.pop(0) if self._told else Presented()


def in_review(clock: FakeClock) -> Job:
    return a_job(state=State.IN_REVIEW).model_copy(update={"state_since": clock.now()})


def asked(job: Job) -> Job:
    return job.model_copy(update={"review_channel_id": 2, "review_message_id": 3})


async def test_what_nobody_was_asked_about_is_shown_and_its_place_is_kept() -> None:
    clock, room = FakeClock(), NotingRoom(Presented(ELSEWHERE))
    job = in_review(clock)
    happened = await Reviewing(room=room, clock=clock).next(job)
    assert happened == ReviewAsked(ELSEWHERE.channel_id, ELSEWHERE.message_id)
    assert room.asked == [job]


async def test_who_was_asked_has_the_rest_of_a_day() -> None:
    clock, room = FakeClock(), NotingRoom()
    job = asked(in_review(clock))
    reviewing = Reviewing(room=room, clock=clock)
    assert await reviewing.next(job) == REVIEW_LIFE.total_seconds()
    clock.move_to(clock.now() + REVIEW_LIFE)
    assert await reviewing.next(job) == ReviewDeclined(FailureReason.REVIEW_EXPIRED)
    assert room.asked == []


@pytest.mark.parametrize(
    "trouble", [Trouble.PLACE_CLOSED, Trouble.CARD_GONE, Trouble.KEY_DEAD, Trouble.REFUSED]
)
async def test_where_nobody_can_be_asked_nothing_is_let_through(trouble: Trouble) -> None:
    clock, room = FakeClock(), NotingRoom(NotPresented(trouble))
    happened = await Reviewing(room=room, clock=clock).next(in_review(clock))
    assert happened == ReviewDeclined(FailureReason.REVIEW_IMPOSSIBLE)


async def test_a_passing_trouble_is_tried_again_but_not_beyond_the_day() -> None:
    clock = FakeClock()
    room = NotingRoom(NotPresented(Trouble.PASSING), NotPresented(Trouble.PASSING))
    job, reviewing = in_review(clock), Reviewing(room=room, clock=clock)
    assert await reviewing.next(job) == ASK_AGAIN_S
    clock.move_to(clock.now() + REVIEW_LIFE - timedelta(seconds=5))
    assert await reviewing.next(job) == 5


async def test_how_it_ended_is_told_once() -> None:
    clock, room = FakeClock(), NotingRoom()
    reviewing = Reviewing(room=room, clock=clock)
    await reviewing.close(asked(in_review(clock)))
    assert room.told == []
    over = asked(a_job(state=State.CANCELLED))
    await reviewing.close(over)
    await reviewing.close(over)
    assert room.told == [over]


async def test_a_decision_before_the_place_was_written_is_told_there_all_the_same() -> None:
    clock, room = FakeClock(), NotingRoom(Presented(ELSEWHERE))
    reviewing = Reviewing(room=room, clock=clock)
    await reviewing.next(in_review(clock))
    await reviewing.close(a_job(state=State.WAITING))
    (told,) = room.told
    assert (told.review_channel_id, told.review_message_id) == (
        ELSEWHERE.channel_id,
        ELSEWHERE.message_id,
    )


async def test_who_was_never_asked_is_told_nothing(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    room = NotingRoom(told=[NotPresented(Trouble.CARD_GONE)])
    await Reviewing(room=room, clock=clock).close(a_job(state=State.WAITING))
    assert room.told == []
    await Reviewing(room=room, clock=clock).close(asked(a_job(state=State.WAITING)))
    assert "couldn't tell moderators" in caplog.text


async def test_without_a_room_a_job_waits_until_its_day_is_over() -> None:
    clock = FakeClock()
    reviewing = Reviewing(room=None, clock=clock)
    assert await reviewing.next(in_review(clock)) == REVIEW_LIFE.total_seconds()
    await reviewing.close(asked(a_job(state=State.WAITING)))
