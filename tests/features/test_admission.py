"""An order becomes a job that says all that the order said, and begins at its beginning."""

from bot.domain.actor import Actor
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import State
from bot.features.admission import Order
from tests.domain.samples import HERE, NOON


def test_an_order_becomes_a_job_at_its_place_that_nothing_sends_yet() -> None:
    order = Order(
        job_id="job-1",
        interaction_id=11,
        asker=Actor(user_id=22),
        request=GenerationRequest(prompt="a red kite", duration_s=3, sound=False),
        estimate_microusd=336_000,
        private=True,
        locale="it",
        asked_at=NOON,
    )

    job = order.placed(HERE)

    assert (job.id, job.interaction_id, job.requester_id) == ("job-1", 11, 22)
    assert (job.request, job.private, job.place) == (order.request, True, HERE)
    assert job.locale == "it"
    assert order.estimate_microusd == job.estimate_microusd
    assert (job.created_at, job.state_since) == (NOON, NOON)
    assert (job.state, job.version, job.sent_at) == (State.ASKED, 0, None)
    assert (order.begins_as, order.is_reviewed) == (State.WAITING, False)
    assert job.needs_work
