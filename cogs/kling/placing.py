"""From an admitted wish to its card and its job: what follows once nothing speaks against it."""

import logging
from collections.abc import Awaitable, Callable
from typing import assert_never

import discord

from bot.domain.answers import Asked, AskedBefore, AskUnclear, Declined, Wish
from bot.features.ordering_ports import FrontDesk
from bot.ui import card, words
from bot.ui.context import Interaction, language_of, place_of, tell_privately
from bot.ui.words_declines import decline_line
from bot.ui.writes import once

logger = logging.getLogger(__name__)

TakeAway = Callable[[], Awaitable[None]]


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
