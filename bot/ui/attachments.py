"""Reads the pictures that members attach."""

import discord

from bot.features.pictures import Pictures, Taken
from bot.ui.writes import EXPECTED


async def take_picture(
    pictures: Pictures, attachment: discord.Attachment, *, user_id: int
) -> Taken:
    """Read a member's attachment when its turn comes, and keep it as their picture.

    It may take a minute while many wait: acknowledge first.

    Raises:
        StoreUnavailable: the picture cannot be kept now.
    """

    async def fetch() -> bytes | None:
        try:
            return await attachment.read()
        except (discord.HTTPException, *EXPECTED):
            return None

    return await pictures.fetch(
        fetch, declared_bytes=attachment.size, user_id=user_id, link=attachment.url
    )
