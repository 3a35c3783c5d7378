"""`/storyboard`: builds a video of several shots."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui.context import Client, Interaction
from cogs.storyboard.builder import ROUTES, open_builder


class StoryboardCommand(commands.Cog):
    """The builder of storyboards."""

    @app_commands.command(
        name="storyboard", description="Build a video of two to five shots, step by step."
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        image="A picture that the video begins with. Its shape follows the picture."
    )
    async def storyboard(
        self, interaction: Interaction, image: discord.Attachment | None = None
    ) -> None:
        """Show the latest storyboard, or a new one."""
        await open_builder(interaction, image)


async def setup(bot: Client) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.routes.add(*ROUTES)
    await bot.add_cog(StoryboardCommand())
