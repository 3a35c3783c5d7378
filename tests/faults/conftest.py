"""Faults are stories as well, and whatever goes wrong, the log gives no secret away."""

import io
import logging
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from bot.observability.logs import FLOORS, OWN_LOGGERS, configure_logging
from bot.playground.videos import VideoLibrary
from tests.stories.conftest import videos
from tests.stories.harness import Story, told_story

__all__ = ["videos"]


@pytest.fixture
def written_log() -> Generator[io.StringIO]:
    """The log as the bot writes it, at DEBUG."""
    root, stream = logging.getLogger(), io.StringIO()
    loggers = [root, *map(logging.getLogger, (*OWN_LOGGERS, *FLOORS))]
    levels, handlers = [logger.level for logger in loggers], list(root.handlers)
    configure_logging(level="DEBUG", secrets=(), stream=stream)
    yield stream
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    root.handlers[:] = handlers


@pytest.fixture
async def story(
    tmp_path: Path, videos: VideoLibrary, written_log: io.StringIO
) -> AsyncGenerator[Story]:
    """A world at rest, whose log is searched afterwards for everything that must not be in it."""
    async with told_story(data_dir=tmp_path / "data", videos=videos) as told:
        yield told
        tokens = list(told.env.backend.interaction_tokens)
        prompts = [str(post.input.get("prompt")) for post in told.server.posts]
    said = written_log.getvalue()
    secrets = [secret.get_secret_value() for secret in told.world.settings.secrets]
    assert "bot." in said
    assert tokens or not told.server.posts
    # No redaction was told these: the code itself must not say them.
    for canary in (*secrets, *tokens, *prompts):
        assert canary not in said
