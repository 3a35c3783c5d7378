"""A job at the stand-in stands where the time puts it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from pydantic import JsonValue

from bot.playground.runcomfy_jobs import Phase, StandInJob
from bot.playground.runcomfy_scenario import Cancelling, Cost, Ending, Output, Scenario
from tests.clocks import START
from tests.runcomfy.answers import usual_input

BASE = "http://127.0.0.1:1"


def a_job(scenario: Scenario | None = None, *, duration: int = 5, sound: bool = True) -> StandInJob:
    return StandInJob(
        request_id="kite-1",
        input=usual_input("a kite", duration=duration, sound=sound),
        scenario=scenario or Scenario(queue_s=4, rendering_s=8, queue_position=3),
        accepted_at=START,
    )


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("seconds", "phase", "position"),
    [
        (0, Phase.IN_QUEUE, 3),
        (1.5, Phase.IN_QUEUE, 2),
        (3.9, Phase.IN_QUEUE, 1),
        (4, Phase.IN_PROGRESS, None),
        (11.9, Phase.IN_PROGRESS, None),
        (12, Phase.SUCCEEDED, None),
        (9_999, Phase.SUCCEEDED, None),
    ],
)
def test_a_good_run_is_queued_then_rendered_then_done(
    seconds: float, phase: Phase, position: int | None
) -> None:
    job, now = a_job(), START + after(seconds)

    assert job.phase(now) is phase
    assert job.queue_position(now) == position
    assert ("queue_position" in job.status_answer(now, BASE)) is (phase is Phase.IN_QUEUE)


@pytest.mark.parametrize(
    ("ending", "status", "result"),
    [
        (Ending.SUCCEEDS, "completed", "succeeded"),
        (Ending.FAILS, "completed", "failed"),
        (Ending.CANCELLED_THERE, "cancelled", "cancelled"),
    ],
)
def test_status_and_result_end_in_different_words(ending: Ending, status: str, result: str) -> None:
    job, now = a_job(Scenario(ending=ending)), START + after(60)

    assert job.status_answer(now, BASE)["status"] == status
    answer = job.result_answer(now, BASE, include_cost=True)
    assert answer["status"] == result
    assert answer["finished_at"]
    assert ("output" in answer) is (ending is Ending.SUCCEEDS)
    assert ("error" in answer) is (ending is Ending.FAILS)


def test_all_words_can_be_shouted() -> None:
    job = a_job(Scenario(shouts=True))

    assert job.status_answer(START, BASE)["status"] == "IN_QUEUE"
    assert job.result_answer(START, BASE, include_cost=False)["status"] == "IN_QUEUE"


def test_links_and_files_may_be_elsewhere() -> None:
    job = a_job()

    assert job.links("https://x.example")["cancel_url"] == (
        "https://x.example/v1/requests/kite-1/cancel"
    )
    answer = job.result_answer(START + after(60), "https://f.example", include_cost=False)
    assert answer["output"] == {"video": "https://f.example/files/acct-5f2c9e/kite-1/video.mp4"}


def of_kite(name: str) -> str:
    return f"{BASE}/files/acct-5f2c9e/kite-1/{name}"


@pytest.mark.parametrize(
    ("output", "listed"),
    [
        (Output.VIDEO, {"video": of_kite("video.mp4")}),
        (Output.VIDEOS, {"videos": [of_kite("video-1.mp4"), of_kite("video-2.mp4")]}),
        (Output.IMAGE, {"image": of_kite("image.png")}),
        (Output.IMAGES, {"images": [of_kite("image-1.png"), of_kite("image-2.png")]}),
        (Output.NOTHING, {"video": None, "videos": []}),
        (Output.NULL, None),
        (Output.UNREADABLE, {"assets": [{"href": "somewhere"}]}),
    ],
)
def test_a_success_lists_what_its_scenario_says(output: Output, listed: JsonValue) -> None:
    job = a_job(Scenario(output=output))

    answer = job.result_answer(START + after(60), BASE, include_cost=False)

    assert answer["output"] == listed


def test_the_result_echoes_the_input() -> None:
    answer = a_job().result_answer(START, BASE, include_cost=False)

    assert answer["input"] == {
        "prompt": "a kite",
        "duration": 5,
        "aspect_ratio": "16:9",
        "cfg_scale": 0.5,
        "shot_type": "customize",
        "sound": True,
    }


@pytest.mark.parametrize(
    ("cost", "asked", "said"),
    [
        (Cost.NUMBER, True, 0.84),
        (Cost.TEXT, True, "0.840"),
        (Cost.ABSENT, True, None),
        (Cost.NUMBER, False, None),
    ],
)
def test_the_cost_is_said_where_it_is_asked_for(
    cost: Cost, *, asked: bool, said: float | str | None
) -> None:
    job = a_job(Scenario(cost=cost))

    assert "cost" not in job.result_answer(START, BASE, include_cost=asked)
    assert job.result_answer(START + after(60), BASE, include_cost=asked).get("cost") == said


@pytest.mark.parametrize(
    ("duration", "sound", "usd"), [(5, True, "0.84"), (15, True, "2.52"), (5, False, "0.56")]
)
def test_a_job_costs_by_the_second(duration: int, *, sound: bool, usd: str) -> None:
    assert a_job(duration=duration, sound=sound).price_usd == Decimal(usd)


def test_a_job_is_billed_from_the_moment_it_renders() -> None:
    job = a_job()

    assert not job.is_billed(START)
    assert job.is_billed(START + after(5))
    assert job.is_billed(START + after(60))


def test_a_queued_job_is_cancelled_for_good() -> None:
    job = a_job()

    assert job.cancel_answer(START + after(1))["outcome"] == "cancelled"
    assert job.phase(START + after(60)) is Phase.CANCELLED
    assert not job.is_billed(START + after(60))
    assert job.cancel_answer(START + after(60)) == {
        "request_id": "kite-1",
        "status": "cancelled",
        "outcome": "not_cancellable",
    }


@pytest.mark.parametrize("seconds", [4, 60])
def test_a_job_that_is_rendered_or_done_is_not_cancelled(seconds: float) -> None:
    job = a_job()

    assert job.cancel(START + after(seconds)) == "not_cancellable"
    assert job.phase(START + after(60)) is Phase.SUCCEEDED


def test_a_service_may_refuse_to_cancel_a_queued_job() -> None:
    job = a_job(Scenario(cancelling=Cancelling.REFUSED))

    assert job.cancel(START) == "not_cancellable"
    assert job.phase(START) is Phase.IN_QUEUE


@pytest.mark.parametrize(("takes_s", "ends_as"), [(1, Phase.CANCELLED), (4, Phase.SUCCEEDED)])
def test_a_requested_cancellation_says_so_too_early_and_may_come_too_late(
    takes_s: float, ends_as: Phase
) -> None:
    job = a_job(Scenario(cancelling=Cancelling.REQUESTED, cancel_takes_s=takes_s))

    assert job.cancel_answer(START) == {
        "request_id": "kite-1",
        "status": "cancelled",
        "outcome": "cancellation_requested",
    }
    assert job.phase(START) is Phase.IN_QUEUE
    assert job.phase(START + after(60)) is ends_as
