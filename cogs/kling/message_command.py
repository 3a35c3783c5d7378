"""*Make a Kling video* in a message's menu: its text, to be changed and asked for."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.request import PROMPT_MAX_CHARS, GenerationRequest
from bot.domain.visible import is_blank
from bot.ui import words_library as words
from bot.ui.context import Interaction, language_of, tell_privately
from cogs.generations.presses import take_change
from cogs.kling.asking import may_ask
from cogs.kling.change_form import change_form

NAME = "Make a Kling video"


class MessageCommand(commands.Cog):
    """The message's text comes with the interaction: no privileged intent is needed."""

    def __init__(self, bot: commands.Bot) -> None:
        self._bot = bot
        self._command = app_commands.ContextMenu(
            name=NAME,
            callback=make_a_video,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
        )

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        """Take the window, also the one of *Change…*, and those that a restart left open."""
        await take_change(interaction)

    async def cog_load(self) -> None:
        """Register the menu's entry: discord.py collects those of a cog from nowhere."""
        self._bot.tree.add_command(self._command)

    async def cog_unload(self) -> None:
        """Take it back."""
        self._bot.tree.remove_command(self._command.name, type=self._command.type)


async def make_a_video(interaction: Interaction, message: discord.Message) -> None:
    """Open the window with the message's text as the prompt."""
    if not await may_ask(interaction):
        return
    language = language_of(interaction)
    text = text_of(message)[:PROMPT_MAX_CHARS].strip()
    if is_blank(text):
        await tell_privately(interaction, language.say(words.NO_TEXT))
        return
    choices = await interaction.client.services.preferences.current(interaction.user.id)
    request = GenerationRequest.model_validate({**choices.defaults, "prompt": text})
    await interaction.response.send_modal(change_form(request, language))


def text_of(message: discord.Message) -> str:
    """What stands in a message, or in the one that it forwards."""
    forwarded = (snapshot.content for snapshot in message.message_snapshots)
    return next((text for text in (message.content, *forwarded) if text.strip()), "").strip()


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(MessageCommand(bot))
