"""What a job says of itself: whether it needs work, takes long, and by which key its card goes."""

from datetime import timedelta

import pytest
from hypothesis import given

from bot.generation.job import (
    INTERACTION_TOKEN_LIFE,
    LIVE_STATES,
    UNUSUALLY_LONG,
    Job,
    State,
)
from tests.generation.samples import HERE, NOON, a_job, jobs

A_MOMENT = timedelta(microseconds=1)
ENDS_TO_TELL = {State.FAILED, State.CANCELLED, State.UNSURE}


@pytest.mark.parametrize("state", State)
def test_a_job_is_live_while_the_bot_has_to_carry_it_on(state: State) -> None:
    assert a_job(state=state).is_live is (state in LIVE_STATES)


@pytest.mark.parametrize("state", State)
def test_a_job_can_be_cancelled_before_the_service_renders_and_while_nothing_is_in_flight(
    state: State,
) -> None:
    before = {State.IN_REVIEW, State.WAITING, State.QUEUED}
    assert a_job(state=state).is_cancellable is (state in before)


@pytest.mark.parametrize("state", State)
def test_a_job_needs_work_until_it_is_over_and_told(state: State) -> None:
    untold, told = a_job(state=state), a_job(state=state, told=True)

    assert untold.needs_work is (state is not State.DELIVERED)
    assert told.needs_work is (state in LIVE_STATES)
    assert (untold.needs_work and not told.needs_work) is (state in ENDS_TO_TELL)


def test_the_interactions_token_lives_for_a_quarter_of_an_hour() -> None:
    job = a_job()
    end = NOON + timedelta(minutes=15)

    assert timedelta(minutes=15) == INTERACTION_TOKEN_LIFE
    assert job.place.interaction_token_until == end
    assert job.interaction_token_alive(NOON) == "canary-interaction-token"
    assert job.interaction_token_alive(end - A_MOMENT) == "canary-interaction-token"
    assert job.interaction_token_alive(end) is None


@pytest.mark.parametrize("missing", ["interaction_token", "interaction_token_until"])
def test_a_card_that_answers_no_interaction_has_no_token_at_any_time(missing: str) -> None:
    job = a_job().model_copy(update={"place": HERE.model_copy(update={missing: None})})
    assert job.interaction_token_alive(NOON) is None


@pytest.mark.parametrize("state", State)
def test_only_a_job_at_the_service_can_take_long(state: State) -> None:
    job = a_job(state=state).model_copy(update={"sent_at": a_job().created_at})
    at_the_service = state in {State.QUEUED, State.RENDERING}

    assert job.takes_long(a_job().created_at + UNUSUALLY_LONG) is at_the_service
    assert job.takes_long(a_job().created_at + UNUSUALLY_LONG - A_MOMENT) is False


def test_the_time_that_a_job_takes_counts_from_its_sending_and_else_from_its_beginning() -> None:
    asked = a_job(state=State.QUEUED)
    sent = asked.model_copy(update={"sent_at": asked.created_at + timedelta(minutes=10)})

    assert asked.takes_long(asked.created_at + UNUSUALLY_LONG)
    assert not sent.takes_long(asked.created_at + UNUSUALLY_LONG)
    assert sent.takes_long(asked.created_at + timedelta(minutes=10) + UNUSUALLY_LONG)


@given(jobs())
def test_a_job_is_the_same_after_a_journey_through_json(job: Job) -> None:
    assert Job.model_validate_json(job.model_dump_json()) == job


def test_a_job_does_not_show_its_token_when_it_is_printed() -> None:
    assert "canary-interaction-token" not in repr(a_job())
    assert "canary-interaction-token" not in str(a_job())
