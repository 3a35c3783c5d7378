"""Shows jobs on Discord: it redraws their cards, brings results, and notifies the requester."""

from collections.abc import Callable, Sequence

import discord
from discord import ui

from bot.cards import card, words
from bot.cards.language import Languages
from bot.cards.surfaces import ChannelSurface, surface_of
from bot.cards.writes import attempt
from bot.generation.job import Job, Place, Reach, State
from bot.generation.ports import (
    Clock,
    LocalFile,
    NotPresented,
    Presented,
    PresentOutcome,
    Trouble,
)

DIRECT_UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
"""What anybody may be sent without boosts; a server's higher limit ends at its door."""
UNREACHABLE = frozenset({Trouble.CARD_GONE, Trouble.PLACE_CLOSED, Trouble.KEY_DEAD})
"""Troubles that no repetition mends: the card cannot be reached any more."""

Draw = Callable[[], ui.LayoutView]
"""Draws the card anew: a view can be sent once only."""


class DiscordAnnouncer:
    """The only writer to Discord beside the answers to interactions.

    Every write may be repeated safely: an edit is an edit, and a repeated send carries the nonce
    of the first.
    """

    def __init__(self, *, client: discord.Client, languages: Languages, clock: Clock) -> None:
        self._client = client
        self._languages = languages
        self._clock = clock

    async def show(self, job: Job, *, service_silent: bool = False) -> PresentOutcome:
        """Edit the job's card; bad news whose card cannot be reached goes to the requester."""
        now, language = self._clock.now(), self._languages.of(job.locale)

        def draw() -> ui.LayoutView:
            return card.progress(job, language, now, service_silent=service_silent)

        trouble = await self._edit(job, draw, files=None)
        if trouble in UNREACHABLE and job.state in (State.FAILED, State.UNSURE):
            return await self._send_directly(job, draw, files=())
        return NotPresented(trouble) if trouble else Presented()

    async def deliver(self, job: Job, files: Sequence[LocalFile]) -> PresentOutcome:
        """Bring the result: on the card; if that is gone, anew; if the place is closed, directly.

        A private result stays private: it never moves into the channel.
        """
        language = self._languages.of(job.locale)

        def draw_with(fitting: Sequence[LocalFile]) -> Draw:
            return lambda: card.result(job, language, fitting)

        trouble = await self._edit(job, draw_with(files), files)
        if trouble is Trouble.CARD_GONE and job.place.reach is Reach.BOT:
            sent = await self._send_new_card(job, draw_with(files), files, job.place)
            if not isinstance(sent, NotPresented):
                return sent
            trouble = sent.trouble
        if trouble in UNREACHABLE:
            fitting = [file for file in files if file.size_bytes <= DIRECT_UPLOAD_LIMIT_BYTES]
            return await self._send_directly(job, draw_with(fitting), fitting)
        return NotPresented(trouble) if trouble else Presented()

    async def ping(self, job: Job) -> PresentOutcome:
        """Tell the requester in one short new message, seen by the same people as the card."""
        surface = surface_of(job, client=self._client, now=self._clock.now())
        if surface is None:
            return NotPresented(Trouble.KEY_DEAD)
        text = words.ping(self._languages.of(job.locale), job.requester_id)
        trouble = await attempt(
            lambda: surface.notify(text, requester_id=job.requester_id, nonce=f"done{job.id}"),
            clock=self._clock,
        )
        return NotPresented(trouble) if trouble else Presented()

    async def _edit(
        self, job: Job, draw: Draw, files: Sequence[LocalFile] | None
    ) -> Trouble | None:
        """Edit the card where it is; `files` None leaves its attachments alone."""
        surface = surface_of(job, client=self._client, now=self._clock.now())
        if surface is None:
            return Trouble.KEY_DEAD
        return await attempt(lambda: surface.edit(draw(), files), clock=self._clock)

    async def _send_directly(
        self, job: Job, draw: Draw, files: Sequence[LocalFile]
    ) -> Presented | NotPresented:
        """Send a new card to the requester, where only they see it."""
        requester = discord.Object(job.requester_id)
        opened = await attempt(lambda: self._client.create_dm(requester), clock=self._clock)
        if isinstance(opened, Trouble):
            return NotPresented(opened)
        place = Place(
            channel_id=opened.id,
            message_id=0,
            guild_id=None,
            reach=Reach.BOT,
            upload_limit_bytes=min(job.place.upload_limit_bytes, DIRECT_UPLOAD_LIMIT_BYTES),
        )
        return await self._send_new_card(job, draw, files, place)

    async def _send_new_card(
        self, job: Job, draw: Draw, files: Sequence[LocalFile], place: Place
    ) -> Presented | NotPresented:
        surface = ChannelSurface(client=self._client, place=place)
        sent = await attempt(
            lambda: surface.send(draw(), files, nonce=f"card{job.id}"), clock=self._clock
        )
        if isinstance(sent, Trouble):
            return NotPresented(sent)
        return Presented(place.model_copy(update={"message_id": sent.id}))
