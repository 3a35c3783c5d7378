"""RunComfy as a rendering service, with every known trap, by real HTTP against the stand-in."""

import pytest
from pydantic import JsonValue

from bot.domain.outcomes import (
    CancelConfirmed,
    CancelDeclined,
    CancelledThere,
    CancelOutcome,
    CancelTooLate,
    Failed,
    FailureReason,
    Gone,
    MediaKind,
    Sighting,
    StillQueued,
    StillRendering,
    Succeeded,
    Unanswered,
    Unclear,
)
from bot.playground.runcomfy_scenario import (
    Answers,
    Cancelling,
    Closes,
    Cost,
    CutsOff,
    Ending,
    Fault,
    Hangs,
    How,
    Output,
    Says,
    Scenario,
    api_error,
    malformed,
    rate_limited,
    unavailable,
)
from tests.runcomfy.answers import redirect
from tests.runcomfy.stand_in import Service

# --- looking --------------------------------------------------------------------------------


async def test_a_job_is_seen_from_the_queue_to_its_video(service: Service) -> None:
    request_id = await service.bought(Scenario(queue_s=3, queue_position=3, rendering_s=5))

    seen: list[Sighting] = []
    for _ in range(5):
        seen.append(await service.provider.look(request_id))
        service.pass_time(1)

    assert seen[:3] == [StillQueued(3), StillQueued(2), StillQueued(1)]
    assert seen[3:] == [StillRendering(), StillRendering()]
    service.pass_time(3)
    done = await service.provider.look(request_id)
    assert isinstance(done, Succeeded)
    assert [media.kind for media in done.media] == [MediaKind.VIDEO]
    assert done.cost_microusd == 840_000


@pytest.mark.parametrize(
    ("cost", "microusd"), [(Cost.NUMBER, 840_000), (Cost.TEXT, 840_000), (Cost.ABSENT, None)]
)
async def test_the_cost_is_read_in_whatever_form_it_comes(
    service: Service, cost: Cost, microusd: int | None
) -> None:
    done = await service.provider.look(await service.finished(Scenario(cost=cost)))

    assert isinstance(done, Succeeded)
    assert done.cost_microusd == microusd


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("The worker died", FailureReason.GENERATION_FAILED),
        ({"code": 17, "nested": ["no GPU"]}, FailureReason.GENERATION_FAILED),
        (None, FailureReason.GENERATION_FAILED),
        ("Flagged by content MODERATION", FailureReason.CONTENT_REFUSED),
        ({"type": "policy", "reasons": [{"text": "NSFW"}]}, FailureReason.CONTENT_REFUSED),
    ],
)
async def test_a_failed_job_is_completed_in_its_status_and_a_failure_all_the_same(
    service: Service, error: JsonValue, reason: FailureReason
) -> None:
    scenario = Scenario(ending=Ending.FAILS, error=error)
    seen = await service.provider.look(await service.finished(scenario))

    assert seen == Failed(reason, 840_000)


async def test_several_videos_are_all_listed_in_their_order(service: Service) -> None:
    request_id = await service.finished(Scenario(output=Output.VIDEOS))
    done = await service.provider.look(request_id)

    assert isinstance(done, Succeeded)
    assert [media.url.rpartition("/")[2] for media in done.media] == ["video-1.mp4", "video-2.mp4"]


@pytest.mark.parametrize(("output", "count"), [(Output.IMAGE, 1), (Output.IMAGES, 2)])
async def test_images_are_delivered_where_there_is_no_video(
    service: Service, output: Output, count: int
) -> None:
    done = await service.provider.look(await service.finished(Scenario(output=output)))

    assert isinstance(done, Succeeded)
    assert [media.kind for media in done.media] == [MediaKind.IMAGE] * count


@pytest.mark.parametrize(
    ("output", "sighting"),
    [
        (Output.NOTHING, Failed(FailureReason.NOTHING_PRODUCED, 840_000)),
        (Output.NULL, Unclear("a success whose output is unreadable")),
        (Output.UNREADABLE, Unclear("a success whose output is unreadable")),
    ],
)
async def test_success_without_a_file_is_a_failure_only_if_all_of_it_was_understood(
    service: Service, output: Output, sighting: Sighting
) -> None:
    assert await service.provider.look(await service.finished(Scenario(output=output))) == sighting


async def test_a_job_that_the_service_cancels_is_seen_as_cancelled(service: Service) -> None:
    request_id = await service.finished(Scenario(ending=Ending.CANCELLED_THERE))

    assert await service.provider.look(request_id) == CancelledThere()


async def test_words_in_capitals_are_the_same_words(service: Service) -> None:
    request_id = await service.bought(Scenario(shouts=True))

    assert await service.provider.look(request_id) == StillQueued(3)
    service.pass_time(5)
    assert await service.provider.look(request_id) == StillRendering()
    service.pass_time(10)
    assert isinstance(await service.provider.look(request_id), Succeeded)


@pytest.mark.parametrize("word", ["pending", "processing", "canceled", "error", "success", ""])
async def test_an_unknown_status_is_looked_up_in_the_result(service: Service, word: str) -> None:
    request_id = await service.bought(Scenario(on_status=(Fault(Says(word)),)))

    assert await service.provider.look(request_id) == StillQueued()
    service.pass_time(60)
    assert isinstance(await service.provider.look(request_id), Succeeded)


@pytest.mark.parametrize("word", ["completed", "success", "done", "error", "canceled"])
async def test_an_unknown_result_is_no_verdict(service: Service, word: str) -> None:
    request_id = await service.finished(Scenario(on_result=(Fault(Says(word)),)))

    assert await service.provider.look(request_id) == Unclear("a result in unknown words")


async def test_a_result_that_lags_behind_its_status_does_not_put_the_job_back_into_the_queue(
    service: Service,
) -> None:
    request_id = await service.finished(Scenario(on_result=(Fault(Says("in_queue"), times=1),)))

    assert await service.provider.look(request_id) == StillRendering()
    assert isinstance(await service.provider.look(request_id), Succeeded)


POLL_FAULTS = [
    (unavailable(500), Unanswered("HTTP 500 (indefinite error)")),
    (unavailable(503), Unanswered("HTTP 503 (indefinite error)")),
    (rate_limited(), Unanswered("HTTP 429 (rate limited)", rate_limited=True)),
    (rate_limited("4"), Unanswered("HTTP 429 (rate limited)", 4.0, rate_limited=True)),
    (Answers(408, ""), Unanswered("HTTP 408 (indefinite error)")),
    (Answers(400, ""), Unanswered("HTTP 400 (indefinite error)")),
    # Whatever stands in between may say these.
    *(
        (unavailable(status), Unanswered(f"HTTP {status} (indefinite error)"))
        for status in (401, 402, 403, 404)
    ),
    (api_error(400002, status=402), Unanswered("HTTP 402 (no balance)")),
    (api_error(400004, status=401), Unanswered("HTTP 401 (key refused)", key_refused=True)),
    (api_error(400004, status=200), Unanswered("HTTP 200 (key refused)", key_refused=True)),
    (api_error(403001), Unanswered("HTTP 403 (forbidden)")),
    (Answers(200, {"error_code": 500123}), Unanswered("HTTP 200 (indefinite error)")),
    (Answers(200, {"error_message": "oops"}), Unanswered("HTTP 200 (indefinite error)")),
    (redirect("https://elsewhere.example/"), Unanswered("HTTP 307 (not followed)")),
    (Closes(), Unanswered("connection lost")),
    (CutsOff(), Unanswered("the answer was cut off")),
    (Answers(200, "x" * (1024 * 1024 + 1)), Unanswered("the answer was cut off")),
    (malformed(), Unclear("an unreadable answer")),
    (Answers(200, []), Unclear("an unreadable answer")),
    (Answers(200, None), Unclear("an unreadable answer")),
    (api_error(404001), Gone()),
    (api_error(404001, status=200), Gone()),
]


