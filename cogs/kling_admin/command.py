"""`/kling-admin`: what a manager can change in their server."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.servers import REASON_MAX_CHARS
from bot.ui.context import Client, Interaction, is_manager
from cogs.kling_admin import changes, decisions, key, styles, words
from cogs.kling_admin.audit import show_audit
from cogs.kling_admin.setup import ROUTES as SETUP_ROUTES
from cogs.kling_admin.setup import open_setup
from cogs.kling_admin.spend import show_spend

_Reason = app_commands.Range[str, 1, REASON_MAX_CHARS]


@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class KlingAdmin(
    commands.GroupCog,
    group_name="kling-admin",
    group_description="Manage what this server can do with Kling.",
):
    """For managers of the server alone: Discord hides it from others, and it checks again."""

    @app_commands.command(
        name="setup", description="Set up this server in a minute: who pays, how much, where, who."
    )
    async def set_up(self, interaction: Interaction) -> None:
        """Show the first step."""
        await open_setup(interaction)

    @app_commands.command(
        name="settings", description="See and change all settings of this server."
    )
    async def settings(self, interaction: Interaction) -> None:
        """Show the panel."""
        await changes.open_panel(interaction)

    @app_commands.command(name="audit", description="Who decided what for this server, and when.")
    async def audit(self, interaction: Interaction) -> None:
        """Show the audit log."""
        await show_audit(interaction)

    @app_commands.command(
        name="pause", description="Take no new videos here; what waits keeps its place."
    )
    @app_commands.describe(reason="Why: members see it meanwhile.")
    async def pause(self, interaction: Interaction, reason: _Reason) -> None:
        """Pause this server."""
        await decisions.pause(interaction, reason)

    @app_commands.command(name="resume", description="Go on after a pause.")
    async def resume(self, interaction: Interaction) -> None:
        """Resume this server."""
        await decisions.resume(interaction)

    @app_commands.command(name="block", description="Stop someone from making videos here.")
    @app_commands.describe(user="Whom to block.")
    async def block(self, interaction: Interaction, user: discord.User) -> None:
        """Block a member, or a former one."""
        await decisions.block(interaction, user)

    @app_commands.command(
        name="unblock", description="Let a blocked member make videos here again."
    )
    @app_commands.describe(user="Whom to unblock.")
    async def unblock(self, interaction: Interaction, user: discord.User) -> None:
        """Unblock a person."""
        await decisions.unblock(interaction, user)

    @app_commands.command(name="reset", description="Reset a member's limits here.")
    @app_commands.describe(user="Whose limits to reset.")
    async def reset(self, interaction: Interaction, user: discord.User) -> None:
        """Let a member's limits count from zero."""
        await decisions.start_afresh(interaction, user)

    @app_commands.command(
        name="spend", description="What this month cost so far: by day and by person."
    )
    async def spend(self, interaction: Interaction) -> None:
        """Show the sums."""
        await show_spend(interaction)

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """A server can show commands to others than we declared, so check the permission."""
        return await is_manager(interaction)


async def setup(bot: Client) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.routes.add(*changes.ROUTES, *key.ROUTES, *SETUP_ROUTES, *styles.ROUTES, *words.ROUTES)
    await bot.add_cog(KlingAdmin(bot))
    group = bot.tree.get_command("kling-admin")
    assert isinstance(group, app_commands.Group)  # noqa: S101 - the cog has just made it
    group.add_command(styles.StyleCommands())
    key.add_to(group)
    group.add_command(words.Words())
