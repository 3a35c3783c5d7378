"""The table of a job's life, walked whole: every state times every event, and nothing beside it."""

from dataclasses import fields
from datetime import datetime, timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import given

from bot.domain.generation.request import GenerationRequest
from bot.domain.job import CANCELLABLE_STATES, LIVE_STATES, UNSENT_STATES, Job, State
from bot.domain.lifecycle import (
    EVENTS,
    TABLE,
    Accepted,
    AskConfirmed,
    Cancelled,
    CardDeleted,
    CardMoved,
    Delivered,
    EndTold,
    Erased,
    Event,
    KeyChanged,
    LinkShown,
    NeverConfirmed,
    OutcomeLost,
    PromptErased,
    QueueMoved,
    Refused,
    RenderingBegan,
    RenderingFailed,
    RenderingSucceeded,
    SendingBegan,
    SendingHeldBack,
    SteppedAside,
    WrittenOff,
    after,
)
from bot.domain.outcomes import FailureReason
from tests.domain.samples import (
    A_VIDEO,
    ELSEWHERE,
    HERE,
    INSTANTS,
    LATER,
    NOON,
    ONE_OF_EACH_EVENT,
    a_job,
    events,
    jobs,
)

ENDS = {State.DELIVERED, State.FAILED, State.CANCELLED}
EVERY_PAIR = list(product(State, ONE_OF_EACH_EVENT))
ALLOWED = [(state, event) for state, event in EVERY_PAIR if (state, type(event)) in TABLE]
FORBIDDEN = [(state, event) for state, event in EVERY_PAIR if (state, type(event)) not in TABLE]


def told(pair: tuple[State, Event]) -> str:
    state, event = pair
    return f"{type(event).__name__}-in-{state}"


def leads_to(state: State) -> set[State]:
    """The states that one move may lead to."""
    return {target for (source, _), target in TABLE.items() if source is state}


def reachable_from(state: State) -> set[State]:
    """The states that any number of moves may lead to."""
    seen = {state}
    while new := set[State]().union(*map(leads_to, seen)) - seen:
        seen |= new
    return seen


def one_in(state: State) -> Job:
    """A job to which everything may happen that the table allows."""
    failure = FailureReason.WRITTEN_OFF if state is State.FAILED else None
    return a_job(state=state).model_copy(update={"failure": failure})


def life(job: Job, *happenings: Event) -> Job:
    """The job after all of these, each of which must be possible."""
    for event in happenings:
        moved = after(job, event, LATER)
        assert moved is not None, f"{type(event).__name__} cannot happen in {job.state}"
        job = moved
    return job


def test_the_walk_has_seen_every_pair() -> None:
    assert len(EVERY_PAIR) == len(State) * len(EVENTS)
    assert len(ALLOWED) == len(TABLE)
    assert FORBIDDEN


def test_events_lists_exactly_the_members_of_the_union() -> None:
    assert len(EVENTS) == len(set(EVENTS))
    assert set(EVENTS) == set(get_args(Event))


@pytest.mark.parametrize("pair", ALLOWED, ids=told)
def test_an_allowed_move_leads_where_the_table_says(pair: tuple[State, Event]) -> None:
    state, event = pair
    job = one_in(state).model_copy(update={"version": 7})

    moved = after(job, event, LATER)

    assert moved is not None
    assert moved.state is TABLE[state, type(event)]
    assert moved.version == 8
    assert moved.state_since == (job.state_since if moved.state is state else LATER)


@pytest.mark.parametrize("pair", ALLOWED, ids=told)
def test_an_allowed_move_writes_what_the_event_brought_and_leaves_the_rest(
    pair: tuple[State, Event],
) -> None:
    state, event = pair
    job = one_in(state)
    moved = after(job, event, LATER)
    assert moved is not None

    brought = {field.name: getattr(event, field.name) for field in fields(event)}
    written = {name: getattr(moved, name) for name in brought}
    changed = {"state", "version", "state_since", "sent_at", "counted_microusd"}
    left = set(Job.model_fields) - set(brought) - changed
    left -= {"failure"} if moved.state is State.QUEUED else set()

    assert written == brought
    assert {name for name in left if getattr(moved, name) != getattr(job, name)} == set()


@pytest.mark.parametrize("pair", FORBIDDEN, ids=told)
def test_a_move_that_is_not_in_the_table_cannot_happen(pair: tuple[State, Event]) -> None:
    state, event = pair
    assert after(a_job(state=state), event, LATER) is None


