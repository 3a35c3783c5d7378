"""RunComfy as a rendering service, with every known trap, by real HTTP against the stand-in."""

import pytest

from bot.domain.generation.models import Option
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import Aspect, GenerationRequest
from bot.domain.outcomes import (
    FailureReason,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    SubmitAccepted,
    SubmitOutcome,
    SubmitRefused,
)
from bot.playground.runcomfy_scenario import (
    Answers,
    Closes,
    CutsOff,
    Delays,
    Fault,
    Hangs,
    How,
    Scenario,
    api_error,
    malformed,
    rate_limited,
    unavailable,
)
from bot.playground.runcomfy_server import MODEL_ID
from tests.runcomfy.answers import redirect, unprocessable
from tests.runcomfy.stand_in import KITE, Service, connected

REFUSED_KEY = SubmitRefused(FailureReason.KEY_REFUSED)
NO_BALANCE = SubmitRefused(FailureReason.NO_BALANCE)


# --- buying ---------------------------------------------------------------------------------


async def test_a_purchase_is_accepted_with_the_id_by_which_it_is_known(service: Service) -> None:
    outcome = await service.provider.submit(KITE)

    assert outcome == SubmitAccepted(service.server.posts[0].request_id or "")
    assert len(service.server.posts) == 1


async def test_a_request_is_said_in_the_services_own_words(service: Service) -> None:
    await service.provider.submit(
        GenerationRequest(
            prompt="a kite",
            negative_prompt="clouds",
            duration_s=7,
            aspect=Aspect.PORTRAIT,
            sound=False,
            guidance=0.25,
        )
    )

    assert service.server.posts[0].input == {
        "prompt": "a kite",
        "negative_prompt": "clouds",
        "duration": 7,
        "aspect_ratio": "9:16",
        "cfg_scale": 0.25,
        "sound": False,
        "shot_type": "customize",
    }


async def test_what_was_not_asked_for_is_not_sent(service: Service) -> None:
    await service.provider.submit(KITE)

    assert "negative_prompt" not in service.server.posts[0].input


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        (api_error(400001), SubmitRefused(FailureReason.MODEL_MISSING)),
        (api_error(400002), NO_BALANCE),
        (api_error(400002, status=402), NO_BALANCE),
        (api_error(400002, status=403), NO_BALANCE),
        (api_error(400004), REFUSED_KEY),
        (api_error(400004, status=401), REFUSED_KEY),
        (api_error(403001), REFUSED_KEY),
        (api_error(404001), SubmitRefused(FailureReason.MODEL_MISSING)),
        (api_error(400001, status=200), SubmitRefused(FailureReason.MODEL_MISSING)),
        (api_error(400002, status=200), NO_BALANCE),
        (api_error(400004, status=200), REFUSED_KEY),
        (api_error(403001, status=200), REFUSED_KEY),
        (unprocessable(), SubmitRefused(FailureReason.INPUT_REFUSED)),
        (
            unprocessable("violates the content policy"),
            SubmitRefused(FailureReason.CONTENT_REFUSED),
        ),
    ],
)
async def test_a_definite_refusal_says_why_and_bought_nothing(
    service: Service, how: How, outcome: SubmitOutcome
) -> None:
    service.server.will(Scenario(on_submit=(Fault(how),)))

    assert await service.provider.submit(KITE) == outcome
    assert len(service.server.posts) == 1
    assert not service.server.jobs


async def test_a_refusal_that_speaks_of_the_picture_is_one_where_a_picture_was_sent(
    service: Service,
) -> None:
    how = unprocessable("start_image_url: the image could not be read")
    service.server.will(*[Scenario(on_submit=(Fault(how),))] * 2)
    picture = Picture(digest="0" * 64, media_type="image/png", width_px=400, height_px=300)
    begun = KITE.model_copy(update={"start_frame": picture})
    frames = {Option.START_FRAME: "https://cdn.example/kite.png"}

    refused = await service.provider.submit(begun, frames)

    assert refused == SubmitRefused(FailureReason.PICTURE_REFUSED)
    assert await service.provider.submit(KITE) == SubmitRefused(FailureReason.INPUT_REFUSED)


