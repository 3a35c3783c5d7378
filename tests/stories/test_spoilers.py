"""Spoilers: a video that is covered until somebody clicks on it, by choice or by its server."""

import pytest
import simcord

from bot.domain.job import State
from bot.domain.servers import ServerSettings
from bot.playground.runcomfy_scenario import Ending, Scenario
from tests.stories.harness import Card, Story


async def decide(story: Story, **settings: object) -> None:
    changed = await story.services.servers.change(story.guild.id, settings, by_user_id=1)
    assert isinstance(changed, ServerSettings)


def assert_covered(card: Card) -> None:
    (playing,) = card.gallery
    assert playing["spoiler"] is True
    (file,) = card.message.attachments
    assert file.filename.startswith("SPOILER_kling-")
    assert card.links == []


def last_answer(result: simcord.InteractionResult) -> Card:
    answers = [answer for answer in (result.response, *result.followups) if answer is not None]
    return Card(answers[-1])


async def test_who_asks_for_a_spoiler_gets_a_covered_video(story: Story) -> None:
    asked = await story.kling(spoiler=True)
    await story.until(State.DELIVERED)
    assert_covered(story.card(asked))


@pytest.mark.parametrize("ending", [Ending.SUCCEEDS, Ending.FAILS])
async def test_what_notifies_covers_the_prompt_as_well(story: Story, ending: Ending) -> None:
    story.server.will(Scenario(ending=ending))
    await story.kling("a || red kite", spoiler=True)
    await story.until(State.DELIVERED if ending is Ending.SUCCEEDS else State.FAILED)
    assert story.messages()[-1].content.endswith("\n> ||a \\|\\| red kite||")


async def test_without_being_asked_nothing_is_covered(story: Story) -> None:
    asked = await story.kling()
    await story.until(State.DELIVERED)
    (playing,) = story.card(asked).gallery
    assert not playing.get("spoiler")
    assert story.card(asked).message.attachments[0].filename.startswith("kling-")


@pytest.mark.parametrize("spoiler", [True, False])
async def test_a_server_may_cover_everything_whatever_people_choose(
    story: Story, *, spoiler: bool
) -> None:
    await decide(story, spoiler=True)
    asked = await story.kling(spoiler=spoiler)
    await story.until(State.DELIVERED)
    assert_covered(story.card(asked))


async def test_a_covered_video_that_is_too_large_is_a_button_and_no_address(
    story: Story,
) -> None:
    story.world.upload_limit_bytes = 1
    asked = await story.kling(spoiler=True)
    await story.until(State.DELIVERED)
    card = story.card(asked)
    assert card.gallery == []
    assert "http" not in card.text.replace("https://discord.com/", "")
    assert card.buttons[0] == "Open video"


async def test_again_stays_covered_and_so_does_what_is_sent_once_more(story: Story) -> None:
    asked = await story.kling(spoiler=True)
    await story.until(State.DELIVERED)
    card = story.card(asked)
    await story.alice.click(card.message, custom_id=card.custom_id("Again"))
    await story.settle()
    assert [job.spoiler for job in await story.jobs()] == [True, True]
    details = await story.alice.click(card.message, custom_id=card.custom_id("Details"))
    shown = story.card(details)
    resent = await story.alice.click(shown.message, custom_id=shown.custom_id("Send it to me"))
    await story.settle()
    assert_covered(last_answer(resent))


async def test_a_question_about_the_price_forgets_no_spoiler(story: Story) -> None:
    await decide(story, ask_above_microusd=0)
    asked = await story.kling(spoiler=True)
    card = last_answer(asked)
    await story.alice.click(card.message, custom_id=card.custom_id("Generate"))
    await story.settle()
    assert (await story.job()).spoiler


async def test_a_storyboard_may_be_covered_too(story: Story) -> None:
    story.server.will(Scenario(queue_s=600))
    opened = await story.alice.slash(story.channel, "storyboard")

    async def press(label: str, **typed: str) -> None:
        card = story.card(opened)
        pressed = await story.alice.click(card.message, custom_id=card.custom_id(label))
        if pressed.modal is not None:
            control = pressed.modal["components"][0]["component"]
            await story.alice.submit_modal(pressed, {control["custom_id"]: typed["text"]})
        await story.settle()

    await press("Overall prompt", text="a kite")
    await press("As text", text="5s: it rises\n4s: it dives")
    await press("Spoiler: off")
    assert "Spoiler: on" in story.card(opened).buttons
    await press("Generate")
    assert (await story.job()).spoiler
