"""From options to a card and a job: the one way that every command and button which buys takes."""

from typing import Any, assert_never

import discord
from pydantic import ValidationError

from bot.cards import card, words
from bot.cards.buttons import desk_of
from bot.cards.language import Language, card_language_of, language_of
from bot.cards.places import missing_permissions, place_of
from bot.cards.replies import tell_privately
from bot.generation.answers import Asked, AskedBefore, Declined, Wish
from bot.generation.ports import FrontDesk
from bot.generation.request import GenerationRequest


async def ask_for(
    interaction: discord.Interaction[Any], options: dict[str, Any], *, private: bool
) -> None:
    """Check the options of a request, acknowledge with its card, and hand it to the desk.

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
    if missing := missing_permissions(interaction, private=private):
        await tell_privately(interaction, words.missing_permissions(language, missing))
        return
    desk = desk_of(interaction.client)
    card_language = card_language_of(interaction, private=private)
    admitted = desk.admit(
        request,
        interaction_id=interaction.id,
        requester_id=interaction.user.id,
        private=private,
        locale=card_language.code,
    )
    match admitted:
        case Wish():
            await _ask(interaction, admitted, desk, card_language)
        case Declined(reason):
            await tell_privately(interaction, language.say(words.DECLINES[reason]))
        case _:
            assert_never(admitted)


async def _ask(
    interaction: discord.Interaction[Any], wish: Wish, desk: FrontDesk, card_language: Language
) -> None:
    # The card is the acknowledgement: when it stands, this process and no other may buy.
    answer = await interaction.response.send_message(
        view=card.opening(wish, card_language),
        ephemeral=wish.private,
        allowed_mentions=discord.AllowedMentions.none(),
    )
    message_id = answer.message_id or (await interaction.original_response()).id
    place = place_of(interaction, message_id=message_id, private=wish.private)
    outcome = await desk.ask(wish, place)
    match outcome:
        case Asked():
            await _offer_kept(interaction, desk)
        case AskedBefore():
            await interaction.delete_original_response()
        case Declined(reason):
            await interaction.delete_original_response()
            language = language_of(interaction)
            await tell_privately(interaction, language.say(words.DECLINES[reason]))
        case _:
            assert_never(outcome)


async def _offer_kept(interaction: discord.Interaction[Any], desk: FrontDesk) -> None:
    """Offer what is paid for and could not be delivered elsewhere: no video is lost."""
    kept = await desk.kept_for(interaction.user.id)
    if kept:
        await interaction.followup.send(
            view=card.kept(kept, language_of(interaction)),
            ephemeral=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )
