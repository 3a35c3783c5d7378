"""`/kling-admin words`: which words prompts may not contain in a server."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from pydantic import ValidationError

from bot.domain.request import PROMPT_MAX_CHARS, GenerationRequest
from bot.features.word_check import WordCheck
from bot.languages.language import marked
from bot.ui.context import Interaction, is_manager, language_of, tell_privately
from bot.ui.words import bad_request
from cogs.kling_admin import words_moderation as words
from cogs.kling_admin.word_forms import show_words, word_form

PARENT = "kling-admin"


class Words(app_commands.Group):
    """A part of `/kling-admin`, in a file of its own."""

    def __init__(self) -> None:
        super().__init__(
            name="words", description=marked("Words that prompts may not contain here.")
        )
        self._check = WordCheck()

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """A server may show commands to others than we declared; the permission decides."""
        return await is_manager(interaction)

    @app_commands.command(name="add", description="Add words and patterns, one on each line.")
    async def add(self, interaction: Interaction) -> None:
        """Ask for them."""
        await interaction.response.send_modal(word_form(language_of(interaction), removes=False))

    @app_commands.command(name="remove", description="Take words off the list.")
    async def remove(self, interaction: Interaction) -> None:
        """Ask for them."""
        await interaction.response.send_modal(word_form(language_of(interaction), removes=True))

    @app_commands.command(name="list", description="Show the list. Only you see it.")
    async def list_(self, interaction: Interaction) -> None:
        """Show it."""
        await show_words(interaction)

    @app_commands.command(name="test", description="Would this prompt pass? Nothing is charged.")
    @app_commands.describe(
        prompt="The prompt to try.", negative_prompt="The negative prompt to try."
    )
    async def test(
        self,
        interaction: Interaction,
        prompt: app_commands.Range[str, 1, PROMPT_MAX_CHARS],
        negative_prompt: app_commands.Range[str, 0, PROMPT_MAX_CHARS] | None = None,
    ) -> None:
        """Look, and say which entries it meets."""
        language = language_of(interaction)
        try:
            request = GenerationRequest(prompt=prompt, negative_prompt=negative_prompt)
        except ValidationError as refusal:
            await tell_privately(interaction, bad_request(language, refusal))
            return
        server = await interaction.client.services.servers.current(interaction.guild_id)
        found = await self._check.matches(request, server, interaction.guild_id)
        text = words.match_lines(language, found) if found else language.say(words.WOULD_PASS)
        await tell_privately(interaction, text)

    @app_commands.command(name="builtin", description="Switch the short built-in list on or off.")
    @app_commands.describe(on="Whether it counts here.")
    async def builtin(self, interaction: Interaction, on: bool) -> None:  # noqa: FBT001 - an option on Discord
        """Switch it."""
        language, servers = language_of(interaction), interaction.client.services.servers
        await servers.change(
            interaction.guild_id or 0, {"builtin_words": on}, by_user_id=interaction.user.id
        )
        switched = words.BUILT_IN_SWITCHED_ON if on else words.BUILT_IN_SWITCHED_OFF
        await tell_privately(interaction, language.say(switched))


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded, after the one that it adds to.

    Raises:
        TypeError: the command that it is a part of is not there; a wiring mistake.
    """
    parent = bot.tree.get_command(PARENT)
    if not isinstance(parent, app_commands.Group):
        raise TypeError(f"/{PARENT} is not loaded yet")
    parent.add_command(Words())
