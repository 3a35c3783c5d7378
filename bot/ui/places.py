"""Where an interaction came from, as the place that its card will have."""

import discord

from bot.domain.job import INTERACTION_TOKEN_LIFE, Place, Reach
from bot.languages.language import marked
from bot.ui.context import Interaction


def place_of(interaction: Interaction, *, message_id: int, private: bool) -> Place:
    """The place of a card that was just sent as the answer to `interaction`."""
    return Place(
        channel_id=interaction.channel_id or 0,
        message_id=message_id,
        guild_id=interaction.guild_id,
        reach=_reach(interaction, private=private),
        ephemeral=private,
        interaction_token=interaction.token,
        interaction_token_until=interaction.created_at + INTERACTION_TOKEN_LIFE,
        upload_limit_bytes=interaction.filesize_limit,
    )


def missing_permissions(interaction: Interaction, *, private: bool) -> list[str]:
    """What the bot may not do in the channel and must, to deliver there; texts by Discord's names.

    Discord sends the bot's permissions in that very channel, thread or forum post along with the
    interaction, so that nobody has to be asked. Private answers need none of them.
    """
    if interaction.guild_id is None or _reach(interaction, private=private) is Reach.INTERACTION:
        return []
    granted = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may_send = granted.send_messages_in_threads if in_thread else granted.send_messages
    needed = {
        marked("View Channel"): granted.view_channel,
        marked("Send Messages in Threads") if in_thread else marked("Send Messages"): may_send,
        marked("Attach Files"): granted.attach_files,
        marked("Embed Links"): granted.embed_links,
        marked("Read Message History"): granted.read_message_history,
    }
    if granted.administrator:
        return []
    return [name for name, is_granted in needed.items() if not is_granted]


def _reach(interaction: Interaction, *, private: bool) -> Reach:
    """Whether the bot's own token will be able to edit the answer.

    It never reaches ephemeral messages, nor servers and conversations where the app is only
    installed by its user.
    """
    if private or interaction.context.private_channel:
        return Reach.INTERACTION
    if interaction.guild_id is None:
        return Reach.BOT
    is_member = interaction.client.get_guild(interaction.guild_id) is not None
    return Reach.BOT if is_member else Reach.INTERACTION
