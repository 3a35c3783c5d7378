"""The window in which managers write words, one on each line, and the list of all of them."""

import re
from io import BytesIO
from typing import Final

import discord
from discord import ui

from bot.domain.builtin_words import BUILT_IN_WORDS
from bot.domain.servers import ServerSettings
from bot.domain.word_rules import Listing, with_added, without
from bot.languages.language import Language
from bot.ui.context import Interaction, language_of, manager_of, tell_privately
from bot.ui.modals import Submission, paragraph, take_window, window_of
from cogs.kling_admin import words_moderation as words

_TYPED_MAX_CHARS: Final = 4_000
"""Discord's limit of a window's input."""
_ADD: Final = "add"
_REMOVE: Final = "remove"
_WORDS: Final = "words"
_WINDOW: Final = re.compile(rf"kling:words-form:(?P<way>{_ADD}|{_REMOVE})")


def word_form(language: Language, *, removes: bool) -> ui.Modal:
    """Asks for the words to add, or to remove."""
    typed = paragraph(_WORDS, max_length=_TYPED_MAX_CHARS)
    hint = None if removes else language.say(words.WORDS_HINT)
    title = words.REMOVE_WORDS_TITLE if removes else words.ADD_WORDS_TITLE
    return window_of(
        language.say(title),
        f"kling:words-form:{_REMOVE if removes else _ADD}",
        ui.Label(text=language.say(words.WORDS_LABEL), description=hint, component=typed),
    )


async def take_words(interaction: Interaction) -> None:
    """Change the list as a submitted window says, for whoever still manages the server."""
    await take_window(interaction, _WINDOW, _change)


async def _change(interaction: Interaction, submission: Submission, match: re.Match[str]) -> None:
    guild_id = await manager_of(interaction)
    if guild_id is None:
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    language, typed = language_of(interaction), submission.texts.get(_WORDS, "")
    removes = match["way"] == _REMOVE
    listings: list[Listing] = []
    before: list[int] = []

    def edit(server: ServerSettings) -> dict[str, object]:
        before.append(len(server.words))
        if removes:
            listings.append(Listing(without(server.words, typed)))
        else:
            listings.append(with_added(server.words, typed))
        return {"words": listings[-1].words}

    servers = interaction.client.services.servers
    changed = await servers.change(guild_id, edit, by_user_id=interaction.user.id)
    lines = [words.changed_line(language, before[-1], len(changed.words))]
    lines += words.untaken_lines(language, listings[-1])
    await tell_privately(interaction, "\n".join(lines))


async def show_words(interaction: Interaction) -> None:
    """Show a server's list to who asked, as a file where it is long."""
    language = language_of(interaction)
    server = await interaction.client.services.servers.current(interaction.guild_id)
    built_in = sum(len(group) for group in BUILT_IN_WORDS.values())
    footing = language.say(words.BUILT_IN_OFF)
    if server.builtin_words:
        footing = language.say(words.BUILT_IN_ON, number=language.number(built_in))
    heading = language.say(words.NO_WORDS)
    if server.words:
        heading = language.plural("{number} entry:", "{number} entries:", len(server.words))
    line = words.entries_line(server.words)
    text = "\n".join(part for part in (heading, line, f"-# {footing}") if part)
    if line is None:
        file = discord.File(BytesIO("\n".join(server.words).encode()), filename=words.FILE_NAME)
        await interaction.response.send_message(text, file=file, ephemeral=True)
    else:
        await interaction.response.send_message(text, ephemeral=True)
