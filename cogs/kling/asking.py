"""From options to a card and a job: the one way that every command and button which buys takes."""

from dataclasses import replace
from typing import Any, assert_never

from pydantic import ValidationError

from bot.domain.answers import Declined, Wish
from bot.domain.request import GenerationRequest
from bot.features.ordering_ports import FrontDesk
from bot.ui import words
from bot.ui.context import (
    Interaction,
    asking_actor,
    card_language_of,
    language_of,
    missing_permissions,
    tell_privately,
)
from bot.ui.words_declines import decline_line
from cogs.kling.placing import place_wish
from cogs.kling.price_question import ask_about_price


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
