"""Whatever the service does, the card says what is so, and nothing is bought twice."""

import pytest
from pydantic import SecretStr

from bot.domain.denied import Denied
from bot.domain.job import Job, State
from bot.domain.money.keys import KeyRefusal
from bot.domain.outcomes import FailureReason
from bot.features.ordering import CancelRefusal
from bot.features.servers.server_keys import KeyGiven
from bot.playground.runcomfy_scenario import (
    Answers,
    Closes,
    Ending,
    Fault,
    How,
    Output,
    Says,
    Scenario,
    api_error,
    malformed,
    rate_limited,
    unavailable,
)
from bot.ui.words import cards as words
from tests.stories.harness import Story

CLUB_KEY, NEXT_KEY = "canary-club-key-77aa", "canary-next-99cc"


@pytest.mark.parametrize("error", ["a text", {"code": 7, "message": "an object"}, None, ["a list"]])
async def test_completed_may_mean_failed(story: Story, error: str | None) -> None:
    story.server.will(Scenario(ending=Ending.FAILS, error=error))
    asked = await story.kling()
    await story.until(State.FAILED)
    card = story.card(asked)
    assert card.heading == "❌ Couldn't make this video"
    assert words.FAILURES[FailureReason.GENERATION_FAILED] in card.text
    assert card.buttons == ["Again · $0.84", "Change…", "Details"]


async def test_the_content_filter_is_named_as_such(story: Story) -> None:
    asked = await story.kling("refuse this, please")
    await story.until(State.FAILED)
    assert "content filter" in story.card(asked).text


async def test_a_success_without_a_file_is_no_success(story: Story) -> None:
    story.server.will(Scenario(output=Output.NOTHING))
    asked = await story.kling()
    await story.until(State.FAILED)
    assert words.FAILURES[FailureReason.NOTHING_PRODUCED] in story.card(asked).text


async def test_the_service_may_cancel_by_itself(story: Story) -> None:
    story.server.will(Scenario(ending=Ending.CANCELLED_THERE))
    asked = await story.kling()
    await story.until(State.CANCELLED)
    assert story.card(asked).heading == "🚫 Cancelled"
    assert "RunComfy cancelled this by itself." in story.card(asked).text


async def test_several_videos_are_all_delivered(story: Story) -> None:
    story.server.will(Scenario(output=Output.VIDEOS))
    asked = await story.kling()
    job = await story.until(State.DELIVERED)
    card = story.card(asked)
    assert len(job.media) == len(card.gallery) == len(card.message.attachments) >= 2


async def test_an_image_is_delivered_if_that_is_all_there_is(story: Story) -> None:
    story.server.will(Scenario(output=Output.IMAGE))
    asked = await story.kling()
    await story.until(State.DELIVERED)
    card = story.card(asked)
    (attachment,) = card.message.attachments
    assert attachment.filename.endswith(".png")
    assert card.is_ready
    assert words.ONLY_A_PICTURE in card.text
    assert story.messages()[-1].content.endswith(
        "your picture is ready.\n> a red kite over the sea"
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (400001, FailureReason.MODEL_MISSING),
        (None, FailureReason.INPUT_REFUSED),
    ],
)
async def test_a_refusal_ends_the_job_uncharged(
    story: Story, code: int | None, reason: FailureReason
) -> None:
    how = Answers(422, {"detail": "prompt: no"}) if code is None else api_error(code)
    story.server.will(Scenario(on_submit=(Fault(how),)))
    asked = await story.kling()
    assert (await story.job()).state is State.FAILED
    assert words.FAILURES[reason] in story.card(asked).text
    await story.advance(600)
    assert len(story.server.posts) == 1


UNKNOWN: list[tuple[str, How, bool]] = [
    ("a server error", unavailable(502), True),
    ("a broken connection", Closes(), True),
    ("an unreadable answer", malformed(), True),
    ("an answer without an id", Answers(200, {"status_url": "x"}), True),
    ("a redirect", Answers(302, None, {"Location": "/elsewhere"}), False),
]


@pytest.mark.parametrize(
    ("how", "accepted"), [row[1:] for row in UNKNOWN], ids=[row[0] for row in UNKNOWN]
)
async def test_an_unknown_outcome_is_never_sent_again(
    story: Story,
    how: How,
    accepted: bool,  # noqa: FBT001 - a column of the table
) -> None:
    story.server.will(Scenario(on_submit=(Fault(how, accepted=accepted),)))
    asked = await story.kling()
    assert (await story.job()).state is State.UNSURE
    card = story.card(asked)
    assert card.heading == "⚠️ Lost contact with RunComfy"
    assert words.UNSURE_UNSENT in card.text
    await story.advance(3_600)
    await story.world.restart_bot()
    await story.advance(3_600)
    assert len(story.server.posts) == 1


async def test_a_busy_service_is_waited_for(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(rate_limited("5"), times=3),)))
    asked = await story.kling()
    assert story.card(asked).heading == "🕓 In line"
    await story.until(State.DELIVERED)
    assert [post.request_id is not None for post in story.server.posts] == [False] * 3 + [True]


async def test_a_storm_of_errors_never_ends_a_job(story: Story) -> None:
    asked = await story.kling("a kite in a storm")
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    assert len(story.server.posts) == 1


async def test_a_silent_service_is_admitted_on_the_card(story: Story) -> None:
    story.server.will(Scenario(on_status=(Fault(unavailable(), times=9),)))
    asked = await story.kling()
    seen = ""
    while words.SERVICE_SILENT not in seen:
        await story.advance(5)
        seen = story.card(asked).text
        assert (await story.job()).state is State.QUEUED
    await story.until(State.DELIVERED)
    assert words.SERVICE_SILENT not in story.card(asked).text


