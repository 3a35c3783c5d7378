"""`/kling-admin words`: which words prompts may not contain in a server."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

import discord
from discord import app_commands, ui
from pydantic import ValidationError

from bot.domain.generation.request import PROMPT_MAX_CHARS, GenerationRequest
from bot.domain.moderation.builtin_words import BUILT_IN_WORDS
from bot.domain.moderation.listed_words import Match
from bot.domain.moderation.word_rules import Listing, with_added, without
from bot.domain.servers import WORD_MAX_CHARS, WORDS_MAX, ServerSettings
from bot.features.word_check import WordCheck
from bot.languages.language import Language, marked
from bot.ui.context import Interaction, is_manager, language_of, manager_of, tell_privately
from bot.ui.modals import modal_of, paragraph
from bot.ui.plain_text import as_text
from bot.ui.routes import Action, Route
from bot.ui.words.requests import bad_request

_TYPED_MAX_CHARS: Final = 4_000
"""Discord's limit on a modal's input."""
_ADD: Final = "add"
_REMOVE: Final = "remove"
_WORDS: Final = "words"
WORDS_MODAL: Final = Route("kling:words-form:{way}", way=f"{_ADD}|{_REMOVE}")
LIST_SHOWN_CHARS: Final = 1_700
"""Characters of entries in one answer; Discord takes 2,000. A longer list goes into a file."""
FILE_NAME: Final = "words.txt"
_UNTAKEN_SHOWN: Final = 5
_MATCH_SHOWN_CHARS: Final = 80
"""Several of these, with every character escaped, fit into the 2,000 of an answer."""

ADD_WORDS_TITLE: Final = marked("Words that prompts may not contain")
REMOVE_WORDS_TITLE: Final = marked("Words to take off the list")
WORDS_LABEL: Final = marked("One on each line")
WORDS_HINT: Final = marked("Whole words; * stands for any letters; -clothes: may not be left out")
WORDS_UNCHANGED: Final = marked("Nothing was changed: none of these was to be added or removed.")
NO_WORDS: Final = marked("This server lists no words yet. `/kling-admin words add` adds some.")
BUILT_IN_ON: Final = marked("The built-in list is on: {number} entries besides.")
BUILT_IN_OFF: Final = marked(
    "The built-in list is off. Switch it with `/kling-admin words builtin`."
)
BUILT_IN_SWITCHED_ON: Final = marked(
    "The built-in list is on now. It's short: sexual terms, cruelty, and what has no "
    "place where minors are."
)
BUILT_IN_SWITCHED_OFF: Final = marked("The built-in list is off now.")
WOULD_PASS: Final = marked("This prompt would pass.")


class Words(app_commands.Group):
    """A part of `/kling-admin`, in a file of its own."""

    def __init__(self) -> None:
        super().__init__(
            name="words", description=marked("Words that prompts may not contain here.")
        )
        self._check = WordCheck()

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """A server can show commands to others than we declared, so check the permission."""
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
        """Test a prompt, and say which entries it matches."""
        language = language_of(interaction)
        try:
            request = GenerationRequest(prompt=prompt, negative_prompt=negative_prompt)
        except ValidationError as refusal:
            await tell_privately(interaction, bad_request(language, refusal))
            return
        server = await interaction.client.services.servers.current(interaction.guild_id)
        found = await self._check.matches(request, server, interaction.guild_id)
        text = match_lines(language, found) if found else language.say(WOULD_PASS)
        await tell_privately(interaction, text)

    @app_commands.command(name="builtin", description="Switch the short built-in list on or off.")
    @app_commands.describe(on="Whether it counts here.")
    async def builtin(self, interaction: Interaction, on: bool) -> None:  # noqa: FBT001 - an option on Discord
        """Switch it."""
        language, servers = language_of(interaction), interaction.client.services.servers
        await servers.change(
            interaction.guild_id or 0, {"builtin_words": on}, by_user_id=interaction.user.id
        )
        switched = BUILT_IN_SWITCHED_ON if on else BUILT_IN_SWITCHED_OFF
        await tell_privately(interaction, language.say(switched))


def word_form(language: Language, *, removes: bool) -> ui.Modal:
    """Asks for the words to add, or to remove."""
    typed = paragraph(_WORDS, max_length=_TYPED_MAX_CHARS)
    hint = None if removes else language.say(WORDS_HINT)
    title = REMOVE_WORDS_TITLE if removes else ADD_WORDS_TITLE
    return modal_of(
        language.say(title),
        WORDS_MODAL.of(way=_REMOVE if removes else _ADD),
        ui.Label(text=language.say(WORDS_LABEL), description=hint, component=typed),
    )


async def change(interaction: Interaction, action: Action) -> None:
    """Change the list as a submitted modal says, if the person still manages the server."""
    guild_id = await manager_of(interaction)
    if guild_id is None:
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    language, typed = language_of(interaction), action.texts.get(_WORDS, "")
    removes = action["way"] == _REMOVE
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
    lines = [changed_line(language, before[-1], len(changed.words))]
    lines += untaken_lines(language, listings[-1])
    await tell_privately(interaction, "\n".join(lines))


async def show_words(interaction: Interaction) -> None:
    """Show a server's list to the manager, as a file where it is long."""
    language = language_of(interaction)
    server = await interaction.client.services.servers.current(interaction.guild_id)
    built_in = sum(len(group) for group in BUILT_IN_WORDS.values())
    footing = language.say(BUILT_IN_OFF)
    if server.builtin_words:
        footing = language.say(BUILT_IN_ON, number=language.number(built_in))
    heading = language.say(NO_WORDS)
    if server.words:
        heading = language.plural("{number} entry:", "{number} entries:", len(server.words))
    line = entries_line(server.words)
    text = "\n".join(part for part in (heading, line, f"-# {footing}") if part)
    if line is None:
        file = discord.File(BytesIO("\n".join(server.words).encode()), filename=FILE_NAME)
        await interaction.response.send_message(text, file=file, ephemeral=True)
    else:
        await interaction.response.send_message(text, ephemeral=True)


