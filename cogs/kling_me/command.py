"""`/kling-me`: a person's own settings and data."""

from io import BytesIO

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.context import Interaction, language_of, tell_privately
from cogs.kling_me import words_privacy as words
from cogs.kling_me.forgetting import forget_question
from cogs.kling_me.settings_card import settings_card

EXPORT_NAME = "kling-data.json"


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class KlingMe(
    commands.GroupCog, group_name="kling-me", group_description="Your own settings and data."
):
    """What somebody chooses here counts wherever they are; what they ask for here is theirs."""

    @app_commands.command(
        name="settings", description="Your own settings: notifications, language, defaults, price."
    )
    async def settings(self, interaction: Interaction) -> None:
        """Show the settings, to be changed on the spot."""
        choices = await interaction.client.services.preferences.current(interaction.user.id)
        languages = interaction.client.languages
        view = settings_card(choices, language_of(interaction), languages)
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(name="export", description="Everything I keep about you, as a file.")
    async def export(self, interaction: Interaction) -> None:
        """Send it to nobody else."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        language = language_of(interaction)
        document = await interaction.client.services.privacy.export(interaction.user.id)
        if len(document) > interaction.filesize_limit:
            await tell_privately(interaction, language.say(words.TOO_LARGE))
        else:
            file = discord.File(BytesIO(document), filename=EXPORT_NAME)
            await interaction.followup.send(language.say(words.EXPORTED), file=file, ephemeral=True)

    @app_commands.command(
        name="erase", description="Erase your prompts, links, copies and settings here."
    )
    async def erase(self, interaction: Interaction) -> None:
        """Ask first: it cannot be undone."""
        view = forget_question(interaction.user.id, language_of(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(KlingMe(bot))
