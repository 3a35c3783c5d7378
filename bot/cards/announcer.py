"""Shows jobs on Discord: it redraws their cards, brings results, and notifies the requester."""

from collections.abc import Callable, Sequence

import discord
from discord import ui

from bot.cards import card, words
from bot.cards.language import Languages
from bot.cards.surfaces import ChannelSurface, surface_of
from bot.cards.words_library import jump_link
from bot.cards.writes import attempt
from bot.generation.expectation import Expectations, changes_at
from bot.generation.job import Job, Place, Reach
from bot.generation.line import InLine
from bot.generation.outcomes import FailureReason
from bot.generation.ports import (
    Clock,
    LocalFile,
    NotPresented,
    Presented,
    PresentOutcome,
    Trouble,
)
from bot.generation.preferences import Notify, NotifyChoices

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

    def __init__(
        self,
        *,
        client: discord.Client,
        languages: Languages,
        clock: Clock,
        expectations: Expectations,
        notify_choices: NotifyChoices,
    ) -> None:
        self._client = client
        self._languages = languages
        self._clock = clock
        self._expectations = expectations
        self._notify_choices = notify_choices

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        """Edit the job's card; bad news whose card cannot be reached goes to the requester."""
        expectation = await self._expectations.of(job)
        now, language = self._clock.now(), self._languages.of(job.locale)

        def draw() -> ui.LayoutView:
            return card.progress(
                job,
                language,
                now,
                service_silent=service_silent,
                in_line=in_line,
                expectation=expectation,
            )

        trouble = await self._edit(job, draw, files=None)
        # Of what was never confirmed the card is gone because its requester was told no.
        is_news = job.failure is not FailureReason.NOT_CONFIRMED
        if trouble in UNREACHABLE and job.ends_in_bad_news and is_news:
            return await self._send_directly(job, draw, files=(), nonce=_news_nonce(job))
        if trouble:
            return NotPresented(trouble)
        return Presented(stale_at=changes_at(job, expectation, now))

    async def deliver(self, job: Job, files: Sequence[LocalFile]) -> PresentOutcome:
        """Bring the result: on the card; if that is gone, anew; if the place is closed, directly.

        A private result stays private: it never moves into the channel.
        """
        language = self._languages.of(job.locale)

        def draw_with(fitting: Sequence[LocalFile]) -> Draw:
            return lambda: card.result(job, language, fitting)

        trouble = await self._edit(job, draw_with(files), files)
        if trouble is Trouble.CARD_GONE and job.place.reach is Reach.BOT:
            nonce = f"card{job.id}"
            sent = await self._send_new_card(draw_with(files), files, job.place, nonce=nonce)
            if not isinstance(sent, NotPresented):
                return sent
            trouble = sent.trouble
        if trouble in UNREACHABLE:
            fitting = [file for file in files if file.size_bytes <= DIRECT_UPLOAD_LIMIT_BYTES]
            nonce = f"card{job.id}"
            return await self._send_directly(job, draw_with(fitting), fitting, nonce=nonce)
        return NotPresented(trouble) if trouble else Presented()

    async def ping(self, job: Job) -> PresentOutcome:
        """Tell the requester in one short new message, in the way that they chose.

        A private job is told where its card is, whatever they chose: only they see it there.
        """
        if not job.private:
            match await self._notify_choices.notify_of(job.requester_id, job.place.guild_id):
                case Notify.NONE:
                    return Presented()
                case Notify.DIRECT:
                    told = await self._ping_directly(job)
                    # After a passing trouble it may have arrived, and nobody is told twice.
                    if isinstance(told, Presented) or told.trouble is Trouble.PASSING:
                        return told
                case Notify.MENTION:
                    pass
        return await self._ping_beside_card(job)

    async def _ping_directly(self, job: Job) -> Presented | NotPresented:
        link = jump_link(job)
        if link is None:
            return NotPresented(Trouble.CARD_GONE)
        place = await self._direct_place(job)
        if isinstance(place, NotPresented):
            return place
        text = words.direct_ping(self._languages.of(job.locale), job, link)
        surface = ChannelSurface(client=self._client, place=place)
        nonce = _news_nonce(job)
        trouble = await attempt(lambda: surface.tell(text, nonce=nonce), clock=self._clock)
        return NotPresented(trouble) if trouble else Presented()

    async def _ping_beside_card(self, job: Job) -> PresentOutcome:
        surface = surface_of(job, client=self._client, now=self._clock.now())
        if surface is None:
            return NotPresented(Trouble.KEY_DEAD)
        text, nonce = words.ping(self._languages.of(job.locale), job), _news_nonce(job)
        trouble = await attempt(
            lambda: surface.notify(text, requester_id=job.requester_id, nonce=nonce),
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
        self, job: Job, draw: Draw, files: Sequence[LocalFile], *, nonce: str
    ) -> Presented | NotPresented:
        """Send a new card to the requester, where only they see it."""
        place = await self._direct_place(job)
        if isinstance(place, NotPresented):
            return place
        return await self._send_new_card(draw, files, place, nonce=nonce)

    async def _direct_place(self, job: Job) -> Place | NotPresented:
        requester = discord.Object(job.requester_id)
        opened = await attempt(lambda: self._client.create_dm(requester), clock=self._clock)
        if isinstance(opened, Trouble):
            return NotPresented(opened)
        return Place(
            channel_id=opened.id,
            message_id=0,
            guild_id=None,
            reach=Reach.BOT,
            upload_limit_bytes=min(job.place.upload_limit_bytes, DIRECT_UPLOAD_LIMIT_BYTES),
        )

    async def _send_new_card(
        self, draw: Draw, files: Sequence[LocalFile], place: Place, *, nonce: str
    ) -> Presented | NotPresented:
        surface = ChannelSurface(client=self._client, place=place)
        sent = await attempt(lambda: surface.send(draw(), files, nonce=nonce), clock=self._clock)
        if isinstance(sent, Trouble):
            return NotPresented(sent)
        return Presented(place.model_copy(update={"message_id": sent.id}))


def _news_nonce(job: Job) -> str:
    """One for each end that a job can come to: within minutes Discord takes it once.

    Discord takes 25 characters.
    """
    end = job.state.value[:4] if job.ends_in_bad_news else "done"
    return f"{end}{job.id}"
