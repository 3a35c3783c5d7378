"""Checks at each action that an operator acts, and answers them in private."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord
from discord import ui

from bot.features.operations import Operations
from bot.languages.language import Language
from bot.ui.context import Interaction, language_of, tell_privately

T = TypeVar("T")


async def operator_only(interaction: Interaction) -> bool:
    """Whether an operator acts; anybody else is told that they may not.

    Checked at every command, button and modal: hiding by Discord protects nothing.
    """
    if await interaction.client.services.operators.include(interaction.user.id):
        return True
    if interaction.type is not discord.InteractionType.autocomplete:
        await tell_privately(
            interaction, language_of(interaction).say("Only the bot's owner can do that.")
        )
    return False


async def answer(
    interaction: Interaction,
    ask: Callable[[Operations], Awaitable[T]],
    draw: Callable[[Language, T], ui.LayoutView],
) -> None:
    """Answer in private with the result of a use case."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    language = language_of(interaction)
    view = draw(language, await ask(interaction.client.services.operations))
    await interaction.followup.send(
        view=view, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
    )