@pytest.mark.parametrize(
    ("how", "accepted"),
    [
        (unavailable(500), False),
        (unavailable(502), True),
        (unavailable(503), True),
        (Answers(408, "took too long"), True),
        (Answers(409, "there already"), True),
        (Answers(400, "<html>"), False),
        (Answers(401, "go away"), False),
        (Answers(402, ""), False),
        (Answers(403, {"message": "Forbidden"}), False),
        (unavailable(403), True),
        (Answers(404, "<html>"), False),
        (Answers(418, b"\xff\xfe"), False),
        (Answers(422, "<html>"), False),
        (Closes(), True),
        (Closes(), False),
        (CutsOff(), True),
        (malformed(), True),
        (malformed(201), True),
        (Answers(204), True),
        (Answers(200, {"status_url": "https://elsewhere.example/status"}), True),
        (Answers(200, {"request_id": None}), True),
        (Answers(200, {"request_id": "  "}), True),
        (Answers(200, {"request_id": ".."}), True),
        (Answers(200, ["request_id"]), True),
        (Answers(200, "x" * (1024 * 1024 + 1)), True),
        (Answers(200, {"error_code": 404001, "error_message": "Request not found"}), True),
        (Answers(200, {"error_code": 500123, "error_message": "oops"}), True),
        (Answers(200, {"message": "maybe"}), True),
        (redirect(f"/v1/models/{MODEL_ID}"), True),
        (redirect("https://elsewhere.example/"), True),
    ],
)
async def test_a_purchase_whose_outcome_is_unknown_is_said_to_be_so_and_never_sent_again(
    service: Service, how: How, *, accepted: bool
) -> None:
    service.server.will(Scenario(on_submit=(Fault(how, accepted=accepted),)))

    assert isinstance(await service.provider.submit(KITE), OutcomeUnknown)
    assert len(service.server.posts) == 1


@pytest.mark.parametrize(
    ("retry_after", "wait_s"),
    [(None, None), ("7", 7.0), ("soon", None), ("-3", None), ("999999", 3_600.0)],
)
async def test_a_busy_service_may_be_asked_again_when_it_says(
    service: Service, retry_after: str | None, wait_s: float | None
) -> None:
    service.server.will(Scenario(on_submit=(Fault(rate_limited(retry_after), times=1),)))

    assert await service.provider.submit(KITE) == RateLimited(wait_s)
    assert isinstance(await service.provider.submit(KITE), SubmitAccepted)


async def test_a_purchase_that_is_not_answered_in_time_is_unknown_and_never_sent_again(
    service: Service,
) -> None:
    service.server.will(Scenario(on_submit=(Fault(Hangs(), accepted=True),)))

    async with service.hurried() as hurried:
        outcome = await hurried.provider.submit(KITE)

    assert isinstance(outcome, OutcomeUnknown)
    assert len(service.server.posts) == 1


async def test_a_slow_acceptance_is_waited_for(service: Service) -> None:
    service.server.will(Scenario(on_submit=(Fault(Delays(0.1)),)))

    assert isinstance(await service.provider.submit(KITE), SubmitAccepted)


async def test_an_id_beside_an_error_is_kept_since_it_may_be_paid_for(service: Service) -> None:
    how = Answers(200, {"request_id": "abc", "error_code": 400002})
    service.server.will(Scenario(on_submit=(Fault(how, accepted=True),)))

    assert await service.provider.submit(KITE) == SubmitAccepted("abc")


async def test_nothing_was_sent_where_nobody_listens(unused_tcp_port: int) -> None:
    async with connected(f"http://127.0.0.1:{unused_tcp_port}") as runcomfy:
        assert await runcomfy.provider.submit(KITE) == NotSent()


async def test_a_wrong_key_is_refused_by_the_real_check(service: Service) -> None:
    async with connected(service.server.url, key="another-key") as runcomfy:
        assert await runcomfy.provider.submit(KITE) == REFUSED_KEY
    assert [post.key_accepted for post in service.server.posts] == [False]
