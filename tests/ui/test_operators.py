"""Who runs the bot is asked of Discord, remembered for minutes, and never guessed."""

from datetime import timedelta

import aiohttp
import discord

from bot.ui.operators import FRESH_FOR, ApplicationOperators
from tests.clocks import FakeClock

OWNER, STRANGER = 11, 12


class Portal(discord.Client):
    """A client whose application belongs to whom the test says."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.none())
        self.owner_of_it: int | None = OWNER
        self.asked = 0

    async def application_info(self) -> discord.AppInfo:
        self.asked += 1
        if self.owner_of_it is None:
            raise aiohttp.ClientConnectionError
        return discord.AppInfo(
            self._connection,
            {
                "id": 1,
                "name": "Kling",
                "icon": None,
                "description": "",
                "summary": "",
                "verify_key": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "flags": 0,
                "owner": {
                    "id": self.owner_of_it,
                    "username": "boss",
                    "discriminator": "0",
                    "avatar": None,
                    "global_name": None,
                },
            },
        )


async def test_the_owner_is_an_operator_and_a_stranger_is_none() -> None:
    operators = ApplicationOperators(client=(portal := Portal()), clock=FakeClock())
    assert await operators.include(OWNER)
    assert not await operators.include(STRANGER)
    assert portal.asked == 1


async def test_a_new_owner_counts_after_minutes() -> None:
    clock = FakeClock()
    operators = ApplicationOperators(client=(portal := Portal()), clock=clock)
    assert await operators.include(OWNER)
    portal.owner_of_it = STRANGER
    assert not await operators.include(STRANGER)
    clock.move_to(clock.now() + FRESH_FOR)
    assert await operators.include(STRANGER)
    assert not await operators.include(OWNER)


async def test_as_long_as_nobody_is_known_nobody_is_an_operator() -> None:
    clock = FakeClock()
    operators = ApplicationOperators(client=(portal := Portal()), clock=clock)
    portal.owner_of_it = None
    assert not await operators.include(OWNER)
    portal.owner_of_it = OWNER
    assert await operators.include(OWNER)
    portal.owner_of_it = None
    clock.move_to(clock.now() + timedelta(hours=1))
    assert await operators.include(OWNER)
    assert not await operators.include(STRANGER)