@pytest.mark.parametrize(("how", "sighting"), POLL_FAULTS)
async def test_a_poll_that_goes_wrong_is_no_verdict_and_the_next_one_goes_on(
    service: Service, how: How, sighting: Sighting
) -> None:
    faults = (Fault(how, times=1),)
    request_id = await service.finished(Scenario(on_status=faults, on_result=faults))

    assert await service.provider.look(request_id) == sighting
    assert await service.provider.look(request_id) == sighting
    assert isinstance(await service.provider.look(request_id), Succeeded)


@pytest.mark.parametrize("how", [unavailable(), Says("in_progress"), Says("what"), malformed()])
async def test_what_is_over_is_asked_for_its_result_and_not_for_its_status_again(
    service: Service, how: How
) -> None:
    request_id = await service.finished(Scenario(on_result=(Fault(how, times=3),)))
    for _ in range(3):
        assert not isinstance(await service.provider.look(request_id), Succeeded)

    assert isinstance(await service.provider.look(request_id), Succeeded)
    calls = service.server.jobs[request_id].calls
    assert (calls["status"], calls["result"]) == (1, 4)


async def test_a_result_that_is_gone_is_asked_for_its_status_again(service: Service) -> None:
    gone = Fault(api_error(404001), times=1)
    request_id = await service.finished(Scenario(on_result=(gone,)))

    assert await service.provider.look(request_id) == Gone()
    assert isinstance(await service.provider.look(request_id), Succeeded)
    assert service.server.jobs[request_id].calls["status"] == 2


async def test_a_poll_or_a_cancel_that_is_not_answered_in_time_is_no_verdict(
    service: Service,
) -> None:
    hangs = (Fault(Hangs()),)
    without_status = await service.finished(Scenario(on_status=hangs))
    without_result = await service.finished(Scenario(on_result=hangs))
    not_cancelled = await service.bought(Scenario(on_cancel=hangs))

    async with service.hurried() as hurried:
        said = [
            await hurried.provider.look(without_status),
            await hurried.provider.look(without_result),
            await hurried.provider.cancel(not_cancelled),
        ]

    assert said == [Unanswered("no answer in time")] * 3
    assert await service.provider.look(not_cancelled) == StillQueued(3)


async def test_each_call_is_made_once_even_where_its_connection_dies(service: Service) -> None:
    request_id = await service.bought(Scenario(on_status=(Fault(Closes()),)))

    await service.provider.look(request_id)

    assert service.server.jobs[request_id].calls["status"] == 1


@pytest.mark.parametrize("code", [400, 400004, "500123"])
async def test_success_beside_an_error_code_is_no_success(
    service: Service, code: int | str
) -> None:
    body: JsonValue = {
        "status": "succeeded",
        "error_code": code,
        "output": {"video": "https://files.runcomfy.net/kite.mp4"},
    }
    request_id = await service.finished(Scenario(on_result=(Fault(Answers(200, body)),)))

    assert isinstance(await service.provider.look(request_id), Unclear | Unanswered)


@pytest.mark.parametrize("request_id", ["a/b c?d=e#f%2e", "ünï", "0"])
async def test_any_id_is_asked_for_as_it_is(service: Service, request_id: str) -> None:
    assert await service.bought(Scenario(request_id=request_id)) == request_id

    assert await service.provider.look(request_id) == StillQueued(3)


@pytest.mark.parametrize("request_id", ["", " ", "..", "a\nb", "x" * 201, "\ud800", " padded "])
async def test_an_id_that_the_service_cannot_have_given_is_not_asked_for(
    service: Service, request_id: str
) -> None:
    assert await service.provider.look(request_id) == Gone()
    assert isinstance(await service.provider.cancel(request_id), Unanswered)


async def test_the_links_in_the_services_answers_are_not_followed(service: Service) -> None:
    request_id = await service.bought(Scenario(links_to="http://127.0.0.1:1"))

    assert await service.provider.look(request_id) == StillQueued(3)
    assert await service.provider.cancel(request_id) == CancelConfirmed()


# --- cancelling -----------------------------------------------------------------------------


