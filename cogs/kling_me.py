"""`/kling-me`: a person's own settings."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.carried import people_of
from bot.cards.language import language_of, languages_of
from bot.cards.settings_card import settings_card


class KlingMe(commands.Cog):
    """What somebody chooses here counts wherever they are."""

    @app_commands.command(
        name="kling-me", description="Your own settings: notifications, language, defaults, price."
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def kling_me(self, interaction: discord.Interaction[Any]) -> None:
        """Show the settings, to be changed on the spot."""
        choices = await people_of(interaction.client).current(interaction.user.id)
        languages = languages_of(interaction.client)
        view = settings_card(choices, language_of(interaction), languages)
        await interaction.response.send_message(view=view, ephemeral=True)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(KlingMe())