def changed_line(language: Language, before: int, after: int) -> str:
    """How many were added or removed, and how many there are."""
    there = language.plural(
        "{number} entry is listed now.", "{number} entries are listed now.", after
    )
    if after > before:
        done = language.plural("{number} added.", "{number} added.", after - before)
    elif after < before:
        done = language.plural("{number} removed.", "{number} removed.", before - after)
    else:
        done = language.say(WORDS_UNCHANGED)
    return f"{done} {there}"


def untaken_lines(language: Language, listing: Listing) -> list[str]:
    """What was not added to the list, and why."""
    lines: list[str] = []
    if listing.too_short:
        lines.append(
            language.say(
                "Not added, because a word or pattern needs two letters or digits: {words}",
                words=_shown(listing.too_short),
            )
        )
    if listing.too_long:
        lines.append(
            language.say(
                "Not added, because they are longer than {limit} characters: {words}",
                limit=language.number(WORD_MAX_CHARS),
                words=_shown(listing.too_long),
            )
        )
    if listing.no_room:
        lines.append(
            language.plural(
                "{number} did not fit: a server may list {limit}.",
                "{number} did not fit: a server may list {limit}.",
                listing.no_room,
                limit=language.number(WORDS_MAX),
            )
        )
    return lines


def match_lines(language: Language, matches: Sequence[Match]) -> str:
    """Why a prompt would not pass: each match with its entry."""
    shown = [
        language.say(
            "“{written}” meets the entry “{entry}”",
            written=as_text(match.written, _MATCH_SHOWN_CHARS),
            entry=as_text(match.entry, _MATCH_SHOWN_CHARS),
        )
        for match in matches[:_UNTAKEN_SHOWN]
    ]
    return "\n".join([language.say("This prompt would be refused, uncharged:"), *shown])


def entries_line(entries: Sequence[str]) -> str | None:
    """All entries in one line; None when they do not fit into one answer."""
    line = ", ".join(as_text(entry, WORD_MAX_CHARS) for entry in entries)
    return line if len(line) <= LIST_SHOWN_CHARS else None


def _shown(entries: Sequence[str]) -> str:
    line = ", ".join(f"“{as_text(entry, 40)}”" for entry in entries[:_UNTAKEN_SHOWN])
    return line + ("…" if len(entries) > _UNTAKEN_SHOWN else "")


ROUTES: Final = ((WORDS_MODAL, change),)
