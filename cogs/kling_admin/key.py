"""`/kling-admin key`: the server's own RunComfy key, in the group that the other cog made."""

from discord import app_commands
from discord.ext import commands

from bot.ui.context import Interaction
from cogs.kling_admin.key_card import show_key_card

GROUP = "kling-admin"


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded: after that of the group, by its name.

    Raises:
        TypeError: the group is not there; a wiring mistake.
    """
    group = bot.tree.get_command(GROUP)
    if not isinstance(group, app_commands.Group):
        raise TypeError(f"/{GROUP} is not there yet")

    @group.command(name="key", description="This server's own RunComfy key, which pays here.")
    async def key(interaction: Interaction) -> None:
        """Show how it stands, to be given, replaced or removed."""
        await show_key_card(interaction)
