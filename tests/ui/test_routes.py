"""Routes: what stands on cards and modals that are out there is served, each by one handler."""

from collections.abc import AsyncGenerator
from pathlib import Path

import discord
import pytest

from bot.client import load_cogs
from bot.ui.context import Client
from bot.ui.routes import OURS, Route

RELEASED = (
    Path(__file__).with_name("released_custom_ids.txt").read_text(encoding="utf-8").splitlines()
)
"""One custom_id of each kind that a released version put on a card or a modal; none may go."""


@pytest.fixture
async def bot() -> AsyncGenerator[Client]:
    """A bot that was started just now, and has shown nothing yet."""
    async with Client("!", intents=discord.Intents.none(), help_command=None) as bot:
        await load_cogs(bot)
        yield bot


@pytest.mark.parametrize("custom_id", RELEASED)
def test_what_is_on_a_released_card_is_served_after_a_restart(bot: Client, custom_id: str) -> None:
    assert OURS.fullmatch(custom_id)
    assert bot.routes.find(custom_id) is not None


def test_a_route_takes_what_it_makes_and_nothing_else() -> None:
    route = Route("kling:x.y:{job_id}:{number}", number="[0-9]+")
    assert route.of(job_id="0a", number=7) == "kling:x.y:0a:7"
    assert route.match("kling:x.y:0a:7") == {"job_id": "0a", "number": "7"}
    for other in ("kling:xzy:0a:7", "kling:x.y:0a:7:", "kling:x.y:0A:7", "kling:x.y:0a:"):
        assert route.match(other) is None
    with pytest.raises(ValueError, match="does not take"):
        route.of(job_id="a:b", number=7)
