"""Writes to the channels that a server's managers chose: questions to moderators, and reports."""

import hashlib
from collections.abc import Callable, Sequence

import discord
from discord import ui

from bot.domain.job import Job, Place, Reach
from bot.domain.ports import Clock, NotPresented, Presented, PresentOutcome, Trouble
from bot.features.pictures import Pictures
from bot.features.reports import Report
from bot.features.servers.servers import Servers
from bot.languages.language import Language, Languages
from bot.ui import moderators_card
from bot.ui.attachments import ShownPicture, files_of, pictures_of
from bot.ui.layout import note
from bot.ui.surfaces import ChannelSurface
from bot.ui.writes import NONCE_MAX_CHARS, attempt


class ServerRooms:
    """Fulfils `ReviewRoom`, and passes reports on: the only writer to those channels.

    Every send carries a nonce, so that a repeat after a crash shows nothing twice.
    """

    def __init__(
        self,
        *,
        client: discord.Client,
        servers: Servers,
        pictures: Pictures,
        languages: Languages,
        clock: Clock,
    ) -> None:
        self._client = client
        self._pictures = pictures
        self._servers = servers
        self._languages = languages
        self._clock = clock

    async def ask(self, job: Job) -> PresentOutcome:
        """Show moderators a job; where they cannot be asked, tell the log channel."""
        language = self._language_of(job, job.server_id)
        server = await self._servers.current(job.server_id)
        outcome: PresentOutcome = NotPresented(Trouble.PLACE_CLOSED)
        if server.review_channel_id is not None:
            pictures = await pictures_of(job, self._pictures)
            outcome = await self._send(
                _place(job, job.server_id, server.review_channel_id),
                lambda: moderators_card.to_be_reviewed(job, language, pictures),
                pictures,
                nonce=f"ask{job.id}",
            )
        is_closed = isinstance(outcome, NotPresented) and outcome.trouble is not Trouble.PASSING
        if is_closed and server.log_channel_id is not None:
            text = room_closed_line(language, job, server.review_channel_id)
            log = _place(job, job.server_id, server.log_channel_id)
            await self._send(log, lambda: note(text), (), nonce=f"noask{job.id}")
        return outcome

    async def tell(self, job: Job) -> PresentOutcome:
        """Redraw the question with the outcome of the job's review."""
        if job.review_channel_id is None or job.review_message_id is None:
            return NotPresented(Trouble.CARD_GONE)
        language = self._language_of(job, job.server_id)
        place = _place(job, job.server_id, job.review_channel_id, message_id=job.review_message_id)
        surface = ChannelSurface(client=self._client, place=place)
        pictures = await pictures_of(job, self._pictures)
        trouble = await attempt(
            lambda: surface.edit(
                moderators_card.reviewed(job, language, pictures), lambda: files_of(pictures)
            ),
            clock=self._clock,
        )
        return NotPresented(trouble) if trouble else Presented()

    async def pass_on(self, report: Report) -> PresentOutcome:
        """Show a report to the moderators of the server that has the video."""
        job, where = report.job, report.job.place.guild_id
        language = self._language_of(job, where)
        server = await self._servers.current(where)
        if server.log_channel_id is None:
            return NotPresented(Trouble.PLACE_CLOSED)
        named = f"{job.id}:{report.by_user_id}".encode()
        pictures = await pictures_of(job, self._pictures)
        return await self._send(
            _place(job, where, server.log_channel_id),
            lambda: moderators_card.reported(report, language, pictures),
            pictures,
            nonce=hashlib.sha256(named).hexdigest()[:NONCE_MAX_CHARS],
        )

    async def _send(
        self,
        place: Place,
        draw: Callable[[], ui.LayoutView],
        pictures: Sequence[ShownPicture],
        *,
        nonce: str,
    ) -> PresentOutcome:
        surface = ChannelSurface(client=self._client, place=place)
        sent = await attempt(
            lambda: surface.send(draw(), lambda: files_of(pictures), nonce=nonce),
            clock=self._clock,
        )
        if isinstance(sent, Trouble):
            return NotPresented(sent)
        return Presented(place.model_copy(update={"message_id": sent.id}))

    def _language_of(self, job: Job, server_id: int | None) -> Language:
        """The server's language where it is known, since everybody there reads the message."""
        guild = None if server_id is None else self._client.get_guild(server_id)
        return self._languages.of(job.locale if guild is None else guild.preferred_locale)


def _place(job: Job, server_id: int | None, channel_id: int, *, message_id: int = 0) -> Place:
    return Place(
        channel_id=channel_id,
        message_id=message_id,
        guild_id=server_id,
        reach=Reach.BOT,
        upload_limit_bytes=job.place.upload_limit_bytes,
    )


def room_closed_line(language: Language, job: Job, channel_id: int | None) -> str:
    """Says that no moderator could be asked about a job, and what to do."""
    channel = (
        language.say("which is not chosen any more") if channel_id is None else f"<#{channel_id}>"
    )
    return language.say(
        "⚠️ A moderator has to approve a video of {requester}, but I can't post in the "
        "review channel {channel}. So I declined it; nothing was charged. Let me view "
        "that channel and write there, or choose another one in `/kling-admin settings`.",
        requester=f"<@{job.requester_id}>",
        channel=channel,
    )
