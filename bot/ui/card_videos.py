"""Reads a video from the card that it was delivered with, which lasts longer than its link."""

import logging
from asyncio import to_thread
from pathlib import Path
from typing import Final

import discord

from bot.domain.job import Job, Reach
from bot.domain.ports import Clock, Trouble
from bot.ui.writes import attempt

logger = logging.getLogger(__name__)

READ_MAX_BYTES: Final = 100 * 1024 * 1024
"""The largest attachment that is read, since all of it is in memory: the most that boosts allow."""


class CardVideos:
    """Finds videos on public cards; the bot's own token reaches no private one."""

    def __init__(self, *, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def original(self, job: Job, into: Path) -> bool:
        """Write the attached original to `into`, if there is one.

        Raises:
            OSError: the disk does not take it.
        """
        return await self._read(job, into, copies=False)

    async def copy(self, job: Job, into: Path) -> bool:
        """Write the attached smaller copy to `into`, if there is one.

        Raises:
            OSError: the disk does not take it.
        """
        return await self._read(job, into, copies=True)

    async def _read(self, job: Job, into: Path, *, copies: bool) -> bool:
        place = job.place
        if place.reach is not Reach.BOT or not place.message_id:
            return False
        channel = self._client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        card = await attempt(lambda: channel.fetch_message(place.message_id), clock=self._clock)
        if isinstance(card, Trouble):
            logger.info("job %s: couldn't read its card (%s)", job.id, card.value)
            return False
        found = next((one for one in card.attachments if _is_video(one, copies=copies)), None)
        if found is None:
            return False
        content = await attempt(found.read, clock=self._clock)
        if isinstance(content, Trouble):
            logger.info("job %s: couldn't read its attachment (%s)", job.id, content.value)
            return False
        await to_thread(into.write_bytes, content)
        return True


def _is_video(attachment: discord.Attachment, *, copies: bool) -> bool:
    name = Path(attachment.filename)
    is_copy = name.stem.endswith("-copy")
    is_video = name.suffix in (".mp4", ".webm", ".mov")
    return is_video and is_copy is copies and attachment.size <= READ_MAX_BYTES
