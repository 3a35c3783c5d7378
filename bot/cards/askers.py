"""Who asks, as Discord tells it along with the interaction: nobody has to be asked."""

from typing import Any

import discord

from bot.generation.answers import Asker


def asker_behind(interaction: discord.Interaction[Any]) -> Asker:
    """The person who used the command or pressed the button, and where."""
    person = interaction.user
    member = person if isinstance(person, discord.Member) else None
    return Asker(
        user_id=person.id,
        guild_id=interaction.guild_id,
        channel_ids=_channels(interaction),
        role_ids=frozenset(() if member is None else (role.id for role in member.roles)),
        is_bot=person.bot,
        is_pending=member is not None and member.pending,
        may_manage=interaction.guild_id is not None and interaction.permissions.manage_guild,
        in_age_restricted=_is_age_restricted(interaction.channel),
    )


def _channels(interaction: discord.Interaction[Any]) -> frozenset[int]:
    channel = interaction.channel
    ids = {interaction.channel_id, getattr(channel, "parent_id", None)}
    ids.add(getattr(channel, "category_id", None))
    return frozenset(one for one in ids if one is not None)


def _is_age_restricted(channel: object) -> bool:
    """Discord marks the channel; a thread is as its channel is."""
    if isinstance(channel, discord.TextChannel | discord.VoiceChannel | discord.StageChannel):
        return channel.is_nsfw()
    return isinstance(channel, discord.Thread) and channel.is_nsfw()
