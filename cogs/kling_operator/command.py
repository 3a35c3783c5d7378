"""`/kling-operator`: for whoever runs the bot, and nobody else.

Discord can hide a command by permission, but not by who owns the application. So it is shown to
administrators of servers at most, and only in servers: in direct messages it could not be hidden
at all. Where DEV_GUILD_ID is set, all commands are registered in that one server, and this one is
seen nowhere else. What protects it is the check in the code, at every command, press and window.
"""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.servers import REASON_MAX_CHARS
from bot.ui.context import Interaction
from cogs.kling_operator import operator_answers as answers
from cogs.kling_operator.operator_cards import operator_only, take_binding

_Reason = app_commands.Range[str, 1, REASON_MAX_CHARS]


@app_commands.default_permissions(administrator=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class KlingOperator(
    commands.GroupCog,
    group_name="kling-operator",
    group_description="For whoever runs this bot.",
):
    """Every answer is private to who asks; every decision stands in a trail."""

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Take the window for a request's id, also one that was opened before a restart."""
        await take_binding(interaction)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Whether they own the application or are in its team."""
        return await operator_only(interaction)

    @app_commands.command(
        name="overview", description="Jobs, money, balance: everything at a glance."
    )
    async def overview(self, interaction: Interaction) -> None:
        """Show it."""
        await answers.show_overview(interaction)

    @app_commands.command(
        name="servers", description="Each server: jobs, money this month, own key, blocked or not."
    )
    async def servers(self, interaction: Interaction) -> None:
        """List them."""
        await answers.show_servers(interaction)

    @app_commands.command(
        name="unsure", description="Jobs of which nobody knows whether RunComfy took them."
    )
    async def unsure(self, interaction: Interaction) -> None:
        """List them, to be resolved."""
        await answers.show_unsure(interaction)

    @app_commands.command(name="audit", description="What operators decided, about all servers.")
    async def audit(self, interaction: Interaction) -> None:
        """Show the trail."""
        await answers.show_trail(interaction)

    @app_commands.command(name="pause", description="Take and send nothing new, in no server.")
    @app_commands.describe(reason="Why: shown to whoever asks for a video meanwhile.")
    async def pause(self, interaction: Interaction, reason: _Reason) -> None:
        """Pause everything."""
        await answers.pause(interaction, reason)

    @app_commands.command(name="resume", description="Go on after a pause or a drain.")
    async def resume(self, interaction: Interaction) -> None:
        """Go on."""
        await answers.resume(interaction)

    @app_commands.command(
        name="drain", description="Finish what is under way, and say when it is safe to stop."
    )
    async def drain(self, interaction: Interaction) -> None:
        """Drain."""
        await answers.drain(interaction)

    @app_commands.command(name="block", description="Let a server ask for no more videos.")
    @app_commands.describe(server="Which one: its name, or its id.")
    async def block(self, interaction: Interaction, server: str) -> None:
        """Block it."""
        await answers.block(interaction, server)

    @app_commands.command(name="unblock", description="Let a server ask for videos again.")
    @app_commands.describe(server="Which one: its name, or its id.")
    async def unblock(self, interaction: Interaction, server: str) -> None:
        """Unblock it."""
        await answers.unblock(interaction, server)

    @block.autocomplete("server")
    @unblock.autocomplete("server")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The bot's servers."""
        return answers.suggested_servers(interaction, typed)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(KlingOperator(bot))
