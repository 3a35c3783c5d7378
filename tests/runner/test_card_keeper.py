"""A card is redrawn when it would say something new, and not too often."""

from datetime import timedelta

from bot.domain.job import State
from bot.domain.ports import NotPresented, Presented, Trouble
from bot.runner.card_keeper import CardKeeper
from tests.clocks import FakeClock
from tests.domain.samples import a_job
from tests.runner.stand_ins import RecordingAnnouncer

QUEUED = a_job(state=State.QUEUED)


async def test_what_the_card_says_already_is_not_said_again(clock: FakeClock) -> None:
    announcer = RecordingAnnouncer()
    keeper = CardKeeper(announcer=announcer, clock=clock)
    keeper.already_says(a_job())
    assert await keeper.show(a_job()) is None
    assert await keeper.show(QUEUED) == Presented()
    assert await keeper.show(QUEUED) is None
    assert announcer.shown == [QUEUED]


async def test_a_change_of_state_is_shown_at_once_and_anything_else_in_its_turn(
    clock: FakeClock,
) -> None:
    announcer = RecordingAnnouncer()
    keeper = CardKeeper(announcer=announcer, clock=clock)
    await keeper.show(QUEUED)
    second = QUEUED.model_copy(update={"queue_position": 2})
    assert await keeper.show(second) is None
    assert not keeper.is_due
    clock.move_to(clock.now() + timedelta(seconds=15))
    assert keeper.is_due
    assert await keeper.show(second) == Presented()
    rendering = a_job(state=State.RENDERING)
    assert await keeper.show(rendering) == Presented()
    assert announcer.shown == [QUEUED, second, rendering]


async def test_silence_and_its_end_are_said(clock: FakeClock) -> None:
    announcer = RecordingAnnouncer()
    keeper = CardKeeper(announcer=announcer, clock=clock)
    await keeper.show(QUEUED)
    for silent in (True, False):
        clock.move_to(clock.now() + timedelta(seconds=15))
        await keeper.show(QUEUED, service_silent=silent)
    assert announcer.silent == [False, True, False]


async def test_what_was_not_taken_is_tried_again(clock: FakeClock) -> None:
    announcer = RecordingAnnouncer([NotPresented(Trouble.PASSING)])
    keeper = CardKeeper(announcer=announcer, clock=clock)
    assert await keeper.show(QUEUED) == NotPresented(Trouble.PASSING)
    assert await keeper.show(QUEUED) == Presented()
    assert await keeper.show(QUEUED) is None


async def test_what_time_alone_makes_stale_is_drawn_once_more(clock: FakeClock) -> None:
    moment = clock.now() + timedelta(seconds=60)
    announcer = RecordingAnnouncer(
        [Presented(stale_at=moment), NotPresented(Trouble.PASSING), Presented()]
    )
    keeper = CardKeeper(announcer=announcer, clock=clock)
    await keeper.show(QUEUED)
    clock.move_to(moment - timedelta(seconds=1))
    assert await keeper.show(QUEUED) is None
    clock.move_to(moment)
    assert await keeper.show(QUEUED) == NotPresented(Trouble.PASSING)
    clock.move_to(moment + timedelta(seconds=30))
    assert await keeper.show(QUEUED) == Presented()
    clock.move_to(moment + timedelta(hours=1))
    assert await keeper.show(QUEUED) is None
    assert len(announcer.shown) == 3
