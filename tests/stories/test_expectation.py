"""Cards say how long it usually takes, from this bot's own last jobs, or nothing of the kind."""

import pytest

from bot.domain.job import State
from bot.playground.runcomfy_scenario import Scenario
from tests.stories.harness import Story


async def finish(story: Story, many: int, duration: int = 5) -> None:
    for _ in range(many):
        await story.kling(duration=duration)
        await story.advance(300)


async def begin(story: Story, duration: int = 5) -> str:
    """The text of the card of a new job that is still at the service after a few seconds."""
    asked = await story.kling(duration=duration)
    return story.card(asked).text


async def test_until_five_are_known_nothing_is_said(story: Story) -> None:
    await finish(story, 4)
    assert "usually" not in await begin(story)
    await story.advance(300)
    await story.advance(60)
    text = await begin(story)
    assert "usually" in text
    assert "expected <t:" in text


async def test_only_videos_of_like_length_count(story: Story) -> None:
    await finish(story, 5, duration=5)
    assert "usually" in await begin(story, duration=7)
    assert "usually" not in await begin(story, duration=8)


async def test_the_moment_passes_from_expected_to_any_moment_to_nothing(story: Story) -> None:
    story.server.will(
        *[Scenario(queue_s=30, rendering_s=60)] * 4, Scenario(queue_s=30, rendering_s=300)
    )
    await finish(story, 4)
    await story.kling()
    await story.advance(600)
    story.server.will(Scenario(queue_s=10, rendering_s=3_000))
    asked = await story.kling()
    sent_at = story.clock.now()
    text = story.card(asked).text
    assert "usually 2 to" in text
    expected = int(text.partition("expected <t:")[2].partition(":R>")[0])
    assert 90 <= expected - sent_at.timestamp() <= 110
    await story.advance(expected - sent_at.timestamp() + 20)
    text = story.card(asked).text
    assert "any moment now" in text
    assert "expected" not in text
    await story.advance(600)
    text = story.card(asked).text
    assert "usually 2 to" in text
    assert "any moment" not in text
    assert "%" not in text


async def test_a_finished_card_says_nothing_of_the_kind(story: Story) -> None:
    await finish(story, 5)
    await story.advance(60)
    asked = await story.kling()
    await story.advance(300)
    card = story.card(asked)
    assert card.is_ready
    assert "usually" not in card.text


async def test_an_italian_server_reads_it_in_italian(story: Story) -> None:
    await finish(story, 5)
    await story.advance(60)
    story.world.guild_locale = "it"
    text = await begin(story)
    assert "di solito" in text
    assert "previsto <t:" in text


@pytest.mark.parametrize("state", [State.QUEUED, State.RENDERING])
async def test_a_poll_that_shows_nothing_new_redraws_nothing(story: Story, state: State) -> None:
    await finish(story, 5)
    await story.advance(60)
    story.server.will(
        Scenario(queue_s=3_000 * (state is State.QUEUED), queue_position=1, rendering_s=3_000)
    )
    await story.kling()
    await story.advance(1_000)

    def edits() -> int:
        return sum(entry.method == "PATCH" for entry in story.env.http_requests)

    before = edits()
    await story.advance(500)
    assert edits() == before
