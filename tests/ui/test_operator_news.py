"""News for owners: each is told once, whoever else has to be tried again."""

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import cast

import aiohttp
import discord
from discord import ui

from bot.domain.owner_trouble import DiskNearlyFull, Episode, OwnerMessage, TroublePhase
from bot.features.preferences import People
from bot.languages.language import Language, load_languages
from bot.storage import open_store
from bot.ui.layout import note
from bot.ui.operator_news import OperatorNews
from tests.clocks import FakeClock
from tests.domain.samples import NOON

REACHED, SILENT = 11, 12


class Post(discord.Client):
    """A client whose messages arrive at one owner, and at the other once Discord answers."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.none())
        self.told: list[int] = []
        self.is_silent = True

    async def create_dm(self, user: discord.abc.Snowflake) -> discord.DMChannel:
        if user.id == SILENT and self.is_silent:
            raise aiohttp.ClientConnectionError

        async def send(**_: object) -> None:
            self.told.append(user.id)

        return cast("discord.DMChannel", SimpleNamespace(send=send))


def drawn(message: OwnerMessage, language: Language) -> ui.LayoutView:
    del message, language
    return note("news")


async def over_time(doing: Coroutine[None, None, bool], clock: FakeClock) -> bool:
    """What comes of it while time passes: it waits between its tries."""
    task = asyncio.ensure_future(doing)
    while not task.done():
        if (due := clock.next_due()) is not None:
            clock.move_to(due)
        await asyncio.sleep(0)
    return task.result()


async def test_an_owner_who_was_told_is_not_told_again_for_anothers_sake(sqlite_url: str) -> None:
    client, clock = Post(), FakeClock(NOON)
    episode = Episode(trouble=DiskNearlyFull(free_bytes=1), began_at=NOON, seen_at=NOON)
    message = OwnerMessage(TroublePhase.BEGAN, [episode])
    async with open_store(sqlite_url) as store:
        news = OperatorNews(
            client=client,
            languages=load_languages(),
            people=People(database=store.database),
            clock=clock,
        )
        for is_told in (False, True):
            telling = news.tell(message, owners=(REACHED, SILENT), draw=drawn)
            assert await over_time(telling, clock) is is_told
            client.is_silent = False
    assert client.told == [REACHED, SILENT]
