"""Which qualities a place offers: the operator's word, then the managers', then one's own."""

from pathlib import Path
from typing import Any

import pytest

from bot.domain.generation.models import qualities
from bot.domain.job import State
from bot.playground.videos import VideoLibrary
from tests.stories.harness import Story, private_words, told_story
from tests.stories.panel import a_manager, change, opened, settings_of, trail
from tests.stories.test_after import submitted
from tests.stories.test_allowance import allowance
from tests.stories.test_building_storyboards import ready_builder

TWO = (
    "Only Standard (720p), Pro (1080p) are offered here. Please try again "
    "in one of these. Nothing was charged."
)
ONE = "Only Standard (720p) is offered here. Please try again in that quality. Nothing was charged."
TWO_IN_ITALIAN = (
    "Qui sono disponibili solo Standard (720p), Pro (1080p). Riprova con "
    "una di queste. Non è stato addebitato nulla."
)
ONE_IN_ITALIAN = (
    "Qui è disponibile solo Standard (720p). Riprova con quella qualità. "
    "Non è stato addebitato nulla."
)


@pytest.mark.parametrize(
    ("locale", "decided", "quality", "told"),
    [
        ("en-US", {}, "4k", TWO),
        ("it", {}, "4k", TWO_IN_ITALIAN),
        ("en-US", {"qualities": ("standard",)}, "pro", ONE),
        ("it", {"qualities": ("standard",)}, "pro", ONE_IN_ITALIAN),
    ],
)
async def test_what_is_not_offered_is_refused_to_members_and_managers_and_costs_nothing(
    story: Story, locale: str, decided: dict[str, Any], quality: str, told: str
) -> None:
    story.world.locale = locale
    await change(story, **decided)
    for person in (story.alice, a_manager(story)):
        asked = await person.slash(story.channel, "kling", prompt="a kite", quality=quality)
        assert private_words(asked) == told
    assert await story.jobs() == []
    assert story.server.posts == []
    assert story.messages() == []


async def test_in_direct_messages_the_operators_qualities_are_offered(story: Story) -> None:
    await change(story, qualities=("4k",))
    asked = await story.alice.user.slash("kling", prompt="a kite", quality="4k")
    assert private_words(asked) == TWO
    await story.alice.user.slash("kling", prompt="a kite", quality="standard")
    await story.settle()
    assert (await story.job()).request.quality == "standard"


async def test_managers_allow_4k_on_the_panel_and_then_it_is_bought(story: Story) -> None:
    manager = a_manager(story)
    panel = await opened(story, manager)
    await panel.turn_to("what")
    assert panel.chosen("qualities") == "The bot's default"
    assert "Only those that the bot's owner allows count." in panel.text
    await panel.choose("kling:admin:choose:qualities:0", '"standard,pro,4k"')
    await panel.choose("kling:admin:choose:default_quality:0", '"standard"')
    assert panel.chosen("qualities") == "Standard (720p), Pro (1080p), 4K"
    assert panel.chosen("default_quality") == "Standard (720p)"
    assert [(entry.what, entry.before, entry.after) for entry in await trail(story)] == [
        ("default_quality", "null", '"standard"'),
        ("qualities", '""', '"standard,pro,4k"'),
    ]

    asked = await story.kling(quality="4k", duration=15)
    assert "4K" in story.card(asked).text
    assert "$6.30" in story.card(asked).text
    await story.until(State.DELIVERED)
    assert story.server.posts[0].model_id == "kling/kling-3.0/4k/text-to-video"

    # The decision is in the database, and outlives the process.
    await story.world.restart_bot()
    await story.settle()
    decided = settings_of(story)
    assert (decided.qualities, decided.default_quality) == (tuple(qualities()), "standard")


async def test_a_quality_that_was_not_said_is_ones_own_else_the_servers_else_pro(
    story: Story,
) -> None:
    assert await made(story) == "pro"
    await change(story, default_quality="standard")
    assert await made(story) == "standard"
    await story.services.preferences.change(story.alice.id, {"quality": "pro"})
    assert await made(story) == "pro"
    # Not offered here: it gives way without a word.
    await story.services.preferences.change(story.alice.id, {"quality": "4k"})
    assert await made(story) == "standard"
    await change(story, qualities=("pro", "4k"))
    assert await made(story) == "4k"


