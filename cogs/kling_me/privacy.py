"""A person's own data: exported as a file, and erased after a question."""

from io import BytesIO
from typing import Final

import discord
from discord import ui

from bot.features.privacy import Forgotten
from bot.languages.language import Language, marked
from bot.ui.buttons import no
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import add_buttons, note, row_of, view_of
from bot.ui.routes import Action, Route

EXPORT_NAME: Final = "kling-data.json"
FORGET: Final = Route("kling:forget-me:{user_id}", user_id="[0-9]{1,20}")
"""With the id of the person who was asked."""

EXPORTED = marked("This is everything I keep about you.")
TOO_LARGE = marked("It's more than Discord lets me send here. Please ask the bot's owner for it.")
FORGET_TITLE = marked("Erase your data?")
FORGET_WHAT = marked(
    "I'll erase your prompts, the links to your videos, my copies of them, your drafts "
    "and your settings. This can't be undone. Amounts stay in the books without your "
    "name. My messages stay in their channels: press Delete on them first if you want "
    "them gone."
)
FORGET_LABEL = marked("Erase everything")
NOT_YOURS = marked("Only the person who made the request can answer this.")
NOT_FORGOTTEN = marked(
    "I couldn't erase everything. Please try again in a moment. What is erased stays erased."
)


async def export(interaction: Interaction) -> None:
    """Send a person everything that is kept about them, in private."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    language = language_of(interaction)
    document = await interaction.client.services.privacy.export(interaction.user.id)
    if len(document) > interaction.filesize_limit:
        await tell_privately(interaction, language.say(TOO_LARGE))
    else:
        file = discord.File(BytesIO(document), filename=EXPORT_NAME)
        await interaction.followup.send(language.say(EXPORTED), file=file, ephemeral=True)


async def ask_to_forget(interaction: Interaction) -> None:
    """Ask first: it cannot be undone."""
    view = forget_question(interaction.user.id, language_of(interaction))
    await interaction.response.send_message(view=view, ephemeral=True)


async def forget(interaction: Interaction, action: Action) -> None:
    """Erase the data, and say what came of it."""
    language, user_id = language_of(interaction), int(action["user_id"])
    if interaction.user.id != user_id:
        await tell_privately(interaction, language.say(NOT_YOURS))
        return
    await interaction.response.defer()
    forgotten = await interaction.client.services.privacy.forget(user_id)
    if forgotten is None:
        await tell_privately(interaction, language.say(NOT_FORGOTTEN))
        return
    said = forgotten_line(language, forgotten)
    await interaction.edit_original_response(view=note(said))


def forget_question(user_id: int, language: Language) -> ui.LayoutView:
    """Says what will be deleted, and has the button for it."""
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.red())
    container.add_item(ui.TextDisplay(f"### {language.say(FORGET_TITLE)}"))
    container.add_item(ui.TextDisplay(language.say(FORGET_WHAT)))
    erase = ui.Button[ui.LayoutView](
        style=discord.ButtonStyle.danger,
        label=language.say(FORGET_LABEL),
        custom_id=FORGET.of(user_id=user_id),
    )
    add_buttons(container, row_of(erase, no(language, marked("Keep everything"))))
    return view_of(container)


def forgotten_line(language: Language, forgotten: Forgotten) -> str:
    """Says what was erased, and what is left to do."""
    said = language.say("Done: your drafts and settings are erased.")
    if forgotten.videos:
        said = language.plural(
            "Done: what I kept of {number} video is erased, and so are your drafts and settings.",
            "Done: what I kept of {number} videos is erased, and so are your drafts and settings.",
            forgotten.videos,
        )
    sentences = [said]
    if forgotten.prompts_alone:
        sentences.append(
            language.plural(
                "{number} has not reached you yet, or is unsure: its prompt is erased, and the "
                "rest can be when that is settled.",
                "{number} have not reached you yet, or are unsure: their prompts are erased, and "
                "the rest can be when that is settled.",
                forgotten.prompts_alone,
            )
        )
    if forgotten.still_under_way:
        sentences.append(
            language.plural(
                "{number} is still under way: ask again when it is over.",
                "{number} are still under way: ask again when they are over.",
                forgotten.still_under_way,
            )
        )
    if forgotten.unread:
        sentences.append(
            language.plural(
                "{number} can't be read and stays as it was. The bot's owner has been told.",
                "{number} can't be read and stay as they were. The bot's owner has been told.",
                forgotten.unread,
            )
        )
    return " ".join(sentences)


ROUTES: Final = ((FORGET, forget),)
