"""The trail of a server's decisions as one private message: the newest first."""

from collections.abc import Sequence
from typing import Final

import discord

from bot.domain.servers import AuditEntry
from bot.languages.language import Language
from bot.ui.context import Interaction, language_of
from bot.ui.layout import MOST_CHARS, fitting, note
from cogs.kling_admin import words_audit as words

ENTRIES_MAX: Final = 20


async def show_audit(interaction: Interaction) -> None:
    """Who decided what, and when."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    language, servers = language_of(interaction), interaction.client.services.servers
    guild_id = interaction.guild_id or 0
    entries = await servers.audit(guild_id, limit=ENTRIES_MAX)
    text = trail(language, entries, guild_id=guild_id)
    await interaction.followup.send(
        view=note(text), ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
    )


def trail(language: Language, entries: Sequence[AuditEntry], *, guild_id: int) -> str:
    """The entries, as many as one message takes."""
    if not entries:
        return language.say(words.NO_TRAIL)
    lines = (words.entry_line(language, entry, guild_id=guild_id) for entry in entries)
    return "\n".join(fitting([language.say(words.TRAIL_TITLE), *lines], MOST_CHARS))
