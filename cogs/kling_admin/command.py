"""`/kling-admin`: what whoever manages a server can change in it."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.servers import REASON_MAX_CHARS
from bot.domain.styles import (
    STYLE_NAME_MAX_CHARS,
    OfferedStyle,
    ServerStyle,
    folded,
    matching,
)
from bot.features.styles import StyleOutcome
from bot.ui import words_personal as words
from bot.ui.context import Interaction, is_manager, language_of, tell_privately
from bot.ui.layout import note
from cogs.kling_admin import admin_answers
from cogs.kling_admin.admin_audit import show_audit
from cogs.kling_admin.admin_panel import panel, take_admin_form
from cogs.kling_admin.admin_presses import open_panel
from cogs.kling_admin.admin_spend import show_spend
from cogs.kling_admin.key_card import take_key
from cogs.kling_admin.style_forms import style_form, style_list, take_style
from cogs.kling_admin.word_forms import take_words

_Reason = app_commands.Range[str, 1, REASON_MAX_CHARS]
_StyleName = app_commands.Range[str, 1, STYLE_NAME_MAX_CHARS]


@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class KlingAdmin(
    commands.GroupCog,
    group_name="kling-admin",
    group_description="Manage what this server can do with Kling.",
):
    """Only for who may manage the server: Discord hides it from others, and it checks again."""

    @app_commands.command(
        name="settings", description="All settings of this server, to be changed on the spot."
    )
    async def settings(self, interaction: Interaction) -> None:
        """Show the panel."""
        await open_panel(interaction, draw=panel)

    @app_commands.command(name="audit", description="Who decided what for this server, and when.")
    async def audit(self, interaction: Interaction) -> None:
        """Show the trail."""
        await show_audit(interaction)

    @app_commands.command(
        name="pause", description="Take no new videos here; what waits keeps its place."
    )
    @app_commands.describe(reason="Why: shown to whoever asks for a video meanwhile.")
    async def pause(self, interaction: Interaction, reason: _Reason) -> None:
        """Pause this server."""
        await admin_answers.pause(interaction, reason)

    @app_commands.command(name="resume", description="Go on after a pause.")
    async def resume(self, interaction: Interaction) -> None:
        """Go on."""
        await admin_answers.resume(interaction)

    @app_commands.command(name="block", description="Let somebody ask for no more videos here.")
    @app_commands.describe(user="Whom to block.")
    async def block(self, interaction: Interaction, user: discord.User) -> None:
        """Block a member, or somebody who left."""
        await admin_answers.block(interaction, user)

    @app_commands.command(name="unblock", description="Let somebody ask for videos here again.")
    @app_commands.describe(user="Whom to unblock.")
    async def unblock(self, interaction: Interaction, user: discord.User) -> None:
        """Unblock somebody."""
        await admin_answers.unblock(interaction, user)

    @app_commands.command(
        name="reset", description="Give somebody a fresh start in their limits here."
    )
    @app_commands.describe(user="Whose limits begin at nothing again.")
    async def reset(self, interaction: Interaction, user: discord.User) -> None:
        """Let their limits count from nothing."""
        await admin_answers.start_afresh(interaction, user)

    @app_commands.command(
        name="spend", description="What this month cost so far: by day and by person."
    )
    async def spend(self, interaction: Interaction) -> None:
        """Show the sums."""
        await show_spend(interaction)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Take managers' windows, also those that were opened before a restart."""
        for take in (take_admin_form, take_key, take_words, take_style):
            await take(interaction)

    style = app_commands.Group(name="style", description="The styles of this server.")

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """A server may show commands to others than we declared; the permission decides."""
        return await is_manager(interaction)

    @style.command(name="add", description="Add a style that everybody here can choose.")
    @app_commands.describe(name="What it is called, up to 32 characters.")
    async def add(self, interaction: Interaction, name: _StyleName) -> None:
        """Ask for its texts."""
        await interaction.response.send_modal(style_form(name, language_of(interaction)))

    @style.command(name="edit", description="Change what a style of this server adds.")
    @app_commands.describe(name="Which one.")
    async def edit(self, interaction: Interaction, name: str) -> None:
        """Show its texts, to be changed."""
        language, guild_id = language_of(interaction), interaction.guild_id or 0
        own = await interaction.client.services.styles.own(guild_id)
        if own is None:
            await tell_privately(interaction, language.say(words.STYLES_UNREAD))
            return
        wanted = next((one for one in own if folded(one.style.name) == folded(name)), None)
        if wanted is None:
            unknown = words.style_outcome(language, StyleOutcome.UNKNOWN, name[:100])
            await tell_privately(interaction, unknown)
            return
        form = style_form(wanted.style.name, language, edited=wanted)
        await interaction.response.send_modal(form)

    @style.command(name="remove", description="Remove a style of this server.")
    @app_commands.describe(name="Which one.")
    async def remove(self, interaction: Interaction, name: str) -> None:
        """Remove it at once: it can be added again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        styles = interaction.client.services.styles
        outcome = await styles.remove(
            interaction.guild_id or 0, name, by_user_id=interaction.user.id
        )
        language = language_of(interaction)
        await tell_privately(interaction, words.style_outcome(language, outcome, name[:100]))

    @style.command(name="list", description="The styles of this server, and what they add.")
    async def list_(self, interaction: Interaction) -> None:
        """Show them to who asked."""
        language = language_of(interaction)
        own = await interaction.client.services.styles.own(interaction.guild_id or 0)
        text = language.say(words.STYLES_UNREAD) if own is None else style_list(language, own)
        await interaction.response.send_message(view=note(text), ephemeral=True)

    @edit.autocomplete("name")
    @remove.autocomplete("name")
    async def suggest(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """This server's own styles whose names begin like what was typed."""
        own = await interaction.client.services.styles.own(interaction.guild_id or 0)
        offered = _offered(own or ())
        return [
            app_commands.Choice(name=one.label, value=one.style.name)
            for one in matching(typed, offered)
        ]


def _offered(own: Sequence[ServerStyle]) -> list[OfferedStyle]:
    return [OfferedStyle(one.style, one.style.name) for one in own]


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(KlingAdmin(bot))
