"""A new limit says what it counts already."""

import pytest

from tests.stories.harness import Story, private_words
from tests.stories.panel import OpenPanel, a_manager, opened


@pytest.fixture
async def panel(story: Story) -> OpenPanel:
    """A manager's panel, after Alice made two videos and Bob one."""
    for by in (story.alice, story.alice, story.bob):
        await by.slash(story.channel, "kling", prompt="a kite")
        await story.settle()
    return await opened(story, a_manager(story), "much")


async def test_a_limit_of_the_server_says_what_all_have_made(panel: OpenPanel) -> None:
    told = private_words(await panel.fill("kling:admin:caps:server:0", day_videos="2"))
    assert told == (
        "The limits apply at once. So far: 3 videos ($2.52) today, 3 videos ($2.52) this month."
    )


async def test_a_limit_of_each_member_says_the_most_that_any_has_made(panel: OpenPanel) -> None:
    told = private_words(await panel.fill("kling:admin:caps:members:0", month_videos="9"))
    assert told == (
        "The limits apply at once. The busiest member so far: 2 videos ($1.68) "
        "today, 2 videos ($1.68) this month."
    )


async def test_a_limit_that_is_taken_away_counts_nothing(panel: OpenPanel) -> None:
    await panel.fill("kling:admin:caps:server:0", day_videos="2")
    told = await panel.fill("kling:admin:caps:server:0", day_videos="")
    assert not [one for one in told.followups if one.ephemeral and "counted" in one.content]
