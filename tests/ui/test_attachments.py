"""What a member attaches is read with a bound, and trouble with Discord is no error of theirs."""

from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import discord
import pytest

from bot.domain.denied import Denied
from bot.domain.generation.picture import Picture, PictureFault, PictureRefusal
from bot.features.pictures import Pictures
from bot.storage import open_store
from bot.ui.attachments import take_picture
from tests.clocks import FakeClock
from tests.pictures import a_picture, saved

LINK = "https://cdn.discordapp.com/attachments/1/2/kite.png?ex=1&is=2&hm=3"
DATA = saved(a_picture())


class Cdn:
    """Discord's connection state, of which an attachment uses the files alone."""

    def __init__(self, comes: bytes | Exception) -> None:
        self.http = self
        self.comes = comes
        self.asked = list[str]()

    async def get_from_cdn(self, url: str) -> bytes:
        self.asked.append(url)
        if isinstance(self.comes, Exception):
            raise self.comes
        return self.comes


def attached(cdn: Cdn, *, size: int = len(DATA)) -> discord.Attachment:
    data: Any = {"id": 2, "filename": "kite.png", "size": size, "url": LINK, "proxy_url": LINK}
    state: Any = cdn
    return discord.Attachment(data=data, state=state)


@pytest.fixture
async def pictures(sqlite_url: str) -> AsyncGenerator[Pictures]:
    async with open_store(sqlite_url) as store:
        yield Pictures(database=store.database, clock=FakeClock())


async def test_an_attachment_becomes_its_members_picture(pictures: Pictures) -> None:
    cdn = Cdn(DATA)
    taken = await take_picture(pictures, attached(cdn), user_id=7)
    assert isinstance(taken, Picture)
    assert (taken.link, cdn.asked) == (LINK, [LINK])
    assert await pictures.bytes_of(taken.digest) is not None


@pytest.mark.parametrize("trouble", [aiohttp.ClientConnectionError("reset"), TimeoutError()])
async def test_what_discord_does_not_hand_over_is_told(
    pictures: Pictures, trouble: Exception
) -> None:
    taken = await take_picture(pictures, attached(Cdn(trouble)), user_id=7)
    assert taken == Denied(PictureRefusal(PictureFault.NOT_FETCHED))


async def test_four_gigabytes_are_not_asked_for(pictures: Pictures) -> None:
    cdn = Cdn(DATA)
    taken = await take_picture(pictures, attached(cdn, size=4 * 1024**3), user_id=7)
    assert taken == Denied(PictureRefusal(PictureFault.TOO_LARGE))
    assert cdn.asked == []
