"""The question before somebody's data is erased, and its answer."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.features.ordering_ports import FrontDesk
from bot.languages.language import Language
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import note, row_of, view_of
from bot.ui.pressed import Pressed, label_of
from cogs.kling_me import words_privacy as words


def forget_question(user_id: int, language: Language) -> ui.LayoutView:
    """What will be gone, and the button that does it."""
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.red())
    container.add_item(ui.TextDisplay(f"### {language.say(words.FORGET_TITLE)}"))
    container.add_item(ui.TextDisplay(language.say(words.FORGET_WHAT)))
    container.add_item(row_of(ForgetButton(user_id, label=language.say(words.FORGET_LABEL))))
    return view_of(container)


class ForgetButton(
    Pressed,
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=r"kling:forget-me:(?P<user_id>[0-9]{1,20})",
):
    """Erases the data of whom it was shown to."""

    def __init__(self, user_id: int, *, label: str) -> None:
        super().__init__(
            ui.Button(
                style=discord.ButtonStyle.danger,
                label=label,
                custom_id=f"kling:forget-me:{user_id}",
            )
        )
        self.user_id = user_id

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the button from its custom_id."""
        return cls(int(match["user_id"]), label=label_of(item))

    async def pressed(self, desk: FrontDesk, interaction: Interaction) -> None:
        """Erase it, and say what came of it."""
        del desk
        language = language_of(interaction)
        if interaction.user.id != self.user_id:
            await tell_privately(interaction, language.say(words.NOT_YOURS))
            return
        await interaction.response.defer()
        forgotten = await interaction.client.services.privacy.forget(self.user_id)
        if forgotten is None:
            await tell_privately(interaction, language.say(words.NOT_FORGOTTEN))
            return
        said = words.forgotten_line(language, forgotten)
        await interaction.edit_original_response(view=note(said))


PRIVACY_ITEMS = (ForgetButton,)
"""What a client registers so that presses on old questions find their way."""
