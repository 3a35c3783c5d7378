"""The question about the price, for who wants to be asked: nothing is posted or bought before."""

import re
from dataclasses import replace
from typing import Any, Self

import discord
from discord import ui

from bot.domain.answers import Declined, DeclineReason, Wish
from bot.domain.ports import StoreUnavailable
from bot.domain.preferences import PendingWish
from bot.features.ordering_ports import FrontDesk
from bot.languages.language import Language
from bot.ui import words, words_personal
from bot.ui.context import (
    Interaction,
    asking_actor,
    card_language_of,
    language_of,
    missing_permissions,
    tell_privately,
)
from bot.ui.layout import note
from bot.ui.pressed import Pressed, label_of
from bot.ui.words_declines import decline_line
from bot.ui.words_ends import will_be_tried
from bot.ui.writes import once
from cogs.kling.placing import place_wish


async def ask_about_price(interaction: Interaction, wish: Wish) -> None:
    """Keep the wish and ask its asker in private whether it is worth the price.

    Raises:
        discord.HTTPException: Discord did not take the question; nothing was bought.
    """
    language = language_of(interaction)
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=True, thinking=True)
    pending = PendingWish(
        interaction_id=wish.interaction_id,
        requester_id=wish.requester_id,
        request=wish.request,
        private=wish.private,
        spoiler=wish.spoiler,
        asked_at=wish.asked_at,
    )
    if await interaction.client.services.preferences.hold(pending):
        view = question(pending, wish.estimate_microusd, language, will_be_tried(wish, language))
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await tell_privately(interaction, decline_line(language, DeclineReason.STORE_DOWN))


def question(
    pending: PendingWish, estimate_microusd: int, language: Language, warning: str | None = None
) -> ui.LayoutView:
    """The prompt, its settings, the price, and both answers."""
    settings = words.settings_line(language, pending.request, private=pending.private)
    asked = language.say(words_personal.PRICE_QUESTION, price=language.dollars(estimate_microusd))
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(f"### {asked}"))
    container.add_item(ui.TextDisplay(words.quoted_prompt(pending.request.prompt)))
    container.add_item(ui.TextDisplay(f"-# {settings}"))
    if warning is not None:
        container.add_item(ui.TextDisplay(warning))
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    generate = language.say(words_personal.GENERATE_LABEL)
    row.add_item(AnswerButton("generate", pending.interaction_id, label=generate))
    forget = language.say(words_personal.FORGET_LABEL)
    row.add_item(AnswerButton("forget", pending.interaction_id, label=forget))
    container.add_item(row)
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


class AnswerButton(
    Pressed,
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=r"kling:(?P<answer>generate|forget):(?P<asked>[0-9]{1,20})",
):
    """Answers the question about the price, for whom it was asked."""

    def __init__(self, answer: str, asked: int, *, label: str) -> None:
        is_yes = answer == "generate"
        super().__init__(
            ui.Button(
                style=discord.ButtonStyle.success if is_yes else discord.ButtonStyle.secondary,
                label=label,
                custom_id=f"kling:{answer}:{asked}",
            )
        )
        self.is_yes = is_yes
        self.asked = asked

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the button from its custom_id."""
        return cls(match["answer"], int(match["asked"]), label=label_of(item))

    async def pressed(self, desk: FrontDesk, interaction: Interaction) -> None:
        """Generate, or forget it."""
        await (self._generate if self.is_yes else self._forget)(desk, interaction)

    async def _generate(self, desk: FrontDesk, interaction: Interaction) -> None:
        # Discord lets one process acknowledge one press; the row decides between two presses.
        await interaction.response.defer()
        language = language_of(interaction)
        try:
            wish = await self._taken(desk, interaction)
        except StoreUnavailable:
            wish = Declined(DeclineReason.STORE_DOWN)
        if isinstance(wish, str):
            await tell_privately(interaction, wish)
        elif isinstance(wish, Declined):
            await tell_privately(interaction, decline_line(language, wish.why))
        else:
            await place_wish(interaction, wish, desk)
            # Its reader may have dismissed the question already.
            await once(interaction.delete_original_response)

    async def _taken(self, desk: FrontDesk, interaction: Interaction) -> Wish | Declined | str:
        """The wish, taken for good; or why not, and then the question still stands."""
        language, people = language_of(interaction), interaction.client.services.preferences
        pending = await people.held(self.asked, interaction.user.id)
        if pending is None:
            return language.say(words_personal.QUESTION_OVER)
        if missing := missing_permissions(interaction, private=pending.private):
            return words.missing_permissions(language, missing)
        admitted = await desk.admit(
            pending.request,
            await asking_actor(interaction),
            interaction_id=pending.interaction_id,
            private=pending.private,
            locale=card_language_of(interaction, private=pending.private).code,
        )
        if isinstance(admitted, Wish) and not await people.take(pending):
            return language.say(words_personal.QUESTION_OVER)
        if isinstance(admitted, Wish):
            return replace(admitted, spoiler=admitted.spoiler or pending.spoiler)
        return admitted

    async def _forget(self, desk: FrontDesk, interaction: Interaction) -> None:
        del desk
        await interaction.response.defer()
        language, people = language_of(interaction), interaction.client.services.preferences
        pending = await people.held(self.asked, interaction.user.id)
        if pending is not None and await people.take(pending):
            text = language.say(words_personal.FORGOTTEN)
            await interaction.edit_original_response(view=note(text))
        else:
            # A yes at the same moment takes the question away, and with it what is written on it.
            await tell_privately(interaction, language.say(words_personal.QUESTION_OVER))


QUESTION_ITEMS = (AnswerButton,)
"""What a client registers so that presses on old questions find their way."""
