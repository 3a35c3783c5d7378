"""The place where jobs wait: woken when it is their turn, and passed while they are held back."""

import asyncio
import threading
from datetime import timedelta
from random import Random

from bot.domain.job import HOLD_LIMIT, Job, State
from bot.domain.lifecycle import Accepted, Cancelled
from bot.domain.line import AtOnce, InLine
from bot.domain.outcomes import FailureReason, RateLimited, SubmitAccepted, SubmitRefused
from bot.runner.cadence import ACCOUNT_PROBE_S
from bot.runner.line import Line
from bot.runner.sending import Attempt, HeldBack, Moved, Sender, ToldToWait
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.runner.stand_ins import FailingStore, OneKey, ScriptedProvider, never, no_pictures
from tests.storage.money import carried_on, job_of


def a_line(store: SqlJobStore, clock: FakeClock, *, at_once: int = 1) -> Line:
    return Line(store=store, clock=clock, at_once=at_once, limits_of=lambda _: AtOnce())


def a_sender(
    store: SqlJobStore, clock: FakeClock, line: Line, provider: ScriptedProvider
) -> Sender:
    return Sender(
        store=store,
        providers=OneKey(provider),
        line=line,
        clock=clock,
        random=Random(1),  # noqa: S311 - jitter
        picture_bytes=no_pictures,
    )


async def added(store: SqlJobStore, clock: FakeClock, number: int, *, user_id: int = 77) -> Job:
    job = job_of(number, user_id=user_id, at=clock.now())
    await store.add(job)
    return job


async def quietly(job: Job) -> None:
    del job


async def test_who_waits_is_woken_when_a_place_is_free_and_others_are_not(
    store: SqlJobStore, clock: FakeClock
) -> None:
    line = a_line(store, clock)
    jobs = [await added(store, clock, number, user_id=number) for number in (1, 2, 3)]
    wakes = [asyncio.Event() for _ in jobs]
    began = await line.begin_sending(jobs[0], wakes[0], clock.now())
    assert isinstance(began, Job)
    told = [await line.begin_sending(jobs[n], wakes[n], clock.now()) for n in (1, 2)]
    assert [one.position for one in told if isinstance(one, InLine)] == [1, 2]
    await carried_on(store, began, Accepted("r-1"), Cancelled())
    await line.place_freed()
    assert [wake.is_set() for wake in wakes] == [False, True, False]
    assert await line.place_of(jobs[1]) is None
    assert (await line.place_of(jobs[2])) is not None


async def test_a_place_that_is_freed_while_the_database_is_away_wakes_no_one_and_breaks_nothing(
    store: SqlJobStore, clock: FakeClock
) -> None:
    away = set[str]()
    line = Line(
        store=FailingStore(store, is_away=away.__contains__),
        clock=clock,
        at_once=1,
        limits_of=lambda _: AtOnce(),
    )
    first, second = [await added(store, clock, number, user_id=number) for number in (1, 2)]
    wake = asyncio.Event()
    began = await line.begin_sending(first, asyncio.Event(), clock.now())
    assert isinstance(began, Job)
    assert isinstance(await line.begin_sending(second, wake, clock.now()), InLine)
    await carried_on(store, began, Accepted("r-1"), Cancelled())
    away.add("standings")
    await line.place_freed()
    assert not wake.is_set()
    away.clear()
    await line.place_freed()
    assert wake.is_set()


async def test_a_job_that_the_account_holds_back_stands_in_nobodys_way(
    store: SqlJobStore, clock: FakeClock
) -> None:
    line = a_line(store, clock)
    held, other = [await added(store, clock, number, user_id=number) for number in (1, 2)]
    broke = ScriptedProvider(submits=[SubmitRefused(FailureReason.NO_BALANCE)])
    result = await a_sender(store, clock, line, broke).send(
        held, Attempt(), quietly, wake=asyncio.Event(), is_draining=never
    )
    assert isinstance(result, HeldBack)
    began = await line.begin_sending(other, asyncio.Event(), clock.now())
    assert isinstance(began, Job)
    assert began.state is State.SUBMITTING