@given(job=jobs(), event=events(), at=INSTANTS)
def test_no_move_but_an_erasure_changes_what_was_asked_or_by_whom(
    job: Job, event: Event, at: datetime
) -> None:
    moved = after(job, event, at)
    if moved is None:
        is_final = job.failure is not FailureReason.WRITTEN_OFF or job.erased
        assert (job.state, type(event)) not in TABLE or (isinstance(event, Accepted) and is_final)
        return
    if isinstance(event, Erased | PromptErased | NeverConfirmed):
        return
    for fixed in ("id", "interaction_id", "requester_id", "request", "private", "created_at"):
        assert getattr(moved, fixed) == getattr(job, fixed)
    assert moved.version == job.version + 1


def test_a_good_life_leaves_all_its_facts_on_the_job() -> None:
    delivered = life(
        a_job(),
        SendingBegan(),
        Accepted("request-1"),
        QueueMoved(3),
        RenderingBegan(),
        RenderingSucceeded((A_VIDEO,), 700_000),
        Delivered(),
    )

    assert delivered.state is State.DELIVERED
    assert delivered.version == 6
    assert delivered.request_id == "request-1"
    assert delivered.media == (A_VIDEO,)
    assert delivered.cost_microusd == 700_000
    assert delivered.sent_at == LATER
    assert delivered.failure is None


def test_the_place_in_the_queue_is_known_while_queued_and_forgotten_afterwards() -> None:
    queued = life(a_job(), SendingBegan(), Accepted("request-1"), QueueMoved(3))
    assert queued.queue_position == 3
    assert life(queued, CardMoved(ELSEWHERE)).queue_position == 3
    assert life(queued, QueueMoved(None)).queue_position is None
    assert life(queued, RenderingBegan()).queue_position is None
    assert life(queued, RenderingBegan(), QueueMoved(1)).queue_position == 1


def test_what_was_held_back_counts_as_never_sent() -> None:
    sending = life(a_job(), SendingBegan())
    assert sending.sent_at == LATER
    held_back = life(sending, SendingHeldBack())
    assert (held_back.state, held_back.sent_at) == (State.WAITING, None)


def test_a_job_is_held_back_until_it_is_sent_or_another_key_pays() -> None:
    held = life(a_job(), SendingBegan(), SendingHeldBack(LATER))
    assert held.held_until == LATER
    assert life(held, CardMoved(ELSEWHERE)).held_until == LATER
    assert life(held, KeyChanged(7)).held_until is None
    assert life(held, SendingBegan()).held_until is None
    aside = life(held, SteppedAside(LATER + timedelta(seconds=60)))
    assert aside.held_until == LATER + timedelta(seconds=60)


def test_a_card_may_move_in_every_state_and_changes_nothing_else() -> None:
    for state in State:
        job = a_job(state=state)
        moved = life(job, CardMoved(ELSEWHERE))
        expected = job.model_copy(update={"place": ELSEWHERE, "version": 1})
        assert moved == expected


def test_an_end_is_told_once_and_a_new_end_is_to_be_told_again() -> None:
    unsure = life(a_job(), SendingBegan(), OutcomeLost())
    assert unsure.told is False
    told_of_doubt = life(unsure, EndTold())
    assert (told_of_doubt.told, told_of_doubt.state_since) == (True, unsure.state_since)
    assert life(told_of_doubt, CardMoved(ELSEWHERE)).told is True
    assert life(told_of_doubt, WrittenOff()).told is False


def test_a_link_is_told_while_the_job_goes_on() -> None:
    linked = life(a_job(state=State.RENDERED), LinkShown())
    assert (linked.state, linked.told, linked.needs_work) == (State.RENDERED, True, True)


def test_only_what_is_over_can_be_deleted_and_nobody_is_left_to_be_told() -> None:
    assert {state for state, event in TABLE if event is CardDeleted} == ENDS
    for end in ENDS:
        deleted = life(a_job(state=end), CardDeleted())
        assert (deleted.state, deleted.deleted, deleted.needs_work) == (end, True, False)


