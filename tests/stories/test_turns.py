"""Many jobs share what the service is asked in a second, and a press never waits for its turn."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.playground.runcomfy_scenario import Scenario
from bot.playground.videos import VideoLibrary
from tests.stories.harness import Story, told_story

SLOW = Scenario(queue_s=3_000, queue_position=1)
MANY = 12


@pytest.fixture
async def story(tmp_path: Path, videos: VideoLibrary) -> AsyncGenerator[Story]:
    """A bot that asks once a second in all, for as many jobs as anybody likes."""
    changes = {"polls_per_second": 1, "user_in_flight": 100, "max_in_flight": 100, "cooldown_s": 0}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as told:
        told.server.default = SLOW
        yield told


def looks(story: Story) -> list[int]:
    return [job.calls["status"] for job in story.server.jobs.values()]


async def test_all_jobs_together_are_looked_at_as_often_as_is_allowed(story: Story) -> None:
    for _ in range(MANY):
        await story.kling()
    await story.advance(60)
    before = looks(story)
    await story.advance(120)
    since = [after - earlier for after, earlier in zip(looks(story), before, strict=True)]

    assert 100 <= sum(since) <= 121
    assert max(since) - min(since) <= 2


async def test_a_job_that_waits_for_its_turn_is_cancelled_at_once(story: Story) -> None:
    asked = [await story.kling() for _ in range(MANY)]
    await story.advance(60)
    last = asked[-1]
    assert "In the queue" in story.card(last).heading
    before = sum(looks(story))
    await story.press("Cancel", last)

    assert "ancelled" in story.card(last).heading
    assert sum(looks(story)) - before <= 1
