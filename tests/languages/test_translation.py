"""Command texts in other languages: what is translated is offered, and nothing else."""

from typing import Any

import discord
from discord import app_commands

from bot.languages.language import load_languages
from bot.languages.translation import CatalogueTranslator

TRANSLATOR = CatalogueTranslator(load_languages())


@app_commands.command(
    name="kling",
    description="Make a video from words with Kling 3.0. For several shots: /storyboard",
)
@app_commands.choices(aspect=[app_commands.Choice(name="1:1 (square)", value="1:1")])
async def a_command(
    interaction: discord.Interaction[Any], negative_prompt: str, aspect: str, unheard_of: str
) -> None:
    """Never called."""


async def a_menu(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    """Never called."""


async def payload() -> dict[str, Any]:
    return await a_command.get_translated_payload(a_tree(), TRANSLATOR)


def a_tree() -> app_commands.CommandTree:
    return app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))


async def test_names_and_descriptions_come_in_italian_and_english_is_left_out() -> None:
    command = await payload()
    by_name = {option["name"]: option for option in command["options"]}
    described = command["description_localizations"]
    assert described["it"] == (
        "Crea un video dalle tue parole con Kling 3.0. Per più inquadrature: /storyboard"
    )
    assert not {"en-US", "en-GB", "th"} & set(described)
    assert by_name["negative_prompt"]["name_localizations"]["it"] == "prompt_negativo"
    (choice,) = by_name["aspect"]["choices"]
    assert choice["name_localizations"]["it"] == "1:1 (quadrato)"


async def test_what_is_the_same_or_unknown_is_left_out() -> None:
    command = await payload()
    by_name = {option["name"]: option for option in command["options"]}
    assert "it" not in command["name_localizations"]
    assert "name_localizations" not in by_name["unheard_of"]


async def test_a_context_menu_is_named_as_people_write() -> None:
    menu = app_commands.ContextMenu(name="Cancel", callback=a_menu)
    shown = await menu.get_translated_payload(a_tree(), TRANSLATOR)
    assert shown["name_localizations"]["it"] == "Annulla"
