"""`/kling-me`: a person's own settings and data."""

from discord import app_commands
from discord.ext import commands

from bot.ui.context import Client, Interaction
from cogs.kling_me import privacy, settings


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
class KlingMe(
    commands.GroupCog, group_name="kling-me", group_description="Your own settings and data."
):
    """A member's choices here count everywhere; the data that they ask for here is their own."""

    @app_commands.command(
        name="settings", description="Your own settings: notifications, language, defaults, price."
    )
    async def settings(self, interaction: Interaction) -> None:
        """Show the settings with their selects."""
        await settings.show(interaction)

    @app_commands.command(name="export", description="Everything I keep about you, as a file.")
    async def export(self, interaction: Interaction) -> None:
        """Send the member's data to them alone."""
        await privacy.export(interaction)

    @app_commands.command(
        name="erase", description="Erase your prompts, links, copies and settings here."
    )
    async def erase(self, interaction: Interaction) -> None:
        """Ask first: it cannot be undone."""
        await privacy.ask_to_forget(interaction)


async def setup(bot: Client) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.routes.add(*settings.ROUTES, *privacy.ROUTES)
    await bot.add_cog(KlingMe(bot))
