"""What a job says of itself: whether it needs work, can be cancelled, and is bad news."""

from datetime import timedelta

import pytest
from hypothesis import given

from bot.domain.job import INTERACTION_TOKEN_LIFE, LIVE_STATES, Canceller, Job, State
from bot.domain.outcomes import Media
from tests.domain.samples import A_VIDEO, AN_IMAGE, HERE, NOON, a_job, jobs

A_MOMENT = timedelta(microseconds=1)
ENDS_TO_TELL = {State.FAILED, State.CANCELLED, State.UNSURE}


@pytest.mark.parametrize("state", State)
def test_a_job_is_live_while_the_bot_has_to_carry_it_on(state: State) -> None:
    assert a_job(state=state).is_live is (state in LIVE_STATES)


@pytest.mark.parametrize("state", State)
def test_a_job_can_be_cancelled_before_the_service_renders_and_while_nothing_is_in_flight(
    state: State,
) -> None:
    before = {State.ASKED, State.IN_REVIEW, State.WAITING, State.QUEUED}
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
def test_what_somebody_has_to_be_told_is_an_end_that_they_did_not_choose(state: State) -> None:
    assert a_job(state=state).ends_in_bad_news is (state in {State.FAILED, State.UNSURE})


@pytest.mark.parametrize(
    ("canceller", "is_news"),
    [
        (Canceller.REQUESTER, False),
        (Canceller.MODERATOR, True),
        (Canceller.SERVICE, True),
        # Cancelled by a version that did not write who did it.
        (None, False),
    ],
)
def test_who_cancelled_by_their_own_hand_knows_it(
    canceller: Canceller | None,
    is_news: bool,  # noqa: FBT001 - a column of the table
) -> None:
    cancelled = a_job(state=State.CANCELLED).model_copy(update={"cancelled_by": canceller})
    assert cancelled.ends_in_bad_news is is_news


def test_what_the_service_would_not_cancel_offers_no_cancel() -> None:
    refused = a_job(state=State.QUEUED).model_copy(update={"cancel_refused_at": NOON})
    assert not refused.is_cancellable


def test_a_held_job_is_tried_for_a_quarter_of_an_hour() -> None:
    assert a_job().tried_until is None
    held = a_job().model_copy(update={"held_since": NOON})
    assert held.tried_until == NOON + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("media", "is_picture"),
    [((), False), ((AN_IMAGE,), True), ((A_VIDEO,), False), ((AN_IMAGE, A_VIDEO), False)],
)
def test_pictures_alone_are_no_video(
    media: tuple[Media, ...],
    is_picture: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert a_job().model_copy(update={"media": media}).is_picture is is_picture


@given(jobs())
def test_a_job_is_the_same_after_a_journey_through_json(job: Job) -> None:
    assert Job.model_validate_json(job.model_dump_json()) == job


def test_a_job_does_not_show_its_token_when_it_is_printed() -> None:
    assert "canary-interaction-token" not in repr(a_job())
    assert "canary-interaction-token" not in str(a_job())
