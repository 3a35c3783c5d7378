"""Where a card can be written: through the bot in its channel, or through an interaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import discord
from discord import ui

from bot.generation.job import Job, Place, Reach
from bot.generation.ports import LocalFile

NOBODY = discord.AllowedMentions.none()


class Surface(Protocol):
    """The place of one card. Every method is a single write to Discord.

    Raises:
        discord.HTTPException: Discord refused it.
        OSError, TimeoutError, aiohttp.ClientError: the connection broke.
    """

    async def edit(self, view: ui.LayoutView, files: Sequence[LocalFile] | None) -> None:
        """Redraw the card; `files` replace what is attached, None leaves that alone."""
        ...

    async def notify(self, text: str, *, requester_id: int, nonce: str) -> None:
        """Send one new message about the card that mentions the requester alone."""
        ...

    async def delete(self) -> None:
        """Delete the card."""
        ...


class ChannelSurface:
    """A public card: edited by the bot's own token, which never expires."""

    def __init__(self, *, client: discord.Client, place: Place) -> None:
        self._channel = client.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        self._place = place

    async def edit(self, view: ui.LayoutView, files: Sequence[LocalFile] | None) -> None:
        """Edit the message by its id; the interaction's own edit would die after 15 minutes."""
        await self._channel.get_partial_message(self._place.message_id).edit(
            view=view,
            allowed_mentions=NOBODY,
            attachments=discord.utils.MISSING if files is None else uploads(files),
        )

    async def send(
        self, view: ui.LayoutView, files: Sequence[LocalFile], *, nonce: str
    ) -> discord.Message:
        """Send a new card; a repeat with the same nonce gives the first message again."""
        return await self._channel.send(
            view=view, files=uploads(files), allowed_mentions=NOBODY, nonce=nonce
        )

    async def notify(self, text: str, *, requester_id: int, nonce: str) -> None:
        """Reply to the card, so that the reader can jump to it."""
        await self._channel.send(
            text,
            reference=discord.MessageReference(
                message_id=self._place.message_id,
                channel_id=self._place.channel_id,
                guild_id=self._place.guild_id,
                fail_if_not_exists=False,
            ),
            allowed_mentions=discord.AllowedMentions(
                everyone=False,
                roles=False,
                users=[discord.Object(requester_id)],
                replied_user=False,
            ),
            nonce=nonce,
        )

    async def tell(self, text: str, *, nonce: str) -> None:
        """Send one new message that replies to nothing and mentions nobody."""
        await self._channel.send(text, allowed_mentions=NOBODY, nonce=nonce)

    async def delete(self) -> None:
        """Delete our own message: that needs no permission."""
        await self._channel.get_partial_message(self._place.message_id).delete()


class InteractionSurface:
    """A card that only the interaction's token reaches: private, or where the bot is no member."""

    def __init__(self, *, client: discord.Client, place: Place, token: str) -> None:
        application_id = client.application_id or 0
        self._webhook = discord.Webhook.partial(application_id, token, client=client)
        # The library knows ephemeral followups only on webhooks of this type, as this one is.
        self._webhook.type = discord.WebhookType.application
        self._place = place

    async def edit(self, view: ui.LayoutView, files: Sequence[LocalFile] | None) -> None:
        """Edit the message through the interaction's webhook."""
        await self._webhook.edit_message(
            self._place.message_id,
            view=view,
            allowed_mentions=NOBODY,
            attachments=discord.utils.MISSING if files is None else uploads(files),
        )

    async def notify(self, text: str, *, requester_id: int, nonce: str) -> None:
        """Follow up, seen by the same people as the card. Discord takes no nonce here."""
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


def surface_of(
    job: Job, *, client: discord.Client, now: datetime
) -> ChannelSurface | InteractionSurface | None:
    """Where the job's card can be written now; None when its only key or its place is gone."""
    if not job.place.message_id:
        return None
    if job.place.reach is Reach.BOT:
        return ChannelSurface(client=client, place=job.place)
    token = job.interaction_token_alive(now)
    if token is None:
        return None
    return InteractionSurface(client=client, place=job.place, token=token)


def uploads(files: Sequence[LocalFile]) -> list[discord.File]:
    """Open the files for one upload: what was sent once cannot be sent again."""
    return [discord.File(file.path, filename=file.name) for file in files]
