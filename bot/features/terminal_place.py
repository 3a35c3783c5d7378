"""Where a job from the terminal is: nowhere on Discord, so with ids that Discord never gives."""

from random import Random
from typing import Final

from bot.domain.job import Job, Place, Reach

GENERATED: Final = "generated"
"""The folder in the data folder where a bot saves videos whose terminal was left."""
OPERATOR_ID: Final = 0
"""Who asks at the terminal: whoever runs the bot."""
TERMINAL: Final = Place(
    channel_id=0,
    message_id=0,
    guild_id=None,
    reach=Reach.BOT,
    upload_limit_bytes=2**62,
)
"""A file may have any size there."""


def is_from_terminal(job: Job) -> bool:
    """Whether nobody on Discord asked for it."""
    return job.place.channel_id == TERMINAL.channel_id


def asker(user_id: int | None) -> str:
    """Who asked, for a list: somebody on Discord, whoever is here, or one who was erased."""
    if user_id is None:
        return "somebody erased"
    return "the terminal" if user_id == OPERATOR_ID else str(user_id)


def question_id(random: Random) -> int:
    """An id for the asking, below all that Discord gives to interactions."""
    return -1 - random.getrandbits(62)