def test_a_video_that_is_yet_to_be_brought_keeps_all_that_brings_it_when_its_prompt_goes() -> None:
    rendered = life(
        a_job(),
        SendingBegan(),
        Accepted("request-1"),
        RenderingSucceeded((A_VIDEO,), 700_000),
        PromptErased(GenerationRequest(prompt="-")),
    )
    assert (rendered.request.prompt, rendered.erased) == ("-", True)
    assert (rendered.media, rendered.request_id, rendered.place) == ((A_VIDEO,), "request-1", HERE)
    assert rendered.needs_work


def test_a_failure_keeps_its_reason_and_what_it_cost() -> None:
    refused = life(a_job(), SendingBegan(), Refused(FailureReason.NO_BALANCE))
    assert (refused.failure, refused.cost_microusd) == (FailureReason.NO_BALANCE, None)
    failed = life(
        a_job(state=State.RENDERING), RenderingFailed(FailureReason.GENERATION_FAILED, 840_000)
    )
    assert (failed.failure, failed.cost_microusd) == (FailureReason.GENERATION_FAILED, 840_000)
    assert life(a_job(state=State.UNSURE), WrittenOff()).failure is FailureReason.WRITTEN_OFF


@pytest.mark.parametrize("end", sorted(ENDS))
def test_an_end_is_an_end_but_for_what_a_person_supposed(end: State) -> None:
    leads = {
        target for (state, event), target in TABLE.items() if state is end if event is not Accepted
    }
    assert leads == {end}
    assert [state for state in ENDS if (state, Accepted) in TABLE] == [State.FAILED]


def test_what_was_written_off_and_bought_all_the_same_goes_on_as_if_it_never_was() -> None:
    doubtful = life(a_job(), SendingBegan(), OutcomeLost())
    written_off = life(doubtful, WrittenOff(), EndTold(), CardDeleted())
    late = life(written_off, Accepted("request-1"))
    assert late == life(doubtful, Accepted("request-1")).model_copy(
        update={"version": late.version}
    )


def test_what_failed_for_certain_or_was_erased_takes_no_late_answer() -> None:
    refused = life(a_job(), SendingBegan(), Refused(FailureReason.INPUT_REFUSED))
    assert after(refused, Accepted("request-1"), LATER) is None
    written_off = life(a_job(), SendingBegan(), OutcomeLost(), WrittenOff())
    erased = life(written_off, Erased(0, GenerationRequest(prompt="-"), ELSEWHERE, None))
    assert after(erased, Accepted("request-1"), LATER) is None


def test_only_a_late_answer_or_a_person_leads_out_of_doubt() -> None:
    ways = {event: target for (state, event), target in TABLE.items() if state is State.UNSURE}
    changes = {event: target for event, target in ways.items() if target is not State.UNSURE}
    assert changes == {
        Accepted: State.QUEUED,
        Refused: State.FAILED,
        WrittenOff: State.FAILED,
    }


@pytest.mark.parametrize("state", sorted(LIVE_STATES | {State.UNSURE}))
def test_every_job_that_is_not_over_can_come_to_an_end(state: State) -> None:
    assert reachable_from(state) & ENDS


def test_every_state_can_be_reached_from_the_beginning() -> None:
    assert reachable_from(State.ASKED) == set(State)
    assert reachable_from(State.WAITING) == set(State) - {State.ASKED, State.IN_REVIEW}


def test_the_paid_request_leaves_from_one_state_and_never_again_after_it_may_have_been_taken() -> (
    None
):
    assert [state for state, event in TABLE if event is SendingBegan] == [State.WAITING]
    for taken in set(State) - UNSENT_STATES - {State.SUBMITTING}:
        assert State.SUBMITTING not in reachable_from(taken)


def test_what_was_never_confirmed_gives_its_interaction_back_and_is_never_sent() -> None:
    asked = a_job(state=State.ASKED)
    never = life(asked, NeverConfirmed.about(asked))
    assert (never.state, never.failure) == (State.FAILED, FailureReason.NOT_CONFIRMED)
    assert never.interaction_id == -asked.interaction_id
    assert after(asked, SendingBegan(), LATER) is None
    assert after(never, AskConfirmed(), LATER) is None


def test_every_state_that_offers_cancel_can_be_cancelled() -> None:
    assert {state for state, event in TABLE if event is Cancelled} >= CANCELLABLE_STATES


def test_a_job_begins_waiting_and_knows_since_when() -> None:
    assert (a_job(0).state, a_job(0).version, a_job(0).state_since) == (State.WAITING, 0, NOON)