async def test_what_one_process_holds_back_stands_in_nobodys_way_in_another(
    database_url: str, clock: FakeClock
) -> None:
    async with open_store(database_url) as store:
        here, there = a_line(store, clock), a_line(store, clock)
        held = [await added(store, clock, number, user_id=number) for number in (1, 2, 3)]
        broke = ScriptedProvider(submits=[SubmitRefused(FailureReason.NO_BALANCE)])
        sender = a_sender(store, clock, here, broke)
        for job in held:  # the first one closes the gate, before which the others step aside
            result = await sender.send(
                job, Attempt(), quietly, wake=asyncio.Event(), is_draining=never
            )
            assert isinstance(result, HeldBack)
        healthy = await added(store, clock, 4, user_id=4)
        began = await there.begin_sending(healthy, asyncio.Event(), clock.now())
        assert isinstance(began, Job)
        # The limit counts as ever: the next one waits, behind nobody.
        late = await there.begin_sending(
            await added(store, clock, 5, user_id=5), asyncio.Event(), clock.now()
        )
        assert isinstance(late, InLine)
        assert late.position == 1
        # Nobody has to put anything right when the process that holds them dies.
        clock.move_to(clock.now() + timedelta(seconds=ACCOUNT_PROBE_S))
        later = await there.begin_sending(
            await added(store, clock, 6, user_id=6), asyncio.Event(), clock.now()
        )
        assert isinstance(later, InLine)
        assert later.position == len(held) + 2


async def test_a_job_that_is_held_back_is_written_down_once_until_it_tries_again(
    store: SqlJobStore, clock: FakeClock
) -> None:
    broke = ScriptedProvider(submits=[SubmitRefused(FailureReason.NO_BALANCE)])
    sender = a_sender(store, clock, a_line(store, clock), broke)
    first, second = [await added(store, clock, number, user_id=number) for number in (1, 2)]
    await sender.send(first, Attempt(), quietly, wake=asyncio.Event(), is_draining=never)
    aside = await sender.send(second, Attempt(), quietly, wake=asyncio.Event(), is_draining=never)
    assert isinstance(aside, HeldBack)
    clock.move_to(clock.now() + timedelta(seconds=20))
    nudged = await sender.send(
        aside.job, Attempt(), quietly, wake=asyncio.Event(), is_draining=never
    )
    assert isinstance(nudged, HeldBack)
    assert (nudged.job, nudged.delay_s) == (aside.job, ACCOUNT_PROBE_S - 20)
    # It is in the row, where the line of every process sees it.
    row = await store.get(second.id)
    assert row is not None
    assert row == aside.job
    assert row.held_until == clock.now() + timedelta(seconds=ACCOUNT_PROBE_S - 20)
    assert row.version == second.version + 1


async def test_who_waits_is_woken_when_the_place_of_one_that_is_held_back_is_free(
    store: SqlJobStore, clock: FakeClock
) -> None:
    line = a_line(store, clock)
    first, second = [await added(store, clock, number, user_id=number) for number in (1, 2)]
    wake = asyncio.Event()

    class Meanwhile(ScriptedProvider):
        async def submit(self, request: object, frames: object = None) -> RateLimited:
            del request, frames
            assert isinstance(await line.begin_sending(second, wake, clock.now()), InLine)
            return RateLimited(30)

    result = await a_sender(store, clock, line, Meanwhile()).send(
        first, Attempt(), quietly, wake=asyncio.Event(), is_draining=never
    )
    assert isinstance(result, HeldBack)
    assert wake.is_set()


async def test_time_in_the_line_is_no_time_of_being_held_back(
    store: SqlJobStore, clock: FakeClock
) -> None:
    line = a_line(store, clock)
    first, second = [await added(store, clock, number, user_id=number) for number in (1, 2)]
    sender = a_sender(
        store, clock, line, ScriptedProvider(submits=[SubmitAccepted("r-1"), SubmitAccepted("r-2")])
    )
    sent = await sender.send(first, Attempt(), quietly, wake=asyncio.Event(), is_draining=never)
    assert isinstance(sent, Moved)
    waits = await sender.send(second, Attempt(), quietly, wake=asyncio.Event(), is_draining=never)
    assert isinstance(waits, ToldToWait)
    clock.move_to(clock.now() + 3 * HOLD_LIMIT)
    assert isinstance(
        await sender.send(second, Attempt(), quietly, wake=asyncio.Event(), is_draining=never),
        ToldToWait,
    )
    await carried_on(store, sent.job, Cancelled())
    clock.move_to(clock.now() + timedelta(seconds=5))
    sent = await sender.send(second, Attempt(), quietly, wake=asyncio.Event(), is_draining=never)
    assert isinstance(sent, Moved)
    assert sent.job.state is State.QUEUED


async def test_whose_turn_it_is_is_decided_where_the_event_loop_is_not(
    store: SqlJobStore, clock: FakeClock
) -> None:
    decided_in: list[int] = []

    def limits_of(_guild_id: int | None) -> AtOnce:
        decided_in.append(threading.get_ident())
        return AtOnce()

    line = Line(store=store, clock=clock, at_once=0, limits_of=limits_of)
    job = await added(store, clock, 1)
    assert isinstance(await line.begin_sending(job, asyncio.Event(), clock.now()), InLine)
    assert isinstance(await line.place_of(job), InLine)
    assert len(decided_in) == 2
    assert threading.get_ident() not in decided_in
