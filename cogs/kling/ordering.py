"""From options to a card and a job: every command and button that buys goes this way."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final, assert_never

import discord
from pydantic import ValidationError

from bot.domain.denied import Denied
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import JobId
from bot.domain.money.policy import DeclineWhy
from bot.features.admission import Order
from bot.features.ordering import Asked, AskedBefore, AskUnclear
from bot.ui import card
from bot.ui.buttons import BRING
from bot.ui.context import (
    Interaction,
    actor_of,
    asking_actor,
    card_language_of,
    language_of,
    missing_permissions,
    place_of,
    tell_privately,
)
from bot.ui.layout import note
from bot.ui.routes import Action
from bot.ui.words import cards as words
from bot.ui.words import personal as words_personal
from bot.ui.words import requests as words_requests
from bot.ui.words.declines import decline_said
from bot.ui.writes import once
from cogs.kling.price_question import GENERATE, ask_about_price

logger = logging.getLogger(__name__)

TakeAway = Callable[[], Awaitable[None]]


async def ask_for(
    interaction: Interaction,
    options: dict[str, Any],
    *,
    private: bool | None,
    spoiler: bool = False,
    under: int | None = None,
    continues: JobId | None = None,
    inspired_by: JobId | None = None,
    shown_microusd: int | None = None,
) -> None:
    """Check the options of a request, acknowledge it with its card, and place the order.

    `private` None means the server's default. A `spoiler` is covered until a reader clicks on it;
    a server may want that for all videos. `under` is the interaction id that the job carries,
    which must be unique; by default it is this interaction's. `continues` is the job whose last
    picture it begins with, `inspired_by` the one that it is made like. `shown_microusd` is the
    price that the pressed button names; if it has risen since then, the member is asked first.

    Every refusal is private, and comes before anything is sent or charged.

    Raises:
        discord.HTTPException: Discord did not take our acknowledgement; nothing was bought.
    """
    language = language_of(interaction)
    if "quality" not in options:
        own = interaction.client.services.preferences.known(interaction.user.id).quality
        default = interaction.client.services.admission.default_quality(interaction.guild_id, own)
        options = options | {"quality": default}
    try:
        request = GenerationRequest.model_validate(options)
    except ValidationError as refusal:
        await tell_privately(interaction, words_requests.bad_request(language, refusal))
        return
    if private is None:
        private = await is_private_there(interaction)
    if missing := missing_permissions(interaction, private=private):
        await tell_privately(interaction, words.missing_permissions(language, missing))
        return
    card_language = card_language_of(interaction, private=private)
    order = await interaction.client.services.admission.admit(
        request,
        await asking_actor(interaction),
        interaction_id=interaction.id if under is None else under,
        private=private,
        locale=card_language.code,
    )
    if isinstance(order, Denied):
        await tell_privately(interaction, decline_said(interaction, order.why))
        return
    order = replace(
        order, spoiler=order.spoiler or spoiler, continues=continues, inspired_by=inspired_by
    )
    has_risen = shown_microusd is not None and order.estimate_microusd > shown_microusd
    if has_risen or await _is_asked_first(interaction, order):
        await ask_about_price(interaction, order)
    else:
        await place_order(interaction, order)


async def may_ask(interaction: Interaction, *, with_picture: bool = False) -> bool:
    """Whether the member may ask here at all; checked before a modal opens.

    A member who may not is told why.
    """
    admission = interaction.client.services.admission
    why = await admission.refusal(await asking_actor(interaction), with_picture=with_picture)
    if why is not None:
        await tell_privately(interaction, decline_said(interaction, why))
    return why is None


async def is_private_there(interaction: Interaction) -> bool:
    """Whether results are private in this server by default."""
    servers = interaction.client.services.servers
    return (await servers.current(interaction.guild_id)).private_by_default


async def _is_asked_first(interaction: Interaction, order: Order) -> bool:
    """Whether the server or the member wants a question before so large a sum."""
    choices = await interaction.client.services.preferences.current(order.requester_id)
    by_server = order.ask_above_microusd
    asked_by_server = by_server is not None and order.estimate_microusd > by_server
    return asked_by_server or choices.wants_to_be_asked(order.estimate_microusd)


async def generate(interaction: Interaction, action: Action) -> None:
    """A yes to the price: remove the kept order for good, and place it."""
    # Discord lets one process acknowledge one action; the row decides between two actions.
    await interaction.response.defer()
    order = await _taken(interaction, int(action["asked"]))
    if isinstance(order, str):
        await tell_privately(interaction, order)
    elif isinstance(order, Denied):
        await tell_privately(interaction, decline_said(interaction, order.why))
    else:
        await place_order(interaction, order)
        # The member may have dismissed the question already.
        await once(interaction.delete_original_response)


async def _taken(interaction: Interaction, asked: int) -> Order | Denied[DeclineWhy] | str:
    """The order, removed for good; or why it was not, and then the question still stands."""
    language, orders = language_of(interaction), interaction.client.services.waiting_orders
    waiting = await orders.find(asked, interaction.user.id)
    if waiting is None:
        return language.say(words_personal.QUESTION_OVER)
    if missing := missing_permissions(interaction, private=waiting.private):
        return words.missing_permissions(language, missing)
    order = await interaction.client.services.admission.admit(
        waiting.request,
        await asking_actor(interaction),
        interaction_id=waiting.interaction_id,
        private=waiting.private,
        locale=card_language_of(interaction, private=waiting.private).code,
    )
    if isinstance(order, Denied):
        return order
    if not await orders.take(waiting):
        return language.say(words_personal.QUESTION_OVER)
    return replace(
        order,
        spoiler=order.spoiler or waiting.spoiler,
        continues=waiting.continues,
        inspired_by=waiting.inspired_by,
    )


async def place_order(interaction: Interaction, order: Order) -> None:
    """Show the card of an order and place it; a declined order's card is deleted.

    Raises:
        discord.HTTPException: Discord did not take the card; nothing was bought.
    """
    message_id, take_away = await _show_card(interaction, order)
    place = place_of(interaction, message_id=message_id, private=order.private)
    outcome = await interaction.client.services.ordering.ask(order, place)
    match outcome:
        case Asked():
            await _offer_kept(interaction)
        case AskedBefore():
            await _away_with(take_away)
        case AskUnclear():
            await tell_privately(interaction, language_of(interaction).say(words.ASK_UNCLEAR))
        case Denied(why):
            await _away_with(take_away)
            await tell_privately(interaction, decline_said(interaction, why))
        case _:
            assert_never(outcome)


async def _show_card(interaction: Interaction, order: Order) -> tuple[int, TakeAway]:
    """Send the card; returns its message's id, and how to delete it again."""
    before = await interaction.client.services.films.before(order.comes_from)
    view = card.opening(order, interaction.client.languages.of(order.locale), before=before)
    nobody = discord.AllowedMentions.none()
    if interaction.response.is_done():
        # This process alone acknowledged it before: the card is a message of its own.
        message = await interaction.followup.send(
            view=view, ephemeral=order.private, allowed_mentions=nobody, wait=True
        )
        return message.id, message.delete
    # The card is the acknowledgement: once it is sent, this process alone may buy.
    answer = await interaction.response.send_message(
        view=view, ephemeral=order.private, allowed_mentions=nobody
    )
    message_id = answer.message_id or (await interaction.original_response()).id
    return message_id, interaction.delete_original_response


