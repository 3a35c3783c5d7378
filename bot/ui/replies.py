"""Private answers to interactions: every one is answered, whatever goes wrong."""

import logging
import secrets

from bot.domain.ports import StoreUnavailable, Trouble
from bot.ui import words
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.writes import once

logger = logging.getLogger(__name__)

UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060


async def apologise(interaction: Interaction, error: Exception) -> None:
    """Log an unforeseen error under a short reference and tell the person that reference."""
    reference = secrets.token_hex(3)
    logger.error("unforeseen error %s in an interaction", reference, exc_info=error)
    text = words.went_wrong(language_of(interaction), reference)
    told = await once(lambda: tell_privately(interaction, text))
    if isinstance(told, Trouble):
        logger.warning("the apology %s could not be delivered (%s)", reference, told.value)


async def say_database_away(interaction: Interaction, error: StoreUnavailable) -> None:
    """Tell the person that it may not have been done: a write may stand without its confirmation.

    A handler catches StoreUnavailable itself only where it can do or say more than this.
    """
    logger.warning("the database did not answer an interaction: %s", error)
    text = language_of(interaction).say(words.DATABASE_AWAY)
    told = await once(lambda: tell_privately(interaction, text))
    if isinstance(told, Trouble):
        logger.warning("nor could that be told (%s)", told.value)
