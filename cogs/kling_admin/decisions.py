"""Managers' decisions by one-line commands, and the private answers."""

import discord

from bot.domain.denied import Denied
from bot.domain.servers import EVERYWHERE, REASON_MAX_CHARS
from bot.features.servers.server_settings import SettingsAnswer
from bot.features.spending import FreshStart
from bot.languages.language import Language, marked
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.plain_text import as_text
from cogs.kling_admin import texts as words


async def pause(interaction: Interaction, reason: str) -> None:
    """Take nothing new in this server."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    answer = await interaction.client.services.server_settings.pause(
        interaction.guild_id or 0, reason, by_user_id=interaction.user.id
    )
    language = language_of(interaction)
    shown = as_text(reason, REASON_MAX_CHARS)
    await tell_privately(
        interaction,
        _said(
            language,
            answer,
            language.say(
                "Paused. I tell members: {reason}\nWhat waits keeps its place in line, and "
                "what RunComfy already has is delivered. `/kling-admin resume` ends the "
                "pause.",
                reason=shown,
            ),
        ),
    )


async def resume(interaction: Interaction) -> None:
    """Go on, unless the operator paused as well."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    answer = await interaction.client.services.server_settings.resume(
        interaction.guild_id or 0, by_user_id=interaction.user.id
    )
    language = language_of(interaction)
    everywhere = await interaction.client.services.servers.current(EVERYWHERE)
    server = await interaction.client.services.servers.current(interaction.guild_id)
    is_held = everywhere.paused_because is not None or everywhere.is_unread or server.is_blocked
    told = language.say(
        marked(
            "This server's pause is over. The bot's owner has paused the bot too: videos "
            "are back once that ends."
        )
        if is_held
        else marked("Back on: taking requests again.")
    )
    await tell_privately(interaction, _said(language, answer, told))


async def block(interaction: Interaction, user: discord.User | discord.Member) -> None:
    """Stop a person from asking for videos here."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    answer = await interaction.client.services.server_settings.block(
        interaction.guild_id or 0, user.id, is_bot=user.bot, by_user_id=interaction.user.id
    )
    language = language_of(interaction)
    told = language.say(
        "{user} can't make videos here any more. Videos under way go on.",
        user=user.mention,
    )
    await tell_privately(interaction, _said(language, answer, told))


async def unblock(interaction: Interaction, user: discord.User | discord.Member) -> None:
    """Let a blocked person ask again."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    answer = await interaction.client.services.server_settings.unblock(
        interaction.guild_id or 0, user.id, by_user_id=interaction.user.id
    )
    language = language_of(interaction)
    told = language.say("{user} can make videos here again.", user=user.mention)
    await tell_privately(interaction, _said(language, answer, told))


async def start_afresh(interaction: Interaction, user: discord.User | discord.Member) -> None:
    """Let a member's own limits count from zero."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    language = language_of(interaction)
    start = await interaction.client.services.spending.start_afresh(
        interaction.guild_id or 0, user.id, by_user_id=interaction.user.id
    )
    await tell_privately(interaction, fresh_start(language, user.id, start))


def fresh_start(language: Language, user_id: int, start: FreshStart) -> str:
    """Says what a member's limits no longer count."""
    user = f"<@{user_id}>"
    if not start.month_videos and not start.month_microusd:
        return language.say("Nothing counted towards the limits of {user} yet.", user=user)

    def videos_for(videos: int, microusd: int) -> str:
        amount = language.dollars(microusd)
        return language.plural(
            "{number} video ({amount})", "{number} videos ({amount})", videos, amount=amount
        )

    return language.say(
        "{user} starts fresh: {day} less counts today and {month} less this month. The "
        "server's limits stay as they are.",
        user=user,
        day=videos_for(start.day_videos, start.day_microusd),
        month=videos_for(start.month_videos, start.month_microusd),
    )


def _said(language: Language, answer: SettingsAnswer, done: str) -> str:
    return language.say(words.REFUSALS[answer.why]) if isinstance(answer, Denied) else done
