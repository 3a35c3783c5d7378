"""A world whose bot tells of itself, and what can be read there."""

import json
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.playground.videos import VideoLibrary
from tests.stories.conftest import videos
from tests.stories.harness import Story, told_story

__all__ = ["videos"]

SAMPLE = re.compile(r"^(?P<name>\w+)(?:\{(?P<labels>.*)\})? (?P<value>\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    content_type: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.text)

    def value(self, name: str, **labels: str) -> float:
        """The one sample of that name and these labels."""
        found = [
            float(sample["value"])
            for sample in SAMPLE.finditer(self.text)
            if sample["name"] == name
            if dict(re.findall(r'(\w+)="([^"]*)"', sample["labels"] or "")) == labels
        ]
        assert len(found) == 1, f"{len(found)} samples of {name}{labels}"
        return found[0]


class Bystander:
    """Somebody who may reach METRICS_ADDR and nothing else: Prometheus, a healthcheck."""

    def __init__(self, *, url: str, session: ClientSession) -> None:
        self._url = url
        self._session = session

    async def get(self, path: str) -> Answer:
        async with self._session.get(self._url + path) as response:
            return Answer(response.status, await response.text(), response.headers["Content-Type"])

    async def scrape(self) -> Answer:
        """What Prometheus sees."""
        return await self.get("/metrics")

    async def checks(self, status: int) -> dict[str, str]:
        """What `/readyz` finds, when it answers with this status."""
        answer = await self.get("/readyz")
        assert answer.status == status, answer.text
        assert answer.json["ready"] is (status == 200)
        return answer.json["checks"]


@pytest.fixture
async def story(tmp_path: Path, videos: VideoLibrary) -> AsyncGenerator[Story]:
    """A world at rest whose bot answers at a port of its own."""
    changes = {"metrics_addr": "127.0.0.1:0"}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as told:
        yield told


@pytest.fixture
async def bystander(story: Story) -> AsyncGenerator[Bystander]:
    assert story.world.app.monitor is not None
    url = story.world.app.monitor.url
    assert url is not None
    async with ClientSession() as session:
        yield Bystander(url=url, session=session)