async def test_a_queued_job_is_cancelled_and_never_billed(service: Service) -> None:
    request_id = await service.bought()

    assert await service.provider.cancel(request_id) == CancelConfirmed()
    service.pass_time(60)
    assert await service.provider.look(request_id) == CancelledThere()
    assert service.server.balance_usd == 1000


@pytest.mark.parametrize("seconds", [5, 60])
async def test_a_job_that_renders_or_is_done_is_cancelled_too_late(
    service: Service, seconds: float
) -> None:
    request_id = await service.bought()
    service.pass_time(seconds)

    assert await service.provider.cancel(request_id) == CancelTooLate()


async def test_a_queued_job_that_the_service_will_not_cancel_is_not_called_too_late(
    service: Service,
) -> None:
    request_id = await service.bought(Scenario(cancelling=Cancelling.REFUSED))

    assert await service.provider.cancel(request_id) == CancelDeclined()


async def test_cancelling_twice_is_confirmed_twice(service: Service) -> None:
    request_id = await service.bought()
    await service.provider.cancel(request_id)

    assert await service.provider.cancel(request_id) == CancelConfirmed()


@pytest.mark.parametrize(
    ("takes_s", "outcome"),
    [(0.0, CancelConfirmed()), (2.0, Unanswered("asked to cancel, not yet confirmed"))],
)
async def test_a_cancellation_that_is_only_requested_is_confirmed_by_the_status(
    service: Service, takes_s: float, outcome: CancelOutcome
) -> None:
    scenario = Scenario(cancelling=Cancelling.REQUESTED, cancel_takes_s=takes_s)

    assert await service.provider.cancel(await service.bought(scenario)) == outcome


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        (unavailable(), Unanswered("HTTP 503")),
        (rate_limited("2"), Unanswered("HTTP 429", 2.0)),
        (Answers(408, ""), Unanswered("HTTP 408")),
        (Closes(), Unanswered("connection lost")),
    ],
)
async def test_a_cancel_that_the_service_did_not_answer_claims_nothing(
    service: Service, how: How, outcome: CancelOutcome
) -> None:
    request_id = await service.bought(Scenario(on_cancel=(Fault(how),)))

    assert await service.provider.cancel(request_id) == outcome
    assert await service.provider.look(request_id) == StillQueued(3)


@pytest.mark.parametrize("how", [malformed(), CutsOff(), Says("maybe"), Answers(409, {})])
@pytest.mark.parametrize(
    ("taken", "waited_s", "outcome"),
    [
        (True, 0, CancelConfirmed()),
        (False, 0, Unanswered("asked to cancel, not yet confirmed")),
        (False, 5, CancelTooLate()),
        (False, 60, CancelTooLate()),
    ],
)
async def test_an_unclear_answer_to_a_cancel_is_settled_by_a_look(
    service: Service, how: How, *, taken: bool, waited_s: float, outcome: CancelOutcome
) -> None:
    fault = Fault(how, accepted=taken)
    request_id = await service.bought(Scenario(on_cancel=(fault,)))
    service.pass_time(waited_s)

    assert await service.provider.cancel(request_id) == outcome


async def test_a_look_after_a_cancel_that_is_not_answered_claims_nothing(service: Service) -> None:
    scenario = Scenario(cancelling=Cancelling.REQUESTED, on_status=(Fault(unavailable()),))

    outcome = await service.provider.cancel(await service.bought(scenario))
    assert outcome == Unanswered("HTTP 503 (indefinite error)")


async def test_a_refused_outcome_counts_whatever_the_http_status(service: Service) -> None:
    how = Answers(409, {"outcome": "not_cancellable"})
    request_id = await service.bought(Scenario(on_cancel=(Fault(how),)))

    assert await service.provider.cancel(request_id) == CancelDeclined()


async def test_a_confirmation_in_an_error_is_none(service: Service) -> None:
    how = Answers(400, {"outcome": "cancelled"})
    request_id = await service.bought(Scenario(on_cancel=(Fault(how),)))

    assert isinstance(await service.provider.cancel(request_id), Unanswered)
