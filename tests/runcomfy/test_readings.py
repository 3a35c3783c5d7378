"""No answer, however broken, becomes a success, a refusal or an acceptance that it is not."""

import json
from collections import Counter
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.domain.outcomes import (
    CancelConfirmed,
    Failed,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    StillQueued,
    StillRendering,
    SubmitAccepted,
    SubmitRefused,
    Succeeded,
    Unanswered,
    Unclear,
)
from bot.runcomfy.readings import (
    AskResult,
    AskStatus,
    read_cancel,
    read_result,
    read_status,
    read_status_after_cancel,
    read_submit,
)
from bot.runcomfy.transport import Answer, NoAnswer, NoConnection
from tests.runcomfy.any_json import ANSWER_KEYS, any_json, mutated

MUTATIONS = 10_000
OVER = AskResult(finished=True)
STATUSES = st.sampled_from([200, 201, 202, 204, 302, 400, 401, 402, 403, 404, 408, 422, 429, 500])
answers = st.one_of(
    any_json(), st.fixed_dictionaries({}, optional=dict.fromkeys(ANSWER_KEYS, any_json()))
)


def check_whole(status: int, body: bytes) -> Counter[str]:
    """Read one answer as each kind of answer, and hold every claim against what was sent."""
    answer = Answer(status, body)
    bought, looked = read_submit(answer), read_result(answer, OVER)
    seen, cancelled = read_status(answer), read_cancel(answer)
    sent: JsonValue = None
    with suppress(ValueError, RecursionError):
        sent = json.loads(body)
    said = sent if isinstance(sent, dict) else {}
    if isinstance(bought, SubmitAccepted):
        assert 200 <= status < 300
        assert str(said["request_id"]).strip() == bought.request_id
    if isinstance(bought, SubmitRefused):
        assert 400 <= status < 500 or (status < 300 and said["error_code"])
    if isinstance(looked, Succeeded):
        assert 200 <= status < 300
        assert str(said["status"]).strip().lower() == "succeeded"
        assert looked.media
        assert all(media.url in json.dumps(said["output"]) for media in looked.media)
    if isinstance(looked, Failed):
        assert str(said["status"]).strip().lower() in {"failed", "succeeded"}
    if isinstance(cancelled, CancelConfirmed):
        assert 200 <= status < 300
        assert str(said["outcome"]).strip().lower() == "cancelled"
    assert not isinstance(seen, Succeeded | Failed)
    return Counter([type(bought).__name__, type(looked).__name__, type(seen).__name__])


@settings(deadline=None, max_examples=150)
@given(STATUSES, answers)
def test_any_json_is_read_without_a_fall_and_without_a_false_claim(
    status: int, document: JsonValue
) -> None:
    check_whole(status, json.dumps(document).encode())


def test_ten_thousand_mutated_answers_are_read_without_a_false_claim() -> None:
    random = Random(20_261_122)  # noqa: S311 - mutations repeat themselves, they guard no secret
    seen: Counter[str] = Counter()
    for _ in range(MUTATIONS):
        status = random.choice([200, 200, 200, 202, 400, 404, 429, 503])
        seen += check_whole(status, mutated(random))

    assert seen.total() == 3 * MUTATIONS
    # The mutations are not so wild that nothing good is left to be mistaken about.
    for outcome in (
        "SubmitAccepted",
        "SubmitRefused",
        "OutcomeUnknown",
        "Succeeded",
        "Failed",
        "Unclear",
    ):
        assert seen[outcome] > 100, seen


def test_each_way_of_not_answering_a_purchase_has_its_own_meaning() -> None:
    assert read_submit(NoConnection("no connection")) == NotSent()
    assert read_submit(NoAnswer("no answer in time")) == OutcomeUnknown("no answer in time")
    assert read_submit(Answer(200, None)) == OutcomeUnknown(
        "an acceptance without a readable request id"
    )
    assert read_submit(Answer(502, b"<html>")) == OutcomeUnknown("HTTP 502")
    assert read_submit(Answer(429, None, 3.0)) == RateLimited(3.0)


@pytest.mark.parametrize("reply", [NoConnection("cut"), NoAnswer("cut")])
def test_nothing_is_claimed_where_nothing_was_answered(reply: NoConnection | NoAnswer) -> None:
    assert read_status(reply) == Unanswered("cut")
    assert read_result(reply, OVER) == Unanswered("cut")
    assert read_cancel(reply) == Unanswered("cut")


@pytest.mark.parametrize("word", ["in_queue", "in_progress"])
def test_a_result_that_waits_is_believed_unless_the_status_says_that_it_is_over(word: str) -> None:
    answer = Answer(200, json.dumps({"status": word}).encode())

    fresh = read_result(answer, AskResult(finished=False))
    assert fresh == (StillQueued() if word == "in_queue" else StillRendering())
    assert read_result(answer, OVER) == StillRendering()


def test_a_cancel_that_is_not_confirmed_by_an_unclear_look_stays_open() -> None:
    outcome = read_status_after_cancel(Unclear("strange"), AskStatus(refused=False))

    assert outcome == Unanswered("asked to cancel, not yet confirmed")
