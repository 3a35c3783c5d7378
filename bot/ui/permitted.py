"""Who manages a server, asked at every press and window: somebody may have lost the role since."""

import discord

from bot.ui.context import Interaction, language_of
from bot.ui.replies import tell_privately
from bot.ui.words_personal import NOT_A_MANAGER


async def manager_of(interaction: Interaction) -> int | None:
    """The server that this person manages and is in; else they are told, and None.

    Who only types is suggested nothing, and told so when they send it.
    """
    if interaction.guild_id is not None and interaction.permissions.manage_guild:
        return interaction.guild_id
    if interaction.type is not discord.InteractionType.autocomplete:
        await tell_privately(interaction, language_of(interaction).say(NOT_A_MANAGER))
    return None


async def is_manager(interaction: Interaction) -> bool:
    """Whether they may manage the server at this moment; who may not is told so."""
    return await manager_of(interaction) is not None