async def _away_with(take_away: TakeAway) -> None:
    """Delete the card. If it stays it says too little, and the requester is told all the same."""
    trouble = await once(take_away)
    if trouble is not None:
        logger.warning("couldn't remove a card that isn't needed (%s)", trouble.value)


async def _offer_kept(interaction: Interaction) -> None:
    """Offer paid videos that could not be delivered elsewhere: no video is lost."""
    kept = await interaction.client.services.ordering.kept_for(interaction.user.id)
    if kept:
        await interaction.followup.send(
            view=card.kept(kept, language_of(interaction)),
            ephemeral=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )


async def bring(interaction: Interaction, action: Action) -> None:
    """Send a kept video to where its requester is now: a new card, which the watch fills."""
    # In private: delivery may fail again where it failed before, and an empty public card
    # would be of no use.
    language = language_of(interaction)
    bringing = note(language.say(words.BRINGING))
    answer = await interaction.response.send_message(view=bringing, ephemeral=True)
    message_id = answer.message_id or (await interaction.original_response()).id
    place = place_of(interaction, message_id=message_id, private=True)
    ordering = interaction.client.services.ordering
    outcome = await ordering.bring(action["job_id"], actor_of(interaction), place)
    if isinstance(outcome, Denied):
        refusal = note(language.say(words.BRING_REFUSALS[outcome.why]))
        await interaction.edit_original_response(view=refusal)


ROUTES: Final = ((GENERATE, generate), (BRING.route, bring))
