"""Shows jobs on Discord: it redraws their cards, brings results, and notifies the requester."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import discord
from discord import ui

from bot.domain.forecast import Forecasts, changes_at
from bot.domain.job import Job, JobId, Place, Reach
from bot.domain.line import InLine
from bot.domain.outcomes import FailureReason, Media
from bot.domain.ports import (
    Clock,
    FilesWithin,
    LocalFile,
    NotPresented,
    Presented,
    PresentOutcome,
    Trouble,
)
from bot.domain.preferences import Notify
from bot.domain.servers import SettingsLookup
from bot.languages.language import Languages
from bot.ui import card, parts
from bot.ui.parts import DEFAULT_LIMIT_BYTES, Part
from bot.ui.presentation import Message, Presenting, SendMessage, Shown, Tried
from bot.ui.surfaces import ChannelSurface, Opened, Surface, surface_of
from bot.ui.words import cards as words
from bot.ui.words.library import jump_link
from bot.ui.writes import attempt

logger = logging.getLogger(__name__)

MOST_REMEMBERED: Final = 1_000
"""How many undelivered results keep in memory what Discord refused of them."""
UNREACHABLE = frozenset({Trouble.CARD_GONE, Trouble.PLACE_CLOSED, Trouble.KEY_DEAD})
"""Troubles that no retry solves: the card cannot be reached any more."""

Draw = Callable[[], ui.LayoutView]
"""Draws a new view of the card: a view can be sent only once."""


class DiscordAnnouncer:
    """The only writer to Discord besides the answers to interactions.

    Every write may be repeated safely: an edit is an edit, and a repeated send carries the nonce
    of the first.
    """

    def __init__(
        self,
        *,
        client: discord.Client,
        languages: Languages,
        clock: Clock,
        forecasts: Forecasts,
        notify_of: Callable[[int, int | None], Awaitable[Notify]],
        before_of: Callable[[JobId | None], Awaitable[Job | None]],
        servers: SettingsLookup,
        is_first: Callable[[Job], Awaitable[bool]],
    ) -> None:
        """`before_of` gives the job that another one continues, or was made like.

        `is_first` says whether a job is the first of its requester.
        """
        self._client = client
        self._languages = languages
        self._clock = clock
        self._forecasts = forecasts
        self._notify_of = notify_of
        self._before_of = before_of
        self._servers = servers
        self._is_first = is_first
        self._tried: OrderedDict[JobId, dict[int, Tried]] = OrderedDict()

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        """Edit the job's card; bad news whose card cannot be reached goes to the requester."""
        forecast, before = await self._forecasts.of(job), await self._before_of(job.comes_from)
        now, language = self._clock.now(), self._languages.of(job.locale)
        is_first = await self._is_first(job)

        def draw() -> ui.LayoutView:
            view = card.progress(
                job,
                language,
                now,
                service_silent=service_silent,
                in_line=in_line,
                forecast=forecast,
                before=before,
                prices_hidden=self._hides_prices(job),
            )
            return card.with_help(view, language) if is_first else view

        trouble = await self._edit(job, draw)
        # The card of a job that was never confirmed is gone because its requester was told no.
        is_news = job.failure is not FailureReason.NOT_CONFIRMED
        if trouble in UNREACHABLE and job.ends_in_bad_news and is_news:
            return await self._send_directly(job, draw, nonce=_news_nonce(job))
        if trouble:
            return NotPresented(trouble)
        return Presented(stale_at=changes_at(job, forecast, now))

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        """Bring the result: on the card, on a new one if it is gone, or directly in a closed place.

        A private result stays private: it never moves into the channel. Media that Discord refuses
        in every form comes directly as well.
        """
        whole = parts.whole(job, files)
        shown, place = await self._show_on_card(job, whole, within), None
        if shown is Trouble.CARD_GONE and job.place.reach is Reach.BOT:
            shown, place = await self._show_anew(job, job.place, whole, within), job.place
        if isinstance(shown, Shown):
            if shown.missing:
                await self._send_missing(job, shown.missing, within)
        elif shown in UNREACHABLE or shown is Trouble.REFUSED:
            in_place, place = shown, await self._direct_place(job)
            if isinstance(place, NotPresented):
                return place
            whole = parts.whole(job, await within(place.upload_limit_bytes))
            shown = await self._show_anew(job, place, whole, within)
            if in_place is Trouble.REFUSED and isinstance(shown, Shown):
                language = self._languages.of(job.locale)
                hidden = self._hides_prices(job)
                await self._edit(
                    job,
                    lambda: card.sent_directly(job, language, prices_hidden=hidden),
                    opened=list,
                )
        if isinstance(shown, Trouble):
            return NotPresented(shown)
        self._tried.pop(job.id, None)
        moved = None if place is None else place.model_copy(update={"message_id": shown.message_id})
        return Presented(moved, files=shown.files)

    async def ping(self, job: Job) -> PresentOutcome:
        """Notify the requester in one short new message, in the way that they chose.

        News of a private job always goes where its card is: only the requester sees it there.
        """
        if not job.private:
            match await self._notify_of(job.requester_id, job.place.guild_id):
                case Notify.NONE:
                    return Presented()
                case Notify.DIRECT:
                    told = await self._ping_directly(job)
                    # After a passing trouble it may have arrived, and must not arrive twice.
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

    async def _edit(self, job: Job, draw: Draw, *, opened: Opened | None = None) -> Trouble | None:
        """Edit the card where it is; `opened` None leaves its attachments alone."""
        # A thread that time has archived is reopened for an end, not for news in between.
        surface = surface_of(
            job, client=self._client, now=self._clock.now(), reopens=not job.is_live
        )
        if surface is None:
            return Trouble.KEY_DEAD
        return await attempt(lambda: surface.edit(draw(), opened), clock=self._clock)

    async def _show_on_card(self, job: Job, whole: Part, within: FilesWithin) -> Shown | Trouble:
        surface = surface_of(job, client=self._client, now=self._clock.now())
        if surface is None:
            return Trouble.KEY_DEAD

        async def send(message: Message) -> int | Trouble:
            if not message.part.is_card:
                return await self._add(surface, message)
            trouble = await attempt(
                lambda: surface.edit(message.draw(), message.opened), clock=self._clock
            )
            return job.place.message_id if trouble is None else trouble

        return await self._present(whole, job=job, place=job.place, within=within, send=send)

    async def _show_anew(
        self, job: Job, place: Place, whole: Part, within: FilesWithin
    ) -> Shown | Trouble:
        surface, is_first = ChannelSurface(client=self._client, place=place), True

        async def send(message: Message) -> int | Trouble:
            nonlocal surface, is_first
            if not is_first:
                return await self._add(surface, message)
            nonce = f"card{job.id}" if message.part.is_card else message.nonce
            sent = await attempt(
                lambda: surface.send(message.draw(), message.opened, nonce=nonce),
                clock=self._clock,
            )
            if isinstance(sent, Trouble):
                return sent
            here = place.model_copy(update={"message_id": sent.id})
            surface, is_first = ChannelSurface(client=self._client, place=here), False
            return sent.id

        return await self._present(whole, job=job, place=place, within=within, send=send)

    async def _add(self, surface: Surface, message: Message) -> int | Trouble:
        added = await attempt(
            lambda: surface.add(message.draw(), message.opened, nonce=message.nonce),
            clock=self._clock,
        )
        return added if isinstance(added, Trouble) else added.id

    async def _send_missing(self, job: Job, missing: Sequence[Media], within: FilesWithin) -> None:
        """Send media that Discord refused in every form on the card to the requester directly."""
        place, sent = await self._direct_place(job), None
        if not isinstance(place, NotPresented):
            sent = await self._show_anew(job, place, Part(links=tuple(missing)), within)
        if not isinstance(sent, Shown):
            logger.error("job %s: Discord refused %d files in every form", job.id, len(missing))

    async def _present(
        self, whole: Part, *, job: Job, place: Place, within: FilesWithin, send: SendMessage
    ) -> Shown | Trouble:
        language, before = self._languages.of(job.locale), await self._before_of(job.comes_from)
        hidden = self._hides_prices(job)
        has_showcase = self._servers.known(place.guild_id).showcase_channel_id is not None
        is_first = whole.is_card and await self._is_first(job)

        def draw(part: Part) -> ui.LayoutView:
            view = card.result(
                job,
                language,
                part,
                before=before,
                prices_hidden=hidden,
                has_showcase=has_showcase,
            )
            is_card = part.is_card and not part.is_bare
            return card.with_help(view, language) if is_first and is_card else view

        presenting = Presenting(
            draw=draw,
            send=send,
            within=within,
            limit_bytes=place.upload_limit_bytes,
            tried=self._tried_in(job, place),
            now=self._clock.now(),
        )
        return await presenting.show(whole)

    def _hides_prices(self, job: Job) -> bool:
        return self._servers.known(job.server_id).prices_hidden

    def _tried_in(self, job: Job, place: Place) -> Tried:
        """What was tried of a result there; delivery or a restart forgets it."""
        by_channel = self._tried.setdefault(job.id, {})
        self._tried.move_to_end(job.id)
        if len(self._tried) > MOST_REMEMBERED:
            self._tried.popitem(last=False)
        return by_channel.setdefault(place.channel_id, Tried())

    async def _send_directly(self, job: Job, draw: Draw, *, nonce: str) -> Presented | NotPresented:
        """Send a new card to the requester, where only they see it."""
        place = await self._direct_place(job)
        if isinstance(place, NotPresented):
            return place
        surface = ChannelSurface(client=self._client, place=place)
        sent = await attempt(lambda: surface.send(draw(), nonce=nonce), clock=self._clock)
        if isinstance(sent, Trouble):
            return NotPresented(sent)
        return Presented(place.model_copy(update={"message_id": sent.id}))

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
            upload_limit_bytes=DEFAULT_LIMIT_BYTES,
        )


def _news_nonce(job: Job) -> str:
    """A nonce for each possible end of a job: Discord takes it once within minutes.

    Discord takes 25 characters.
    """
    end = job.state.value[:4] if job.ends_in_bad_news else "done"
    return f"{end}{job.id}"
