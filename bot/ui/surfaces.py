"""Places where a card can be written: as the bot in its channel, or through an interaction."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import discord
from discord import ui

from bot.domain.job import Job, Place, Reach
from bot.domain.ports import Trouble
from bot.ui.writes import ARCHIVED, trouble_of

NOBODY = discord.AllowedMentions.none()
FOLLOWERS_AMONG = 500
"""How many messages of a period are searched for those that follow a card: five requests."""

Period = tuple[datetime, datetime]
"""From one instant until another."""

Opened = Callable[[], list[discord.File]]
"""Opens the files for one upload: a file object cannot be sent twice."""


class ChannelSurface:
    """A public card: edited by the bot's own token, which never expires."""

    def __init__(self, *, client: discord.Client, place: Place, reopens: bool = True) -> None:
        """`reopens`: whether the writes may reopen a thread that time has archived."""
        self._client = client
        self._reopens = reopens
        self._channel = client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        self._place = place

    async def edit(self, view: ui.LayoutView, opened: Opened | None) -> None:
        """Edit the message by its id; the interaction's own edit would die after 15 minutes.

        The files replace the attachments; None keeps them.
        """
        message = self._channel.get_partial_message(self._place.message_id)

        async def write() -> None:
            attachments = discord.utils.MISSING if opened is None else opened()
            await message.edit(view=view, allowed_mentions=NOBODY, attachments=attachments)

        await self._in_open_thread(write)

    async def send(
        self, view: ui.LayoutView, opened: Opened = list, *, nonce: str
    ) -> discord.Message:
        """Send a new card; a repeat with the same nonce gives the first message again."""
        return await self._channel.send(
            view=view, files=opened(), allowed_mentions=NOBODY, nonce=nonce
        )

    async def add(self, view: ui.LayoutView, opened: Opened, *, nonce: str) -> discord.Message:
        """Reply to the card, so that the message can be found and deleted together with it."""
        return await self._channel.send(
            view=view,
            files=opened(),
            reference=self._card(),
            allowed_mentions=NOBODY,
            nonce=nonce,
        )

    async def notify(self, text: str, *, requester_id: int, nonce: str) -> None:
        """Reply to the card, so that the reader can jump to it."""
        await self._channel.send(
            text,
            reference=self._card(),
            allowed_mentions=discord.AllowedMentions(
                everyone=False,
                roles=False,
                users=[discord.Object(requester_id)],
                replied_user=False,
            ),
            nonce=nonce,
        )

    async def tell(self, text: str, *, nonce: str) -> None:
        """Send one new message that replies to nothing and mentions no one."""
        await self._channel.send(text, allowed_mentions=NOBODY, nonce=nonce)

    async def delete(self) -> None:
        """Delete the bot's own message: that needs no permission."""
        message = self._channel.get_partial_message(self._place.message_id)
        await self._in_open_thread(message.delete)

    async def delete_followers(self, *, link: str | None, periods: Sequence[Period]) -> None:
        """Delete the bot's messages of the periods that reply to the card or contain its `link`."""
        for since, until in periods:
            history = self._channel.history(after=since, before=until, limit=FOLLOWERS_AMONG)
            async for message in history:
                if self._follows(message, link):
                    await self._in_open_thread(message.delete)

    def _follows(self, message: discord.Message, link: str | None) -> bool:
        own, reference = self._client.user, message.reference
        if own is None or message.author.id != own.id:
            return False
        is_reply = reference is not None and reference.message_id == self._place.message_id
        # As a whole word: another card's link may begin the same way.
        return is_reply or link in message.content.split()

    async def _in_open_thread(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write, reopening an archived thread: only new messages reopen it by themselves."""
        try:
            await write()
        except discord.HTTPException as refusal:
            if refusal.code != ARCHIVED or not self._reopens:
                raise
            await self._reopen(refusal)
            await write()

    async def _reopen(self, archived: discord.HTTPException) -> None:
        try:
            thread = await self._client.fetch_channel(self._place.channel_id)
            if isinstance(thread, discord.Thread):
                await thread.edit(archived=False)
        except discord.HTTPException as refusal:
            if trouble_of(refusal) is Trouble.PASSING:
                raise
            # The thread is locked, or no longer visible: the first error says enough.
            raise archived from refusal

    def _card(self) -> discord.MessageReference:
        return discord.MessageReference(
            message_id=self._place.message_id,
            channel_id=self._place.channel_id,
            guild_id=self._place.guild_id,
            fail_if_not_exists=False,
        )


class InteractionSurface:
    """A card that only the interaction's token reaches: private, or where the bot is no member."""

    def __init__(self, *, client: discord.Client, place: Place, token: str) -> None:
        application_id = client.application_id or 0
        self._webhook = discord.Webhook.partial(application_id, token, client=client)
        # The library allows ephemeral followups only on webhooks of this type.
        self._webhook.type = discord.WebhookType.application
        self._place = place

    async def edit(self, view: ui.LayoutView, opened: Opened | None) -> None:
        """Edit the message through the interaction's webhook."""
        await self._webhook.edit_message(
            self._place.message_id,
            view=view,
            allowed_mentions=NOBODY,
            attachments=discord.utils.MISSING if opened is None else opened(),
        )

    async def add(self, view: ui.LayoutView, opened: Opened, *, nonce: str) -> discord.Message:
        """Send it as a followup. Discord takes no nonce here."""
        del nonce
        return await self._webhook.send(
            view=view,
            files=opened(),
            ephemeral=self._place.ephemeral,
            allowed_mentions=NOBODY,
            wait=True,
        )

    async def notify(self, text: str, *, requester_id: int, nonce: str) -> None:
        """Send a followup, visible to the same people as the card. Discord takes no nonce here."""
        del nonce
        await self._webhook.send(
            text,
            ephemeral=self._place.ephemeral,
            allowed_mentions=discord.AllowedMentions(
                everyone=False, roles=False, users=[discord.Object(requester_id)]
            ),
        )

    async def delete(self) -> None:
        """Delete the message through the interaction's webhook."""
        await self._webhook.delete_message(self._place.message_id)


Surface = ChannelSurface | InteractionSurface
"""The place of one card. Every method is a single write to Discord.

Raises:
    discord.HTTPException: Discord refused it.
    OSError, TimeoutError, aiohttp.ClientError: the connection broke.
"""


def surface_of(
    job: Job, *, client: discord.Client, now: datetime, reopens: bool = True
) -> Surface | None:
    """Where the job's card can be written now; None if its only token or its place is gone."""
    if not job.place.message_id:
        return None
    if job.place.reach is Reach.BOT:
        return ChannelSurface(client=client, place=job.place, reopens=reopens)
    token = job.interaction_token_alive(now)
    if token is None:
        return None
    return InteractionSurface(client=client, place=job.place, token=token)
