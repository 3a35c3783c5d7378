"""After the end: again, changed, in detail, deleted; by whoever may, and after any restart."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import simcord
from discord import ui

from bot.domain.generation.models import MODELS
from bot.domain.job import Job, State
from bot.features.library.library import LibraryRefusal
from bot.playground.runcomfy_scenario import Closes, Ending, Fault, Scenario, unavailable
from bot.playground.videos import VideoLibrary
from bot.ui import card
from bot.ui.parts import whole
from bot.ui.words import library as words
from cogs.generations.details import REFUSALS
from tests.patience import until
from tests.stories.harness import Card, Story, press_begun, private_words, told_story

DELETED = "Deleted. I keep no copy of it."

EVERYTHING: dict[str, str | int | float | bool] = {
    "duration": 7,
    "aspect": "9:16",
    "sound": False,
    "negative_prompt": "rain",
    "guidance": 0.7,
}


async def a_delivered_video(story: Story, **options: Any) -> simcord.InteractionResult:  # noqa: ANN401 - options of the command
    asked = await story.kling(**options)
    await story.until(State.DELIVERED)
    return asked


async def pressed(
    story: Story,
    label: str,
    card: Card,
    by: simcord.MemberActor | simcord.UserHandle | None = None,
) -> simcord.InteractionResult:
    result = await (by or story.alice).click(card.message, custom_id=card.custom_id(label))
    await story.settle()
    return result


def controls(result: simcord.InteractionResult) -> dict[str, dict[str, Any]]:
    """The inputs of the window that came up, by the words above them."""
    assert result.modal is not None, f"no window: {result}"
    return {label["label"]: label["component"] for label in result.modal["components"]}


def filled_in(result: simcord.InteractionResult) -> dict[str, str]:
    """What stands in the window already."""
    return {
        label: control["value"]
        if "value" in control
        else next(o["value"] for o in control.get("options", ()) if o.get("default"))
        for label, control in controls(result).items()
        if "value" in control or "options" in control
    }


async def submitted(
    story: Story,
    window: simcord.InteractionResult,
    changes: dict[str, Any],
    by: simcord.MemberActor | None = None,
) -> simcord.InteractionResult:
    """Send the window off as it is, but for these changes."""
    values: dict[str, Any] = {}
    for label, control in controls(window).items():
        before = filled_in(window).get(label, "")
        value = changes.get(label, before)
        values[control["custom_id"]] = [value] if "options" in control else value
    result = await (by or story.alice).submit_modal(window, values)
    await story.settle()
    return result


async def newest(story: Story) -> Job:
    return (await story.jobs())[-1]


async def test_a_finished_card_offers_what_comes_after(story: Story) -> None:
    asked = await a_delivered_video(story)
    assert story.card(asked).buttons == [
        *("Send it to me", "Again · $0.84", "Change…", "Continue…"),
        *("Details", "Delete"),
    ]


async def test_again_asks_for_the_same_and_leaves_the_old_card_as_it_is(story: Story) -> None:
    asked = await a_delivered_video(story, **EVERYTHING)
    before = story.card(asked)
    again = await pressed(story, "Again", before)
    first, second = await story.jobs()
    assert second.request == first.request
    assert second.requester_id == story.alice.id
    assert second.id != first.id
    assert not again.ephemeral
    assert len(story.server.posts) == 2
    assert story.card(asked).text == before.text
    assert [file.filename for file in story.card(asked).message.attachments] == [
        file.filename for file in before.message.attachments
    ]
    assert len(before.message.attachments) == 1


async def test_again_asks_first_when_it_costs_more_than_its_button_says(story: Story) -> None:
    asked = await a_delivered_video(story)
    for model in MODELS:
        story.services.prices.hear(model, silent_microusd=900_000, sound_microusd=None)
    question = await pressed(story, "Again", story.card(asked))
    assert len(await story.jobs()) == 1
    assert question.ephemeral
    assert Card(await response(question)).heading == "This will cost about $6.75. Generate?"
    assert "Again · $0.84" in story.card(asked).buttons


async def test_a_stranger_may_press_again_and_the_new_one_is_theirs(story: Story) -> None:
    asked = await a_delivered_video(story)
    again = await pressed(story, "Again", story.card(asked), by=story.bob)
    job = await newest(story)
    assert job.requester_id == story.bob.id
    await story.advance(240)
    assert (await newest(story)).state is State.DELIVERED
    assert story.card(again).is_ready
    assert f"<@{story.bob.id}>" in story.card(again).text


async def test_every_press_works_after_a_restart(story: Story) -> None:
    asked = await a_delivered_video(story)
    await story.leap(3 * 24 * 3_600)
    await story.world.restart_bot()
    await story.settle()
    card = story.card(asked)
    assert (await pressed(story, "Change…", card)).modal is not None
    assert "RunComfy" in Card(await response(await pressed(story, "Details", card))).text
    await pressed(story, "Again", card)
    assert len(await story.jobs()) == 2
    question = await pressed(story, "Delete", card)
    await story.world.restart_bot()
    await story.settle()
    await pressed(story, "Yes, delete it", Card(await response(question)))
    assert asked.response is None


@pytest.mark.parametrize(
    ("locale", "delete", "keep", "said"),
    [
        ("en-US", "Delete", "Keep it", "All right, nothing was changed."),
        ("it", "Elimina", "Tienilo", "Va bene, non è cambiato nulla."),
    ],
)
async def test_who_is_asked_may_keep_the_video_after_a_restart_too(
    story: Story, locale: str, delete: str, keep: str, said: str
) -> None:
    story.world.locale = story.world.guild_locale = locale
    asked = await a_delivered_video(story)
    question = await pressed(story, delete, story.card(asked))
    await story.world.restart_bot()
    await story.settle()
    kept = Card(await response(question))
    await pressed(story, keep, kept)
    assert Card(await response(question)).text == said
    assert story.card(asked).is_ready
    assert not (await story.job()).deleted


async def test_a_no_that_is_forged_on_a_public_card_leaves_it_as_it_is(story: Story) -> None:
    asked = await a_delivered_video(story)
    card = story.card(asked)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(ui.Button(label="x", custom_id="kling:keep")))
    bot = story.world.app.bot
    message = await bot.get_partial_messageable(story.channel.id).send(view=view)
    told = await story.bob.click(message, custom_id="kling:keep")
    assert private_words(told) == "All right, nothing was changed."
    shown = await story.world.app.bot.get_partial_messageable(story.channel.id).fetch_message(
        message.id
    )
    assert Card(shown).buttons == ["x"]
    assert story.card(asked).text == card.text


async def response(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    assert result.response is not None
    return result.response


async def test_private_stays_private_again(story: Story) -> None:
    asked = await a_delivered_video(story, private=True)
    again = await pressed(story, "Again", story.card(asked))
    assert again.ephemeral
    assert (await newest(story)).private
    assert story.messages() == []


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
async def test_what_failed_or_was_cancelled_can_be_asked_for_again(
    story: Story, state: State
) -> None:
    story.server.will(Scenario(queue_s=60, ending=Ending.FAILS))
    asked = await story.kling()
    if state is State.CANCELLED:
        await story.press("Cancel", asked)
    await story.until(state)
    card = story.card(asked)
    assert card.buttons == ["Again · $0.84", "Change…", "Details"]
    await pressed(story, "Again", card)
    first, second = await story.jobs()
    assert second.request == first.request


async def test_change_shows_everything_and_asks_for_what_was_changed(story: Story) -> None:
    asked = await a_delivered_video(story, **EVERYTHING)
    window = await pressed(story, "Change…", story.card(asked))
    assert list(filled_in(window).values()) == [
        "a red kite over the sea",
        "rain",
        "7",
        "9:16 silent pro",
        "0.7",
    ]
    changed = await submitted(
        story,
        window,
        {
            words.PROMPT_LABEL: "a blue kite",
            words.NEGATIVE_LABEL: "",
            words.PICTURE_LABEL: "1:1 sound pro",
            words.DURATION_LABEL: "12",
            words.GUIDANCE_LABEL: "1.0",
        },
    )
    request = (await newest(story)).request
    assert request.prompt == "a blue kite"
    assert request.negative_prompt is None
    assert (request.aspect.value, request.sound) == ("1:1", True)
    assert (request.duration_s, request.guidance) == (12, 1.0)
    assert story.card(changed).text.count("a blue kite") == 1


async def test_change_unchanged_asks_for_the_same_even_for_what_is_between_the_choices(
    story: Story,
) -> None:
    asked = await a_delivered_video(story, guidance=0.123, prompt="p" * 2_500)
    window = await pressed(story, "Change…", story.card(asked), by=story.bob)
    await submitted(story, window, {}, by=story.bob)
    first, second = await story.jobs()
    assert second.request == first.request
    assert (first.requester_id, second.requester_id) == (story.alice.id, story.bob.id)


async def test_nobody_uses_a_private_request_of_somebody_else(story: Story) -> None:
    asked = await a_delivered_video(story, private=True)
    bot = story.world.app.bot
    job = await story.job()
    view = card.result(job, bot.languages.of("en"), whole(job, ()))
    # As it would be if Discord ever showed a private card to others.
    message = await bot.get_partial_messageable(story.channel.id).send(view=view)
    for label in ("Again", "Change…", "Continue…", "Details", "Delete"):
        told = await pressed(story, label, Card(message), by=story.bob)
        assert private_words(told) == REFUSALS[LibraryRefusal.NOT_YOURS]
    assert len(await story.jobs()) == 1
    assert asked.response is not None


async def test_a_style_stays_with_again_and_with_change(story: Story) -> None:
    asked = await a_delivered_video(story, style="noir")
    await pressed(story, "Again", story.card(asked))
    window = await pressed(story, "Change…", story.card(asked))
    await submitted(story, window, {words.PROMPT_LABEL: "a blue kite"})
    first, *later = [job.request for job in await story.jobs()]
    assert first.style is not None
    assert len(later) == 2
    assert first in later
    assert first.model_copy(update={"prompt": "a blue kite"}) in later


async def test_the_window_keeps_to_discords_limits_in_every_language(story: Story) -> None:
    asked = await a_delivered_video(story, prompt="p" * 2_500, negative_prompt="n" * 2_500)
    window = await pressed(story, "Change…", story.card(asked))
    assert window.modal is not None
    assert 1 <= len(window.modal["title"]) <= 45
    assert len(window.modal["components"]) == 5
    for label, control in controls(window).items():
        assert 1 <= len(label) <= 45
        assert len(control.get("options", ())) <= 25
        assert len(control.get("value") or "") <= control.get("max_length", 4_000) <= 4_000


async def test_a_prompt_of_spaces_is_refused_in_private(story: Story) -> None:
    asked = await a_delivered_video(story)
    window = await pressed(story, "Change…", story.card(asked))
    told = await submitted(story, window, {words.PROMPT_LABEL: "   "})
    assert private_words(told).startswith("Please write a prompt")
    assert len(await story.jobs()) == 1


async def test_details_tell_all_and_only_to_whom_they_concern(story: Story) -> None:
    asked = await a_delivered_video(story, **EVERYTHING)
    job = await story.job()
    details = await pressed(story, "Details", story.card(asked))
    assert details.ephemeral
    text = Card(await response(details)).text
    assert f"RunComfy's number: `{job.request_id}`" in text
    assert f"Number: `{job.id}`" in text
    assert "Model: `kling/kling-3.0/pro/text-to-video`" in text
    assert "Estimated: $0.78" in text
    assert job.cost_microusd is not None
    assert "rain" in text
    assert "7 s · 9:16 · silent · guidance 0.7" in text
    for heading in ("In the queue", "Rendering", "fetching your video"):
        assert heading in text
    by_moderator = await pressed(story, "Details", story.card(asked), by=story.moderator)
    assert Card(await response(by_moderator)).buttons == []
    by_stranger = await pressed(story, "Details", story.card(asked), by=story.bob)
    assert private_words(by_stranger) == REFUSALS[LibraryRefusal.NOT_YOURS]


async def test_deleting_asks_first_and_takes_the_message_and_the_copy_away(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    archive_dir = tmp_path / "archive"
    changes = {"archive_dir": archive_dir}
    async with told_story(data_dir=tmp_path / "d", videos=videos, changes=changes) as story:
        asked = await a_delivered_video(story)
        job = await story.job()
        assert list((archive_dir / job.id).iterdir())
        question = await pressed(story, "Delete", story.card(asked))
        assert question.ephemeral
        assert Card(await response(question)).text.startswith(
            "Delete this video, and my copy if I kept one?"
        )
        assert asked.response is not None
        await pressed(story, "Yes, delete it", Card(await response(question)))
        assert Card(await response(question)).text == DELETED
        assert asked.response is None
        assert not (archive_dir / job.id).exists()
        deleted = await story.job()
        assert (deleted.deleted, deleted.state) == (True, State.DELIVERED)
        # The question may still be on another screen of theirs.
        await story.advance(600)
        assert asked.response is None


async def test_deleting_takes_the_notification_along_after_a_restart_too(story: Story) -> None:
    asked = await a_delivered_video(story)
    card, ping = story.messages()
    assert ping.reference is not None
    await story.bob.send(story.channel, "lovely", reply_to=card)
    question = await pressed(story, "Delete", story.card(asked))
    await story.world.restart_bot()
    await story.settle()
    await pressed(story, "Yes, delete it", Card(await response(question)))
    assert [message.content for message in story.messages()] == ["lovely"]


async def deleted(story: Story, asked: simcord.InteractionResult) -> str:
    """Alice deletes a video and is sure of it; what the question says then."""
    question = await pressed(story, "Delete", story.card(asked))
    await pressed(story, "Yes, delete it", Card(await response(question)))
    return Card(await response(question)).text


async def test_deleting_takes_a_direct_notification_away_and_no_other(story: Story) -> None:
    await story.services.preferences.change(story.alice.id, {"notify": "direct"})
    asked = await a_delivered_video(story)
    await story.leap(3 * 24 * 3_600)
    await story.kling("another kite")
    await story.advance(240)
    # Who chooses otherwise later was told directly all the same.
    await story.services.preferences.change(story.alice.id, {"notify": "none"})
    told, told_of_other = story.messages(story.alice.user.dm_channel)
    assert (await story.jobs())[0].state is (await newest(story)).state is State.DELIVERED
    assert await deleted(story, asked) == DELETED
    (left,) = story.messages(story.alice.user.dm_channel)
    assert left.id == told_of_other.id != told.id


async def test_deleting_takes_away_what_was_told_long_before_the_video_came(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(Closes(), accepted=True),)))
    asked = await story.kling()
    job = await story.until(State.UNSURE)
    await story.leap(3 * 24 * 3_600)
    (request_id,) = story.server.jobs
    await story.resolve(job.id, request_id)
    await story.until(State.DELIVERED)
    _, unclear, ready = story.messages()
    assert ("I lost contact with RunComfy" in unclear.content, "is ready" in ready.content) == (
        True,
        True,
    )
    assert await deleted(story, asked) == DELETED
    assert story.messages() == []


async def test_deleting_takes_away_what_was_told_of_a_link(story: Story) -> None:
    story.server.will(Scenario(on_file=(Fault(unavailable(), times=60),)))
    asked = await story.kling()
    while (await story.job()).state is not State.DELIVERED:
        await story.advance(120)
    _, ready = story.messages()
    ago = (await story.job()).state_since - ready.created_at
    assert ago > timedelta(minutes=10), "the file came long after its link"
    assert await deleted(story, asked) == DELETED
    assert story.messages() == []


async def test_direct_messages_out_of_reach_for_now_leave_all_to_the_next_press(
    story: Story,
) -> None:
    await story.services.preferences.change(story.alice.id, {"notify": "direct"})
    asked = await a_delivered_video(story)
    question = await pressed(story, "Delete", story.card(asked))
    path = f"/channels/{story.alice.user.dm_channel.id}/messages"
    story.env.inject_error("GET", path, status=503, code=0, times=3)
    yes = Card(await response(question))
    press_begun(story, yes, "Yes, delete it")

    async def is_answered() -> bool:
        story.clock.move_to(story.clock.now() + timedelta(seconds=1))
        return Card(await response(question)).text != yes.text

    await until(is_answered, otherwise=lambda: "the press is not answered")
    assert Card(await response(question)).text == REFUSALS[LibraryRefusal.DISCORD_SILENT]
    assert asked.response is not None
    assert not (await story.job()).deleted
    assert await deleted(story, asked) == DELETED
    assert story.messages(story.alice.user.dm_channel) == []


async def test_a_moderator_may_delete_and_a_stranger_may_not(story: Story) -> None:
    asked = await a_delivered_video(story)
    by_stranger = await pressed(story, "Delete", story.card(asked), by=story.bob)
    assert private_words(by_stranger) == REFUSALS[LibraryRefusal.NOT_YOURS]
    question = await pressed(story, "Delete", story.card(asked), by=story.moderator)
    await pressed(story, "Yes, delete it", Card(await response(question)), by=story.moderator)
    assert asked.response is None
    assert (await story.job()).deleted


async def test_deleting_twice_is_answered(story: Story) -> None:
    asked = await a_delivered_video(story)
    one = await pressed(story, "Delete", story.card(asked))
    other = await pressed(story, "Delete", story.card(asked), by=story.moderator)
    await pressed(story, "Yes, delete it", Card(await response(one)))
    await pressed(story, "Yes, delete it", Card(await response(other)), by=story.moderator)
    assert Card(await response(other)).text == REFUSALS[LibraryRefusal.ALREADY_DELETED]


async def test_a_message_that_somebody_took_away_already_counts_as_deleted(story: Story) -> None:
    asked = await a_delivered_video(story)
    question = await pressed(story, "Delete", story.card(asked))
    await story.moderator.delete(await response(asked))
    await pressed(story, "Yes, delete it", Card(await response(question)))
    assert Card(await response(question)).text == DELETED
    assert (await story.job()).deleted


async def test_a_private_card_out_of_reach_is_admitted(story: Story) -> None:
    asked = await a_delivered_video(story, private=True)
    question = await pressed(story, "Delete", story.card(asked))
    # The card's key dies a little before the question's.
    dies_at = (await story.job()).place.interaction_token_until
    assert dies_at is not None
    await story.advance((dies_at - story.clock.now()).total_seconds() + 1)
    await pressed(story, "Yes, delete it", Card(await response(question)))
    assert Card(await response(question)).text == (
        "My copy is gone, but I can't reach the message with the video. Please delete or "
        "dismiss it yourself."
    )
    assert (await story.job()).deleted


async def test_a_private_card_within_reach_is_deleted(story: Story) -> None:
    asked = await a_delivered_video(story, private=True)
    question = await pressed(story, "Delete", story.card(asked))
    await pressed(story, "Yes, delete it", Card(await response(question)))
    assert Card(await response(question)).text == DELETED
    assert asked.response is None


async def test_a_message_that_discord_does_not_let_go_stays_and_nothing_is_marked(
    story: Story,
) -> None:
    asked = await a_delivered_video(story)
    question = await pressed(story, "Delete", story.card(asked))
    path = f"/channels/{story.channel.id}/messages/{(await response(asked)).id}"
    story.env.inject_error("DELETE", path, status=400, code=0)
    await pressed(story, "Yes, delete it", Card(await response(question)))
    assert Card(await response(question)).text == REFUSALS[LibraryRefusal.DISCORD_SILENT]
    assert asked.response is not None
    assert not (await story.job()).deleted
