"""A text of which nothing can be seen buys nothing and is taken for none."""

import pytest

from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.domain.servers import REASON_MAX_CHARS, RoleRule
from bot.features.servers.server_settings import SettingsRefusal
from bot.ui.words import library as words_library
from bot.ui.words.declines import REASONS
from cogs.kling_admin.styles import STYLE_NEEDS_TEXT
from cogs.kling_admin.texts import REFUSALS
from tests.stories.harness import Card, Story, private_words
from tests.stories.panel import a_manager, change, settings_of
from tests.stories.test_after import submitted
from tests.stories.test_building_storyboards import open_builder, ready_builder
from tests.stories.test_styles import add_style

NOTHING = REASONS[DeclineReason.NOTHING_TO_SEE]
BLANK = "\u3164\u200b\u2800\u00ad"


@pytest.mark.parametrize(
    "char", ["\u200b", "\u3164", "\u2800", "\x00", "\u202e", "\U000e0041", "\u00ad"]
)
async def test_an_invisible_prompt_buys_nothing(story: Story, char: str) -> None:
    assert private_words(await story.kling(char * 5)) == NOTHING
    assert private_words(await story.kling(negative_prompt=char)) == NOTHING
    assert await story.jobs() == []
    assert story.server.posts == []


async def test_a_lone_surrogate_gets_a_sentence_that_fits(story: Story) -> None:
    told = private_words(await story.kling("a kite \ud83d"))
    assert told.startswith("Your text has a broken character")
    assert await story.jobs() == []


async def test_no_window_and_no_message_is_a_way_around(story: Story) -> None:
    asked = await story.kling()
    await story.until(State.DELIVERED)
    card = story.card(asked)
    window = await story.bob.click(card.message, custom_id=card.custom_id("Change…"))
    told = await submitted(story, window, {words_library.PROMPT_LABEL: BLANK}, by=story.bob)
    assert private_words(told) == NOTHING
    message = await story.bob.send(story.channel, BLANK)
    menu = await story.bob.context_menu(story.channel, "Make a Kling video", message)
    assert private_words(menu) == words_library.NO_TEXT
    assert len(story.server.posts) == 1


async def test_a_shot_of_nothing_is_not_taken(story: Story) -> None:
    builder = await open_builder(story)
    window = await builder.press("Add shot")
    told = await story.alice.submit_modal(window, {"text": BLANK, "length": ["3"]})
    assert private_words(told) == "Please say what happens in the shot. Nothing was changed."
    builder = await ready_builder(story)
    await builder.write(f"5s: the kite rises\n4s: {BLANK}")
    told = await builder.press("Generate")
    assert private_words(told) == NOTHING
    assert await story.jobs() == []


async def test_styles_and_reasons_of_nothing_are_not_taken(story: Story) -> None:
    manager = a_manager(story)
    told = await add_style(story, manager, "soft", prompt=BLANK)
    assert told == STYLE_NEEDS_TEXT
    paused = await manager.slash(story.channel, "kling-admin pause", reason=BLANK)
    assert private_words(paused) == REFUSALS[SettingsRefusal.NO_REASON]
    assert settings_of(story).paused_because is None
    await manager.slash(story.channel, "kling-admin pause", reason=f"half \ud83d{BLANK} of it")
    assert settings_of(story).paused_because == "half of it"


async def test_a_moderators_blank_reason_is_none(story: Story) -> None:
    review = story.guild.create_text_channel("review")
    rules = {story.guild.id: RoleRule(is_reviewed=True)}
    await change(story, review_channel_id=review.id, role_rules=rules)
    await story.kling()
    question = Card(review.history()[-1])
    window = await story.moderator.click(question.message, custom_id=question.custom_id("Decline"))
    await story.moderator.submit_modal(window, {"reason": BLANK[:REASON_MAX_CHARS]})
    await story.settle()
    job = await story.job()
    assert (job.state, job.declined_because) == (State.FAILED, None)