async def made(story: Story) -> str:
    """The quality of a video for which Alice names none."""
    await story.advance(1)
    await story.kling()
    return (await story.jobs())[-1].request.quality


async def test_a_video_from_a_messages_text_has_the_default_of_the_place(story: Story) -> None:
    await change(story, default_quality="standard")
    message = await story.bob.send(story.channel, "a kite from a message")
    shown = await story.alice.context_menu(story.channel, "Make a Kling video", message)
    await submitted(story, shown, {})
    assert (await story.job()).request.quality == "standard"


async def test_again_is_refused_where_its_quality_is_no_longer_offered(story: Story) -> None:
    asked = await story.kling()
    await story.until(State.DELIVERED)
    await change(story, qualities=("standard",))
    assert await story.press("Again", asked) == ONE
    assert len(story.server.posts) == 1


async def test_a_storyboard_begins_in_the_default_and_is_checked_when_it_is_sent(
    story: Story,
) -> None:
    await change(story, default_quality="standard")
    builder = await ready_builder(story)
    assert "Standard (720p)" in builder.card.text
    await change(story, qualities=("pro",))
    told = await builder.press("Generate")
    assert private_words(told).startswith("Only Pro (1080p) is offered here.")
    assert await story.jobs() == []
    # The draft is kept, for another try.
    await change(story, qualities=("standard", "pro"))
    await builder.press("Generate")
    await story.settle()
    assert (await story.job()).request.quality == "standard"


async def test_a_builder_offers_the_qualities_of_its_place_and_the_price_follows(
    story: Story,
) -> None:
    await change(story, qualities=("pro", "4k"), default_quality="pro")
    builder = await ready_builder(story)
    assert "Pro (1080p) · with sound · about $1.51" in builder.card.text
    assert builder.offered("quality") == ["pro", "4k"]
    await builder.choose("quality", "4k")
    assert "4K · with sound · about $3.78" in builder.card.text
    await story.world.restart_bot()
    await builder.press("Generate")
    await story.settle()
    job = await story.job()
    assert (job.model_id, job.estimate_microusd) == ("kling/kling-3.0/4k/text-to-video", 3_780_000)


async def test_a_quality_that_is_withdrawn_meanwhile_is_chosen_again(story: Story) -> None:
    await change(story, qualities=("pro", "4k"), default_quality="4k")
    builder = await ready_builder(story)
    await change(story, qualities=("standard",), default_quality=None)
    told = await builder.press("Generate")
    assert private_words(told) == ONE
    await builder.press("Sound: on")
    assert builder.offered("quality") == ["standard"]
    await builder.choose("quality", "standard")
    await builder.press("Generate")
    await story.settle()
    assert (await story.job()).request.quality == "standard"


async def test_allowance_lists_what_is_offered(story: Story) -> None:
    told = await allowance(story)
    assert "- Standard (720p): 5 s" in told
    assert "- Pro (1080p): 5 s" in told
    assert "- 4K" not in told
    await change(story, qualities=("4k",), member_caps={"day_microusd": 1_259_999})
    told = await allowance(story)
    assert "- 4K: 5 s $2.10 · 10 s $4.20 · 15 s $6.30" in told
    assert "Pro" not in told
    # Three seconds in 4K cost $1.26, and nothing cheaper is offered.
    assert "⬅ used up" in told
    await change(story, qualities=("standard",))
    assert "⬅ used up" not in await allowance(story)


async def test_the_operator_sets_the_ceiling_for_every_server(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    changes = {"qualities": ("standard",)}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        await change(story, qualities=("pro", "4k"), default_quality="pro")
        assert private_words(await story.kling(quality="pro")) == ONE
        assert "Pro" not in await allowance(story)
        await story.kling()
        assert (await story.job()).request.quality == "standard"
