"""Takes cards away from Discord, at somebody's wish."""

from datetime import timedelta
from typing import Final

import discord

from bot.cards.surfaces import ChannelSurface, surface_of
from bot.cards.writes import attempt
from bot.generation.job import Job
from bot.generation.ports import Clock, NotPresented, Presented, PresentOutcome, Trouble

BEFORE_ITS_END: Final = timedelta(minutes=5)
"""What follows a card is sent shortly before the row says that the job came to its end."""


class DiscordCardRemover:
    """Deletes the messages of cards. It may be repeated: what is gone counts as deleted."""

    def __init__(self, *, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def remove(self, job: Job) -> PresentOutcome:
        """Delete the job's message where its key still reaches it."""
        surface = surface_of(job, client=self._client, now=self._clock.now())
        if surface is None:
            return NotPresented(Trouble.KEY_DEAD)
        if isinstance(surface, ChannelSurface):
            # Before the card: after a trouble in between, the same press finishes it.
            since = job.state_since - BEFORE_ITS_END
            followers = await attempt(
                lambda: surface.delete_followers(since=since), clock=self._clock
            )
            if followers is Trouble.PASSING:
                return NotPresented(followers)
        trouble = await attempt(surface.delete, clock=self._clock)
        if trouble is None or trouble is Trouble.CARD_GONE:
            return Presented()
        return NotPresented(trouble)
