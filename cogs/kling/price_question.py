"""The question about the price, for members who want it: nothing is posted or bought before."""

from typing import Final

import discord
from discord import ui

from bot.features.admission import Order
from bot.features.waiting_orders import WaitingOrder
from bot.languages.language import Language
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import note, row_of, view_of
from bot.ui.routes import Action, Route
from bot.ui.words import cards as words
from bot.ui.words import personal as words_personal
from bot.ui.words import requests as words_requests
from bot.ui.words.ends import will_be_tried

GENERATE: Final = Route("kling:generate:{asked}", asked="[0-9]{1,20}")
FORGET: Final = Route("kling:forget:{asked}", asked="[0-9]{1,20}")
"""With the id of the interaction that asked."""


async def ask_about_price(interaction: Interaction, order: Order) -> None:
    """Keep the order and ask the member in private whether it is worth the price.

    Raises:
        StoreUnavailable: the order could not be kept; nothing was bought.
        discord.HTTPException: Discord did not take the question; nothing was bought.
    """
    language = language_of(interaction)
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=True, thinking=True)
    waiting = WaitingOrder(
        interaction_id=order.interaction_id,
        requester_id=order.requester_id,
        request=order.request,
        private=order.private,
        spoiler=order.spoiler,
        continues=order.continues,
        inspired_by=order.inspired_by,
        asked_at=order.asked_at,
    )
    await interaction.client.services.waiting_orders.keep(waiting)
    view = question(waiting, order.estimate_microusd, language, will_be_tried(order, language))
    await interaction.followup.send(view=view, ephemeral=True)


def question(
    order: WaitingOrder, estimate_microusd: int, language: Language, warning: str | None = None
) -> ui.LayoutView:
    """Shows the prompt, its settings, the price, and both answers."""
    settings = words_requests.settings_line(language, order.request, private=order.private)
    asked = language.say(words_personal.PRICE_QUESTION, price=language.dollars(estimate_microusd))
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(f"### {asked}"))
    container.add_item(ui.TextDisplay(words.quoted_prompt(order.request.prompt)))
    container.add_item(ui.TextDisplay(f"-# {settings}"))
    if warning is not None:
        container.add_item(ui.TextDisplay(warning))
    container.add_item(
        row_of(
            ui.Button(
                style=discord.ButtonStyle.success,
                label=language.say(words_personal.GENERATE_LABEL),
                custom_id=GENERATE.of(asked=order.interaction_id),
            ),
            ui.Button(
                label=language.say(words_personal.FORGET_LABEL),
                custom_id=FORGET.of(asked=order.interaction_id),
            ),
        )
    )
    return view_of(container)


async def forget(interaction: Interaction, action: Action) -> None:
    """A no: delete the order, and replace the question with a confirmation."""
    await interaction.response.defer()
    language, orders = language_of(interaction), interaction.client.services.waiting_orders
    order = await orders.find(int(action["asked"]), interaction.user.id)
    if order is not None and await orders.take(order):
        text = language.say(words_personal.FORGOTTEN)
        await interaction.edit_original_response(view=note(text))
    else:
        # A yes at the same moment deletes the question, and this text with it.
        await tell_privately(interaction, language.say(words_personal.QUESTION_OVER))


ROUTES: Final = ((FORGET, forget),)
