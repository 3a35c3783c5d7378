"""*Cancel* on a job's card, for its requester or a moderator."""

from typing import Final, assert_never

import discord

from bot.domain.denied import Denied
from bot.features.ordering import CancelAnswer, CancelledForCertain, CancelRefusal
from bot.languages.language import Language
from bot.ui.buttons import CANCEL
from bot.ui.context import (
    Interaction,
    actor_of,
    card_language_of,
    language_of,
    tell_privately,
)
from bot.ui.layout import note
from bot.ui.routes import Action
from bot.ui.words import cards as words
from bot.ui.writes import once


async def cancel(interaction: Interaction, action: Action) -> None:
    """Cancel the job, and say truthfully what came of it."""
    # The service has to be asked before we can answer, so this acknowledges the action first.
    await interaction.response.defer(ephemeral=True, thinking=True)
    ordering = interaction.client.services.ordering
    answer = await ordering.cancel(action["job_id"], actor_of(interaction))
    if answer == Denied(CancelRefusal.UNKNOWN_JOB):
        await _say_never_sent(interaction)
    await tell_privately(interaction, cancel_words(answer, language_of(interaction)))


async def _say_never_sent(interaction: Interaction) -> None:
    """Correct a card whose bot died between sending it and saving its job."""
    message = interaction.message
    if message is None or message.flags.ephemeral:
        return
    never_sent = note(card_language_of(interaction, private=False).say(words.NEVER_SENT))
    nobody = discord.AllowedMentions.none()
    # A failure does no harm: the private answer says it as well.
    await once(lambda: message.edit(view=never_sent, allowed_mentions=nobody))


def cancel_words(answer: CancelAnswer, language: Language) -> str:
    """What the person who cancelled is told."""
    match answer:
        case CancelledForCertain():
            return language.say(words.CANCELLED)
        case Denied(refusal):
            return language.say(words.CANCEL_REFUSALS[refusal])
        case _:
            assert_never(answer)


ROUTES: Final = ((CANCEL.route, cancel),)
