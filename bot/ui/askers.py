"""Who asks, as Discord tells it along with the interaction: nobody else is asked in a server.

What the library would look up in its cache of the server is not there where the bot is no member,
in an outage, and between the gateway's READY and that server's turn.
"""

import discord

from bot.domain.answers import Asker
from bot.ui.context import Interaction


async def asker_behind(interaction: Interaction) -> Asker:
    """The person who used the command or pressed the button, and where."""
    person = interaction.user
    member = person if isinstance(person, discord.Member) else None
    # By what Discord says of the interaction: the gateway may not have told of the server yet.
    is_governed = interaction.is_guild_integration()
    return Asker(
        user_id=person.id,
        guild_id=interaction.guild_id,
        channel_ids=_channels(interaction),
        role_ids=frozenset() if member is None else _roles(member),
        is_bot=person.bot,
        is_pending=member is not None and member.pending,
        may_manage=interaction.guild_id is not None and interaction.permissions.manage_guild,
        in_age_restricted=_is_age_restricted(interaction.channel),
        by_user_install=interaction.guild_id is not None and not is_governed,
        is_operator=not is_governed
        and await interaction.client.services.operators.include(person.id),
    )


def _roles(member: discord.Member) -> frozenset[int]:
    """All of their roles, and the one that everybody has, whose id is the server's."""
    # `roles` leaves out what the cache does not know; the ids that Discord sent have no other name.
    ids = member._roles  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return frozenset((*ids, member.guild.id))


def _channels(interaction: Interaction) -> frozenset[int]:
    channel = interaction.channel
    within = channel.parent if isinstance(channel, discord.Thread) else channel
    ids = {interaction.channel_id, getattr(channel, "parent_id", None)}
    ids.add(getattr(within, "category_id", None))
    return frozenset(one for one in ids if one is not None)


def _is_age_restricted(channel: object) -> bool:
    """Discord marks the channel; a thread is as its channel is."""
    if isinstance(channel, discord.TextChannel | discord.VoiceChannel | discord.StageChannel):
        return channel.is_nsfw()
    return isinstance(channel, discord.Thread) and channel.is_nsfw()