@pytest.mark.parametrize("word", ["processing", "canceled", "error", "starting", "IN_QUEUE?"])
async def test_an_unknown_word_is_neither_success_nor_failure(story: Story, word: str) -> None:
    story.server.will(Scenario(on_status=(Fault(Says(word), times=4),)))
    await story.kling()
    await story.advance(5)
    assert (await story.job()).is_live
    await story.until(State.DELIVERED)


async def test_shouted_words_are_understood(story: Story) -> None:
    story.server.will(Scenario(shouts=True))
    await story.kling()
    await story.until(State.DELIVERED)


async def test_a_request_that_is_gone_is_looked_for_ten_minutes_long(story: Story) -> None:
    story.server.will(Scenario(on_status=(Fault(api_error(404001)),)))
    asked = await story.kling()
    await story.advance(9 * 60)
    assert (await story.job()).state is State.QUEUED
    job = await story.until(State.UNSURE, within_s=180)
    assert words.UNSURE_LOST in story.card(asked).text
    assert (job.request_id, job.failure) == (*story.server.jobs, FailureReason.REQUEST_LOST)


async def test_a_lost_request_that_is_known_again_can_be_bound_and_is_brought(
    story: Story,
) -> None:
    story.server.will(Scenario(on_status=(Fault(api_error(404001), times=60),)))
    asked = await story.kling()
    job = await story.until(State.UNSURE)
    (request_id,) = story.server.jobs
    outcome = await story.resolve(job.id, request_id)
    assert isinstance(outcome, Job)
    delivered = await story.until(State.DELIVERED)
    assert delivered.failure is None
    assert story.card(asked).is_ready
    assert len(story.server.posts) == 1


async def test_a_request_that_was_gone_for_a_moment_twice_is_not_lost(story: Story) -> None:
    # Nine minutes each time, and a proper answer in between: `gone since` begins anew.
    gone = Fault(api_error(404001), times=36)
    fine = Fault(Says("in_progress"), times=1)
    story.server.will(Scenario(rendering_s=3_600, on_status=(gone, fine, gone, fine)))
    await story.kling()
    await story.advance(19 * 60)
    assert (await story.job()).is_live
    (there,) = story.server.jobs.values()
    assert there.calls["status"] > 74, "both were seen"


@pytest.mark.parametrize("status", [401, 402, 403, 404])
async def test_an_hour_of_pages_at_the_front_door_costs_no_job_and_shuts_no_gate(
    story: Story, status: int
) -> None:
    story.server.will(Scenario(queue_s=60, rendering_s=240), Scenario())
    asked = await story.kling()
    await story.advance(10)
    story.server.front_door = unavailable(status)
    during = await story.kling("a kite in a storm")
    await story.advance(3_600)
    first, second = await story.jobs()
    assert first.state in (State.QUEUED, State.RENDERING)
    # A page of something in between says nothing of what was bought, and is not sent again.
    assert second.state is State.UNSURE
    assert words.UNSURE_UNSENT in story.card(during).text
    story.server.front_door = None
    after = await story.kling("a kite after a storm")
    await story.advance(100)
    first, second, third = await story.jobs()
    assert (first.state, second.state) == (State.DELIVERED, State.UNSURE)
    assert third.state is State.DELIVERED
    assert story.card(asked).is_ready
    assert story.card(after).is_ready
    assert len(story.server.posts) == 2


@pytest.mark.parametrize("status", [401, 403])
async def test_pages_at_the_front_door_cost_a_server_neither_its_key_nor_a_job(
    story: Story, status: int
) -> None:
    owner = story.guild.owner
    keys = story.services.server_keys
    story.server.other_keys |= {CLUB_KEY: "club", NEXT_KEY: "next"}
    given = await keys.give(story.guild.id, SecretStr(CLUB_KEY), by_user_id=owner.id)
    assert isinstance(given, KeyGiven)
    story.server.will(Scenario(queue_s=300), Scenario())
    asked = await story.kling()
    await story.advance(10)
    story.server.front_door = unavailable(status)
    during = await story.kling("a kite in a storm")
    assert (await story.jobs())[1].state is State.UNSURE
    assert story.card(during).heading == "⚠️ Lost contact with RunComfy"
    silent = words.CANCEL_REFUSALS[CancelRefusal.SERVICE_SILENT]
    assert await story.press("Cancel", asked) == silent
    # The catalogue and the balance are behind the same door.
    not_taken = await keys.give(story.guild.id, SecretStr(NEXT_KEY), by_user_id=owner.id)
    assert not_taken == Denied(KeyRefusal.SILENT)
    await story.advance(240)
    assert await keys.of_server(story.guild.id) == given.key
    assert story.card(during).heading == "⚠️ Lost contact with RunComfy"
    story.server.front_door = None
    after = await story.kling("a kite after a storm")
    await story.advance(400)
    assert [job.state for job in await story.jobs()] == [
        State.DELIVERED,
        State.UNSURE,
        State.DELIVERED,
    ]
    assert story.card(asked).is_ready
    assert story.card(after).is_ready
    assert await keys.of_server(story.guild.id) == given.key
    assert [post.key for post in story.server.posts] == [CLUB_KEY] * 2
    assert all(set(job.asked_with) == {CLUB_KEY} for job in story.server.jobs.values())
    assert story.messages(owner.dm_channel) == [], "no manager has to do anything"
