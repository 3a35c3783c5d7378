"""The catalogue's price, where it is higher, holds for estimates, lists and limits at once."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.generation.models import USUAL
from bot.domain.job import State
from bot.domain.money.ledger import Caps
from bot.playground.runcomfy_scenario import unavailable
from bot.playground.videos import VideoLibrary
from tests.stories.harness import Story, private_words, told_story
from tests.stories.test_allowance import allowance

HOUR_S = 3_600
NEWS = f"{USUAL.id} costs $0.224 a second silent and $0.336 with sound in RunComfy's catalogue"


def let_it_cost(story: Story, silent_microusd: int, sound_microusd: int) -> None:
    """From now on, by the catalogue."""
    story.server.catalogue.models[USUAL.id] = replace(
        USUAL, silent_microusd_per_s=silent_microusd, sound_microusd_per_s=sound_microusd
    )


def told(caplog: pytest.LogCaptureFixture) -> int:
    """How often the operator was told of a higher price."""
    return sum("in RunComfy's catalogue" in message for message in caplog.messages)


async def test_a_higher_price_holds_within_the_hour_and_is_told_once(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    let_it_cost(story, 224_000, 336_000)
    assert "- Pro (1080p): 5 s $0.56 / $0.84" in await allowance(story)
    await story.advance(HOUR_S)
    assert "- Pro (1080p): 5 s $1.12 / $1.68" in await allowance(story)
    asked = await story.kling()
    assert "about $1.68" in story.card(asked).text
    assert (await story.job()).estimate_microusd == 1_680_000
    await story.advance(2 * HOUR_S)
    assert told(caplog) == 1
    assert any(message.startswith(NEWS) for message in caplog.messages)
    # Nothing was bought by looking.
    assert len(story.server.posts) == 1


async def test_it_is_read_before_the_first_order(story: Story) -> None:
    let_it_cost(story, 224_000, 336_000)
    await story.world.restart_bot()
    await story.kling()
    assert (await story.job()).estimate_microusd == 1_680_000


async def test_a_lower_price_lowers_nothing_and_a_former_one_comes_back(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    let_it_cost(story, 1, 2)
    await story.advance(HOUR_S)
    assert "- Pro (1080p): 5 s $0.56 / $0.84" in await allowance(story)
    let_it_cost(story, 112_000, 336_000)
    await story.advance(HOUR_S)
    assert "- Pro (1080p): 5 s $0.56 / $1.68" in await allowance(story)
    let_it_cost(story, 112_000, 168_000)
    await story.advance(HOUR_S)
    assert "- Pro (1080p): 5 s $0.56 / $0.84" in await allowance(story)
    assert told(caplog) == 1


async def test_a_look_up_that_fails_changes_nothing_and_is_made_again_soon(story: Story) -> None:
    let_it_cost(story, 224_000, 336_000)
    await story.advance(HOUR_S)
    story.server.front_door = unavailable()
    await story.advance(HOUR_S)
    assert "- Pro (1080p): 5 s $1.12 / $1.68" in await allowance(story)
    let_it_cost(story, 336_000, 336_000)
    story.server.front_door = None
    await story.advance(6 * 60)
    assert "- Pro (1080p): 5 s $1.68" in await allowance(story)


@pytest.mark.parametrize("unit", ["video", "", "credits"])
async def test_a_price_that_is_not_by_the_second_is_not_taken_over(story: Story, unit: str) -> None:
    let_it_cost(story, 224_000, 336_000)
    story.server.catalogue.price_unit = unit
    await story.advance(HOUR_S)
    assert "- Pro (1080p): 5 s $0.56 / $0.84" in await allowance(story)


async def test_the_bot_starts_without_the_catalogue(story: Story) -> None:
    story.server.front_door = unavailable()
    await story.world.restart_bot()
    story.server.front_door = None
    await story.kling()
    await story.until(State.DELIVERED)


async def test_a_limit_in_dollars_holds_at_the_higher_price(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    changes = {"total_limit": Caps(day_microusd=2_000_000)}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        let_it_cost(story, 224_000, 336_000)
        await story.advance(HOUR_S)
        await story.kling()
        # Two at the declared price would fit: $0.84 each.
        assert "$0.32" in private_words(await story.kling())
        assert len(story.server.posts) == 1
