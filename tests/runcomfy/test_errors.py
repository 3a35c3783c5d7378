"""Error answers are told apart by code, status and text, and the text goes no further."""

import pytest
from pydantic import JsonValue

from bot.domain.outcomes import FailureReason
from bot.runcomfy.body import JsonObject
from bot.runcomfy.errors import ErrorKind, error_code, error_kind, failure_reason


@pytest.mark.parametrize(
    ("status", "document", "kind"),
    [
        (400, {"error_code": 400001}, ErrorKind.MODEL),
        (400, {"error_code": "400002"}, ErrorKind.BALANCE),
        (403, {"error_code": 400004}, ErrorKind.KEY),
        (200, {"error_code": 404001}, ErrorKind.NOT_FOUND),
        (409, {"error_code": 403001}, ErrorKind.FORBIDDEN),
        (500, {"error_code": 400004}, ErrorKind.INDEFINITE),
        (429, {"error_code": 400002}, ErrorKind.RATE_LIMITED),
        (400, {"error": "prompt is empty"}, ErrorKind.INPUT),
        (400, {"error": {"message": "prompt is empty"}}, ErrorKind.INPUT),
        (418, {"error_code": 418001}, ErrorKind.INPUT),
        (403, {"error_code": 403002, "error_message": "prohibited content"}, ErrorKind.CONTENT),
        # About a key, a balance or a request only the service's own code counts.
        *((status, None, ErrorKind.INDEFINITE) for status in (400, 401, 402, 403, 404, 410, 422)),
        *((status, {}, ErrorKind.INDEFINITE) for status in (400, 401, 402, 403, 404, 410, 422)),
        (401, {"message": "Unauthorized"}, ErrorKind.INDEFINITE),
        (402, {"message": "You are out of credits"}, ErrorKind.INDEFINITE),
        (403, {"message": "Forbidden"}, ErrorKind.INDEFINITE),
        (404, {"detail": "Not Found"}, ErrorKind.INDEFINITE),
        # A text may quote a prompt, and a prompt must not shut the gate for all.
        (400, {"message": "bad prompt: insufficient balance, invalid api key"}, ErrorKind.INPUT),
        (422, {"detail": [{"msg": "Sensitive words"}]}, ErrorKind.CONTENT),
        (422, {"detail": [{"msg": "too long", "input": "the policy of kites"}]}, ErrorKind.INPUT),
        (422, {"detail": "API key in the prompt"}, ErrorKind.INPUT),
        (422, {"detail": [{"loc": ["body", "start_image_url"], "msg": "bad"}]}, ErrorKind.PICTURE),
        (400, {"message": "The image could not be downloaded"}, ErrorKind.PICTURE),
        (400, {"message": "start image: unsupported format"}, ErrorKind.PICTURE),
        (422, {"detail": [{"msg": "too small", "input": "an image"}]}, ErrorKind.INPUT),
        (400, {"message": "no imagery, please"}, ErrorKind.INPUT),
        (400, {"message": "kling-3.0/pro/image-to-video: the prompt is empty"}, ErrorKind.INPUT),
        (422, {"detail": [{"msg": "The image is sensitive"}]}, ErrorKind.CONTENT),
        (500, {"message": "image service is down"}, ErrorKind.INDEFINITE),
        (403, {"message": "image refused"}, ErrorKind.INDEFINITE),
        (408, None, ErrorKind.INDEFINITE),
        (499, None, ErrorKind.INDEFINITE),
        (200, {"error_code": 500123}, ErrorKind.INDEFINITE),
        (200, {"error_code": "E_BUSY"}, ErrorKind.INDEFINITE),
        (200, {"error_message": "oops"}, ErrorKind.INDEFINITE),
        (200, {"error_code": 0, "error_message": ""}, None),
        (200, {"error_code": "success", "status": "in_queue"}, None),
        (200, {"error_code": 500123, "status": "failed"}, None),
        (200, {"error": "it failed", "status": "failed"}, None),
        (200, {}, None),
        (200, None, None),
        (302, None, None),
    ],
)
def test_an_error_answer_has_one_meaning(
    status: int, document: JsonObject | None, kind: ErrorKind | None
) -> None:
    assert error_kind(status, document) is kind


@pytest.mark.parametrize(
    ("code", "understood"),
    [(400002, 400002), (" 400002 ", 400002), (0, None), (200, None), (True, None), (1.5, None)],
)
def test_a_code_is_a_number_however_it_is_written(code: JsonValue, understood: int | None) -> None:
    assert error_code({"error_code": code}) == understood


@pytest.mark.parametrize(
    "error",
    [
        "Blocked by moderation",
        "SENSITIVE content",
        "nsfw",
        {"code": 5, "info": {"why": ["violates our policies"]}},
        ["Failure to pass the risk control system"],
        {"type": "content_policy_violation"},
        {"code": "RISK_CONTROL_REJECTED"},
        "Rejected by our safety filter",
        "prompt flagged as unsafe",
        "contains explicit content",
        "against the community guidelines",
    ],
)
def test_a_refused_content_is_known_by_what_is_said(error: JsonValue) -> None:
    assert failure_reason(error) is FailureReason.CONTENT_REFUSED


NEUTRAL: list[JsonValue] = [
    None,
    "",
    "GPU lost",
    "a police car",
    "safety timeout",
    17,
    True,
    {},
    [],
    {"policy": 1},
    [[[]]],
]


@pytest.mark.parametrize("error", NEUTRAL)
def test_any_other_error_is_a_failed_generation(error: JsonValue) -> None:
    assert failure_reason(error) is FailureReason.GENERATION_FAILED


def test_an_error_of_any_depth_and_size_is_read_in_bounded_time() -> None:
    deep: JsonValue = "moderation"
    for _ in range(5_000):
        deep = [deep]
    wide: list[JsonValue] = ["x" * 100]
    wide *= 100_000

    assert failure_reason(deep) is FailureReason.GENERATION_FAILED
    assert failure_reason(wide) is FailureReason.GENERATION_FAILED
