"""*Report this video* in a message's menu.

Discord allows five entries of each kind to an application; *Make a Kling video* is the other one.
"""

from discord import app_commands
from discord.ext import commands

from bot.ui.context import Interaction
from cogs.moderation.report_form import report_message, take_report
from cogs.moderation.review_presses import take_decline

NAME = "Report this video"


class ReportCommand(commands.Cog):
    """The card comes with the interaction: no privileged intent is needed."""

    def __init__(self, bot: commands.Bot) -> None:
        self._bot = bot
        self._command = app_commands.ContextMenu(
            name=NAME,
            callback=report_message,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
        )

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Take moderators' and reporters' windows, also those that a restart left open."""
        await take_report(interaction)
        await take_decline(interaction)

    async def cog_load(self) -> None:
        """Register the menu's entry: discord.py collects those of a cog from nowhere."""
        self._bot.tree.add_command(self._command)

    async def cog_unload(self) -> None:
        """Take it back."""
        self._bot.tree.remove_command(self._command.name, type=self._command.type)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(ReportCommand(bot))
