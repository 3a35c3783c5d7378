"""Deletes cards from Discord, with all messages that the bot sent because of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import discord

from bot.domain.job import NOBODY, Job, State
from bot.domain.ports import Clock, NotPresented, Presented, PresentOutcome, Trouble
from bot.features.library.library import DELETABLE_STATES
from bot.features.library.library_rows import Happening
from bot.ui.surfaces import ChannelSurface, Period, surface_of
from bot.ui.words.library import jump_link
from bot.ui.writes import attempt

AROUND_A_MOVE: Final = timedelta(minutes=5)
"""A message is sent shortly before or after the row changes; the two clocks may differ a little."""
_TELLING_STATES = DELETABLE_STATES | {State.RENDERED, State.UNSURE}
"""States in which the bot notifies the requester in a new message."""


class DiscordCardRemover:
    """Deletes the messages of cards. It may be repeated: a missing message counts as deleted."""

    def __init__(self, *, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def remove(self, job: Job, history: Sequence[Happening]) -> PresentOutcome:
        """Delete the job's message where its key still reaches it."""
        periods = periods_of(history)
        surface = surface_of(job, client=self._client, now=self._clock.now())
        # Before the card: after a trouble in between, the same action finishes it.
        troubles = [await self._delete_direct_followers(job, periods)]
        if isinstance(surface, ChannelSurface):
            troubles.append(await self._delete_followers(surface, job, periods))
        if Trouble.PASSING in troubles:
            return NotPresented(Trouble.PASSING)
        if surface is None:
            return NotPresented(Trouble.KEY_DEAD)
        trouble = await attempt(surface.delete, clock=self._clock)
        if trouble is None or trouble is Trouble.CARD_GONE:
            return Presented()
        return NotPresented(trouble)

    async def _delete_direct_followers(self, job: Job, periods: Sequence[Period]) -> Trouble | None:
        """The requester may have chosen direct messages then, even if they do not now."""
        if job.requester_id == NOBODY or jump_link(job) is None:
            return None
        requester = discord.Object(job.requester_id)
        opened = await attempt(lambda: self._client.create_dm(requester), clock=self._clock)
        if isinstance(opened, Trouble):
            return opened
        if opened.id == job.place.channel_id:
            return None
        there = job.place.model_copy(update={"channel_id": opened.id, "guild_id": None})
        surface = ChannelSurface(client=self._client, place=there)
        return await self._delete_followers(surface, job, periods)

    async def _delete_followers(
        self, surface: ChannelSurface, job: Job, periods: Sequence[Period]
    ) -> Trouble | None:
        link = jump_link(job)
        return await attempt(
            lambda: surface.delete_followers(link=link, periods=periods), clock=self._clock
        )


def periods_of(history: Sequence[Happening]) -> list[Period]:
    """When messages that follow the job's card were sent, oldest first; no two overlap."""
    periods: list[Period] = []
    for at in sorted(one.at for one in history if one.state in _TELLING_STATES):
        since, until = at - AROUND_A_MOVE, at + AROUND_A_MOVE
        if periods and since <= periods[-1][1]:
            since, _ = periods.pop()
        periods.append((since, until))
    return periods
