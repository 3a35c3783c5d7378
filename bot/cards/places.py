"""Where an interaction came from, as the place that its card will have."""

from typing import Any

import discord

from bot.generation.job import Place, Reach


def place_of(interaction: discord.Interaction[Any], *, message_id: int, private: bool) -> Place:
    """The place of a card that was just sent as the answer to `interaction`."""
    return Place(
        channel_id=interaction.channel_id or 0,
        message_id=message_id,
        guild_id=interaction.guild_id,
        reach=_reach(interaction, private=private),
        interaction_token=interaction.token,
        upload_limit_bytes=interaction.filesize_limit,
    )


def _reach(interaction: discord.Interaction[Any], *, private: bool) -> Reach:
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
