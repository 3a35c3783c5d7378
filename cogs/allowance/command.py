"""`/allowance`: what somebody may still make, what it costs, and where their videos stand."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.context import Interaction, asking_actor, language_of
from cogs.allowance.allowance_card import allowance_card


class AllowanceCommand(commands.Cog):
    """Everybody may ask about themselves, wherever they are."""

    @app_commands.command(
        name="allowance", description="What you may still make, what it costs, and your place."
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def allowance(self, interaction: Interaction) -> None:
        """Tell it to who asked alone."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        language = language_of(interaction)
        asker = await asking_actor(interaction)
        allowance = await interaction.client.services.allowance.of(asker)
        refusal = await interaction.client.services.admission.refusal(asker)
        await interaction.followup.send(
            view=allowance_card(allowance, language, refusal=refusal),
            ephemeral=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(AllowanceCommand())
