"""`/kling-operator`: for the operator alone.

Discord can hide a command by permission, but not by who owns the application. So it is shown to
administrators of servers at most, and only in servers: in direct messages it could not be hidden
at all. Where DEV_GUILD_ID is set, all commands are registered in that one server, and this one is
shown nowhere else. The check in the code protects it, at every command, button and modal.
"""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.servers import REASON_MAX_CHARS
from bot.ui.context import Client, Interaction
from cogs.kling_operator import decisions, news, overview, unsure
from cogs.kling_operator.operator import operator_only

_Reason = app_commands.Range[str, 1, REASON_MAX_CHARS]


@app_commands.default_permissions(administrator=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class KlingOperator(
    commands.GroupCog,
    group_name="kling-operator",
    group_description="For the bot's owner.",
):
    """Every answer is private; every decision is in the audit log."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Whether the person owns the application or is in its team."""
        return await operator_only(interaction)

    @app_commands.command(
        name="overview", description="Jobs, money, balance: everything at a glance."
    )
    async def overview(self, interaction: Interaction) -> None:
        """Show it."""
        await overview.show_overview(interaction)

    @app_commands.command(
        name="servers", description="Each server: jobs, money this month, own key, blocked or not."
    )
    async def servers(self, interaction: Interaction) -> None:
        """List them."""
        await overview.show_servers(interaction)

    @app_commands.command(
        name="unsure", description="Jobs that RunComfy may or may not have taken."
    )
    async def unsure(self, interaction: Interaction) -> None:
        """List them, to be resolved."""
        await unsure.show_unsure(interaction)

    @app_commands.command(name="audit", description="What operators decided, about all servers.")
    async def audit(self, interaction: Interaction) -> None:
        """Show the audit log."""
        await overview.show_trail(interaction)

    @app_commands.command(name="pause", description="Take and send nothing new, in no server.")
    @app_commands.describe(reason="Why: members see it meanwhile.")
    async def pause(self, interaction: Interaction, reason: _Reason) -> None:
        """Pause everything."""
        await decisions.pause(interaction, reason)

    @app_commands.command(name="resume", description="Go on after a pause or a drain.")
    async def resume(self, interaction: Interaction) -> None:
        """End the pause and the drain."""
        await decisions.resume(interaction)

    @app_commands.command(
        name="drain", description="Finish what is under way, and say when it is safe to stop."
    )
    async def drain(self, interaction: Interaction) -> None:
        """Drain."""
        await decisions.drain(interaction)

    @app_commands.command(name="block", description="Stop a server from making videos.")
    @app_commands.describe(server="Which one: its name, or its id.")
    async def block(self, interaction: Interaction, server: str) -> None:
        """Block it."""
        await decisions.block(interaction, server)

    @app_commands.command(name="unblock", description="Let a server make videos again.")
    @app_commands.describe(server="Which one: its name, or its id.")
    async def unblock(self, interaction: Interaction, server: str) -> None:
        """Unblock it."""
        await decisions.unblock(interaction, server)

    @block.autocomplete("server")
    @unblock.autocomplete("server")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The bot's servers."""
        return decisions.suggested_servers(interaction, typed)


async def setup(bot: Client) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.routes.add(*overview.ROUTES, *decisions.ROUTES, *news.ROUTES, *unsure.ROUTES)
    await bot.add_cog(KlingOperator(bot))
