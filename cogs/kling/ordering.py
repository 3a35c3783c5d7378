"""From options to a card and a job: the one way that every command and button which buys takes."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final, assert_never

import discord
from pydantic import ValidationError

from bot.domain.answers import (
    Asked,
    AskedBefore,
    AskUnclear,
    Declined,
    DeclineReason,
    NotBrought,
    Wish,
)
from bot.domain.ports import StoreUnavailable
from bot.domain.request import GenerationRequest
from bot.features.ordering_ports import FrontDesk
from bot.ui import card, words, words_personal
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
from bot.ui.words_declines import decline_line
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
) -> None:
    """Check the options of a request, acknowledge with its card, and hand it to the desk.

    Where `private` is None nobody chose, and it is as the server has it. A `spoiler` is covered
    until somebody clicks on it; a server may want that of all videos. `under` is the interaction
    id that the job carries, of which there can be one: by itself this interaction's.

    Everything that is refused is refused in private, before anything was sent or charged.

    Raises:
        discord.HTTPException: Discord did not take our acknowledgement; nothing was bought.
    """
    language = language_of(interaction)
    try:
        request = GenerationRequest.model_validate(options)
    except ValidationError as refusal:
        await tell_privately(interaction, words.bad_request(language, refusal))
        return
    if private is None:
        private = await is_private_there(interaction)
    if missing := missing_permissions(interaction, private=private):
        await tell_privately(interaction, words.missing_permissions(language, missing))
        return
    desk = interaction.client.services.ordering
    card_language = card_language_of(interaction, private=private)
    admitted = await desk.admit(
        request,
        await asking_actor(interaction),
        interaction_id=interaction.id if under is None else under,
        private=private,
        locale=card_language.code,
    )
    match admitted:
        case Wish():
            covered = replace(admitted, spoiler=admitted.spoiler or spoiler)
            await _show_or_ask(interaction, covered, desk)
        case Declined(why):
            await tell_privately(interaction, decline_line(language, why))
        case _:
            assert_never(admitted)


async def may_ask(interaction: Interaction) -> bool:
    """Whether they may ask here at all, before a window is opened for them to say what.

    Who may not is told why.
    """
    why = await interaction.client.services.ordering.refusal(await asking_actor(interaction))
    if why is not None:
        await tell_privately(interaction, decline_line(language_of(interaction), why))
    return why is None


async def is_private_there(interaction: Interaction) -> bool:
    """Whether results are private in this server, unless somebody says otherwise."""
    servers = interaction.client.services.servers
    return (await servers.current(interaction.guild_id)).private_by_default


async def _show_or_ask(interaction: Interaction, wish: Wish, desk: FrontDesk) -> None:
    choices = await interaction.client.services.preferences.current(wish.requester_id)
    by_server = wish.ask_above_microusd
    asked_by_server = by_server is not None and wish.estimate_microusd > by_server
    if asked_by_server or choices.wants_to_be_asked(wish.estimate_microusd):
        await ask_about_price(interaction, wish)
    else:
        await place_wish(interaction, wish, desk)


async def generate(interaction: Interaction, action: Action) -> None:
    """A yes to the price: take the wish away for good, and place it."""
    # Discord lets one process acknowledge one press; the row decides between two presses.
    await interaction.response.defer()
    language, desk = language_of(interaction), interaction.client.services.ordering
    try:
        wish = await _taken(interaction, int(action["asked"]), desk)
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


async def _taken(interaction: Interaction, asked: int, desk: FrontDesk) -> Wish | Declined | str:
    """The wish, taken for good; or why not, and then the question still stands."""
    language, orders = language_of(interaction), interaction.client.services.waiting_orders
    order = await orders.find(asked, interaction.user.id)
    if order is None:
        return language.say(words_personal.QUESTION_OVER)
    if missing := missing_permissions(interaction, private=order.private):
        return words.missing_permissions(language, missing)
    admitted = await desk.admit(
        order.request,
        await asking_actor(interaction),
        interaction_id=order.interaction_id,
        private=order.private,
        locale=card_language_of(interaction, private=order.private).code,
    )
    if isinstance(admitted, Wish) and not await orders.take(order):
        return language.say(words_personal.QUESTION_OVER)
    if isinstance(admitted, Wish):
        return replace(admitted, spoiler=admitted.spoiler or order.spoiler)
    return admitted


async def place_wish(interaction: Interaction, wish: Wish, desk: FrontDesk) -> None:
    """Show the card of a wish and hand it to the desk; what is declined takes its card away.

    Raises:
        discord.HTTPException: Discord did not take the card; nothing was bought.
    """
    message_id, take_away = await _show_card(interaction, wish)
    place = place_of(interaction, message_id=message_id, private=wish.private)
    outcome = await desk.ask(wish, place)
    match outcome:
        case Asked():
            await _offer_kept(interaction, desk)
        case AskedBefore():
            await _away_with(take_away)
        case AskUnclear():
            await tell_privately(interaction, language_of(interaction).say(words.ASK_UNCLEAR))
        case Declined(why):
            await _away_with(take_away)
            await tell_privately(interaction, decline_line(language_of(interaction), why))
        case _:
            assert_never(outcome)


async def _show_card(interaction: Interaction, wish: Wish) -> tuple[int, TakeAway]:
    """Send the card; its message's id, and how to take it away again."""
    view = card.opening(wish, interaction.client.languages.of(wish.locale))
    nobody = discord.AllowedMentions.none()
    if interaction.response.is_done():
        # Acknowledged before, by this process and no other: the card is a message of its own.
        message = await interaction.followup.send(
            view=view, ephemeral=wish.private, allowed_mentions=nobody, wait=True
        )
        return message.id, message.delete
    # The card is the acknowledgement: when it stands, this process and no other may buy.
    answer = await interaction.response.send_message(
        view=view, ephemeral=wish.private, allowed_mentions=nobody
    )
    message_id = answer.message_id or (await interaction.original_response()).id
    return message_id, interaction.delete_original_response


async def _away_with(take_away: TakeAway) -> None:
    """A card that stays says too little, and whoever asked has to be told all the same."""
    trouble = await once(take_away)
    if trouble is not None:
        logger.warning("a card that nobody needs could not be taken away (%s)", trouble.value)


async def _offer_kept(interaction: Interaction, desk: FrontDesk) -> None:
    """Offer what is paid for and could not be delivered elsewhere: no video is lost."""
    kept = await desk.kept_for(interaction.user.id)
    if kept:
        await interaction.followup.send(
            view=card.kept(kept, language_of(interaction)),
            ephemeral=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )


async def bring(interaction: Interaction, action: Action) -> None:
    """Send a kept video to the place where its requester is: a new card, which its watch fills."""
    # In private: where it failed before may be where it fails again, and a public card that
    # stays empty would help nobody.
    language = language_of(interaction)
    bringing = note(language.say(words.BRINGING))
    answer = await interaction.response.send_message(view=bringing, ephemeral=True)
    message_id = answer.message_id or (await interaction.original_response()).id
    place = place_of(interaction, message_id=message_id, private=True)
    desk = interaction.client.services.ordering
    outcome = await desk.bring(action["job_id"], actor_of(interaction), place)
    if isinstance(outcome, NotBrought):
        refusal = note(language.say(words.BRING_REFUSALS[outcome.refusal]))
        await interaction.edit_original_response(view=refusal)


ROUTES: Final = ((GENERATE, generate), (BRING.route, bring))
